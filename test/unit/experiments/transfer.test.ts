/** @file Transfer, forgetting and the stability gap by hand. */
import { expect, it } from 'vitest';
import { stabilityOf, transferOf } from '../../../model/experiments/transfer';

it('takes transfer and forgetting from the matrix of losses', () => {
  const { average, forgetting, backward, forward, learned } = transferOf([
    [8, 8, 8],
    [3, 7, 8],
    [2, 4, 6],
    [5, 4.5, 1],
  ]);
  expect(average).toBeCloseTo((5 + 4.5 + 1) / 3, 12);
  // The first domain was best at 2, after the second; the second at 4.
  expect(forgetting).toBeCloseTo((5 - 2 + (4.5 - 4)) / 2, 12);
  expect(backward).toBeCloseTo((3 - 5 + (4 - 4.5)) / 2, 12);
  // The second was 7 before it was learned, the third 6; untrained 8 each.
  expect(forward).toBeCloseTo((8 - 7 + (8 - 6)) / 2, 12);
  expect(learned).toBeCloseTo((3 + 4 + 1) / 3, 12);
});

it('counts what later domains improve as negative forgetting', () => {
  expect(
    transferOf([
      [8, 8],
      [3, 7],
      [2, 2],
    ]).forgetting,
  ).toBe(-1);
});

it('takes the worst of the first domain and what is regained after a switch from its losses at every step', () => {
  const { worst, gap } = stabilityOf([
    [8, 5, 2],
    [2, 4, 3],
    [3.5, 3, 3.25],
  ]);
  expect(worst).toBe(4 - 2);
  // 4 became 3, and 3.5 became 3.25.
  expect(gap).toBeCloseTo((1 + 0.25) / 2, 12);
});

it('has no gap where the first domain only gets worse', () => {
  expect(stabilityOf([[8, 2], [2, 3], [4]])).toEqual({ worst: 2, gap: 0 });
});
