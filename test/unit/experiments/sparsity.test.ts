/** @file What experiment 1 finds in rows whose answer is known. */
import { describe, expect, it } from 'vitest';
import type { RunRow } from '../../../model/experiments/experiment';
import { SPARSITY } from '../../../model/experiments/sparsity';
import { growthExponent } from '../../../model/experiments/statistics';

const SIZE = { quick: false, seeds: 6 };
const VOTERS = [16, 32, 64, 128, 256, 512];
const LAST_STEP = 1000;

type Counts = Readonly<Record<'effective' | 'contributing' | 'active' | 'tenth' | 'operational', number>>;

/** Seeds differ by a hundredth. */
function rowsOf(
  tau: (M: number) => number,
  Ms: readonly number[],
  count: (M: number, bit: number) => Counts,
): RunRow[] {
  return Array.from({ length: SIZE.seeds }, (_, seed) =>
    Ms.flatMap((M) =>
      [1, 0].map((bit): RunRow => {
        const counts = Object.entries(count(M, bit)).map(([name, value]) => [name, value * (1 + (seed - 2.5) / 500)]);
        const setting = { kind: 'voters', aggregation: 'softmax', voters: M, tau: tau(M), bit, step: LAST_STEP };
        return {
          ...setting,
          ...(Object.fromEntries(counts) as Counts),
          bitsPerByte: 2,
          arm: `M ${M}, τ ${tau(M)}`,
          seed,
        };
      }),
    ),
  ).flat();
}

const everything = (value: number): Counts => ({
  effective: value,
  contributing: value,
  active: value,
  tenth: value,
  operational: value,
});
const paperTau = (M: number) => 0.05 * M;

function finding(claim: string, rows: readonly RunRow[]) {
  return SPARSITY.analyse(rows, SIZE).findings.find((found) => found.claim === claim)!;
}

describe('O(log M)', () => {
  it('holds of counts that grow as ln M does, not of those that only bend like it', () => {
    const rows = rowsOf(paperTau, VOTERS, (M) => everything(20 * Math.log(M) - 30));
    // −30 bends it below any power law of the exponent of ln M: then it grows faster.
    expect(finding('logVoters', rows).verdict).toBe('fails');
    const slower = rowsOf(paperTau, VOTERS, (M) => everything(20 * Math.log(M) + 30));
    const found = finding('logVoters', slower);
    expect(found.verdict).toBe('holds');
    expect(found.because).toMatch(/a \+ b·ln M fits better/);
  });

  it('fails of a constant share of M, with the exponent 1', () => {
    const found = finding(
      'logVoters',
      rowsOf(paperTau, VOTERS, (M) => everything(0.6 * M)),
    );
    expect(found.verdict).toBe('fails');
    expect(found.estimate.value).toBeCloseTo(1, 6);
    expect(found.estimate.n).toBe(6);
    expect(found.because).toMatch(/a·M\^b fits better/);
  });

  it('gives the exponent that decides its interval over seeds and files', () => {
    const rows = rowsOf(paperTau, VOTERS, (M) => everything(0.6 * M));
    // Of two files of 30 and 10 1-bits the counts are M/2 and M^1.2.
    const files = rows
      .filter(({ bit }) => bit === 1)
      .flatMap((row) =>
        [0, 1].map((file): RunRow => {
          const M = Number(row['voters']);
          return { ...row, kind: 'file', file, bits: file === 0 ? 30 : 10, active: file === 0 ? M / 2 : M ** 1.2 };
        }),
      );
    const { estimate, verdict } = finding('logVoters', [...rows, ...files]);
    expect(`${estimate.n} ${estimate.of}`).toBe('6 seeds × 2 files');
    const counts = VOTERS.map((M) => (30 * (M / 2) + 10 * M ** 1.2) / 40);
    expect(estimate.value).toBeCloseTo(growthExponent(VOTERS, counts), 9);
    // Without either file it is 1.2 or 1: half of (0.1² + 0.1²), one degree of freedom.
    expect(estimate.interval![1] - estimate.value!).toBeCloseTo(12.7062 * 0.1, 3);
    // The other definitions, over seeds, still fail.
    expect(verdict).toBe('fails');
  });

  it('holds only where the definition is the one that stays', () => {
    const rows = rowsOf(paperTau, VOTERS, (M, bit) => ({ ...everything(M / 2), effective: bit === 1 ? 3 : M / 4 }));
    const found = finding('logVoters', rows);
    expect(found.verdict).toBe('holds only where');
    expect(found.because).toContain('ln M (exponent 0.23) by effective voters 1/Σw² of 1-bits at τ = 0.05·M');
  });

  it('is not tested with one seed, nor with two values of M', () => {
    const rows = rowsOf(paperTau, VOTERS, (M) => everything(M));
    expect(
      finding(
        'logVoters',
        rows.filter(({ seed }) => seed === 0),
      ).verdict,
    ).toBe('not tested');
    const two = finding(
      'logVoters',
      rows.filter(({ voters }) => Number(voters) <= 32),
    );
    expect(two.verdict).toBe('not tested');
    expect(two.estimate.value).toBeNull();
  });
});

describe('2–5 of 128', () => {
  it('fails where every count is above five', () => {
    const found = finding(
      'fewDominate',
      rowsOf(paperTau, [128], () => everything(40)),
    );
    expect(found.verdict).toBe('fails');
    expect(found.estimate.value).toBeCloseTo(40, 6);
  });

  it('names the τ, the bit and the definition at which it is true', () => {
    const rows = [
      ...rowsOf(paperTau, [128], () => everything(40)),
      ...rowsOf(
        () => 64,
        [128],
        (_M, bit) => ({ ...everything(40), effective: bit === 1 ? 3 : 40 }),
      ),
    ];
    const found = finding('fewDominate', rows);
    expect(found.verdict).toBe('holds only where');
    expect(found.because).toMatch(/^At most 5 by effective voters 1\/Σw² of 1-bits at τ 64 \(3\)\./);
  });

  it('looks at the last step alone', () => {
    const before = rowsOf(paperTau, [128], () => everything(2)).map((row) => ({ ...row, step: 10 }));
    const rows = [...before, ...rowsOf(paperTau, [128], () => everything(40))];
    expect(finding('fewDominate', rows).verdict).toBe('fails');
  });
});

it('tells how near p comes to the largest vote', () => {
  const near = (end: number) =>
    [0, 1].flatMap((seed) =>
      [6.4, 1638.4].map((atTau): RunRow => {
        const distance = (atTau === 6.4 ? 0.3 : end) + seed * 1e-6;
        return { kind: 'maximum', atTau, distance, step: LAST_STEP, arm: 'softmax', seed };
      }),
    );
  const found = finding('maximum', near(0.001));
  expect(found.verdict).toBe('holds');
  expect(found.estimate.value).toBeCloseTo(0.3, 5);
  expect(finding('maximum', near(0.1)).verdict).toBe('fails');
});

it('makes a result of no rows at all', () => {
  const { findings, charts } = SPARSITY.analyse([], SIZE);
  expect(findings.map(({ verdict }) => verdict)).toEqual(['not tested', 'not tested', 'not tested']);
  expect(charts.length).toBeGreaterThan(0);
});

it('plans every arm at every rate, then seed by seed', () => {
  const plan = SPARSITY.plan(SIZE);
  const arms = new Set(plan.map(({ arm }) => arm)).size;
  expect(new Set(plan.map(({ key }) => key)).size).toBe(plan.length);
  expect(plan.filter(({ triedRate }) => triedRate !== null)).toHaveLength(3 * arms);
  expect(plan.filter(({ triedRate }) => triedRate === null)).toHaveLength(6 * arms);
  expect(SPARSITY.plan({ ...SIZE, seeds: 7 }).slice(0, plan.length)).toEqual(plan);
});
