/** @file What the view says in words about a chunk's votes; pure, so that it is tested without a page. */
import { verdictOf } from '../../model/measures/decidedBits';
import { countMistakes } from '../../model/measures/decidingVoters';
import type { Provenance } from '../../model/protocol/panels/messages';
import { voterName as nameOf } from '../../model/measures/voterName';
import type { VotesReady } from '../../model/protocol/panels/votes';
import { probabilityWithMemory } from './memoryData';
import {
  byteLabels,
  formatEffect,
  formatFactor,
  formatProbability,
  formatShare,
  formatVoters,
  packBits,
} from '../shared/text';

/** How many bits are scored. */
function scoredBits({ scored }: VotesReady): number {
  return scored.filter((isScored) => isScored === 1).length;
}

/** How many are decided wrong once voters are changed; null where none is, or that is not known. */
function mistakesAfter(data: VotesReady): number | null {
  const probabilities = data.lesion?.result?.after.probabilities;
  return probabilities === undefined ? null : countMistakes({ ...data, probabilities });
}

/** Titles of the bars of p, the longest first: how many are wrong, before and after voters were changed. */
export function mistakesTitles(data: VotesReady): readonly string[] {
  const [scored, mistakes] = [scoredBits(data), countMistakes(data)];
  const after = mistakesAfter(data);
  if (after === null) {
    const ofAll = `${mistakes} of ${scored} wrong`;
    return [`p(1) and real bit: ${ofAll}`, `p(1): ${ofAll}`, `p: ${mistakes} wrong`, `${mistakes} wrong`];
  }
  const [wide, close] = [`${mistakes} → ${after}`, `${mistakes}→${after}`];
  return [`p(1) before, after: ${wide} wrong`, `p(1): ${wide} wrong`, `${wide} wrong`, `${close} wrong`, `${close} ✕`];
}

/** Labels of the chunk's four bytes; padding has none. */
export function chunkByteLabels(data: VotesReady): string[] {
  const labels = byteLabels(packBits(data.bits).subarray(0, data.length));
  while (labels.length < 4) labels.push('–');
  return labels;
}

/** One line a fact about a bit, or about a voter's vote on it. */
export function describeCell(
  data: VotesReady,
  cell: { readonly bit: number; readonly voter: number | null },
): string[] {
  if (cell.voter !== null) return describeVoter(data, cell.bit, cell.voter);
  const effective = formatVoters(data.effectiveVoters[cell.bit]!);
  return [
    `Bit ${cell.bit}`,
    describeBit(data, cell.bit),
    `effective voters ${effective} · active voters ${data.activeVoters[cell.bit]!}${ofAllVoters(data)}`,
  ];
}

/** One line a fact about a voter's vote on a bit. */
function describeVoter(data: VotesReady, bit: number, voter: number): string[] {
  const voters = data.provenance.votersPerBit;
  const cell = bit * voters + voter;
  const vote = data.votes[cell]!;
  const weight = data.weights[cell]!;
  const change = changeOf(data, bit, voter);
  const name = voterName(data, bit, voter);
  return [
    `Bit ${bit}, voter ${voter}${name === '' ? '' : ` “${name}”`}${change === undefined ? '' : `: ${changeWord(change)}`}`,
    `v ${formatShare(vote)} · w ${formatShare(weight)} · w·v ${formatShare(weight * vote)}`,
    `w is ${formatFactor(weight * voters)} times the equal share 1/M`,
    `effect: ${formatEffect(data.effects[cell]!)} bits of surprise without it${ofAllVoters(data)}`,
    describeBit(data, bit),
  ];
}

/** What is added to numbers that do not know of changed voters. */
function ofAllVoters({ lesion }: VotesReady): string {
  return lesion === null ? '' : ', if all others vote';
}

/** The vote at which a voter is held, null where it is silenced, undefined where it votes by itself. */
export function changeOf(data: VotesReady, bit: number, voter: number): number | null | undefined {
  return data.lesion?.changes.find((change) => change.bit === bit && change.voter === voter)?.vote;
}

/** 'silenced' or 'held at 1'. */
export function changeWord(vote: number | null): string {
  return vote === null ? 'silenced' : `held at ${vote}`;
}

/** p(1) of a bit once voters are changed: NaN where none is left; undefined where none is changed, or that is not known. */
export function probabilityAfter(data: VotesReady, bit: number): number | undefined {
  return data.lesion?.result?.after.probabilities[bit];
}

/** The bit, what was expected of it and what it is; with voters changed before and after, each with its own verdict. */
export function describeBit(data: VotesReady, bit: number): string {
  if (data.scored[bit] !== 1) return 'padding after the end of the text, not scored';
  const real = data.bits[bit]!;
  const before = data.probabilities[bit]!;
  const after = probabilityAfter(data, bit);
  const shown = after === undefined ? [before] : [before, after];
  const withMemory = probabilityWithMemory(data, bit);
  const beside = withMemory === undefined ? '' : `, with memory ${formatProbability(withMemory)}`;
  const verdicts = new Set(shown.map((p) => verdictOf(p, real)));
  return `real bit ${real} · p(1) ${shown.map(formatProbability).join(' → ')}${beside} · ${Array.from(verdicts).join(' → ')}`;
}

/** Numbers of the voters with the largest weights of a bit. */
export function strongestVoters(data: VotesReady, bit: number, count: number): number[] {
  const voters = data.provenance.votersPerBit;
  const weights = data.weights.subarray(bit * voters, (bit + 1) * voters);
  return Array.from(weights.keys())
    .sort((a, b) => weights[b]! - weights[a]! || a - b)
    .slice(0, count);
}

/** What the user calls a voter; '' where it has no name. */
export function voterName({ names }: Pick<VotesReady, 'names'>, bit: number, voter: number): string {
  return nameOf(names ?? {}, bit, voter);
}

/** The byte of a bit as it is shown: “n”. */
export function byteName(data: VotesReady, bit: number): string {
  return `“${chunkByteLabels(data)[bit >> 3]!}”`;
}

const ORDINALS = new Map([
  ['one', 'st'],
  ['two', 'nd'],
  ['few', 'rd'],
]);
const ordinalRules = new Intl.PluralRules('en', { type: 'ordinal' });

/** 1st, 2nd, 3rd, 4th. */
function ordinal(number: number): string {
  return `${number}${ORDINALS.get(ordinalRules.select(number)) ?? 'th'}`;
}

/** The place of the text among the model's own chunks, the most probable first; '–' where none are known. */
export function rankOfText({ alternatives }: Pick<VotesReady, 'alternatives'>): string {
  if (alternatives.length === 0) return '–';
  const index = alternatives.findIndex(({ flippedBits }) => flippedBits.length === 0);
  return index < 0 ? `below the ${ordinal(alternatives.length)}` : ordinal(index + 1);
}

/** How many bits are wrong: with chained bits each by itself, given the real bits before it. */
export function wrongBitsText(data: VotesReady): string {
  const [scored, mistakes] = [scoredBits(data), countMistakes(data)];
  const after = mistakesAfter(data);
  const wrong = after === null ? String(mistakes) : `${mistakes} → ${after}`;
  return `${wrong} of ${scored}${GIVEN[data.provenance.bitDecoding]}`;
}

/** What a bit's p is given, in words. */
const GIVEN: Readonly<Record<Provenance['bitDecoding'], string>> = {
  chained: ', given the bits before',
  independent: '',
};
