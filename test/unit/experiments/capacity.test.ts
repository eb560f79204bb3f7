/** @file What experiment 3 finds in rows whose fits are known, and which sizes it plans. */
import { describe, expect, it } from 'vitest';
import { CAPACITY, lowerEnvelope } from '../../../model/experiments/capacity';
import type { RunRow } from '../../../model/experiments/experiment';

const SIZE = { quick: false, seeds: 6 };
const SIZES = [1, 4, 16, 64, 256];
const STEPS = [10, 100];

interface Law {
  readonly E: number;
  readonly A: number;
  readonly a: number;
  /** Share by which A of a seed may differ. */
  readonly noise?: number;
}

/** E + A·N^−a at the last step, and twice as far above E before. Seeds differ to both sides, so that their mean is the law. */
function rowsOf(
  family: 'voters' | 'dense',
  { E, A, a, noise = 0.01 }: Law,
  { seeds = 6, sizes = SIZES }: { readonly seeds?: number; readonly sizes?: readonly number[] } = {},
): RunRow[] {
  return Array.from({ length: seeds }, (_, seed) =>
    sizes.flatMap((parameters) =>
      STEPS.map((step): RunRow => {
        const share = 1 + (noise * (seed - (seeds - 1) / 2)) / seeds;
        const above = A * share * parameters ** -a * (step === STEPS.at(-1) ? 1 : 2);
        const setting = { kind: 'loss', family, parameters, trunkParameters: parameters / 2, learningRate: 0.01 };
        const gigaflops = parameters * step;
        return { ...setting, step, gigaflops, bitsPerByte: E + above, arm: `${family}, width ${parameters}`, seed };
      }),
    ),
  ).flat();
}

function found(voters: readonly RunRow[], dense: readonly RunRow[]) {
  return CAPACITY.analyse([...voters, ...dense], SIZE).findings[0]!;
}

describe('the claim of a better constant', () => {
  const dense = rowsOf('dense', { E: 2, A: 20, a: 0.5 });

  it('holds where A is smaller and the loss as well', () => {
    const { verdict, estimate, because } = found(rowsOf('voters', { E: 2, A: 10, a: 0.5 }), dense);
    expect(verdict).toBe('holds');
    expect(estimate.value).toBeCloseTo(0.5, 3);
    // Seeds have the same share in both, so their ratio is that of all.
    expect(estimate.interval![0]).toBeCloseTo(0.5, 3);
    expect(estimate.interval![1]).toBeCloseTo(0.5, 3);
    expect(estimate.n).toBe(6);
    expect(because).toMatch(/voters has the lower loss\. Common exponent 0\.5, E 2 of voters and 2 of dense/);
  });

  it('counts files, too: where some say the opposite it is not decided', () => {
    const voters = rowsOf('voters', { E: 2, A: 10, a: 0.5 });
    // Of each file the loss above E, as a share of that of all files.
    const foundOn = (shares: readonly number[]) => {
      const files = [...voters, ...dense]
        .filter(({ step }) => step === STEPS.at(-1))
        .flatMap(({ arm, seed, step, family, parameters, bitsPerByte }) =>
          shares.map((share, file): RunRow => {
            const bits = 2 + (Number(bitsPerByte) - 2) * (family === 'voters' ? share : 1);
            return {
              kind: 'file',
              file,
              bits,
              bytes: 1,
              arm,
              seed,
              step: step!,
              family: family!,
              parameters: parameters!,
            };
          }),
        );
      return found([...voters, ...files], dense);
    };
    const alike = foundOn([0.9, 1, 1.1]);
    expect(alike.verdict).toBe('holds');
    expect(`${alike.estimate.n} ${alike.estimate.of}`).toBe('6 seeds × 3 files');
    expect(alike.estimate.value).toBeCloseTo(0.5, 3);
    // A jackknife of the mean of three: their deviation 0.05 over √3, by t(0.975; 2) = 4.3027.
    expect(alike.estimate.interval![1] - alike.estimate.value!).toBeCloseTo((4.3027 * 0.05) / Math.sqrt(3), 3);
    const unlike = foundOn([0.1, 0.1, 2.8]);
    expect(unlike.verdict).toBe('not tested');
    expect(unlike.because).toMatch(/^Over seeds and files the interval of the ratio reaches 1/);
  });

  it('fails where A is larger', () => {
    expect(found(rowsOf('voters', { E: 1, A: 30, a: 0.5 }), dense).verdict).toBe('fails');
  });

  it('holds only below the size from which the loss of dense is lower', () => {
    // 3 + 10u is 2 + 20u at u = 1/10, so at N = 100.
    const crossing = found(rowsOf('voters', { E: 3, A: 10, a: 0.5 }), dense);
    expect(crossing.verdict).toBe('holds only where');
    expect(crossing.because).toMatch(/lower loss only below 100 of them/);
    const never = found(rowsOf('voters', { E: 13, A: 10, a: 0.5 }), dense);
    expect(never.verdict).toBe('holds only where');
    expect(never.because).toMatch(/With equal parameters dense has the lower loss/);
  });

  it('says that exponents differ', () => {
    const { because } = found(rowsOf('voters', { E: 2, A: 10, a: 0.9 }), dense);
    expect(because).toMatch(/own exponents 0\.9 of voters and 0\.5 of dense, which differ/);
  });

  it('is not decided where the intervals of A overlap', () => {
    const noisy = rowsOf('voters', { E: 2, A: 19.5, a: 0.5, noise: 0.3 });
    const { verdict, estimate, because } = found(noisy, dense);
    expect(verdict).toBe('not tested');
    expect(estimate.value).toBeCloseTo(19.5 / 20, 3);
    expect(because).toMatch(/^The intervals of A overlap/);
  });

  it('is not tested with seeds that no exact test can decide by, but told', () => {
    const few = { seeds: 3 };
    const { verdict, estimate, because } = found(
      rowsOf('voters', { E: 2, A: 10, a: 0.5 }, few),
      rowsOf('dense', { E: 2, A: 20, a: 0.5 }, few),
    );
    expect(verdict).toBe('not tested');
    expect(estimate.value).toBeCloseTo(0.5, 3);
    expect(because).toMatch(/^With 3 paired seeds .*6 seeds can\. With equal parameters voters/);
  });

  it('has no number where there is no fit, and says why', () => {
    const reasonOf = (voters: readonly RunRow[]) => {
      const { verdict, estimate } = found(voters, dense);
      expect(verdict).toBe('not tested');
      expect(estimate.value).toBeNull();
      return estimate.reason;
    };
    expect(reasonOf(rowsOf('voters', { E: 2, A: 10, a: 0.5 }, { sizes: [1, 4, 16] }))).toMatch(/under 4 points/);
    expect(reasonOf(rowsOf('voters', { E: 9, A: -5, a: 0.5 }))).toMatch(/loss does not fall/);
    const atOnce = rowsOf('voters', { E: 2, A: 10, a: 20 });
    expect(found(atOnce, rowsOf('dense', { E: 2, A: 10, a: 20 })).estimate.reason).toMatch(/edge of those looked for/);
    expect(reasonOf([])).toMatch(/under 4 points/);
  });

  it('leaves out seeds that lack a size', () => {
    const voters = rowsOf('voters', { E: 2, A: 10, a: 0.5 }).filter(
      ({ seed, parameters }) => seed !== 0 || parameters !== 16,
    );
    expect(found(voters, dense).estimate.n).toBe(5);
  });
});

it('keeps of computation what no less of it has reached', () => {
  const curve = { x: [1, 2, 3, 4, 5], y: [5, 6, 4, 4, 3] };
  expect(lowerEnvelope(curve)).toEqual({ x: [1, 3, 5], y: [5, 4, 3] });
});

it('draws the fits as series of their own, through the law', () => {
  const rows = [...rowsOf('voters', { E: 2, A: 10, a: 0.5 }), ...rowsOf('dense', { E: 2, A: 20, a: 0.5 })];
  const { charts } = CAPACITY.analyse(rows, SIZE);
  const [overSize] = charts.filter((chart) => chart.kind === 'lines');
  expect(overSize!.series.map(({ arm }) => arm)).toEqual(['voters', 'dense', 'voters, fitted', 'dense, fitted']);
  for (const { x, y } of overSize!.series[2]!.points) expect(y).toBeCloseTo(2 + 10 / Math.sqrt(x), 2);
  expect(overSize!.series[2]!.points.at(-1)!.x).toBeCloseTo(256, 9);
  const exponents = charts.find((chart) => chart.title.startsWith('How steeply does the loss fall with parameters'));
  expect(exponents!.kind === 'dots' && exponents!.rows.map(({ arm }) => arm)).toEqual(['voters', 'dense', 'both']);
});

it('makes a result of no rows at all', () => {
  const { findings, charts } = CAPACITY.analyse([], SIZE);
  expect(findings.map(({ verdict }) => verdict)).toEqual(['not tested']);
  expect(charts.length).toBeGreaterThan(0);
});

describe('plan', () => {
  it.each([true, false])(
    'has five sizes of each and more, over 1.5 decades, as large in the end (quick %s)',
    (quick) => {
      const told = CAPACITY.fixed({ quick, seeds: 1 }).filter((line) => line.startsWith('parameters of'));
      const [voters, dense] = told.map((line) =>
        [...line.matchAll(/(\d+) \(\d+ in the head\)/g)].map(([, N]) => Number(N)),
      );
      for (const sizes of [voters!, dense!]) {
        expect(sizes.length).toBeGreaterThanOrEqual(5);
        expect(Math.log10(sizes.at(-1)! / sizes[0]!)).toBeGreaterThan(1.5);
      }
      expect(Math.abs(dense!.at(-1)! / voters!.at(-1)! - 1)).toBeLessThan(0.05);
    },
  );

  it('tries rates of every size, then goes seed by seed', () => {
    for (const quick of [true, false]) {
      const plan = CAPACITY.plan({ quick, seeds: 2 });
      const arms = new Set(plan.map(({ arm }) => arm)).size;
      expect(plan.filter(({ triedRate }) => triedRate !== null)).toHaveLength((quick ? 2 : 3) * arms);
      expect(plan.filter(({ triedRate }) => triedRate === null)).toHaveLength(2 * arms);
    }
  });
});
