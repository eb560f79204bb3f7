/** @file What is measured when while domains are learned one after the other, and when one counts as learned. */
import { describe, expect, it } from 'vitest';
import type { Row } from '../../../model/experiments/experiment';
import type { Learner } from '../../../model/experiments/sequence';
import { learnInSequence, worstLearned } from '../../../model/experiments/sequence';
import { isTrainingError } from '../../../model/training/errors';

/** Learns a domain by a bit per `pace` steps from 8 on, and forgets nothing. */
class Counting implements Learner {
  readonly steps = [0, 0];
  constructor(private readonly pace: number) {}

  async train(domain: number, steps: number, onStep: (step: number) => Promise<boolean>): Promise<void> {
    for (let step = 1; step <= steps; step++) {
      this.steps[domain]!++;
      if (await onStep(step)) return;
    }
  }

  bitsPerByte(domain: number): Promise<number> {
    return Promise.resolve(8 - this.steps[domain]! / this.pace);
  }
}

const domains = ['a', 'b'];

function ofKind(rows: readonly Row[], kind: string): Row[] {
  return rows.filter((row) => row['kind'] === kind);
}

describe('equal steps', () => {
  it('measure all domains before and after each, and the first right after a switch', async () => {
    const rows = await learnInSequence(new Counting(100), { domains, steps: 100, thresholds: null });
    expect(ofKind(rows, 'matrix').map(({ bitsPerByte }) => bitsPerByte)).toEqual([8, 8, 7, 8, 7, 7]);
    expect(ofKind(rows, 'course').map(({ learning, steps }) => [learning, steps])).toEqual([
      [0, 100],
      ...[1, 2, 4, 5, 8, 20, 50, 100].map((step) => [1, 100 + step]),
    ]);
    expect(ofKind(rows, 'learned').map(({ domain, steps, validation }) => [domain, steps, validation])).toEqual([
      ['a', 100, 7],
      ['b', 100, 7],
    ]);
  });
});

describe('matched learning', () => {
  it('ends at the first check at which validation is good enough, early ones included, or after twice the steps', async () => {
    const stepsOf = async (thresholds: readonly number[]) => {
      const rows = await learnInSequence(new Counting(100), { domains, steps: 100, thresholds });
      expect(ofKind(rows, 'course')).toEqual([]);
      return ofKind(rows, 'learned').map(({ steps }) => steps);
    };
    expect(await stepsOf([7.99, 7.96])).toEqual([2, 5]);
    expect(await stepsOf([7.94, 7.61])).toEqual([10, 40]);
    expect(await stepsOf([6.5, 5])).toEqual([150, 200]);
  });

  it('takes the worst of all arms, and has none where one has no rows', () => {
    const arm = (a: number, b: number): Row[] => [
      { kind: 'matrix', domain: 'a', validation: 9 },
      { kind: 'learned', domain: 'a', validation: a },
      { kind: 'learned', domain: 'b', validation: b },
    ];
    expect(worstLearned(domains, [arm(3, 4), arm(2, 5)])).toEqual([3, 5]);
    expect(() => worstLearned(domains, [arm(3, 4), []])).toThrow(expect.toSatisfy(isTrainingError));
  });
});
