/** @file The measurements of SPEC section 5 on weights whose answer is known. */
import { describe, expect, it } from 'vitest';
import { meanOverBits } from '../../../model/measures/decidedBits';
import {
  activationDensity,
  activeVoters,
  contributions,
  effectiveContributions,
  effectiveVoters,
  gini,
  votersAboveTenthOfMaximum,
  weightPerplexity,
} from '../../../model/inspection/measures';

const equal = (count: number) => new Float32Array(count).fill(1 / count);
/** Others' values stand around the slice that is measured. */
const within = (values: readonly number[]) => Float32Array.from([0.9, 0.7, ...values, 0.8]);

describe.each([1, 2, 3, 6, 7, 64, 128])('%i equal weights', (M) => {
  it('are M effective voters, none of them active, and not unequal', () => {
    expect(effectiveVoters(equal(M), 0, M)).toBeCloseTo(M, 3);
    expect(weightPerplexity(equal(M), 0, M)).toBeCloseTo(M, 3);
    expect(gini(equal(M), 0, M)).toBeCloseTo(0, 6);
    expect(activeVoters(equal(M), 0, M)).toBe(0);
    expect(votersAboveTenthOfMaximum(equal(M), 0, M)).toBe(M);
  });
});

describe('a slice of weights', () => {
  it('is measured without its neighbours', () => {
    const weights = within([0.5, 0.25, 0.125, 0.125]);
    expect(effectiveVoters(weights, 2, 4)).toBeCloseTo(1 / (0.25 + 0.0625 + 2 * 0.015625), 6);
    expect(weightPerplexity(weights, 2, 4)).toBeCloseTo(2 ** 1.75, 6);
    expect(activeVoters(weights, 2, 4)).toBe(1);
    expect(votersAboveTenthOfMaximum(within([0.9, 0.08, 0.01, 0.01]), 2, 4)).toBe(1);
    // Mean absolute difference over twice the mean: pairs .25 .375 .375 .125 .125 0, each twice, over 16, over 2·.25.
    expect(gini(weights, 2, 4)).toBeCloseTo((2 * 1.25) / 16 / 0.5, 6);
  });

  it('of one voter has all there is', () => {
    const weights = within([0, 1, 0, 0]);
    expect(effectiveVoters(weights, 2, 4)).toBe(1);
    expect(weightPerplexity(weights, 2, 4)).toBe(1);
    expect(gini(weights, 2, 4)).toBeCloseTo(0.75, 6);
  });

  it('with its votes gives contributions that sum to p', () => {
    const weights = within([0.5, 0.25, 0.125, 0.125]);
    const votes = within([1, 0.5, 0.25, 0]);
    expect([...contributions(weights, votes, 2, 4)]).toEqual([0.5, 0.125, 0.03125, 0]);
    const p = 0.65625;
    expect(effectiveContributions(weights, votes, 2, 4)).toBeCloseTo(p ** 2 / (0.25 + 0.015625 + 0.03125 ** 2), 6);
    expect(effectiveContributions(weights, within([0, 0, 0, 0]), 2, 4)).toBe(0);
    expect(activationDensity(votes, 2, 4)).toBe(0.25);
  });
});

describe('a mean over bits', () => {
  it('keeps 1-bits and 0-bits apart and leaves padding out', () => {
    const values = [1, 2, 3, 4, 100];
    const bits = [1, 0, 1, 0, 0];
    expect(meanOverBits(values, bits, 1, 0, 4)).toBe(2);
    expect(meanOverBits(values, bits, 0, 0, 4)).toBe(3);
    expect(meanOverBits(values, [0, 0, 0, 0, 1], 1, 0, 4)).toBeNull();
  });
});
