/** @file What a number of paired seeds can decide, in words. */
import { describe, expect, it } from 'vitest';
import { EXPERIMENTS } from '../../../model/experiments/experiments';
import { powerAfter, powerBefore } from '../../../model/experiments/power';
import { seedsOf } from '../../../model/experiments/runExperiment';
import { EXPERIMENT_NAMES } from '../../../model/measures/experimentText';

const before = (seeds: number, corrected: number) =>
  powerBefore({ correctedTests: () => corrected }, { quick: false, seeds });

describe('before a run', () => {
  it('says that few pairs can decide nothing', () => {
    expect(before(3, 0)).toBe('With 3 paired seeds the exact test cannot reach p < 0.05, whatever is found: 6 can.');
  });

  it('says which tests cannot be decided once they are corrected', () => {
    // 2/2⁶·17 = 0.53, 2/2⁹·17 = 0.066, 2/2¹⁰·17 = 0.033.
    expect(before(6, 17)).toMatch(/None of the 17 other tests can reach it once corrected .* 10 seeds could\.$/);
    expect(before(9, 17)).toMatch(/10 seeds could\.$/);
    expect(before(10, 17)).not.toContain('None');
    expect(before(6, 0)).toMatch(
      /^With 6 paired seeds the exact test finds differences from 1\.[78] standard deviations/,
    );
  });

  it('says nothing where pairs are not tested', () => {
    expect(powerBefore({ correctedTests: null }, { quick: false, seeds: 2 })).toBeNull();
  });

  it('has nothing to say against the full plan of any experiment', async () => {
    for (const name of EXPERIMENT_NAMES) {
      const experiment = await EXPERIMENTS[name]();
      const size = { quick: false, seeds: seedsOf(experiment, { quick: false, seeds: null }) };
      expect(powerBefore(experiment, size) ?? '', name).not.toMatch(/None|cannot/);
    }
  });
});

describe('after a run', () => {
  it('tells the least difference by the spread of the pairs', () => {
    // Deviation 1: what is found of 6 pairs, in standard deviations.
    const around = [-1, 1, -1, 1, -1, 1].map((one) => 5 + one * Math.sqrt(5 / 6));
    const [sentence] = powerAfter(around, 'bits per byte');
    expect(sentence).toMatch(/^6 pairs of this spread show differences from 1\.[78] bits per byte on with 80 % power/);
  });

  it('says nothing of pairs that can show none', () => {
    expect(powerAfter([1, 2, 3], '')).toEqual([]);
  });
});
