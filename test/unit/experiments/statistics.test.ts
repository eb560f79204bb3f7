/** @file Intervals, tests and fits against values worked by hand or printed in tables. */
import { describe, expect, it } from 'vitest';
import {
  bootstrapInterval,
  bootstrapIntervals,
  crossedInterval,
  fitDecay,
  fitLogarithm,
  fitPower,
  growthExponent,
  holm,
  leastEffect,
  meanEstimate,
  meanHeight,
  noDecay,
  signFlipTest,
} from '../../../model/experiments/statistics';
import { Random } from '../../../model/text/random';

describe('mean with its interval', () => {
  it('is Student’s of n − 1 degrees of freedom', () => {
    // Deviation √(10/4), t(0.975; 4) = 2.776445.
    const { value, interval, n } = meanEstimate([1, 2, 3, 4, 5], 'voters');
    expect(value).toBe(3);
    expect(n).toBe(5);
    const half = (2.776445 * Math.sqrt(2.5)) / Math.sqrt(5);
    expect(interval![0]).toBeCloseTo(3 - half, 5);
    expect(interval![1]).toBeCloseTo(3 + half, 5);
  });

  it('takes t of two values from 1 degree of freedom', () => {
    // Deviation 1/√2·2 = √2 of 0 and 2, so half is 12.7062·√2/√2.
    expect(meanEstimate([0, 2], '').interval![1]).toBeCloseTo(1 + 12.7062, 3);
  });

  it('has no interval of one value, and says why there is no value of none', () => {
    expect(meanEstimate([7], 'voters')).toMatchObject({ value: 7, interval: null, n: 1 });
    const none = meanEstimate([], 'voters');
    expect(none.value).toBeNull();
    expect(none.reason).toBeDefined();
  });
});

describe('bootstrap', () => {
  const mean = (sample: readonly number[]) => sample.reduce((sum, value) => sum + value, 0) / sample.length;

  it('gives the same interval of the same units, around the statistic', () => {
    const units = [4, 7, 1, 9, 5, 4];
    const [low, high] = bootstrapInterval(units, mean)!;
    expect(bootstrapInterval(units, mean)).toEqual([low, high]);
    // Deviation of the mean: √(Σ(x − 5)²/6)/√6 = √(38/6)/√6 ≈ 1.03; ±1.96 of it, less what six units coarsen.
    expect(low).toBeGreaterThan(2.7);
    expect(low).toBeLessThan(3.5);
    expect(high).toBeGreaterThan(6.5);
    expect(high).toBeLessThan(7.3);
  });

  it('draws whole units: rows of one seed stay together', () => {
    const units = [
      [0, 0, 0, 0],
      [1, 1, 1, 1],
    ];
    const seen = new Set<number>();
    bootstrapInterval(units, (sample) => {
      const value = mean(sample.flat());
      seen.add(value);
      return value;
    });
    expect([...seen].sort()).toEqual([0, 0.5, 1]);
  });

  it('gives several statistics of the same samples an interval each, as by themselves', () => {
    const units = [4, 7, 1, 9, 5, 4];
    const [ofMean, ofMost, none] = bootstrapIntervals(units, (sample) => [mean(sample), Math.max(...sample), Infinity]);
    expect(ofMean).toEqual(bootstrapInterval(units, mean));
    expect(ofMost![1]).toBe(9);
    expect(none).toBeNull();
    expect(bootstrapIntervals([1], () => [1, 2])).toEqual([null, null]);
  });

  it('has none of a single unit, nor of what is not finite', () => {
    expect(bootstrapInterval([1], mean)).toBeNull();
    expect(bootstrapInterval([1, 2], () => NaN)).toBeNull();
  });
});

describe('interval over seeds and files', () => {
  /** Bits over bytes of a table [seed][file] of [bits, bytes]. */
  function intervalOf(table: readonly (readonly (readonly [bits: number, bytes: number])[])[]) {
    return crossedInterval([...table.keys()], [...table[0]!.keys()], (seeds, files) => {
      const cells = seeds.flatMap((seed) => files.map((file) => table[seed]![file]!));
      const sum = (of: 0 | 1) => cells.reduce((total, cell) => total + cell[of], 0);
      return sum(0) / sum(1);
    });
  }

  it('adds the variances of both', () => {
    // All 24/6 = 4. Without a seed 18/3 = 6 and 6/3 = 2, variance ½·(4 + 4) = 4; without a file 20/4 = 5 and 4/2 = 2, ½·(2.25 + 2.25) = 2.25.
    const [low, high] = intervalOf([
      [
        [1, 1],
        [5, 2],
      ],
      [
        [3, 1],
        [15, 2],
      ],
    ])!;
    // Satterthwaite: 6.25²/(4² + 2.25²) = 1.854599 degrees of freedom, whose t(0.975) is 4.642642.
    const half = 4.642642 * 2.5;
    expect(low).toBeCloseTo(4 - half, 4);
    expect(high).toBeCloseTo(4 + half, 4);
  });

  it('is Student’s over seeds where there is one file, and over files where seeds are alike', () => {
    const random = Random.fromSeed(7);
    for (let trial = 0; trial < 20; trial++) {
      const values = Array.from({ length: 2 + random.integer(6) }, () => random.normal());
      const student = meanEstimate(values, '').interval!;
      const oneFile = intervalOf(values.map((value) => [[value, 1]]))!;
      const alike = intervalOf(Array.from({ length: 3 }, () => values.map((value) => [value, 1] as const)))!;
      for (const found of [oneFile, alike]) {
        expect(found[0]).toBeCloseTo(student[0], 6);
        expect(found[1]).toBeCloseTo(student[1], 6);
      }
    }
  });

  it('is wider than either alone, and there is none of one cell', () => {
    const table = [0, 1, 2, 3].map((seed) => [0, 2, 4, 6, 8].map((file) => [seed + file, 1] as const));
    const width = ([low, high]: readonly [number, number]) => high - low;
    const seedsAlone = table.map((files) => [[files.reduce((sum, [bits]) => sum + bits, 0) / 5, 1] as const]);
    expect(width(intervalOf(table)!)).toBeGreaterThan(width(intervalOf(seedsAlone)!));
    expect(intervalOf([[[1, 1]]])).toBeNull();
    expect(
      intervalOf([
        [
          [1, 1],
          [1, 0],
        ],
      ]),
    ).toBeNull();
  });
});

describe('least effect that pairs can find', () => {
  it('is that at which six pairs are all of one sign four times in five', () => {
    // Φ(d)⁶ = 0.8 at d = 1.79.
    expect(Math.abs(leastEffect(6)! - 1.79)).toBeLessThan(0.1);
  });

  it('is nowhere with five, falls with more pairs, and meets Student’s', () => {
    expect(leastEffect(5)).toBeNull();
    expect(leastEffect(8)!).toBeLessThan(leastEffect(6)!);
    // t(0.975; 9) and t(0.8; 9) by √10.
    expect(Math.abs(leastEffect(10)! - (2.2622 + 0.8834) / Math.sqrt(10))).toBeLessThan(0.1);
    expect(leastEffect(20)).toBeCloseTo((2.093024 + 0.860951) / Math.sqrt(20), 5);
  });
});

describe('sign flips', () => {
  it('reaches 2/64 with six pairs of one sign', () => {
    expect(signFlipTest([1, 2, 3, 4, 5, 6])).toEqual({ p: 2 / 64, leastP: 2 / 64 });
    expect(signFlipTest([-0.1, -0.2, -0.3, -0.1, -0.2, -0.3]).p).toBe(2 / 64);
  });

  it('counts the choices that are as extreme', () => {
    // |±1 ±2 ±4| ≥ |1 + 2 − 4| = 1 in all eight; |−1 + 2 + 4| = 5 in 7, 5, −5, −7.
    expect(signFlipTest([1, 2, -4]).p).toBe(1);
    expect(signFlipTest([-1, 2, 4]).p).toBe(4 / 8);
  });

  it('decides nothing of no pairs', () => {
    expect(signFlipTest([])).toEqual({ p: 1, leastP: 1 });
  });

  it('draws choices of signs where there are too many, near the normal approximation', () => {
    // 20 of +1 and 10 of −1: the sum 10 over √30 is z = 1.826, with continuity 9/√30 = 1.643, so p is about 0.100.
    const { p } = signFlipTest([...new Array<number>(20).fill(1), ...new Array<number>(10).fill(-1)]);
    expect(p).toBeGreaterThan(0.09);
    expect(p).toBeLessThan(0.11);
    expect(signFlipTest(new Array<number>(40).fill(1)).p).toBeLessThan(1e-4);
  });
});

it('corrects p values as Holm does', () => {
  // Sorted 0.01·4, 0.02·3, 0.03·2 → 0.06 by the running maximum, 0.5.
  const corrected = holm([0.03, 0.01, 0.5, 0.02]);
  [0.06, 0.04, 0.5, 0.06].forEach((p, i) => {
    expect(corrected[i]).toBeCloseTo(p, 12);
  });
  expect(holm([0.9, 0.8])).toEqual([1, 1]);
});

describe('fits', () => {
  const M = [16, 32, 64, 128, 256, 512];

  it('find a + b·ln M', () => {
    const { a, b, residual } = fitLogarithm(
      M,
      M.map((m) => 3 + 2 * Math.log(m)),
    );
    expect(a).toBeCloseTo(3, 9);
    expect(b).toBeCloseTo(2, 9);
    expect(residual).toBeLessThan(1e-18);
  });

  it('find a·M^b', () => {
    const { a, b, residual } = fitPower(
      M,
      M.map((m) => 0.5 * m ** 0.75),
    );
    expect(a).toBeCloseTo(0.5, 9);
    expect(b).toBeCloseTo(0.75, 9);
    expect(residual).toBeLessThan(1e-18);
  });

  it('tell growth as the slope of logarithms', () => {
    expect(growthExponent([1, 10, 100], [5, 5, 5])).toBeCloseTo(0, 12);
    // ln y = 0, ln 10, 0 over ln x = 0, ln 10, 2·ln 10 has slope 0; with ln 10 at the end, ½.
    expect(growthExponent([1, 10, 100], [1, 10, 10])).toBeCloseTo(0.5, 12);
  });

  it('make the squares least, not those of the logarithms', () => {
    // No power of x goes through these three; compared with the best of a grid of (a, b).
    const x = [1, Math.E, Math.E ** 2];
    const { residual } = fitPower(x, [1, 2, 8]);
    let best = Infinity;
    for (let a = 0.01; a < 2; a += 0.005) {
      for (let b = 0.5; b < 2.5; b += 0.005) {
        best = Math.min(
          best,
          x.reduce((sum, value, i) => sum + ([1, 2, 8][i]! - a * value ** b) ** 2, 0),
        );
      }
    }
    expect(residual).toBeLessThanOrEqual(best);
    expect(residual).toBeGreaterThan(0.9 * best);
  });
});

it('takes the mean height of a curve by trapezoids', () => {
  // (1·(0 + 2)/2 + 3·(2 + 4)/2)/4 = 10/4
  expect(meanHeight([0, 1, 4], [0, 2, 4])).toBe(2.5);
});

describe('fit of E + A·x^−a', () => {
  const x = [1, 4, 16, 64, 256];
  // 2 + 10/√x
  const y = [12, 7, 4.5, 3.25, 2.625];

  it('finds E, A and a of a curve without noise', () => {
    const fit = fitDecay([{ x, y }]);
    expect(fit.a).toBeCloseTo(0.5, 4);
    expect(fit.curves[0]!.E).toBeCloseTo(2, 3);
    expect(fit.curves[0]!.A).toBeCloseTo(10, 3);
    expect(fit.residual).toBeLessThan(1e-8);
    expect(noDecay([{ x, y }], fit)).toBeNull();
  });

  it('finds them through noise that no change of E, A or a can make less', () => {
    // At right angles to the derivatives by E (1, …, 1), A (16, 8, 4, 2, 1)/16 and a, as (0, 8, 8, 6, 4).
    const noise = [-1, 5, -8, 4, 0];
    const fit = fitDecay([{ x, y: y.map((value, i) => value + 0.002 * noise[i]!) }]);
    expect(fit.a).toBeCloseTo(0.5, 4);
    expect(fit.curves[0]!.E).toBeCloseTo(2, 3);
    expect(fit.curves[0]!.A).toBeCloseTo(10, 3);
    // 0.002²·(1 + 25 + 64 + 16)
    expect(fit.residual).toBeCloseTo(4.24e-4, 8);
  });

  it('gives several curves one exponent, and each its own E and A', () => {
    const other = x.map((value) => 1 + 30 * value ** -0.5);
    const fit = fitDecay([
      { x, y },
      { x, y: other },
    ]);
    expect(fit.a).toBeCloseTo(0.5, 4);
    expect(fit.curves[1]!.E).toBeCloseTo(1, 2);
    expect(fit.curves[1]!.A / fit.curves[0]!.A).toBeCloseTo(3, 3);
  });

  it('has an exponent between those of curves that differ', () => {
    const steep = x.map((value) => 2 + 10 * value ** -1);
    const { a } = fitDecay([
      { x, y },
      { x, y: steep },
    ]);
    expect(a).toBeGreaterThan(0.5);
    expect(a).toBeLessThan(1);
  });

  it('never goes below 0 in the end', () => {
    const fit = fitDecay([{ x, y: y.map((value) => value - 2.5) }]);
    expect(fit.curves[0]!.E).toBe(0);
    // Without E the best power of x^−a alone, found by hand on a grid.
    const squares = (A: number, a: number) => x.reduce((sum, v, i) => sum + (y[i]! - 2.5 - A * v ** -a) ** 2, 0);
    let best = Infinity;
    for (let A = 8; A < 11; A += 0.01) for (let a = 0.4; a < 0.9; a += 0.002) best = Math.min(best, squares(A, a));
    expect(fit.residual).toBeLessThanOrEqual(best);
    expect(fit.residual).toBeGreaterThan(0.99 * best);
  });

  it('says why it is none', () => {
    const why = (values: readonly number[]) => {
      const curve = { x: x.slice(0, values.length), y: values };
      return noDecay([curve], fitDecay([curve]));
    };
    expect(why([])).toMatch(/under 4 points/);
    expect(why([3, 2, 1])).toMatch(/under 4 points/);
    expect(why([1, 2, 3, 4, 5])).toMatch(/does not fall/);
    expect(why([3, 2, 2, 2, 2])).toMatch(/edge of those looked for, 0\.01 to 3/);
  });
});
