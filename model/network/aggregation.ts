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

/** What the aggregation's softmax is taken of; null where it is not a softmax. */
function activation(aggregation: Aggregation, vote: number, tau: number): number | null {
  if (aggregation === 'softmax') return tau * vote;
  if (aggregation === 'confidence') return tau * Math.max(vote, 1 - vote);
  return null;
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
  fillWeights(scores, start, count, aggregation, tau, weights);
  let probability = 0;
  let largest = -Infinity;
  let smallest = Infinity;
  for (let i = 0; i < count; i++) {
    const z = scores[start + i]!;
    probability += weights[i]! * sigmoid(z);
    if (weights[i]! > 0) {
      largest = Math.max(largest, z);
      smallest = Math.min(smallest, z);
    }
  }
  // ln Σ w·σ(z) = L + ln Σ w·e^(ln σ(z) − L), L the largest ln σ(z): nothing underflows. Likewise for 1 − p.
  const logLargest = -softplus(-largest);
  const logSmallest = -softplus(smallest);
  let ones = 0;
  let zeros = 0;
  for (let i = 0; i < count; i++) {
    // A weight that underflowed counts for nothing, however far its vote lies from the others.
    if (weights[i] === 0) continue;
    const z = scores[start + i]!;
    ones += weights[i]! * Math.exp(-softplus(-z) - logLargest);
    zeros += weights[i]! * Math.exp(-softplus(z) - logSmallest);
  }
  return {
    probability,
    logProbability: logLargest + Math.log(ones),
    logComplement: logSmallest + Math.log(zeros),
  };
}

function fillWeights(
  scores: ArrayLike<number>,
  start: number,
  count: number,
  aggregation: Aggregation,
  tau: number,
  weights: Float32Array | Float64Array,
): void {
  if (aggregation === 'mean' || aggregation === 'dense') {
    weights.fill(1 / count, 0, count);
    return;
  }
  let largest = -Infinity;
  for (let i = 0; i < count; i++) {
    const z = scores[start + i]!;
    largest = Math.max(largest, activation(aggregation, sigmoid(z), tau) ?? sigmoid(z));
  }
  let sum = 0;
  for (let i = 0; i < count; i++) {
    const z = scores[start + i]!;
    const a = activation(aggregation, sigmoid(z), tau);
    const weight = a === null ? (sigmoid(z) === largest ? 1 : 0) : Math.exp(a - largest);
    weights[i] = weight;
    sum += weight;
  }
  for (let i = 0; i < count; i++) weights[i] = weights[i]! / sum;
}
