/** @file e^x in JavaScript arithmetic: the built-in one is a call out of compiled code, which costs more than all else that a vote needs. */

/** Steps of a power of two. */
const STEPS = 64;
const PER_STEP = STEPS / Math.LN2;
/** ln 2/64 in two parts, the first of 30 bits, so that its product with any step number is exact. */
const STEP_HIGH = 0.010830424696905538;
const STEP_LOW = -6.563929801064195e-13;
/** 2^(j/64) */
const FRACTIONS = Float64Array.from({ length: STEPS }, (_, j) => 2 ** (j / STEPS));
const SMALLEST = -1022;
/** 2^e for −1022 ≤ e ≤ 0 */
const POWERS = Float64Array.from({ length: 1 - SMALLEST }, (_, i) => 2 ** (i + SMALLEST));
/** Below this the result is no normal float64 any more. */
const LEAST = SMALLEST * Math.LN2;

/**
 * e^x for x ≤ 0, within 1e-15 of it relatively; 0 from −708.4 on, where `Math.exp` would still give numbers below 2^−1022.
 * NaN for NaN.
 */
export function expOfNegative(x: number): number {
  if (!(x >= LEAST)) return x < LEAST ? 0 : NaN;
  const step = Math.floor(x * PER_STEP + 0.5);
  const r = x - step * STEP_HIGH - step * STEP_LOW;
  // |r| ≤ ln 2/128: the terms left out are below 4e-17.
  const series = 1 + r * (1 + r * (1 / 2 + r * (1 / 6 + r * (1 / 24 + r * (1 / 120)))));
  return FRACTIONS[step & (STEPS - 1)]! * series * POWERS[(step >> 6) - SMALLEST]!;
}
