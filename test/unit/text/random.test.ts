/** @file The seeded generator: state that goes on bit by bit, uniform and normal draws, seeds that differ. */
import { describe, expect, it } from 'vitest';
import type { RandomState } from '../../../model/text/random';
import { Random } from '../../../model/text/random';

const draw = (random: Random): number[] => [
  random.uniform(),
  random.integer(7),
  random.normal(),
  random.integer(2 ** 40),
];

describe('Random', () => {
  it('goes on bit by bit from a state that went through JSON', () => {
    const random = Random.fromSeed(42);
    for (let i = 0; i < 100; i++) {
      draw(random);
      const restored = Random.fromState(JSON.parse(JSON.stringify(random.state())) as RandomState);
      const copy = Random.fromState(random.state());
      for (let n = 0; n < 5; n++) {
        const expected = draw(random);
        expect(draw(restored)).toEqual(expected);
        expect(draw(copy)).toEqual(expected);
      }
      expect(restored.state()).toEqual(random.state());
    }
  });

  it('gives the same draws for the same seed and others for another', () => {
    const firsts = new Set<number>();
    const seeds = [0, 1, 2, 3, -1, -2, 2 ** 31, 2 ** 32, 2 ** 32 + 1, 2 ** 52, Number.MAX_SAFE_INTEGER];
    for (const seed of seeds) {
      const value = Random.fromSeed(seed).uniform();
      expect(Random.fromSeed(seed).uniform()).toBe(value);
      firsts.add(value);
    }
    expect(firsts.size).toBe(seeds.length);
  });

  it('is uniform from the first draw on over neighbouring seeds', () => {
    const firsts = Array.from({ length: 4000 }, (_, seed) => Random.fromSeed(seed).uniform());
    const mean = firsts.reduce((a, b) => a + b) / firsts.length;
    const between =
      firsts.slice(1).reduce((sum, value, i) => sum + (value - 0.5) * (firsts[i]! - 0.5), 0) * (12 / 3999);
    // Standard deviations: 0.0046 of the mean, 0.016 of the correlation.
    expect(Math.abs(mean - 0.5)).toBeLessThan(0.02);
    expect(Math.abs(between)).toBeLessThan(0.07);
  });

  it('draws integers without bias and within bounds', () => {
    const random = Random.fromSeed(5);
    const counts = new Array<number>(6).fill(0);
    for (let i = 0; i < 60_000; i++) counts[random.integer(6)]!++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0);
    expect(chiSquare).toBeLessThan(20.5); // 0.999 quantile with 5 degrees of freedom
    expect(random.integer(1)).toBe(0);
    for (let i = 0; i < 1000; i++) {
      const large = random.integer(2 ** 45);
      expect(Number.isSafeInteger(large) && large >= 0 && large < 2 ** 45).toBe(true);
    }
  });

  it('draws normal numbers: mean 0, variance 1, kurtosis 3', () => {
    const random = Random.fromSeed(6);
    const values = Array.from({ length: 50_000 }, () => random.normal());
    const moment = (power: number): number => values.reduce((sum, x) => sum + x ** power, 0) / values.length;
    expect(Math.abs(moment(1))).toBeLessThan(0.02);
    expect(Math.abs(moment(2) - 1)).toBeLessThan(0.03);
    expect(Math.abs(moment(4) - 3)).toBeLessThan(0.2);
  });

  it('refuses what is no seed, bound or state', () => {
    for (const seed of [0.5, NaN, Infinity, 2 ** 60]) expect(() => Random.fromSeed(seed)).toThrow(RangeError);
    const random = Random.fromSeed(0);
    for (const bound of [0, -1, 1.5, NaN]) expect(() => random.integer(bound)).toThrow(RangeError);
    for (const words of [[], [1, 2, 3], [0, 0, 0, 0], [1, 2, 3, 2 ** 31], [1, 2, 3, 0.5], [1, 2, 3, 4, 5]]) {
      expect(() => Random.fromState({ words })).toThrow(RangeError);
    }
  });
});
