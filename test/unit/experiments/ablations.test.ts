/** @file What experiment 6 finds in rows whose answer is known, and what it plans. */
import { describe, expect, it } from 'vitest';
import { ABLATIONS } from '../../../model/experiments/ablations';
import type { RunRow } from '../../../model/experiments/experiment';

const SIZE = { quick: false, seeds: 6 };

interface Outcome {
  readonly bits: number;
  readonly ones?: number;
  readonly zeros?: number;
  readonly untrained?: number;
  readonly regime?: 'steps' | 'computation' | 'both';
  readonly seeds?: number;
}

/** Seeds differ a little, alike in all arms. */
function rowsOf(
  arm: string,
  { bits, ones = 50, zeros = 100, untrained = 8, regime = 'both', seeds = 6 }: Outcome,
): RunRow[] {
  return Array.from({ length: seeds }, (_, seed): RunRow => {
    const share = 1 + seed / 1000;
    const effective = { effectiveOnes: ones * share, effectiveZeros: zeros * share };
    const counted = { parameters: 1000, flopsPerChunk: 2000, trainingSeconds: 1, step: 100 };
    const measured = { bitsPerByte: bits * share, untrainedBitsPerByte: untrained * share };
    return { kind: 'ablation', regime, ...counted, ...measured, ...effective, arm, seed };
  });
}

function found(sharper: Outcome, { seeds = 6, untrained = 8 } = {}) {
  const rows = [...rowsOf('base', { bits: 4, untrained, seeds }), ...rowsOf('τ 25.6', { seeds, ...sharper })];
  return ABLATIONS.analyse(rows, SIZE).findings[0]!;
}

describe('the claim that few voters suffice', () => {
  it('holds where fewer decide bits of both values and bits per byte grow by under 1 %', () => {
    const { verdict, estimate, because } = found({ bits: 4.02, ones: 20, zeros: 90 });
    expect(verdict).toBe('holds');
    expect(estimate.value).toBeCloseTo(0.02 * 1.0025, 9);
    expect(estimate.n).toBe(6);
    expect(because).toMatch(
      /1-bits 50 → 20 voters \(p 0\.031\), 0-bits 100 → 90 voters \(p 0\.031\); bits per byte change by 0\.5 %, where training has brought 4\./,
    );
  });

  it('holds only for 1-bits where no fewer decide 0-bits', () => {
    const { verdict, because } = found({ bits: 4, ones: 20, zeros: 100 });
    expect(verdict).toBe('holds only where');
    expect(because).toMatch(/0-bits 100 → 100 voters \(p 1\)/);
  });

  it('fails where bits per byte grow by more, and where more voters decide', () => {
    expect(found({ bits: 4.1, ones: 20, zeros: 90 }).verdict).toBe('fails');
    expect(found({ bits: 4, ones: 60, zeros: 110 }).verdict).toBe('fails');
  });

  it('fails where they grow by more than a tenth of the little that was learned, and is open where nothing was', () => {
    const sharper = { bits: 4.02, ones: 20, zeros: 90 };
    expect(found(sharper, { untrained: 4.3 }).verdict).toBe('holds');
    expect(found(sharper, { untrained: 4.1 }).verdict).toBe('fails');
    const nothing = found(sharper, { untrained: 3.9 });
    expect(nothing.verdict).toBe('not tested');
    expect(nothing.because).toMatch(/^The base has learned nothing/);
  });

  it('is not tested where nothing changes, with five seeds, or without both τ', () => {
    expect(found({ bits: 4 }).verdict).toBe('not tested');
    const few = found({ bits: 4, ones: 20, zeros: 90 }, { seeds: 5 });
    expect(few.verdict).toBe('not tested');
    expect(few.because).toMatch(/^With 5 paired seeds .* 6 seeds can\. 1-bits 50 → 20/);
    const { findings } = ABLATIONS.analyse(rowsOf('base', { bits: 4 }), SIZE);
    expect(findings[0]!.verdict).toBe('not tested');
    expect(findings[0]!.estimate.value).toBeNull();
  });

  it('is not decided where the interval reaches beyond 1 %', () => {
    const changed = rowsOf('τ 25.6', { bits: 4, ones: 20, zeros: 90 });
    const noisy = changed.map((row) => ({ ...row, bitsPerByte: Number(row['bitsPerByte']) + 0.1 * (row.seed % 2) }));
    const { verdict, because } = ABLATIONS.analyse([...rowsOf('base', { bits: 4 }), ...noisy], SIZE).findings[0]!;
    expect(verdict).toBe('not tested');
    expect(because).toMatch(/^Not decided/);
  });

  it('counts files, too: what is allowed on some and not on others is not decided', () => {
    const of = (changedBits: readonly number[]) => {
      const rows = [...rowsOf('base', { bits: 4 }), ...rowsOf('τ 25.6', { bits: 4.01, ones: 20, zeros: 90 })];
      const files = rows.flatMap(({ arm, seed }) =>
        changedBits.map((changed, file): RunRow => {
          const bits = 10 * (arm === 'base' ? 4 : changed) + seed / 100;
          return { kind: 'file', regime: 'both', file, untrainedBits: 80, bits, bytes: 10, arm, seed };
        }),
      );
      return ABLATIONS.analyse([...rows, ...files], SIZE).findings[0]!;
    };
    const alike = of([4.01, 4.02, 4.01, 4.02]);
    expect(alike.verdict).toBe('holds');
    expect(`${alike.estimate.n} ${alike.estimate.of}`).toBe('6 seeds × 4 files');
    expect(alike.estimate.value).toBeCloseTo(0.015, 9);
    const unlike = of([3.8, 3.9, 4.3, 4.06]);
    expect(unlike.verdict).toBe('not tested');
    expect(unlike.because).toMatch(/^Not decided/);
  });

  it('pairs by seed', () => {
    const rows = [...rowsOf('base', { bits: 4 }).slice(1), ...rowsOf('τ 25.6', { bits: 4 })];
    expect(ABLATIONS.analyse(rows, SIZE).findings[0]!.estimate.n).toBe(5);
  });
});

describe('charts', () => {
  const rows = [
    ...rowsOf('base', { bits: 4 }),
    ...rowsOf('mean', { bits: 4.5 }),
    ...rowsOf('dense', { bits: 5, regime: 'steps' }),
    ...rowsOf('dense', { bits: 3, regime: 'computation' }),
    ...rowsOf('chained bits', { bits: 2 }),
  ].map((row) => (row.arm === 'dense' ? { ...row, effectiveOnes: null, effectiveZeros: null } : row));
  const { charts } = ABLATIONS.analyse(rows, SIZE);
  const chart = (title: string) => charts.find((one) => one.title.startsWith(title))!;
  const dots = (title: string) => {
    const one = chart(title);
    return one.kind === 'dots' ? one.rows.map(({ arm, estimate }) => [arm, estimate.value]) : [];
  };

  it('tell each regime’s difference to the base, a run of both in both', () => {
    const [mean, dense] = [0.5 * 1.0025, 1.0025];
    const close = (value: number): unknown => expect.closeTo(value, 9);
    expect(dots('What does each change bring at equal steps')).toEqual([
      ['mean', close(mean)],
      ['dense', close(dense)],
    ]);
    expect(dots('What does each change bring at equal computation')).toEqual([
      ['mean', close(mean)],
      ['dense', close(-dense)],
    ]);
    // On a scale of their own.
    expect(dots('What do other ways of deciding bits bring at equal steps')).toEqual([
      ['chained bits', close(-2 * 1.0025)],
    ]);
  });

  it('leave out of the voters what has none', () => {
    expect(dots('How many voters decide 1-bits').map(([arm]) => arm)).toEqual(['base', 'mean', 'chained bits']);
    expect(dots('How large is each').map(([arm]) => arm)).toEqual(['base', 'mean', 'dense', 'chained bits']);
  });

  it('correct p for the number of changes, and say how many seeds could decide', () => {
    const decided = chart('Which differences are decided');
    // 2/64 of three changes, Holm: three times.
    const p = 6 / 64;
    expect(decided.kind === 'matrix' && decided.values).toEqual([
      [p, p],
      [p, p],
      [p, p],
    ]);
    expect(decided.note).toMatch(/with 6 seeds none can be below 0\.094, 7 seeds could decide/);
  });
});

it('makes a result of no rows at all', () => {
  expect(ABLATIONS.analyse([], SIZE).findings[0]!.verdict).toBe('not tested');
});

describe('plan', () => {
  it('has each change at equal steps, and again where it costs more or less', () => {
    for (const quick of [true, false]) {
      const plan = ABLATIONS.plan({ quick, seeds: 2 });
      expect(new Set(plan.map(({ key }) => key)).size).toBe(plan.length);
      const seed = plan.filter(({ triedRate, seed: of }) => triedRate === null && of === 1).map(({ key }) => key);
      expect(seed[0]).toBe('seed 1: base');
      const twice = (arm: string) => seed.includes(`seed 1: ${arm}, equal computation`);
      for (const arm of ['base', 'mean', 'max', 'confidence', 'τ 1.6', 'τ 25.6', 'τ learned per bit']) {
        expect(seed).toContain(`seed 1: ${arm}`);
        expect(twice(arm)).toBe(false);
      }
      for (const arm of ['dense', 'M 16', 'M 512', 'dendritic bottleneck', 'chained bits', 'byte stage']) {
        expect(twice(arm)).toBe(true);
      }
    }
  });
});
