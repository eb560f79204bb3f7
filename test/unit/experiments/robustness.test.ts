/** @file What experiment 5 does to votes, and what it finds in rows whose answer is known. */
import { describe, expect, it } from 'vitest';
import type { BitScores } from '../../../model/experiments/bitScores';
import { bitsPerByteOf } from '../../../model/experiments/bitScores';
import type { RunRow } from '../../../model/experiments/experiment';
import { byImportance, withoutVoters } from '../../../model/experiments/pruning';
import { ROBUSTNESS, withFlippedVotes } from '../../../model/experiments/robustness';
import { Random } from '../../../model/text/random';

/** One chunk of ones and zeros in turn; the first of three voters is always right, the others say nothing. */
function scoresOf(aggregation: 'softmax' | 'mean', right = 2): BitScores {
  const code = 0xaaaaaaaa;
  const z = Float32Array.from({ length: 32 * 3 }, (_, i) => {
    const isOne = ((code >>> (31 - Math.floor(i / 3))) & 1) === 1;
    if (i % 3 !== 0) return 0;
    return isOne ? right : -right;
  });
  const temperatures = new Float32Array(32).fill(aggregation === 'softmax' ? 6.4 : NaN);
  return { chunks: 1, voters: 3, aggregation, temperatures, z, codes: Uint32Array.of(code), files: [1] };
}

describe('damage', () => {
  it('is none of votes as they are', () => {
    // p of the real bit: (σ(2) + ½ + ½)/3.
    const p = (1 / (1 + Math.exp(-2)) + 1) / 3;
    expect(bitsPerByteOf(scoresOf('mean'))).toBeCloseTo(-8 * Math.log2(p), 12);
    expect(withFlippedVotes(scoresOf('mean'), 0, Random.fromSeed(1))).toBe(bitsPerByteOf(scoresOf('mean')));
  });

  it('of flipped votes is that of 1 − v', () => {
    const p = (1 / (1 + Math.exp(2)) + 1) / 3;
    expect(withFlippedVotes(scoresOf('mean'), 1, Random.fromSeed(1))).toBeCloseTo(-8 * Math.log2(p), 12);
  });

  it('finds the voter that is right, and drops it first', () => {
    const scores = scoresOf('mean');
    const order = byImportance(scores);
    expect(order.every(([first]) => first === 0)).toBe(true);
    // Only votes of ½ are left: one bit of each bit.
    expect(withoutVoters(scores, order, 1 / 3)).toBeCloseTo(8, 12);
    expect(withoutVoters(scores, order, 0)).toBe(bitsPerByteOf(scores));
  });

  it('is undefined where no voter would be left, or none be dropped', () => {
    const scores = scoresOf('softmax');
    expect(withoutVoters(scores, byImportance(scores), 0.95)).toBeNull();
    expect(withoutVoters(scores, byImportance(scores), 0.1)).toBeNull();
  });
});

const LEVELS = {
  dropped: [0, 0.1, 0.25, 0.5, 0.75, 0.9],
  droppedFirst: [0, 0.1, 0.25, 0.5, 0.75, 0.9],
  flipped: [0, 0.001, 0.005, 0.01, 0.02, 0.05],
  weights: [0, 0.05, 0.1, 0.2, 0.4],
  text: [0, 0.01, 0.02, 0.05, 0.1],
};
type Damage = keyof typeof LEVELS;

/** Bits per byte rise by this much from one level to the next. */
function rowsOf(arm: string, seeds: number, slope: (damage: Damage) => number): RunRow[] {
  return Array.from({ length: seeds }, (_, seed) =>
    Object.entries(LEVELS).flatMap(([damage, levels]) =>
      levels.map((level, i): RunRow => {
        const bitsPerByte = 2 + 0.01 * seed + slope(damage as Damage) * i * (1 + 0.01 * seed);
        return { kind: 'damage', damage, level, bitsPerByte, arm, seed };
      }),
    ),
  ).flat();
}

function findings(rows: readonly RunRow[]) {
  const [comparison, dropped] = ROBUSTNESS.analyse(rows, { quick: false, seeds: 6 }).findings;
  return { comparison: comparison!, dropped: dropped! };
}

describe('the claim that errors are outvoted', () => {
  it('fails where the paper’s rule loses more under every damage', () => {
    const { comparison } = findings([...rowsOf('softmax', 6, () => 0.2), ...rowsOf('mean', 6, () => 0.1)]);
    expect(comparison.verdict).toBe('fails');
    expect(comparison.estimate.value).toBeGreaterThan(0);
    // The primary test decides with six seeds; the others, corrected, cannot.
    expect(comparison.because).toMatch(/loses more with votes flipped \([^)]*\)\. Not decided: voters dropped/);
  });

  it('counts files, too: what only some of them show is not decided', () => {
    const rows = [...rowsOf('softmax', 6, () => 0.2), ...rowsOf('mean', 6, () => 0.1)];
    // Of each file the slope of softmax; that of mean is 0.1 on all.
    const filesOf = (slopes: readonly number[]) =>
      rows
        .filter(({ damage }) => damage === 'flipped')
        .flatMap(({ arm, seed, level }) =>
          slopes.map((slope, file): RunRow => {
            const bitsPerByte = 2 + Number(level) * (arm === 'softmax' ? slope : 0.1) * (1 + 0.01 * seed);
            return {
              kind: 'file',
              damage: 'flipped',
              level: level!,
              file,
              bits: 100 * bitsPerByte,
              bytes: 100,
              arm,
              seed,
            };
          }),
        );
    const alike = findings([...rows, ...filesOf([2, 2.1, 2.2, 2.3])]).comparison;
    expect(alike.verdict).toBe('fails');
    expect(`${alike.estimate.n} ${alike.estimate.of}`).toBe('6 seeds × 4 files');
    // Half of the way from none to 5 % of a mean slope of 2.15 − 0.1, in six seeds.
    expect(alike.estimate.value).toBeCloseTo(0.025 * (2.15 * 1.025 - 0.1 * 1.025), 9);
    const unlike = findings([...rows, ...filesOf([-2, 0.1, 0.2, 9])]).comparison;
    expect(unlike.verdict).toBe('not tested');
    expect(unlike.because).toContain('Over seeds and files the interval reaches 0');
  });

  it('holds only where it loses less, and says where', () => {
    const slope = (damage: Damage) => (damage === 'text' ? 0.01 : 0.2);
    const { comparison } = findings([...rowsOf('softmax', 8, slope), ...rowsOf('mean', 8, () => 0.1)]);
    expect(comparison.verdict).toBe('holds only where');
    expect(comparison.because).toMatch(/softmax loses less than mean with text noised/);
  });

  it('is not tested with seeds that no exact test can decide by', () => {
    const { comparison } = findings([...rowsOf('softmax', 5, () => 0.2), ...rowsOf('mean', 5, () => 0.1)]);
    expect(comparison.verdict).toBe('not tested');
    expect(comparison.because).toMatch(/least p 0\.063\); 6 seeds can/);
  });

  it('of dropped voters holds at random only, where the important ones matter', () => {
    const slope = (damage: Damage) => (damage === 'dropped' ? 0.001 : 0.2);
    const { dropped } = findings(rowsOf('softmax', 6, slope));
    expect(dropped.verdict).toBe('holds only where');
    // Three levels of 0.001 up to one half, of about 2.
    expect(dropped.estimate.value).toBeCloseTo(0.15, 2);
    expect(findings(rowsOf('softmax', 6, () => 0.1)).dropped.verdict).toBe('fails');
    expect(findings(rowsOf('softmax', 6, () => 0.001)).dropped.verdict).toBe('holds');
  });
});

it('draws what is undefined as a gap, and says why', () => {
  const dense = rowsOf('dense', 2, () => 0.1).map((row): RunRow =>
    row['damage'] === 'dropped' && row['level'] !== 0 ? { ...row, bitsPerByte: null } : row,
  );
  const { charts } = ROBUSTNESS.analyse(dense, { quick: true, seeds: 2 });
  const [lines] = charts.filter((chart) => chart.kind === 'lines');
  expect(lines!.series[0]!.points.map(({ y }) => y === null)).toEqual([false, true, true, true, true, true]);
  const [dots] = charts.filter((chart) => chart.kind === 'dots');
  expect(dots!.rows[0]!.estimate).toMatchObject({
    value: null,
    reason: expect.stringContaining('one voter') as string,
  });
});

it('makes a result of no rows at all', () => {
  const { findings: found } = ROBUSTNESS.analyse([], { quick: true, seeds: 6 });
  expect(found.map(({ verdict }) => verdict)).toEqual(['not tested', 'not tested']);
});
