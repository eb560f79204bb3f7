/** @file How long a completion waits for another key. */
import { expect, test } from 'vitest';
import { CompletionPacing } from '../../../extension/editor/completionPacing';

test('before any answer the wait is the longest', () => {
  expect(new CompletionPacing().wait(75)).toBe(75);
});

test('it is as long as an answer takes, by the median of the latest eight, and never longer than it may be', () => {
  const pacing = new CompletionPacing();
  for (const milliseconds of [900, 6, 5, 7]) pacing.answered(milliseconds);
  expect(pacing.wait(75)).toBe(6);
  expect(pacing.wait(3)).toBe(3);
  for (let i = 0; i < 8; i++) pacing.answered(200);
  expect(pacing.wait(75)).toBe(75);
});

test('where keys come faster than two answers would, it is the longest', () => {
  const pacing = new CompletionPacing();
  pacing.answered(20);
  pacing.keyed(1000);
  pacing.keyed(1030);
  expect(pacing.wait(75)).toBe(75);
  pacing.keyed(1155);
  expect(pacing.wait(75)).toBe(20);
});
