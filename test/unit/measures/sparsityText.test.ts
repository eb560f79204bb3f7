/** @file How sparse the votes are, in words. */
import { expect, test } from 'vitest';
import { SPARSITY_MEANING, sparsityText } from '../../../model/measures/sparsityText';

test('tells the three figures side by side, or that no bit has the value', () => {
  const bits = { bits: 14, votesAboveHalf: 3.24, effectiveVoters: 79.55, operationalVoters: 23 };
  expect(sparsityText(bits)).toBe('79.5 effective, 3.2 above ½, k 23');
  expect(sparsityText(null)).toBe('none');
});

test('explains each of them in one sentence', () => {
  for (const word of ['Effective: ', 'Above ½: ', 'k: ']) expect(SPARSITY_MEANING).toContain(word);
  expect(SPARSITY_MEANING.match(/[^.]+\./g)).toHaveLength(3);
});
