/** @file What the voters of one bit say together, in plain arithmetic (float64). */
import type { Aggregation, AggregationRule, Weighting } from './aggregations';
import { AGGREGATIONS } from './aggregations';
import { expOfNegative } from './exponential';

/** What the voters of one bit say together. */
export interface BitAggregate {
  /** p = Σ w·v */
  readonly probability: number;
  /** ln p, exact where p rounds to 0 */
  readonly logProbability: number;
  /** ln(1 − p), exact where p rounds to 1 */
  readonly logComplement: number;
}

/** Sums over a bit's voters, where w = e/Σ e; p is the second over the first, and 1 − p the third over the first. */
export interface ShareSums {
  /** Σ e */
  readonly weights: number;
  /** Σ e·v */
  readonly ones: number;
  /** Σ e·(1 − v) */
  readonly zeros: number;
}

/** What each voter brings into those sums. */
export interface ShareBuffers {
  /** [M] e = exp(a − max a), a the softmax's argument; 1 where all weigh the same; 1 or 0 where the largest share the weight. */
  readonly weight: Float64Array;
  /** [M] e·v */
  readonly one: Float64Array;
  /** [M] e·(1 − v) */
  readonly zero: Float64Array;
}

/** Room for the shares of M voters, to be used again for bit after bit. */
export function shareBuffers(count: number): ShareBuffers {
  return { weight: new Float64Array(count), one: new Float64Array(count), zero: new Float64Array(count) };
}

/** Sums above this have lost nothing to underflow that a float64 could hold. */
export const SAFE_SUM = 1e-280;

/** σ in the very steps of `sumShares`, so that equal scores give equal votes. */
function voteOf(score: number): number {
  const small = expOfNegative(-Math.abs(score));
  const strong = 1 / (1 + small);
  return score < 0 ? small * strong : strong;
}

/** By the kind of weighting, what `sumShares` takes as the strongest signal whatever the scores are; null where only they can tell. */
const STRONGEST: Readonly<Record<Weighting['kind'], number | null>> = { softmax: 1, largest: null, equal: 1 };

/** A bound on every signal that the weights may be relative to; null where each weight depends on the other scores. */
export function signalBound(aggregation: Aggregation): number | null {
  return STRONGEST[AGGREGATIONS[aggregation].weighting.kind];
}

/**
 * The strongest of what weights are made from: for a softmax of confidences the vote farthest from ½ on either side, else the
 * largest vote.
 * @param z [M] scores
 */
export function strongestSignal(z: Float64Array, aggregation: Aggregation): number {
  const { weighting } = AGGREGATIONS[aggregation];
  let largest = -Infinity;
  let smallest = Infinity;
  for (const score of z) {
    largest = Math.max(largest, score);
    smallest = Math.min(smallest, score);
  }
  const isConfidence = weighting.kind === 'softmax' && weighting.heard === 'confidence';
  return voteOf(isConfidence ? Math.max(largest, -smallest) : largest);
}

/**
 * The three sums of one bit, with two exponentials a voter.
 * @param z [M] scores
 * @param tau the bit's τ; ignored where the weighting has none
 * @param strongest what the weights are relative to: from `strongestSignal` or `signalBound`
 * @param each receives what each voter brings, where given
 */
export function sumShares(
  z: Float64Array,
  aggregation: Aggregation,
  tau: number,
  strongest: number,
  each?: ShareBuffers,
): ShareSums {
  const { weighting } = AGGREGATIONS[aggregation];
  const { kind } = weighting;
  const hearsVote = kind === 'softmax' && weighting.heard === 'vote';
  let weights = 0;
  let ones = 0;
  let zeros = 0;
  for (let i = 0; i < z.length; i++) {
    const score = z[i]!;
    const small = expOfNegative(-Math.abs(score));
    const strong = 1 / (1 + small);
    const weak = small * strong;
    const vote = score < 0 ? weak : strong;
    let e: number;
    switch (kind) {
      case 'softmax':
        e = expOfNegative(tau * ((hearsVote ? vote : strong) - strongest));
        break;
      case 'largest':
        e = vote === strongest ? 1 : 0;
        break;
      case 'equal':
        e = 1;
    }
    const one = e * vote;
    const zero = e * (score < 0 ? strong : weak);
    if (each !== undefined) {
      each.weight[i] = e;
      each.one[i] = one;
      each.zero[i] = zero;
    }
    weights += e;
    ones += one;
    zeros += zero;
  }
  return { weights, ones, zeros };
}

/**
 * p of one bit by those sums, for the many calls of a search; nothing where that would not be exact: where p or 1 − p underflows, and
 * where the largest votes decide.
 * @param z [M] scores
 */
export function aggregateQuickly(z: Float64Array, aggregation: Aggregation, tau: number): BitAggregate | undefined {
  const strongest = signalBound(aggregation);
  if (strongest === null) return undefined;
  const { weights, ones, zeros } = sumShares(z, aggregation, tau, strongest);
  if (!(ones > SAFE_SUM && zeros > SAFE_SUM)) return undefined;
  return {
    probability: ones / weights,
    logProbability: Math.log(ones / weights),
    logComplement: Math.log(zeros / weights),
  };
}

/** σ(z) */
export function sigmoid(z: number): number {
  return 1 / (1 + Math.exp(-z));
}

/** ln(1 + e^x) without overflow. */
export function softplus(x: number): number {
  return Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));
}

/**
 * ln w of each voter but for a constant, the largest 0; −∞ where a weight is 0.
 * @returns [count]
 */
function logWeights(
  scores: ArrayLike<number>,
  start: number,
  count: number,
  { weighting }: AggregationRule,
  tau: number,
): Float64Array {
  const a = new Float64Array(count);
  let largest = -Infinity;
  switch (weighting.kind) {
    case 'equal':
      return a;
    case 'largest':
      for (let i = 0; i < count; i++) {
        const z = scores[start + i]!;
        // Votes below ½ are as their scores, which do not run out of digits.
        a[i] = z < 0 ? z : sigmoid(z);
        largest = Math.max(largest, a[i]!);
      }
      return a.map((value) => (value === largest ? 0 : -Infinity));
    case 'softmax':
      for (let i = 0; i < count; i++) {
        const z = scores[start + i]!;
        a[i] = sigmoid(weighting.heard === 'confidence' ? Math.abs(z) : z);
        largest = Math.max(largest, a[i]!);
      }
      for (let i = 0; i < count; i++) a[i] = tau * (a[i]! - largest);
      return a;
  }
}

/**
 * Weights and probability of one bit, exact at any score: the reference.
 * @param scores z; voter i of this bit is `scores[start + i]`, 0 ≤ i < count
 * @param tau the bit's τ; ignored where the weighting has none
 * @param weights receives w, if given: `weights[i]`
 */
export function aggregateBit(
  scores: ArrayLike<number>,
  start: number,
  count: number,
  aggregation: Aggregation,
  tau: number,
  weights: Float32Array | Float64Array = new Float64Array(count),
): BitAggregate {
  const a = logWeights(scores, start, count, AGGREGATIONS[aggregation], tau);
  // ln Σ e^a·σ(z) = L + ln Σ e^(a + ln σ(z) − L), L the largest a + ln σ(z): nothing underflows. Likewise for 1 − p. A voter whose
  // weight is too small for a number may still be the one that decides, if the others leave even less.
  let sum = 0;
  let largestOne = -Infinity;
  let largestZero = -Infinity;
  for (let i = 0; i < count; i++) {
    const z = scores[start + i]!;
    weights[i] = Math.exp(a[i]!);
    sum += weights[i]!;
    largestOne = Math.max(largestOne, a[i]! - softplus(-z));
    largestZero = Math.max(largestZero, a[i]! - softplus(z));
  }
  let probability = 0;
  let ones = 0;
  let zeros = 0;
  for (let i = 0; i < count; i++) {
    const z = scores[start + i]!;
    weights[i] = weights[i]! / sum;
    probability += weights[i]! * sigmoid(z);
    ones += Math.exp(a[i]! - softplus(-z) - largestOne);
    zeros += Math.exp(a[i]! - softplus(z) - largestZero);
  }
  return {
    probability,
    logProbability: largestOne + Math.log(ones / sum),
    logComplement: largestZero + Math.log(zeros / sum),
  };
}
