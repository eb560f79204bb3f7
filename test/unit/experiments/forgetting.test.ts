/** @file What experiment 4 finds in rows whose answer is known. */
import { describe, expect, it } from 'vitest';
import type { RunRow } from '../../../model/experiments/experiment';
import { FORGETTING, replaying } from '../../../model/experiments/forgetting';
import { Random } from '../../../model/text/random';

const SIZE = { quick: false, seeds: 6 };

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

/** The same of heads on one trunk: a run of all of them. */
function headRows(lost: Readonly<Record<string, number>>, seeds = 6): RunRow[] {
  return (['equal', 'matched'] as const).flatMap((regime) =>
    Object.entries(lost).flatMap(([head, ofHead]) =>
      rowsOf('heads', regime, seeds, ofHead).map((row): RunRow => ({ ...row, head })),
    ),
  );
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

describe('heads on one trunk', () => {
  const heads = headRows({ softmax: 0.2, mean: 0.3, dense: 0.3, MLP: 0.4, 'gated linear': 0.1 });

  it('are told beside the finding, which is of whole models', () => {
    const whole = rows({ softmax: 0.1, dense: 0.3 });
    const { verdict, estimate, because } = found([...whole, ...heads]);
    expect(verdict).toBe('holds');
    expect(estimate).toEqual(found(whole).estimate);
    // The mean of 1, 2 and 3 domains, and of 1 + seed/100 over seeds, as above.
    expect(because).toMatch(
      /Heads alone on one trunk, each p by itself: −0\.2 against dense at matched learning \(p 0\.031\); −0\.41 against MLP at matched learning \(p 0\.031\); 0\.2 against gated linear at matched learning \(p 0\.031\)\. Below 0, softmax forgets less\. 6 pairs of this spread show differences from [0-9.]+ bits per byte on/,
    );
    expect(found(whole).because).toMatch(/not measured against gated linear/);
  });

  it('have pictures of their own, with every head', () => {
    const { charts } = FORGETTING.analyse([...rows({ softmax: 0.1, dense: 0.3 }), ...heads], SIZE);
    const [matched, equal] = charts.filter(({ title }) => /^Heads alone.*How much is forgotten/.test(title));
    for (const chart of [matched!, equal!]) {
      if (chart.kind !== 'dots') throw new Error(`It is a chart of ${chart.kind}.`);
      expect(chart.rows.map(({ arm }) => arm)).toEqual(['softmax', 'mean', 'dense', 'MLP', 'gated linear']);
      expect(chart.rows[4]!.estimate.value).toBeCloseTo(0.1 * 2 * 1.025, 9);
    }
    const pairs = charts.find(({ title }) => /^Heads alone.*seed by seed/.test(title))!;
    expect(pairs.kind === 'dots' && pairs.rows.map(({ arm, estimate }) => [arm, estimate.value, estimate.n])).toEqual([
      ['mean', expect.closeTo(-0.1 * 2 * 1.025, 9), 6],
      ['dense', expect.closeTo(-0.1 * 2 * 1.025, 9), 6],
      ['MLP', expect.closeTo(-0.2 * 2 * 1.025, 9), 6],
      ['gated linear', expect.closeTo(0.1 * 2 * 1.025, 9), 6],
    ]);
    const whole = charts.find(({ title }) => title === 'How much is forgotten where all learned equally well?')!;
    expect(whole.kind === 'dots' && whole.rows.map(({ arm }) => arm)).toEqual(['softmax', 'mean', 'dense']);
  });
});

it('shows the first domain at its worst, and whether domains use the same voters', () => {
  const course = [0, 1].flatMap((seed) =>
    [
      [0, 5, 3],
      [1, 6, 5 + seed],
      [1, 10, 4],
    ].map(([learning, steps, bitsPerByte]): RunRow => {
      const row = { kind: 'course', regime: 'equal', arm: 'softmax', seed };
      return { ...row, learning: learning!, steps: steps!, bitsPerByte: bitsPerByte! };
    }),
  );
  const overlap = [0, 1].flatMap((seed) =>
    ['a', 'b'].flatMap((domain) =>
      ['a', 'b'].map((other): RunRow => {
        const jaccard = domain === other ? 1 : 0.2 + 0.2 * seed;
        return { kind: 'overlap', domain, other, voters: 128, jaccard, arm: 'softmax', seed };
      }),
    ),
  );
  const { charts } = FORGETTING.analyse([...rows({ softmax: 0.1, dense: 0.3 }, 2), ...course, ...overlap], SIZE);
  const dot = (question: RegExp) => {
    const chart = charts.find(({ title }) => question.test(title))!;
    return chart.kind === 'dots' ? chart.rows.find(({ arm }) => arm === 'softmax')!.estimate.value : null;
  };
  expect(dot(/at its worst/)).toBeCloseTo((2 + 3) / 2, 12);
  expect(dot(/stability gap/)).toBeCloseTo((1 + 2) / 2, 12);
  const matrix = charts.find(({ title }) => title === 'Do domains use the same voters?')!;
  expect(matrix.kind === 'matrix' && matrix.values).toEqual([
    [1, expect.closeTo(0.3, 12)],
    [expect.closeTo(0.3, 12), 1],
  ]);
  // 8 of 128 voters win.
  expect(matrix.note).toContain('by chance 0.032');
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
  for (let seed = 0; seed < 6; seed++) {
    expect(plan.indexOf('rates of heads')).toBeLessThan(plan.indexOf(`seed ${seed}: heads`));
  }
  expect(FORGETTING.analyse([], SIZE).findings[0]!.verdict).toBe('not tested');
});
