/** @file The statistics behind concept search: AUROC, mutual information, tails, false discovery rate, clustering. */
import { describe, expect, it } from 'vitest';
import { auroc, countCodesByClass, standardRanks } from '../../../model/inspection/specialization/auroc';
import { clusterRows } from '../../../model/inspection/specialization/clustering';
import { chiSquaredUpper, logGamma, studentTwoSided } from '../../../model/inspection/specialization/distributions';
import { benjaminiHochberg } from '../../../model/inspection/specialization/falseDiscovery';
import { groupCodes, mutualInformation } from '../../../model/inspection/specialization/mutualInformation';
import { DECODED_VOTES, encodeVote } from '../../../model/inspection/specialization/voteCodes';
import { Random } from '../../../model/text/random';

describe('codes of votes', () => {
  it('never decrease, and are above 127 exactly for v > ½', () => {
    let previous = 0;
    for (let z = -40; z <= 40; z += 0.01) {
      const vote = Math.fround(1 / (1 + Math.exp(-z)));
      const code = encodeVote(vote);
      expect(code).toBeGreaterThanOrEqual(previous);
      expect(code > 127).toBe(vote > 0.5);
      previous = code;
    }
    expect([encodeVote(0), encodeVote(0.5), encodeVote(1)]).toEqual([0, 127, 255]);
  });

  it('are equal steps of σ(z/4), and decode to within 1 %', () => {
    for (let z = -16; z <= 16; z += 0.037) {
      const vote = 1 / (1 + Math.exp(-z));
      const code = encodeVote(vote);
      expect(Math.abs(code + 0.5 - 256 / (1 + Math.exp(-z / 4)))).toBeLessThan(0.9);
      expect(Math.abs(DECODED_VOTES[code]! - vote)).toBeLessThan(0.01);
    }
  });
});

/** AUROC by its definition: all pairs. */
function pairwise(codes: Uint8Array, labels: Uint8Array): number {
  let sum = 0;
  let pairs = 0;
  codes.forEach((a, i) => {
    codes.forEach((b, j) => {
      if (labels[i] !== 1 || labels[j] !== 0) return;
      pairs++;
      sum += a > b ? 1 : a === b ? 0.5 : 0;
    });
  });
  return sum / pairs;
}

describe('AUROC', () => {
  it('equals the share of ordered pairs, ties counted as half', () => {
    const random = Random.fromSeed(3);
    for (const range of [3, 20, 256]) {
      const codes = Uint8Array.from({ length: 200 }, () => random.integer(range));
      const labels = Uint8Array.from(codes, (code) => (random.uniform() < 0.2 + code / 400 ? 1 : 0));
      const histograms = new Uint32Array(512);
      countCodesByClass(codes, labels, histograms);
      const all = Uint32Array.from({ length: 256 }, (_, code) => histograms[code]! + histograms[256 + code]!);
      expect(auroc(histograms, all, 256)).toBeCloseTo(pairwise(codes, labels), 12);
    }
  });

  it('is NaN where there is nothing to compare with', () => {
    const all = new Uint32Array(256).fill(1);
    expect(auroc(all, all)).toBeNaN();
    expect(auroc(new Uint32Array(256), all)).toBeNaN();
  });

  it('has ranks of mean 0 and variance 1', () => {
    const all = Uint32Array.from({ length: 256 }, (_, code) => (code % 7) * (code > 100 ? 3 : 0));
    const ranks = new Float64Array(256);
    expect(standardRanks(all, ranks)).toBe(true);
    const count = all.reduce((sum, value) => sum + value, 0);
    const moment = (power: number) => all.reduce((sum, value, code) => sum + value * ranks[code]! ** power, 0) / count;
    expect(moment(1)).toBeCloseTo(0, 10);
    expect(moment(2)).toBeCloseTo(1, 10);
    expect(
      standardRanks(
        Uint32Array.from({ length: 256 }, (_, code) => (code === 5 ? 9 : 0)),
        ranks,
      ),
    ).toBe(false);
  });
});

describe('tails', () => {
  it('of Student’s t: the quantiles of the tables, and Cauchy for one degree', () => {
    expect(studentTwoSided(12.706204736, 1)).toBeCloseTo(0.05, 9);
    expect(studentTwoSided(2.228138852, 10)).toBeCloseTo(0.05, 9);
    expect(studentTwoSided(3.169272673, 10)).toBeCloseTo(0.01, 9);
    expect(studentTwoSided(0, 7)).toBe(1);
    for (const t of [0.1, 1, 30]) expect(studentTwoSided(t, 1)).toBeCloseTo(1 - (2 / Math.PI) * Math.atan(t), 12);
    // Far out: 2 degrees have a closed form.
    expect(studentTwoSided(1e6, 2) / (1 - 1e6 / Math.sqrt(2 + 1e12))).toBeCloseTo(1, 3);
  });

  it('of χ²: exponential for two degrees, the quantiles of the tables otherwise', () => {
    for (const x of [0.01, 1, 10, 400]) expect(chiSquaredUpper(x, 2) / Math.exp(-x / 2)).toBeCloseTo(1, 9);
    expect(chiSquaredUpper(3.841458821, 1)).toBeCloseTo(0.05, 9);
    expect(chiSquaredUpper(24.99579014, 15)).toBeCloseTo(0.05, 9);
    expect(chiSquaredUpper(0, 3)).toBe(1);
  });

  it('rest on ln Γ', () => {
    expect(logGamma(10)).toBeCloseTo(Math.log(362880), 11);
    expect(logGamma(0.5)).toBeCloseTo(Math.log(Math.PI) / 2, 12);
  });
});

describe('false discovery rate', () => {
  it('is the least rate at which a test would be rejected', () => {
    const q = benjaminiHochberg([0.01, 0.04, 0.03, 0.005, 0.9]);
    expect([...q].map((value) => Number(value.toFixed(6)))).toEqual([0.025, 0.05, 0.05, 0.025, 0.9]);
  });
});

describe('mutual information', () => {
  const none = { ranks: 1, groups: 1 };

  it('is that of the table where chunks are many', () => {
    // Two codes: p(1 | high) = 0.9, p(1 | low) = 0.1, each half of the chunks.
    const all = new Uint32Array(256);
    const inside = new Uint32Array(256);
    [all[10], all[200]] = [50_000, 50_000];
    [inside[10], inside[200]] = [5_000, 45_000];
    const { information, p } = mutualInformation(inside, all, groupCodes(all, 50_000), none);
    const entropy = -(0.9 * Math.log2(0.9) + 0.1 * Math.log2(0.1));
    expect(information).toBeCloseTo(1 - entropy, 4);
    expect(p).toBe(0);
  });

  it('is 0 on average for independent labels, where the uncorrected one is not', () => {
    const random = Random.fromSeed(5);
    let corrected = 0;
    let rejected = 0;
    const trials = 400;
    for (let trial = 0; trial < trials; trial++) {
      const all = new Uint32Array(256);
      const inside = new Uint32Array(256);
      for (let i = 0; i < 500; i++) {
        const code = random.integer(256);
        all[code]!++;
        if (random.uniform() < 0.3) inside[code]!++;
      }
      const result = mutualInformation(inside, all, groupCodes(all, 150), none);
      corrected += result.information / trials;
      if (result.p < 0.05) rejected++;
    }
    // Without the correction it would be about 15/(2·500·ln 2) = 0.0216 bits.
    expect(Math.abs(corrected)).toBeLessThan(0.002);
    // 400 trials at 5 %: 20 expected, 4 standard deviations are 17.
    expect(rejected).toBeLessThan(40);
    expect(rejected).toBeGreaterThan(3);
  });

  it('groups codes into shares that add to 1, and never splits a code', () => {
    const all = new Uint32Array(256);
    [all[0], all[3], all[255]] = [90, 5, 5];
    const { groupOf, shares } = groupCodes(all, 1000);
    expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 12);
    expect(shares[0]).toBeCloseTo(0.9, 12);
    expect(groupOf[3]).not.toBe(groupOf[0]);
  });
});

describe('clustering', () => {
  it('puts rows that behave alike beside each other', async () => {
    const random = Random.fromSeed(8);
    const width = 12;
    const kinds = [0, 1, 2].map(() => Array.from({ length: width }, () => random.normal()));
    const rows = Array.from({ length: 30 }, (_, row) => kinds[row % 3]!.map((value) => value + 0.1 * random.normal()));
    const { order, tree } = await clusterRows(rows.flat(), rows.length, width);
    expect([...order].sort((a, b) => a - b)).toEqual(rows.map((_, row) => row));
    const changes = [...order].filter((row, i) => i > 0 && row % 3 !== order[i - 1]! % 3).length;
    expect(changes).toBe(2);
    // The tree: kinds are joined within themselves before they are joined with each other.
    expect(tree.heights.length).toBe(29);
    const heights = Array.from(tree.heights);
    expect(heights.filter((height) => height < 0.2).length).toBe(27);
    const joined = new Set(Array.from(order, (_, place) => `${place} ${place + 1}`));
    for (let merge = 0; merge < 29; merge++) {
      const [first, split, end] = tree.merges.subarray(3 * merge, 3 * merge + 3);
      expect(joined.has(`${first!} ${split!}`) && joined.has(`${split!} ${end!}`)).toBe(true);
      joined.add(`${first!} ${end!}`);
    }
    expect(joined.has('0 30')).toBe(true);
  });

  it('joins at the mean correlation of the halves', async () => {
    // Two rows that agree, and one that is their opposite.
    const { tree } = await clusterRows([1, 2, 3, 2, 4, 6, 3, 2, 1], 3, 3);
    expect(tree.heights[0]).toBeCloseTo(0, 6);
    expect(tree.heights[1]).toBeCloseTo(2, 6);
  });

  it('takes constant rows, one row and none', async () => {
    expect([...(await clusterRows([1, 1, 1, 2, 2, 2], 2, 3)).order].sort()).toEqual([0, 1]);
    expect([...(await clusterRows([1, 2], 1, 2)).order]).toEqual([0]);
    expect([...(await clusterRows([], 0, 5)).order]).toEqual([]);
    expect((await clusterRows([], 0, 5)).tree.heights.length).toBe(0);
  });
});
