/** @file SPEC section 4 for one bit in plain arithmetic (float64): the reference, and what decoding a few bits needs. */
import type { Aggregation } from './config';

/** What the voters of one bit say together. */
export interface BitAggregate {
  /** p = Σ w·v */
  readonly probability: number;
  /** ln p, exact where p rounds to 0 */
  readonly logProbability: number;
  /** ln(1 − p), exact where p rounds to 1 */
  readonly logComplement: number;
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
 * ln w of each voter but for a constant, the largest 0: w = softmax of τ·v or τ·max(v, 1 − v), and −∞ where a weight is 0.
 * @returns [count]
 */
function logWeights(
  scores: ArrayLike<number>,
  start: number,
  count: number,
  aggregation: Aggregation,
  tau: number,
): Float64Array {
  const a = new Float64Array(count);
  if (aggregation === 'mean' || aggregation === 'dense') return a;
  let largest = -Infinity;
  for (let i = 0; i < count; i++) {
    const z = scores[start + i]!;
    // For the largest alone, votes below ½ are as their scores, which do not run out of digits.
    if (aggregation === 'max' && z < 0) a[i] = z;
    else a[i] = sigmoid(aggregation === 'confidence' ? Math.abs(z) : z);
    largest = Math.max(largest, a[i]!);
  }
  for (let i = 0; i < count; i++) {
    if (aggregation === 'max') a[i] = a[i] === largest ? 0 : -Infinity;
    else a[i] = tau * (a[i]! - largest);
  }
  return a;
}

/**
 * Weights and probability of one bit (SPEC section 4).
 * @param scores z; voter i of this bit is `scores[start + i]`, 0 ≤ i < count
 * @param tau the bit's τ; ignored where the aggregation has none
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
  const a = logWeights(scores, start, count, aggregation, tau);
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
