/** @file Whether domains use the same voters: the winners of each bit on each domain's text, and how far they are the same. */
import { mean } from 'simple-statistics';
import { CHUNK_BITS } from '../measures/chunk';
import type { Row } from './experiment';

/** One of so many voters of a bit wins. */
const VOTERS_PER_WINNER = 16;

/** Voters that count as winners of a bit, of M. */
function winnersOf(voters: number): number {
  return Math.max(1, Math.round(voters / VOTERS_PER_WINNER));
}

/** The overlap to be expected of winners that are drawn by chance: the k²/M that they share over the 2k − k²/M that there are. */
export function chanceOverlap(voters: number): number {
  const k = winnersOf(voters);
  return k / (2 * voters - k);
}

/** |A ∩ B| / |A ∪ B| */
export function jaccard(a: ReadonlySet<number>, b: ReadonlySet<number>): number {
  const shared = [...a].filter((one) => b.has(one)).length;
  return shared / (a.size + b.size - shared);
}

/** Winners of each bit: the voters of the largest mean weights. @param weights [N, 32, M] @returns [32] */
export function winners(weights: Float32Array, voters: number): ReadonlySet<number>[] {
  return Array.from({ length: CHUNK_BITS }, (_, bit) => {
    const sums = new Float64Array(voters);
    for (let at = bit * voters; at < weights.length; at += CHUNK_BITS * voters) {
      for (let i = 0; i < voters; i++) sums[i]! += weights[at + i]!;
    }
    return new Set([...sums.keys()].sort((a, b) => sums[b]! - sums[a]!).slice(0, winnersOf(voters)));
  });
}

/** The weights of voters on a domain's text. */
export interface DomainWeights {
  readonly domain: string;
  /** [N, 32, M] of two parts of the text */
  readonly parts: readonly [Float32Array, Float32Array];
}

/**
 * A row for each pair of domains: mean Jaccard over bits and over pairs of parts of two texts; or of the two parts of the same text,
 * which says how much any two texts differ.
 */
export function overlapRows(domains: readonly DomainWeights[], voters: number): Row[] {
  const all = domains.map(({ parts }) => parts.map((part) => winners(part, voters)));
  const overlap = (a: readonly ReadonlySet<number>[], b: readonly ReadonlySet<number>[]) =>
    mean(a.map((set, bit) => jaccard(set, b[bit]!)));
  return domains.flatMap(({ domain }, i) =>
    domains.map(({ domain: other }, j): Row => {
      const [a, b] = [all[i]!, all[j]!];
      const value = (overlap(a[0]!, b[1]!) + overlap(a[1]!, b[0]!)) / 2;
      return { kind: 'overlap', of: i, domain, other, voters, jaccard: value };
    }),
  );
}
