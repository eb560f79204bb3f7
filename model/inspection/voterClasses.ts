/** @file What kind of voter each is, by its statistics over a corpus. */
import type { VoterStatistics } from '../checkpoint/voterStatistics';
import { VOTE_BINS } from '../checkpoint/voterStatistics';
import {
  CONTRARY_AUROC,
  DEAD_SHARE,
  DENSE_SHARE,
  NARROW_SHARE,
  TWIN_CORRELATION,
  VOTER_CLASSES,
} from '../measures/voterClasses';
import type { VoterClass } from '../protocol/statistics';

/** [32·M] for each voter a mask: bit k is set where it is of class `VOTER_CLASSES[k]`. */
export function voterClasses(statistics: VoterStatistics): Uint8Array {
  const { chunks } = statistics;
  return Uint8Array.from(statistics.activeCounts, (active, row) => {
    const dead = active < DEAD_SHARE * chunks;
    const isOf: Record<VoterClass, boolean> = {
      dead,
      narrow: !dead && active < NARROW_SHARE * chunks,
      broad: active >= NARROW_SHARE * chunks && active <= DENSE_SHARE * chunks,
      dense: active > DENSE_SHARE * chunks,
      unheard: !dead && statistics.largeWeightCounts[row] === 0,
      contrary: !dead && voteAuroc(statistics, row) < CONTRARY_AUROC,
      twin: !dead && statistics.nearestCorrelations[row]! > TWIN_CORRELATION,
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
