/** @file Intervals, tests and fits of an experiment: over independent units (seeds, files), never over rows of the same unit. */
import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { bisect, linearRegression, mean, quantile, sampleStandardDeviation } from 'simple-statistics';
import { studentTwoSided } from '../inspection/specialization/distributions';
import type { Estimate } from '../protocol/experiments';
import { Random } from '../text/random';

export type Interval = readonly [low: number, high: number];

const LEVEL = 0.95;
const RESAMPLES = 2000;
/** Intervals and tests of the same numbers are the same. */
const RANDOM_SEED = 20_260_101;
const MOST_EXACT_PAIRS = 16;

/** Student's t that is exceeded on either side with 5 % together. @param freedom degrees of freedom, above 0 */
function studentQuantile(freedom: number): number {
  return bisect((t: number) => studentTwoSided(t, freedom) - (1 - LEVEL), 0, 100, 200, 1e-10);
}

/** Mean of independent values with Student's 95 % interval; no interval of a single one. */
export function meanEstimate(values: readonly number[], unit: string, of = 'seeds'): Estimate {
  const n = values.length;
  if (n === 0) return { value: null, interval: null, n, of, unit, reason: 'no run has measured it' };
  const value = mean([...values]);
  if (n === 1) return { value, interval: null, n, of, unit };
  const half = (studentQuantile(n - 1) * sampleStandardDeviation([...values])) / Math.sqrt(n);
  return { value, interval: [value - half, value + half], n, of, unit };
}

/**
 * 95 % bootstrap interval (percentiles) of a statistic of independent units, each with all its rows: whole seeds or files are drawn.
 * @returns null of fewer than two units, or where the statistic of a sample is not finite
 */
export function bootstrapInterval<T>(
  units: readonly T[],
  statistic: (sample: readonly T[]) => number,
): Interval | null {
  if (units.length < 2) return null;
  const random = Random.fromSeed(RANDOM_SEED);
  const values = Array.from({ length: RESAMPLES }, () =>
    statistic(units.map(() => units[random.integer(units.length)]!)),
  );
  if (!values.every(Number.isFinite)) return null;
  return [quantile(values, (1 - LEVEL) / 2), quantile(values, (1 + LEVEL) / 2)];
}

/** A test with the smallest p that its number of pairs allows. */
export interface PairedTest {
  /** Two-sided; 1 of no pairs. */
  readonly p: number;
  readonly leastP: number;
}

/**
 * The test that paired differences are as often negative as positive: exact, over all 2^n choices of signs, up to 16 pairs; of more, over
 * random choices.
 */
export function signFlipTest(differences: readonly number[]): PairedTest {
  const n = differences.length;
  const choices = 2 ** Math.min(n, MOST_EXACT_PAIRS);
  const found = Math.abs(differences.reduce((sum, d) => sum + d, 0));
  // Sums of the same numbers in another order are equal but for rounding.
  const least = found - 1e-12 * differences.reduce((sum, d) => sum + Math.abs(d), 0);
  const random = Random.fromSeed(RANDOM_SEED);
  let extreme = 0;
  for (let choice = 0; choice < choices; choice++) {
    const isFlipped = (i: number) => (n <= MOST_EXACT_PAIRS ? ((choice >> i) & 1) === 1 : random.uniform() < 0.5);
    const sum = differences.reduce((total, d, i) => total + (isFlipped(i) ? -d : d), 0);
    if (Math.abs(sum) >= least) extreme++;
  }
  if (n <= MOST_EXACT_PAIRS) return { p: extreme / choices, leastP: Math.min(1, 2 / choices) };
  // The signs that were found are a choice, too.
  return { p: (extreme + 1) / (choices + 1), leastP: 1 / (choices + 1) };
}

/** p values of several tests, corrected so that the chance of any false one stays below the level (Holm 1979). */
export function holm(ps: readonly number[]): number[] {
  const order = [...ps.keys()].sort((a, b) => ps[a]! - ps[b]!);
  const corrected = new Array<number>(ps.length);
  let largest = 0;
  order.forEach((at, rank) => {
    largest = Math.max(largest, Math.min(1, (ps.length - rank) * ps[at]!));
    corrected[at] = largest;
  });
  return corrected;
}

/** Two parameters of a curve, and the sum of its squared residuals. */
export interface Fit {
  readonly a: number;
  readonly b: number;
  readonly residual: number;
}

function residualOf(x: readonly number[], y: readonly number[], curve: (x: number) => number): number {
  return x.reduce((sum, value, i) => sum + (y[i]! - curve(value)) ** 2, 0);
}

/** y = a + b·ln x by least squares. @param x above 0, at least two different ones */
export function fitLogarithm(x: readonly number[], y: readonly number[]): Fit {
  const { m: b, b: a } = linearRegression(x.map((value, i) => [Math.log(value), y[i]!]));
  return { a, b, residual: residualOf(x, y, (value) => a + b * Math.log(value)) };
}

/** ln y = ln a + b·ln x by least squares. @param y above 0 */
function fitLogarithms(x: readonly number[], y: readonly number[]): { readonly b: number; readonly m: number } {
  return linearRegression(x.map((value, i) => [Math.log(value), Math.log(y[i]!)]));
}

/** How y grows with x: the slope of ln y over ln x, 1 where y is a share of x, 0 where it is constant. @param y above 0 */
export function growthExponent(x: readonly number[], y: readonly number[]): number {
  return fitLogarithms(x, y).m;
}

/** y = a·x^b by least squares of y, as {@link fitLogarithm}, so that their residuals compare. @param y above 0 */
export function fitPower(x: readonly number[], y: readonly number[]): Fit {
  const start = fitLogarithms(x, y);
  const { parameterValues } = levenbergMarquardt(
    { x, y },
    ([a, b]) =>
      (value) =>
        a! * value ** b!,
    {
      initialValues: [Math.exp(start.b), start.m],
      maxIterations: 50,
      errorTolerance: 0,
      improvementThreshold: 1e-12,
      jacobianFunction:
        ([a, b]) =>
        (value) => [value ** b!, a! * value ** b! * Math.log(value)],
    },
  );
  const [a, b] = parameterValues as [number, number];
  return { a, b, residual: residualOf(x, y, (value) => a * value ** b) };
}

/** Mean height of a curve over its range: the area under it (trapezoids) over the range. @param x ascending, at least two */
export function meanHeight(x: readonly number[], y: readonly number[]): number {
  let area = 0;
  for (let i = 1; i < x.length; i++) area += ((x[i]! - x[i - 1]!) * (y[i]! + y[i - 1]!)) / 2;
  return area / (x.at(-1)! - x[0]!);
}
