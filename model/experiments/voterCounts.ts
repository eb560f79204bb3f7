/** @file How many voters decide the bits of a text, by every definition, for 1-bits and 0-bits apart. */
import { activeVoters, effectiveContributions, votersAboveTenthOfMaximum } from '../inspection/measures';
import { SparsityTally } from '../inspection/sparsity';
import { aggregateBit, sigmoid } from '../network/aggregation';
import type { BitScores } from './bitScores';
import { forEachBit, realBit } from './bitScores';

/** Columns of a row, and what each of them counts. */
export const DEFINITIONS = {
  effective: 'effective voters 1/Σw²',
  contributing: 'effective contributions (Σwv)²/Σ(wv)²',
  active: 'voters with a weight above 1/M',
  tenth: 'voters with over a tenth of the largest weight',
  operational: 'voters that keep the loss of all bits within 1 %',
} as const;

export type Definition = keyof typeof DEFINITIONS;

/**
 * Means over the bits of one value. The operational count is of the bits of both values together: the voters of the largest weights vote
 * highest, so for 1-bits alone a single one never loses anything, and says nothing.
 */
export type VoterCounts = Readonly<Record<Definition, number>> & {
  /** The operational count of the bits of this value alone. */
  readonly operationalAlone: number;
  /** N */
  readonly bits: number;
  /** Share of voters with v > ½. */
  readonly density: number;
};

/** Of 0-bits and of 1-bits; null where the text has none. */
export type CountsByBit = readonly [zeros: VoterCounts | null, ones: VoterCounts | null];

export function countVoters(scores: BitScores): CountsByBit {
  return countWithLosses(scores).counts;
}

/** @returns with the counts the bits [M] that the text costs where only the k = 1 … M voters of the largest weights of each bit are heard */
export function countWithLosses(scores: BitScores): { readonly counts: CountsByBit; readonly losses: Float64Array } {
  const M = scores.voters;
  const tally = new SparsityTally(M);
  const sums = [0, 1].map(() => ({ contributing: 0, active: 0, tenth: 0 }));
  const weights = new Float32Array(M);
  const votes = new Float32Array(M);
  forEachBit(scores, (z, n, bit) => {
    aggregateBit(z, 0, M, scores.aggregation, scores.temperatures[bit]!, weights);
    for (let i = 0; i < M; i++) votes[i] = sigmoid(z[i]!);
    const real = realBit(scores, n, bit);
    tally.add(z, votes, weights, 0, real);
    const sum = sums[real]!;
    sum.contributing += effectiveContributions(weights, votes, 0, M);
    sum.active += activeVoters(weights, 0, M);
    sum.tenth += votersAboveTenthOfMaximum(weights, 0, M);
  });
  const { zeros, ones, operationalVoters } = tally.result();
  const of = (real: 0 | 1): VoterCounts | null => {
    const counted = real === 1 ? ones : zeros;
    if (counted === null) return null;
    const { bits } = counted;
    const sum = sums[real]!;
    return {
      bits,
      effective: counted.effectiveVoters,
      contributing: sum.contributing / bits,
      active: sum.active / bits,
      tenth: sum.tenth / bits,
      operational: operationalVoters,
      operationalAlone: counted.operationalVoters,
      density: counted.votesAboveHalf / M,
    };
  };
  return { counts: [of(0), of(1)], losses: tally.losses };
}

/** Mean distance of p from the largest vote of its bit, were votes weighted by softmax(τ·v) with this τ; null for the τ of each bit. */
export function distanceFromMaximum(scores: BitScores, tau: number | null): number {
  let distances = 0;
  const votes = new Float64Array(scores.voters);
  forEachBit(scores, (z, _n, bit) => {
    const sharpness = tau ?? scores.temperatures[bit]!;
    let largest = 0;
    for (let i = 0; i < z.length; i++) {
      votes[i] = sigmoid(z[i]!);
      largest = Math.max(largest, votes[i]!);
    }
    // Below the largest vote, so that no exponential overflows.
    let weights = 0;
    let distance = 0;
    for (const vote of votes) {
      const weight = Math.exp(sharpness * (vote - largest));
      weights += weight;
      distance += weight * (largest - vote);
    }
    distances += distance / weights;
  });
  return distances / (scores.chunks * 32);
}
