/** @file A comparison in the form in which its panel shows it, and what it says of two sides that differ. */
import { describe, expect, test } from 'vitest';
import {
  comparisonNotes,
  largestDifference,
  resultOf,
  summaryOf,
  totalBits,
} from '../../../../../extension/panels/comparison/comparisonData';
import type { Comparison } from '../../../../../model/protocol/comparison';
import type { ModelSummary } from '../../../../../model/protocol/models';
import { model } from '../../inspection';

const base: ModelSummary = model;
const other: ModelSummary = { ...base, checkpoint: 'ffffffffffff' };
const texts = { same: true, bytesA: 100, bytesB: 100, result: null };

const comparison: Comparison = {
  checkpoints: ['a', 'b'],
  byteLength: 6,
  chunkCount: 2,
  surpriseA: Float32Array.of(3, 1),
  surpriseB: Float32Array.of(1, 5),
  outcomes: Uint8Array.of(2, 1),
  chunks: Uint32Array.of(0, 1, 1, 0),
  bits: Uint32Array.from({ length: 128 }, (_, at) => at % 4),
  bitsPerByte: [4 / 6, 1],
  equalChunks: 1,
  places: [Uint32Array.of(1), Uint32Array.of(0), new Uint32Array()],
};

describe('what a user has to know', () => {
  test('of two models that differ in nothing but their weights: nothing', () => {
    expect(comparisonNotes(base, other, texts)).toEqual([]);
  });

  test('of the same model', () => {
    expect(comparisonNotes(base, base, texts)[0]).toContain('every difference is 0');
    expect(comparisonNotes(base, { ...base, folder: '/copy' }, texts)[0]).toContain('every difference is 0');
    expect(comparisonNotes(base, base, { ...texts, same: false })[0]).toContain('same model on two texts');
  });

  test.each([
    [
      'bit decoding',
      { bit_decoding: base.config.bit_decoding === 'chained' ? 'independent' : 'chained' },
      /upper bound/,
    ],
    ['aggregation', { aggregation: 'mean' }, /aggregates by .* effective voters do not mean the same/],
    ['context', { context_chunks: 7 }, /windows of \d+ chunks, B of 7/],
  ] as const)('of another %s', (_, change, expected) => {
    const changed: ModelSummary = { ...other, config: { ...base.config, ...change } };
    expect(comparisonNotes(base, changed, texts).join(' ')).toMatch(expected);
  });

  test('of which side chains its bits', () => {
    const decoding = (bit_decoding: 'chained' | 'independent', checkpoint: string): ModelSummary => ({
      ...base,
      checkpoint,
      config: { ...base.config, bit_decoding },
    });
    const [chained, independent] = [decoding('chained', 'c'), decoding('independent', 'i')];
    expect(comparisonNotes(chained, independent, texts)[0]).toMatch(/^A chains .* B predicts them independently/);
    expect(comparisonNotes(independent, chained, texts)[0]).toMatch(/^B chains .* A predicts them independently/);
  });

  test('of another number of voters', () => {
    expect(comparisonNotes(base, { ...other, votersPerBit: 9 }, texts).join(' ')).toContain('B 9: votes are compared');
  });

  test('of two texts', () => {
    const two = { same: false, bytesA: 12_345, bytesB: 2000, result: { chunkCount: 500, equalChunks: 480 } };
    const notes = comparisonNotes(base, other, two);
    expect(notes).toContain('Text A has 12,345 bytes, text B 2,000: the first 2,000 of both are compared.');
    expect(notes.at(-1)).toMatch(/^480 of 500 chunks hold the same bytes/);
    const all = { ...two, result: { chunkCount: 500, equalChunks: 500 } };
    expect(comparisonNotes(base, other, all).at(-1)).toBe('All 500 chunks hold the same bytes in both texts.');
  });
});

test('a result has the bytes that it is of, as they were then', () => {
  const a = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  const b = Uint8Array.of(1, 2, 3, 4, 5, 9);
  const result = resultOf(comparison, a, b);
  a[0] = 99;
  expect([...result.bytesA]).toEqual([1, 2, 3, 4, 5, 6]);
  expect([...result.bytesB!]).toEqual([1, 2, 3, 4, 5, 9]);
  expect(resultOf(comparison, a, null).bytesB).toBeNull();
});

test('the summary has all counts and the largest difference', () => {
  const result = resultOf(comparison, new Uint8Array(6), null);
  expect(largestDifference(result)).toBe(4);
  expect(totalBits(result.bits)).toEqual([0, 32, 64, 96]);
  expect(summaryOf(result, '/b')).toEqual({
    folder: '/b',
    bitsPerByte: [4 / 6, 1],
    chunks: [0, 1, 1, 0],
    bits: [0, 32, 64, 96],
    largestDifference: 4,
  });
});
