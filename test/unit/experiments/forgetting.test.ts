/** @file Transfer and forgetting by hand, and what experiment 4 finds in rows whose answer is known. */
import { describe, expect, it } from 'vitest';
import type { RunRow } from '../../../model/experiments/experiment';
import { FORGETTING, replaying, transferOf } from '../../../model/experiments/forgetting';
import { Random } from '../../../model/text/random';

const SIZE = { quick: false, seeds: 6 };

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

it('replays one window of each batch from the earlier domains, all of them in turn', () => {
  const windowsOf = (value: number) => ({
    next: (batch: number) => ({ bytes: new Uint8Array(8 * batch).fill(value), scored: new Uint8Array(batch).fill(1) }),
  });
  const now = windowsOf(3);
  expect(replaying(now, [], Random.fromSeed(0))).toBe(now);
  const mixed = replaying(now, [windowsOf(1), windowsOf(2)], Random.fromSeed(0));
  const batches = Array.from({ length: 20 }, () => mixed.next(4));
  for (const { bytes, scored } of batches) {
    expect(bytes.length).toBe(32);
    expect([...scored]).toEqual([1, 1, 1, 1]);
    expect(bytes.subarray(0, 24).every((byte) => byte === 3)).toBe(true);
  }
  expect(new Set(batches.map(({ bytes }) => bytes[24]))).toEqual(new Set([1, 2]));
});

/** Four domains, each learned to 2 bits and then worse by `lost` with every further domain. */
function rowsOf(arm: string, regime: string, seeds: number, lost: number): RunRow[] {
  return Array.from({ length: seeds }, (_, seed) =>
    [0, 1, 2, 3, 4].flatMap((after) =>
      ['a', 'b', 'c', 'd'].map((domain, of): RunRow => {
        const bitsPerByte = after <= of ? 8 : 2 + lost * (1 + seed / 100) * (after - of - 1);
        return { kind: 'matrix', regime, after, of, domain, bitsPerByte, arm, seed };
      }),
    ),
  ).flat();
}

function rows(lost: { readonly softmax: number; readonly dense: number; readonly mean?: number }, seeds = 6): RunRow[] {
  return (['equal', 'matched'] as const).flatMap((regime) => [
    ...rowsOf('softmax', regime, seeds, lost.softmax),
    ...rowsOf('mean', regime, seeds, lost.mean ?? lost.dense),
    ...rowsOf('dense', regime, seeds, lost.dense),
  ]);
}

function found(some: readonly RunRow[]) {
  return FORGETTING.analyse(some, SIZE).findings[0]!;
}

describe('the claim that less is forgotten', () => {
  it('holds where each seed forgets less, by the mean of 1, 2 and 3 domains', () => {
    const { verdict, estimate, because } = found(rows({ softmax: 0.1, dense: 0.3 }));
    expect(verdict).toBe('holds');
    expect(estimate.value).toBeCloseTo(-0.2 * 2 * 1.025, 9);
    expect(estimate.n).toBe(6);
    expect(because).toMatch(/against dense at matched learning \(p 0\.031\)/);
  });

  it('fails where each forgets more', () => {
    expect(found(rows({ softmax: 0.3, dense: 0.1 })).verdict).toBe('fails');
  });

  it('holds only where another comparison says the opposite', () => {
    expect(found(rows({ softmax: 0.2, dense: 0.3, mean: 0.1 })).verdict).toBe('holds only where');
  });

  it('is not tested with five seeds, nor where nothing differs', () => {
    expect(found(rows({ softmax: 0.1, dense: 0.3 }, 5)).because).toMatch(/least p 0\.063\); 6 seeds can/);
    const same = found(rows({ softmax: 0.2, dense: 0.2 }));
    expect(same.verdict).toBe('not tested');
    expect(same.because).toMatch(/^No difference is decided/);
  });

  it('leaves out seeds that one of a pair has not finished', () => {
    const all = rows({ softmax: 0.1, dense: 0.3 });
    const part = all.filter((row) => !(row.seed === 0 && row.arm === 'dense' && row['after'] === 4));
    expect(found(part).estimate.n).toBe(5);
  });
});

it('shows the matrix of each arm, untrained first', () => {
  const { charts } = FORGETTING.analyse(rows({ softmax: 0.1, dense: 0.3 }), SIZE);
  const matrices = charts.filter((chart) => chart.kind === 'matrix');
  expect(matrices).toHaveLength(3);
  expect(matrices[0]!.rows).toEqual(['nothing', 'a', 'b', 'c', 'd']);
  expect(matrices[0]!.values[0]).toEqual([8, 8, 8, 8]);
  expect(matrices[0]!.values[4]![3]).toBe(2);
});

it('plans runs of matched learning after the ones that they match, and makes a result of no rows', () => {
  const plan = FORGETTING.plan(SIZE).map(({ key }) => key);
  expect(new Set(plan).size).toBe(plan.length);
  for (const key of plan.filter((one) => one.endsWith('matched'))) {
    const seed = key.split(':')[0]!;
    for (const arm of ['softmax', 'mean', 'dense']) {
      expect(plan.indexOf(`${seed}: ${arm}, equal`)).toBeLessThan(plan.indexOf(key));
    }
  }
  expect(FORGETTING.analyse([], SIZE).findings[0]!.verdict).toBe('not tested');
});
