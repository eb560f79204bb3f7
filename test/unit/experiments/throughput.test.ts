/** @file What experiment 2 finds in rows whose answer is known, and its plan. */
import { describe, expect, it } from 'vitest';
import type { RunRow } from '../../../model/experiments/experiment';
import { voterConfig, widened } from '../../../model/experiments/recipes';
import { stageRows } from '../../../model/experiments/stageCost';
import { keptCounts, THROUGHPUT } from '../../../model/experiments/throughput';
import { parameterCount } from '../../../model/network/parameters';

const SIZE = { quick: false, seeds: 6 };
const ROUNDS = 3;

interface Cost {
  /** Bits per byte on validation text. */
  readonly bits: number;
  readonly chunksPerSecond: number;
  readonly p50: number;
  readonly parameters: number;
}

/** Seeds differ by a thousandth; of the rounds only the last one met a quiet machine. */
function rowsOf(model: string, counts: readonly number[], cost: (kept: number) => Cost, seeds = 6): RunRow[] {
  return Array.from({ length: seeds }, (_, seed) =>
    counts.flatMap((kept): RunRow[] => {
      const { bits, chunksPerSecond, p50, parameters } = cost(kept);
      const run = { arm: model, seed, model, kept };
      const scale = 1 + (seed % 2) / 1000;
      const text = { validation: bits, bitsPerByte: bits + 1, trunkFlops: 1000, headFlops: 10 * kept };
      const rounds = Array.from({ length: ROUNDS }, (__, round): RunRow => {
        const load = ROUNDS - round;
        const times = { p50: p50 * scale * load, p95: 2 * p50 * load };
        // Whatever model it is of, the run of the voters timed it.
        return {
          ...run,
          arm: 'softmax',
          kind: 'speed',
          round,
          chunksPerSecond: (chunksPerSecond * scale) / load,
          ...times,
        };
      });
      return [{ ...run, kind: 'model', parameters, ...text }, ...rounds];
    }),
  ).flat();
}

function finding(claim: string, rows: readonly RunRow[]) {
  return THROUGHPUT.analyse(rows, SIZE).findings.find((found) => found.claim === claim)!;
}

const COUNTS = keptCounts(128);
/** 32 of 128 voters are enough. */
const bits = (kept: number) => (kept >= 32 ? 2 : 2.1);

describe('few voters make a decision cheap', () => {
  it('holds where time and memory fall with the voters that are needed', () => {
    const rows = rowsOf('softmax', COUNTS, (kept) => ({
      bits: bits(kept),
      chunksPerSecond: 1e5 / kept,
      p50: 0.1 * kept,
      parameters: 100 * kept,
    }));
    const found = finding('sparseSaves', rows);
    expect(found.verdict).toBe('holds');
    expect(found.estimate.value).toBeCloseTo(4, 6);
    expect(found.estimate.n).toBe(6);
    expect(found.because).toContain('Kept of 128 voters, seed by seed: 32, 32, 32, 32, 32, 32, for 0 % more bits');
    expect(found.because).toContain('Saved: chunks per second (4 times); time of one next chunk (4 times); parameters');
  });

  it('holds only where it is not the trunk that takes the time', () => {
    const rows = rowsOf('softmax', COUNTS, (kept) => ({
      bits: bits(kept),
      chunksPerSecond: 1e5 / kept,
      p50: 5,
      parameters: 100 * kept,
    }));
    const found = finding('sparseSaves', rows);
    expect(found.verdict).toBe('holds only where');
    expect(found.because).toContain('Saved: chunks per second (4 times); parameters (4 times). Not saved: time of one');
  });

  it('fails where every voter is needed, however fast fewer would be', () => {
    const rows = rowsOf('softmax', COUNTS, (kept) => ({
      bits: kept === 128 ? 2 : 2.03,
      chunksPerSecond: 1e5 / kept,
      p50: 0.1 * kept,
      parameters: 100 * kept,
    }));
    const found = finding('sparseSaves', rows);
    expect(found.verdict).toBe('fails');
    expect(found.estimate.value).toBe(1);
  });

  it('fails where fewer voters are no faster and no smaller', () => {
    const same = { chunksPerSecond: 1e5, p50: 5, parameters: 1e5 };
    const found = finding(
      'sparseSaves',
      rowsOf('softmax', COUNTS, (kept) => ({ bits: bits(kept), ...same })),
    );
    expect(found.verdict).toBe('fails');
    expect(found.because).toMatch(/32, for 0 % .* Not saved: chunks per second \(1 times\)/);
  });

  it('is not tested with one seed, nor with none', () => {
    const one = rowsOf(
      'softmax',
      COUNTS,
      (kept) => ({ bits: 2, chunksPerSecond: 1e5 / kept, p50: 1, parameters: 9 }),
      1,
    );
    expect(finding('sparseSaves', one)).toMatchObject({ verdict: 'not tested', estimate: { interval: null, n: 1 } });
    expect(finding('sparseSaves', [])).toMatchObject({ verdict: 'not tested', estimate: { value: null } });
  });

  it('tells of voters that never win, and what the dense model has beside it', () => {
    const cost = { bits: 2, chunksPerSecond: 1e5, p50: 1, parameters: 100 };
    const rows = [
      ...rowsOf('softmax', COUNTS, () => cost),
      ...rowsOf('dense', [1], () => ({ ...cost, bits: 1.5, chunksPerSecond: 3e5 })),
      { kind: 'order', chunks: 4096, neverWinning: 110.4, arm: 'softmax', seed: 0 },
    ];
    const found = finding('sparseSaves', rows);
    expect(found.because).toContain('Never winning on 4096 chunks of validation text: 110 voters per bit.');
    expect(found.because).toContain('2.5 bits per byte where all voters have 3, at 3 times their chunks per second.');
  });
});

describe('each stage costs as much as the one before', () => {
  const rows = (): RunRow[] => stageRows().map((row) => ({ ...row, arm: 'stages', seed: 0 }));

  it('fails as counted: each costs twice as much', () => {
    const found = finding('stageCost', rows());
    expect(found.verdict).toBe('fails');
    // Channels that three kernels do not share evenly make the difference.
    expect(found.estimate.value).toBeCloseTo(2, 1);
    expect(found.estimate.interval).toBeNull();
    expect(found.because).toMatch(
      /^Counted exactly from the graph, so without an interval\. Not about as much: stage 2 to/,
    );
  });

  it('would hold of stages that are alike, and only where some are', () => {
    const alike = (costs: readonly number[]) =>
      rows().map((row) =>
        row['kind'] === 'stage' ? { ...row, multiplications: costs[Number(row['stage']) - 1]! } : row,
      );
    expect(finding('stageCost', alike([100, 110, 100, 100])).verdict).toBe('holds');
    const some = finding('stageCost', alike([100, 110, 220, 220]));
    expect(some.verdict).toBe('holds only where');
    expect(some.because).toContain(
      'About as much (0.8 to 1.25 times): stage 2 to stage 1: 1.1; stage 4 to stage 3: 1.',
    );
  });
});

it('draws each model by its fastest round', () => {
  const rows = rowsOf(
    'softmax',
    [2, 1],
    (kept) => ({ bits: 2, chunksPerSecond: 100 * kept, p50: kept, parameters: 9 }),
    1,
  );
  const { charts } = THROUGHPUT.analyse(rows, SIZE);
  const points = (title: string) =>
    charts
      .flatMap((chart) => (chart.kind === 'lines' && chart.title === title ? chart.series : []))
      .map((series) => series.points.map(({ x, y }) => [x, y]));
  expect(points('How much faster is a pruned model?')).toEqual([
    [
      [1, 100],
      [2, 200],
    ],
  ]);
  expect(points('How long does one next chunk take?')).toEqual([
    [
      [1, 1],
      [2, 2],
    ],
  ]);
});

it('makes a result of no rows at all', () => {
  const { findings, charts } = THROUGHPUT.analyse([], SIZE);
  expect(findings.map(({ verdict }) => verdict)).toEqual(['not tested', 'not tested']);
  expect(charts.length).toBeGreaterThan(0);
});

it('counts stages first, then plans every arm at every rate, then seed by seed', () => {
  const plan = THROUGHPUT.plan(SIZE);
  expect(plan[0]!.key).toBe('stages: counted');
  expect(new Set(plan.map(({ key }) => key)).size).toBe(plan.length);
  expect(plan).toHaveLength(1 + 3 * 3 + 6 * 3);
  expect(THROUGHPUT.plan({ ...SIZE, seeds: 7 }).slice(0, plan.length)).toEqual(plan);
});

it('widens the dense model to the parameters that voters have, as nearly as can be', () => {
  for (const quick of [true, false]) {
    const parameters = parameterCount(voterConfig({ quick }, { aggregation: 'softmax' }));
    const wide = widened(voterConfig({ quick }, { aggregation: 'dense' }), parameters);
    const distance = (change: number) =>
      Math.abs(parameterCount({ ...wide, embedding_dim: wide.embedding_dim + change }) - parameters);
    expect(distance(0)).toBeLessThanOrEqual(Math.min(distance(-1), distance(1)));
    expect(distance(0) / parameters).toBeLessThan(0.05);
  }
});
