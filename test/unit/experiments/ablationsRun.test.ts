/** @file Runs of experiment 6 on a real engine, its quickest arms: how long each regime trains, and what is measured. */
import { expect, it } from 'vitest';
import { ABLATIONS } from '../../../model/experiments/ablations';
import { contextOf } from './tinyDomains';

async function rowOf(key: string) {
  const run = ABLATIONS.plan({ quick: true, seeds: 1 }).find((one) => one.key === key)!;
  const rows = await ABLATIONS.run(run, contextOf(new Map()));
  const [row, ...files] = rows;
  expect(row!['kind']).toBe('ablation');
  // The bits of all files are those of the whole.
  for (const [bits, whole] of [
    ['bits', 'bitsPerByte'],
    ['untrainedBits', 'untrainedBitsPerByte'],
  ] as const) {
    const sum = (column: string) => files.reduce((total, file) => total + Number(file[column]), 0);
    expect(sum(bits) / sum('bytes')).toBeCloseTo(Number(row![whole]), 9);
  }
  expect(files.map(({ kind, file }) => [kind, file])).toEqual([0, 1, 2, 3].map((file) => ['file', file]));
  return row!;
}

it('trains for as much computation as the base, and counts voters where there are some', async () => {
  const base = await rowOf('seed 0: base');
  expect(base).toMatchObject({ regime: 'both' });
  for (const column of ['effectiveOnes', 'effectiveZeros']) {
    expect(Number(base[column])).toBeGreaterThan(1);
    expect(Number(base[column])).toBeLessThanOrEqual(128);
  }
  const dense = await rowOf('seed 0: dense, equal computation');
  expect(dense).toMatchObject({ regime: 'computation', effectiveOnes: null, effectiveZeros: null });
  const work = (row: typeof base) => Number(row['step']) * Number(row['flopsPerChunk']);
  // Whole steps: half of one more or less.
  expect(Math.abs(work(dense) - work(base))).toBeLessThanOrEqual(Number(dense['flopsPerChunk']) / 2);
  expect(Number(dense['step'])).toBeGreaterThan(Number(base['step']));
  // Half of text of four words is known after a few steps.
  for (const row of [base, dense]) {
    expect(Number(row['bitsPerByte'])).toBeLessThan(4);
    expect(Number(row['untrainedBitsPerByte'])).toBeGreaterThan(4);
    expect(Number(row['trainingSeconds'])).toBeGreaterThan(0);
  }
});
