/** @file What the view says in words about a chunk's votes; pure, so that it is tested without a page. */
import type { VotesReady } from '../shared/messages';
import { byteLabels, formatFactor, formatShare, formatVoters, packBits } from '../shared/text';

/** True where p is on the wrong side of ½ for a bit that is scored. */
export function isMistake(data: VotesReady, bit: number): boolean {
  return data.scored[bit] === 1 && data.probabilities[bit]! >= 0.5 !== (data.bits[bit] === 1);
}

/** Bits that are scored, and how many of them p had on the wrong side of ½. */
export function countMistakes(data: VotesReady): { readonly scored: number; readonly mistakes: number } {
  const bits = Array.from(data.scored.keys()).filter((bit) => data.scored[bit] === 1);
  return { scored: bits.length, mistakes: bits.filter((bit) => isMistake(data, bit)).length };
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
    `effective voters ${effective} · active voters ${data.activeVoters[cell.bit]!}`,
  ];
}

/** One line a fact about a voter's vote on a bit. */
function describeVoter(data: VotesReady, bit: number, voter: number): string[] {
  const voters = data.provenance.votersPerBit;
  const cell = bit * voters + voter;
  const vote = data.votes[cell]!;
  const weight = data.weights[cell]!;
  return [
    `Bit ${bit}, voter ${voter}`,
    `v ${formatShare(vote)} · w ${formatShare(weight)} · w·v ${formatShare(weight * vote)}`,
    `w is ${formatFactor(weight * voters)} times the equal share 1/M`,
    describeBit(data, bit),
  ];
}

/** The bit, what was expected of it and what it is. */
export function describeBit(data: VotesReady, bit: number): string {
  if (data.scored[bit] !== 1) return 'padding after the end of the text, not scored';
  const verdict = isMistake(data, bit) ? 'mistake' : 'right';
  return `real bit ${data.bits[bit]!} · p(1) ${formatShare(data.probabilities[bit]!)} · ${verdict}`;
}

/** Numbers of the voters with the largest weights of a bit. */
export function strongestVoters(data: VotesReady, bit: number, count: number): number[] {
  const voters = data.provenance.votersPerBit;
  const weights = data.weights.subarray(bit * voters, (bit + 1) * voters);
  return Array.from(weights.keys())
    .sort((a, b) => weights[b]! - weights[a]! || a - b)
    .slice(0, count);
}
