/** @file A run of experiment 2 on a real engine: every model that is told of, timed and measured. */
import { expect, it } from 'vitest';
import type { Row, RunContext } from '../../../model/experiments/experiment';
import { keptCounts, THROUGHPUT } from '../../../model/experiments/throughput';

const file = (name: string, count: number) => [
  { path: name, bytes: new TextEncoder().encode('The tide is low, the ham is cut.\n'.repeat(count)) },
];
const TEXT = { train: file('t', 100), validation: file('v', 40), heldOut: file('h', 40) };
const CONTEXT: RunContext = {
  quick: true,
  domains: [{ name: 'all', ...TEXT }],
  text: TEXT,
  threads: 1,
  signal: undefined,
  finished: new Map(),
};
const SIZE = { quick: true, seeds: 1 };

it('prunes the voters it has trained, and times all models in every round', async () => {
  const run = THROUGHPUT.plan(SIZE).find(({ key }) => key === 'seed 0: softmax')!;
  const rows = await THROUGHPUT.run(run, CONTEXT);
  const ofKind = (kind: string): Row[] => rows.filter((row) => row['kind'] === kind);
  const models = ofKind('model');
  expect(models.map(({ kept }) => kept)).toEqual(keptCounts(128));
  const [whole] = models;
  // 32 rows of 16 weights and a bias for each voter.
  for (const { kept, parameters, headFlops, trunkFlops } of models) {
    expect(Number(whole!['parameters']) - Number(parameters)).toBe(32 * 17 * (128 - Number(kept)));
    expect(headFlops).toBe(2 * 32 * 16 * Number(kept));
    expect(trunkFlops).toBe(whole!['trunkFlops']);
  }
  // A text that repeats itself is learned; one voter of 128 alone knows less of it.
  expect(Number(whole!['bitsPerByte'])).toBeLessThan(2);
  expect(Number(models.at(-1)!['bitsPerByte'])).toBeGreaterThan(Number(whole!['bitsPerByte']));
  const speeds = ofKind('speed');
  const rounds = new Set(speeds.map(({ round }) => round)).size;
  expect(speeds).toHaveLength(rounds * (keptCounts(128).length + 2));
  for (const { chunksPerSecond, p50, p95 } of speeds) {
    expect(Number(chunksPerSecond)).toBeGreaterThan(0);
    expect(Number(p95)).toBeGreaterThanOrEqual(Number(p50));
  }
  const [order] = ofKind('order');
  expect(Number(order!['neverWinning'])).toBeGreaterThan(0);
  expect(Number(order!['neverWinning'])).toBeLessThan(128);
  const [ideal] = ofKind('ideal');
  expect(Number(ideal!['headFlops'])).toBe((Number(whole!['headFlops']) * Number(ideal!['operational'])) / 128);
}, 180_000);

it('measures a dense model as it is', async () => {
  const run = THROUGHPUT.plan(SIZE).find(({ key }) => key === 'seed 0: dense')!;
  const rows = await THROUGHPUT.run(run, CONTEXT);
  expect(rows).toMatchObject([{ kind: 'model', model: 'dense', kept: 1, headFlops: 2 * 32 * 16 }]);
  expect(Number(rows[0]!['bitsPerByte'])).toBeLessThan(2);
});
