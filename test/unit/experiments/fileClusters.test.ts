/** @file Rows of files, and estimates from them. */
import { expect, it } from 'vitest';
import type { RunRow } from '../../../model/experiments/experiment';
import { bitsOverBytes, clusteredEstimate, fileRows, isApartFrom } from '../../../model/experiments/fileClusters';

function rowsOf(seed: number, bits: readonly number[]): RunRow[] {
  return fileRows(
    { level: 0 },
    bits.map((one, i) => ({ bits: one, bytes: i + 1 })),
  ).map((row) => ({ ...row, arm: 'softmax', seed }));
}

const mean = (seeds: readonly (readonly RunRow[])[]) =>
  seeds.reduce((sum, ofSeed) => sum + bitsOverBytes(ofSeed), 0) / seeds.length;

it('weights files by their bytes, and says of how many seeds and files it is', () => {
  const rows = [...rowsOf(0, [1, 8]), ...rowsOf(1, [3, 12])];
  expect(rows[1]).toEqual({ kind: 'file', level: 0, file: 1, bits: 8, bytes: 2, arm: 'softmax', seed: 0 });
  const estimate = clusteredEstimate(rows, 'bits per byte', mean)!;
  expect(estimate.value).toBeCloseTo((9 / 3 + 15 / 3) / 2, 12);
  expect(`${estimate.n} ${estimate.of}`).toBe('2 seeds × 2 files');
  expect(estimate.interval![0]).toBeLessThan(estimate.value!);
  expect(isApartFrom(0, estimate)).toBe(false);
});

it('leaves out a seed that lacks a file, and has nothing of no rows', () => {
  const rows = [...rowsOf(0, [1, 8]), ...rowsOf(1, [3, 12]), ...rowsOf(2, [3])];
  expect(clusteredEstimate(rows, '', mean)!.n).toBe(2);
  expect(clusteredEstimate([], '', mean)).toBeNull();
  expect(isApartFrom(0, null)).toBe(true);
});
