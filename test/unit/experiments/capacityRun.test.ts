/** @file A run of experiment 3 on a real engine, its smallest arm: what is measured when, and at which rate. */
import { beforeAll, expect, it } from 'vitest';
import { CAPACITY } from '../../../model/experiments/capacity';
import type { FinishedRun, Row } from '../../../model/experiments/experiment';
import { contextOf } from './tinyDomains';

const ARM = 'dense, width 4';

function tried(rate: number, bitsPerByte: number): [string, FinishedRun] {
  const key = `rate ${rate}: ${ARM}`;
  return [key, { key, arm: ARM, seed: 1000, seconds: 1, rows: [{ kind: 'rate', bitsPerByte }] }];
}

let rows: readonly Row[];
let files: readonly Row[];
beforeAll(async () => {
  const run = CAPACITY.plan({ quick: true, seeds: 1 }).find(({ key }) => key === `seed 0: ${ARM}`)!;
  const all = await CAPACITY.run(run, contextOf(new Map([tried(1e-2, 4), tried(3e-2, 3)])));
  rows = all.filter(({ kind }) => kind === 'loss');
  files = all.filter(({ kind }) => kind === 'file');
});

it('measures the loss at several steps, with the computation up to each, at the rate that was best', () => {
  const steps = [19, 38, 75, 150, 300];
  expect(rows.map(({ step }) => step)).toEqual(steps);
  // The forward pass of 32·8 chunks a step, and twice as much backward.
  const flops = Number(rows[0]!['flopsPerChunk']);
  rows.forEach((row, i) => {
    expect(row['gigaflops']).toBeCloseTo((3 * flops * 256 * steps[i]!) / 1e9, 9);
    expect(row['learningRate']).toBe(3e-2);
  });
  expect(Number(rows.at(-1)!['bitsPerByte'])).toBeLessThan(Number(rows[0]!['bitsPerByte']) - 1);
});

it('tells the bits of each file at the end', () => {
  const sum = (column: string) => files.reduce((total, row) => total + Number(row[column]), 0);
  expect(files.map(({ step, file }) => [step, file])).toEqual([0, 1, 2, 3].map((file) => [300, file]));
  expect(sum('bits') / sum('bytes')).toBeCloseTo(Number(rows.at(-1)!['bitsPerByte']), 9);
});

it('counts parameters, the head apart', () => {
  // 32 units of a single voter each, with 4 inputs and a bias.
  expect(rows[0]).toMatchObject({ family: 'dense', width: 4, headParameters: 32 * 5 });
  expect(Number(rows[0]!['parameters']) - 32 * 5).toBe(rows[0]!['trunkParameters']);
});
