/** @file Intervals, tests and fits of an experiment: over independent units (seeds, files), never over rows of the same unit. */
import { levenbergMarquardt } from 'ml-levenberg-marquardt';
import { bisect, linearRegression, mean, quantile, sampleStandardDeviation } from 'simple-statistics';
import { studentTwoSided } from '../inspection/specialization/distributions';
import type { Estimate } from '../protocol/experiments';
import { Random } from '../text/random';

export type Interval = readonly [low: number, high: number];

/** Below this p a difference counts as decided. */
export const SIGNIFICANCE = 0.05;
const LEVEL = 1 - SIGNIFICANCE;
/** With which a difference that is named as found would be. */
export const POWER = 0.8;
const RESAMPLES = 2000;
/** Intervals and tests of the same numbers are the same. */
const RANDOM_SEED = 20_260_101;
const MOST_EXACT_PAIRS = 16;

/** Student's t that is exceeded on either side with 5 % together, or as `tails` says. @param freedom degrees of freedom, above 0 */
function studentQuantile(freedom: number, tails = 1 - LEVEL): number {
  return bisect((t: number) => studentTwoSided(t, freedom) - tails, 0, 100, 200, 1e-10);
}

/** Variance of a statistic of units by the jackknife: from its values where each unit is left out; 0 of a single one. */
function jackknifeVariance<T>(units: readonly T[], statistic: (left: readonly T[]) => number): number {
  const n = units.length;
  if (n < 2) return 0;
  const values = units.map((_, out) => statistic(units.filter((_unit, i) => i !== out)));
  const center = mean(values);
  return ((n - 1) / n) * values.reduce((sum, value) => sum + (value - center) ** 2, 0);
}

/**
 * 95 % interval of a statistic of all seeds on all files that counts the errors of both, which are crossed: the variance is that over seeds
 * plus that over files, each by a jackknife of whole units, with Student's t of Satterthwaite's degrees of freedom. What differs between
 * files from seed to seed is in both, so the interval is rather too wide (Cameron, Gelbach & Miller 2011 subtract it).
 * Of one file it is that over seeds; where seeds are alike, that over files.
 * @returns null of a single seed with a single file, or where it is not finite without one of them
 */
export function crossedInterval<S, F>(
  seeds: readonly S[],
  files: readonly F[],
  statistic: (seeds: readonly S[], files: readonly F[]) => number,
): Interval | null {
  if (seeds.length < 2 && files.length < 2) return null;
  const value = statistic(seeds, files);
  const ofSeeds = jackknifeVariance(seeds, (left) => statistic(left, files));
  const ofFiles = jackknifeVariance(files, (left) => statistic(seeds, left));
  const variance = ofSeeds + ofFiles;
  if (!Number.isFinite(value) || !Number.isFinite(variance)) return null;
  if (variance === 0) return [value, value];
  const weighted = (part: number, units: number) => (part === 0 ? 0 : part ** 2 / (units - 1));
  const freedom = variance ** 2 / (weighted(ofSeeds, seeds.length) + weighted(ofFiles, files.length));
  const half = studentQuantile(freedom) * Math.sqrt(variance);
  return [value - half, value + half];
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
 * 95 % bootstrap intervals (percentiles) of statistics of independent units, each with all its rows: whole seeds or files are drawn.
 * @param statistics the same number of them for every sample, whatever its order
 * @returns one for each statistic; null of fewer than two units, or where it is not finite for a sample
 */
export function bootstrapIntervals<T>(
  units: readonly T[],
  statistics: (sample: readonly T[]) => readonly number[],
): readonly (Interval | null)[] {
  const random = Random.fromSeed(RANDOM_SEED);
  // Of few units the same ones are drawn again and again: 6 make 462 samples.
  const known = new Map<string, readonly number[]>();
  const drawn = Array.from({ length: units.length < 2 ? 0 : RESAMPLES }, () => {
    const sample = units.map(() => random.integer(units.length)).sort((a, b) => a - b);
    const key = sample.join();
    const values = known.get(key) ?? statistics(sample.map((i) => units[i]!));
    known.set(key, values);
    return values;
  });
  return statistics(units).map((_, i) => {
    const values = drawn.map((one) => one[i]!);
    if (values.length === 0 || !values.every(Number.isFinite)) return null;
    return [quantile(values, (1 - LEVEL) / 2), quantile(values, (1 + LEVEL) / 2)];
  });
}

/** {@link bootstrapIntervals} of a single statistic. */
export function bootstrapInterval<T>(
  units: readonly T[],
  statistic: (sample: readonly T[]) => number,
): Interval | null {
  return bootstrapIntervals(units, (sample) => [statistic(sample)])[0]!;
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

const POWER_DRAWS = 400;
/** More pairs take Student's approximation, which is as good there and quick. */
const MOST_SIMULATED_PAIRS = 10;
const knownEffects = new Map<number, number>();

/**
 * The least mean of normal differences, in their standard deviations, that {@link signFlipTest} of n pairs finds at p < 0.05 with 80 %
 * power. By simulation, because the exact test of few pairs has less power than Student's; of more than 10 pairs
 * (t(0.975) + t(0.8))/√n, the usual approximation to the noncentral t.
 * @returns null where no mean can be found
 */
export function leastEffect(pairs: number): number | null {
  if (2 ** (1 - pairs) >= SIGNIFICANCE) return null;
  if (pairs > MOST_SIMULATED_PAIRS) {
    return (studentQuantile(pairs - 1) + studentQuantile(pairs - 1, 2 * (1 - POWER))) / Math.sqrt(pairs);
  }
  const found = knownEffects.get(pairs) ?? simulatedEffect(pairs);
  knownEffects.set(pairs, found);
  return found;
}

function simulatedEffect(pairs: number): number {
  const random = Random.fromSeed(RANDOM_SEED);
  const draws = Array.from({ length: POWER_DRAWS }, () => Array.from({ length: pairs }, () => random.normal()));
  const power = (effect: number) =>
    draws.filter((noise) => signFlipTest(noise.map((one) => one + effect)).p < SIGNIFICANCE).length / POWER_DRAWS;
  let [low, high] = [0, 4];
  while (high - low > 0.01) {
    const middle = (low + high) / 2;
    if (power(middle) < POWER) low = middle;
    else high = middle;
  }
  return high;
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

/** Points of a curve. */
export interface Curve {
  /** Above 0, at least two different ones. */
  readonly x: readonly number[];
  readonly y: readonly number[];
}

/** y = E + A·x^−a of one curve or several. */
export interface DecayFit {
  /** The same for all curves. */
  readonly a: number;
  /** One for each curve; E is at least 0, A is below 0 where a curve rises. */
  readonly curves: readonly { readonly E: number; readonly A: number }[];
  /** Sum of the squared residuals of all curves. */
  readonly residual: number;
}

/** Exponents that are looked for. */
const EXPONENTS = [0.01, 3] as const;
const GRID = 24;
const FINE_GRID = 8;
/** Of the places around the best one. */
const EXPONENT_PRECISION = 1e-4;
/** E, A and a go through three points of any curve that bends right. */
const LEAST_POINTS = 4;

/** E and A of one curve by linear least squares, which they are for a given exponent. */
function fitWithExponent({ x, y }: Curve, a: number): { E: number; A: number; residual: number } {
  const powers = x.map((value) => value ** -a);
  const line = linearRegression(powers.map((power, i) => [power, y[i]!]));
  const sum = (values: readonly number[]) => values.reduce((total, value, i) => total + value * powers[i]!, 0);
  const [E, A] = line.b >= 0 ? [line.b, line.m] : [0, sum(y) / sum(powers)];
  return { E, A, residual: y.reduce((total, value, i) => total + (value - E - A * powers[i]!) ** 2, 0) };
}

/** y = E + A·x^−a by least squares with E ≥ 0, for this exponent. @param a above 0 */
export function fitDecayAt(curves: readonly Curve[], a: number): DecayFit {
  const fitted = curves.map((curve) => fitWithExponent(curve, a));
  return { a, curves: fitted, residual: fitted.reduce((total, { residual }) => total + residual, 0) };
}

/**
 * The exponent with the least squares, to 1e-4: variable projection, a grid over a that is made finer around its best place.
 * @param curves one, or several that have the exponent in common
 */
export function fitDecay(curves: readonly Curve[]): DecayFit {
  const [least, most] = EXPONENTS;
  let grid = Array.from({ length: GRID + 1 }, (_, i) => least * (most / least) ** (i / GRID));
  for (;;) {
    const fits = grid.map((a) => fitDecayAt(curves, a));
    const best = fits.reduce((found, fit, i) => (fit.residual < fits[found]!.residual ? i : found), 0);
    const low = grid[Math.max(0, best - 1)]!;
    const high = grid[Math.min(grid.length - 1, best + 1)]!;
    if (high - low < EXPONENT_PRECISION) return fits[best]!;
    grid = Array.from({ length: FINE_GRID + 1 }, (_, i) => low + ((high - low) * i) / FINE_GRID);
  }
}

/** Why the fit of curves says nothing; null where it does. */
export function noDecay(curves: readonly Curve[], { a, curves: fitted }: DecayFit): string | null {
  if (curves.some(({ x }) => new Set(x).size < LEAST_POINTS)) return `under ${LEAST_POINTS} points are measured`;
  if (fitted.some(({ A }) => A <= 0)) return 'the loss does not fall';
  const [least, most] = EXPONENTS;
  // Nearer to it than the place is exact.
  const isAtEdge = Math.min(a - least, most - a) < 2 * EXPONENT_PRECISION;
  return isAtEdge ? `its exponent is at the edge of those looked for, ${least} to ${most}` : null;
}
