/** @file e^x of numbers that are not above 0, against the built-in one. */
import { expect, it } from 'vitest';
import { expOfNegative } from '../../../model/network/exponential';
import { Random } from '../../../model/text/random';

it('is within 1e-15 of the built-in exponential, relatively', () => {
  const random = Random.fromSeed(1);
  let worst = 0;
  for (let i = 0; i < 200_000; i++) {
    const x = -(10 ** (-18 + 20.8 * random.uniform()));
    const expected = Math.exp(x);
    worst = Math.max(worst, Math.abs(expOfNegative(x) - expected) / expected);
  }
  expect(worst).toBeLessThan(1e-15);
});

it('is 1 at 0, 0 where no normal number is left, and no number for what is none', () => {
  expect(expOfNegative(0)).toBe(1);
  expect(expOfNegative(-0)).toBe(1);
  expect(expOfNegative(-708)).toBeCloseTo(Math.exp(-708), 320);
  expect(expOfNegative(-709)).toBe(0);
  expect(expOfNegative(-Infinity)).toBe(0);
  expect(expOfNegative(NaN)).toBeNaN();
});
