/** @file How long a completion waits for another key. */
import { expect, test } from 'vitest';
import { CompletionPacing } from '../../../extension/editor/completionPacing';

test('before any answer the wait is the longest', () => {
  expect(new CompletionPacing(75).wait).toBe(75);
});

test('it is as long as an answer takes, by the median of the latest eight, and never longer than it may be', () => {
  const pacing = new CompletionPacing(75);
  for (const milliseconds of [900, 6, 5, 7]) pacing.answered(milliseconds);
  expect(pacing.wait).toBe(6);
  const short = new CompletionPacing(3);
  short.answered(6);
  expect(short.wait).toBe(3);
  for (let i = 0; i < 8; i++) pacing.answered(200);
  expect(pacing.wait).toBe(75);
});

test('where keys come faster than two answers would, it is the longest', () => {
  const pacing = new CompletionPacing(75);
  pacing.answered(20);
  pacing.keyed(1000);
  pacing.keyed(1030);
  expect(pacing.wait).toBe(75);
  pacing.keyed(1155);
  expect(pacing.wait).toBe(20);
});
