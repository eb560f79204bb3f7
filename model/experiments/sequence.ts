/** @file Domains learned one after the other, by a whole model or by a head alone: how long each, and what is measured when. */
import { TrainingError } from '../training/errors';
import type { Row } from './experiment';

/** What learns domains, by their place in the sequence. */
export interface Learner {
  /** Learns a domain for some steps, or until `onStep` says after one (1 is the first) that it is enough. */
  train(domain: number, steps: number, onStep: (step: number) => Promise<boolean>): Promise<void>;
  bitsPerByte(domain: number, part: 'validation' | 'heldOut'): Promise<number>;
}

export interface Sequence {
  /** Names of the domains. */
  readonly domains: readonly string[];
  /** Equal steps of each domain. */
  readonly steps: number;
  /** Of each domain the bits per byte of validation text with which it counts as learned; null for equal steps. */
  readonly thresholds: readonly number[] | null;
}

/** A domain is learned for at most this many times the equal steps. */
export const MOST_STRETCH = 2;
/** How often in the equal steps it is looked whether a domain counts as learned. */
export const CHECKS = 10;
/** And when before the first of those, as its shares: what learns fast would else learn more than the others. */
const EARLY_CHECKS = [0.125, 0.25, 0.5];
/** Of a later domain's steps: when the first domain is measured meanwhile. */
const COURSE = [0.05, 0.2, 0.5];
/** And the steps after a switch at which it is, where a model falls before it recovers. */
const AFTER_SWITCH = [1, 2, 4, 8];

/** Learns the domains in their order and measures all of them before the first and after each; at equal steps the first also while later ones are learned. */
export async function learnInSequence(
  learner: Learner,
  { domains, steps: equalSteps, thresholds }: Sequence,
): Promise<Row[]> {
  const rows: Row[] = [];
  const measureAll = async (after: number) => {
    for (const [of, domain] of domains.entries()) {
      rows.push({ kind: 'matrix', after, of, domain, bitsPerByte: await learner.bitsPerByte(of, 'heldOut') });
    }
  };
  const course = [...AFTER_SWITCH, ...COURSE.map((share) => Math.ceil(share * equalSteps))];
  const checked = Math.ceil(equalSteps / CHECKS);
  const early = EARLY_CHECKS.map((share) => Math.ceil(share * checked));
  let before = 0;
  await measureAll(0);
  for (const [i, domain] of domains.entries()) {
    let steps = 0;
    const measureFirst = async () => {
      if (thresholds !== null) return;
      const bitsPerByte = await learner.bitsPerByte(0, 'heldOut');
      rows.push({ kind: 'course', learning: i, steps: before + steps, bitsPerByte });
    };
    await learner.train(i, thresholds === null ? equalSteps : MOST_STRETCH * equalSteps, async (step) => {
      steps = step;
      if (i > 0 && step < equalSteps && course.includes(step)) await measureFirst();
      if (thresholds === null || (step % checked !== 0 && !early.includes(step))) return false;
      return (await learner.bitsPerByte(i, 'validation')) <= thresholds[i]!;
    });
    const validation = await learner.bitsPerByte(i, 'validation');
    rows.push({ kind: 'learned', after: i + 1, domain, steps, validation });
    await measureFirst();
    before += steps;
    await measureAll(i + 1);
  }
  return rows;
}

/**
 * Of each domain the validation bits per byte of the worst arm after equal steps.
 * @param arms of each the rows of its run of equal steps; none where it has no run that was finished
 * @throws TrainingError (`diverged`) where one has none
 */
export function worstLearned(domains: readonly string[], arms: readonly (readonly Row[])[]): number[] {
  return domains.map((name) => {
    const reached = arms.map(
      (rows) => rows.find((row) => row['kind'] === 'learned' && row['domain'] === name)?.['validation'],
    );
    if (!reached.every((value) => typeof value === 'number')) {
      throw new TrainingError('diverged', 'An arm of this seed diverged, so there is no learning to be matched.');
    }
    return Math.max(...reached);
  });
}
