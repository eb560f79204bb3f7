/** @file What kind of voter each is, by its statistics over a corpus. */
import type { VoterClass } from '../protocol/statistics';
import type { VoterStatistics } from '../checkpoint/voterStatistics';
import { VOTE_BINS } from '../checkpoint/voterStatistics';

/**
 * The classes in the order of their bits in a mask. A voter may be of several:
 * - constant: its largest and smallest vote differ by less than 0.01;
 * - ultralow: it votes above ½ in fewer than 1 of 10,000 chunks;
 * - dense: it votes above ½ in more than 9 of 10 chunks;
 * - gate-dead: its weight is never among the largest 10 % of its bit;
 * - inverted: in more than half of its 1-bits ∂p/∂z is negative (SPEC section 4; with softmax v < p − 1/τ), so that voting more for the 1
 *   that is there makes it less probable. Whether it tells 1 from 0 is another question, which its AUROC answers;
 * - twin: its votes correlate by more than 0.98 with those of another voter of its bit.
 */
export const VOTER_CLASSES: readonly VoterClass[] = ['constant', 'ultralow', 'dense', 'gate-dead', 'inverted', 'twin'];

const CONSTANT_RANGE = 0.01;
export const ULTRALOW_SHARE = 1e-4;
export const DENSE_SHARE = 0.9;
const INVERTED_SHARE = 0.5;
const TWIN_CORRELATION = 0.98;

/** [32·M] for each voter a mask: bit k is set where it is of class `VOTER_CLASSES[k]`. */
export function voterClasses(statistics: VoterStatistics): Uint8Array {
  const { votersPerBit: M, chunks, ones } = statistics;
  return Uint8Array.from(statistics.activeCounts, (active, row) => {
    const isOf: Record<VoterClass, boolean> = {
      constant: statistics.maxima[row]! - statistics.minima[row]! < CONSTANT_RANGE,
      ultralow: active < ULTRALOW_SHARE * chunks,
      dense: active > DENSE_SHARE * chunks,
      'gate-dead': statistics.largeWeightCounts[row] === 0,
      inverted: statistics.invertedCounts[row]! > INVERTED_SHARE * ones[Math.floor(row / M)]!,
      twin: statistics.nearestCorrelations[row]! > TWIN_CORRELATION,
    };
    return VOTER_CLASSES.reduce((mask, name, k) => mask | (isOf[name] ? 1 << k : 0), 0);
  });
}

/** The classes of a mask. */
export function classesOf(mask: number): VoterClass[] {
  return VOTER_CLASSES.filter((_, k) => (mask >> k) & 1);
}

/**
 * AUROC of a vote for its bit, from the histogram: the share of pairs of a 1-bit and a 0-bit where the 1-bit has the larger vote, votes of
 * one bin counting half. NaN where one of the bits never occurs.
 * @param row the voter's
 */
export function voteAuroc({ histograms }: Pick<VoterStatistics, 'histograms'>, row: number): number {
  const zeros = histograms.subarray(row * 2 * VOTE_BINS, (row * 2 + 1) * VOTE_BINS);
  const ones = histograms.subarray((row * 2 + 1) * VOTE_BINS, (row * 2 + 2) * VOTE_BINS);
  let below = 0;
  let allOnes = 0;
  let pairs = 0;
  ones.forEach((count, bin) => {
    pairs += count * (below + zeros[bin]! / 2);
    below += zeros[bin]!;
    allOnes += count;
  });
  return pairs / (below * allOnes);
}
