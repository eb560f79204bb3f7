/** @file The chunk that Show a Surprising Word shows. */
import { expect, test } from 'vitest';
import { mostSurprising } from '../../../../extension/commands/mostSurprising';

test.each([
  { what: 'the most surprising', surprise: [1, 2, 9, 3], first: 0, expected: 2 },
  { what: 'the last, too', surprise: [1, 2, 3, 9], first: 0, expected: 3 },
  { what: 'none before the first that is looked at', surprise: [32, 31, 4, 7, 5], first: 2, expected: 3 },
  { what: 'the first that is looked at', surprise: [32, 9, 4, 7], first: 1, expected: 1 },
  { what: 'the earliest of equal ones', surprise: [9, 1, 7, 7], first: 1, expected: 2 },
  { what: 'the last of a text that ends before', surprise: [9, 1, 2], first: 16, expected: 2 },
])('is $what', ({ surprise, first, expected }) => {
  expect(mostSurprising(Float32Array.from(surprise), first)).toBe(expected);
});
