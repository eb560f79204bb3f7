/** @file The measurements of SPEC section 5 on the votes and weights of one bit: pure functions over a slice of M voters. */

// Every function takes the whole bit-major array [32·M], the first voter of the bit and M, so that no slice is copied.

/** Effective voters N = 1/Σ_i w_i², between 1 and M. */
export function effectiveVoters(weights: ArrayLike<number>, start: number, count: number): number {
  let squares = 0;
  for (let i = start; i < start + count; i++) squares += weights[i]! * weights[i]!;
  return 1 / squares;
}

/** Active voters #{i: w_i > 1/M}, compared in float32 as the weights are, so that M equal weights give 0. */
export function activeVoters(weights: ArrayLike<number>, start: number, count: number): number {
  const threshold = Math.fround(1 / count);
  let active = 0;
  for (let i = start; i < start + count; i++) if (weights[i]! > threshold) active++;
  return active;
}

/** The other count of active voters, #{i: w_i > max w/10}. */
export function votersAboveTenthOfMaximum(weights: ArrayLike<number>, start: number, count: number): number {
  let largest = 0;
  for (let i = start; i < start + count; i++) largest = Math.max(largest, weights[i]!);
  let active = 0;
  for (let i = start; i < start + count; i++) if (weights[i]! > largest / 10) active++;
  return active;
}

/** Perplexity of the weights, exp(−Σ_i w_i ln w_i), between 1 and M; more sensitive to the tail than N. */
export function weightPerplexity(weights: ArrayLike<number>, start: number, count: number): number {
  let entropy = 0;
  for (let i = start; i < start + count; i++) if (weights[i]! > 0) entropy -= weights[i]! * Math.log(weights[i]!);
  return Math.exp(entropy);
}

/** Gini coefficient of the weights: 0 where all are equal, 1 − 1/M where one voter has all. */
export function gini(weights: ArrayLike<number>, start: number, count: number): number {
  const sorted = Float64Array.from({ length: count }, (_, i) => weights[start + i]!).sort();
  let sum = 0;
  let ranked = 0;
  sorted.forEach((weight, rank) => {
    sum += weight;
    ranked += (2 * (rank + 1) - count - 1) * weight;
  });
  return ranked / (count * sum);
}

/** Contributions w_i·v_i; their sum is p. */
export function contributions(
  weights: ArrayLike<number>,
  votes: ArrayLike<number>,
  start: number,
  count: number,
): Float32Array {
  return Float32Array.from({ length: count }, (_, i) => weights[start + i]! * votes[start + i]!);
}

/** Effective number of contributions, (Σ_i c_i)²/Σ_i c_i² with c = w·v; 0 where every contribution is 0. */
export function effectiveContributions(
  weights: ArrayLike<number>,
  votes: ArrayLike<number>,
  start: number,
  count: number,
): number {
  let sum = 0;
  let squares = 0;
  for (let i = start; i < start + count; i++) {
    const contribution = weights[i]! * votes[i]!;
    sum += contribution;
    squares += contribution * contribution;
  }
  return squares === 0 ? 0 : (sum * sum) / squares;
}

/** Activation density: the share of voters with v > ½. */
export function activationDensity(votes: ArrayLike<number>, start: number, count: number): number {
  let active = 0;
  for (let i = start; i < start + count; i++) if (votes[i]! > 0.5) active++;
  return active / count;
}
