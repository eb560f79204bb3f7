/** @file Errors clustered by held-out file: a row per file, and intervals that count seeds and files. */
import { plural } from '../measures/numberText';
import type { Estimate } from '../protocol/experiments';
import { groupRows, numbers } from './charts';
import type { Row, RunRow } from './experiment';
import { crossedInterval } from './statistics';

/** Said of a primary measure whose interval counts both. */
export const CROSSED = 'Its 95 % interval counts seeds and held-out files, which are crossed.';

/** What was measured of every file, by its place among those measured. */
export function fileRows(setting: Row, measured: readonly Row[]): Row[] {
  return measured.map((one, file) => ({ kind: 'file', ...setting, file, ...one }));
}

/** Bits over bytes of rows of files. */
export function bitsOverBytes(rows: readonly RunRow[], bits = 'bits'): number {
  const sum = (column: string) => numbers(rows, column).reduce((total, one) => total + one, 0);
  return sum(bits) / sum('bytes');
}

/**
 * A statistic of seeds on files with its interval over both. Seeds that lack rows of others are left out.
 * @param statistic of the rows of some seeds, each with the same some of its files
 * @returns null where there are no rows of files
 */
export function clusteredEstimate(
  rows: readonly RunRow[],
  unit: string,
  statistic: (seeds: readonly (readonly RunRow[])[]) => number,
): Estimate | null {
  if (rows.length === 0) return null;
  const bySeed = [...groupRows(rows, 'seed').values()];
  const most = Math.max(...bySeed.map(({ length }) => length));
  const seeds = bySeed.filter(({ length }) => length === most).map((ofSeed) => groupRows(ofSeed, 'file'));
  const files = [...groupRows(rows, 'file').keys()];
  const valueOf = (some: readonly (typeof seeds)[number][], of: readonly Row[string][]) =>
    statistic(some.map((byFile) => of.flatMap((file) => byFile.get(file) ?? [])));
  return {
    value: valueOf(seeds, files),
    interval: crossedInterval(seeds, files, valueOf),
    n: seeds.length,
    of: `${seeds.length === 1 ? 'seed' : 'seeds'} × ${plural(files.length, 'file', 'files')}`,
    unit,
  };
}

/** Whether an interval leaves out where there is no difference; one that is not there does not say otherwise. */
export function isApartFrom(none: number, estimate: Estimate | null): boolean {
  const interval = estimate?.interval ?? null;
  return interval === null || interval[0] > none || interval[1] < none;
}
