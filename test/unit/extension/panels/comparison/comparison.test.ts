/** @file A comparison in the form in which its panel shows it, and what it says of two sides that differ. */
import { describe, expect, test } from 'vitest';
import {
  changesFor,
  comparisonNotes,
  continuationTexts,
  largestDifference,
  resultOf,
  summaryOf,
  totalBits,
} from '../../../../../extension/panels/comparison/comparisonData';
import { comparedVoters, UNCHANGED } from '../../../../../extension/panels/comparison/comparedVoters';
import type { Comparison } from '../../../../../model/protocol/comparison';
import type { ModelSummary } from '../../../../../model/protocol/models';
import { model } from '../../inspection';

const base: ModelSummary = model;
const other: ModelSummary = { ...base, checkpoint: 'ffffffffffff' };
const allVote = { a: UNCHANGED, b: UNCHANGED, memory: false };
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
  differenceInterval: null,
  changed: [1, 1],
  places: [Uint32Array.of(1), Uint32Array.of(0), new Uint32Array(), Uint32Array.of(0), Uint32Array.of(1)],
};

describe('what a user has to know', () => {
  test('of two models that differ in nothing but their weights: nothing', () => {
    expect(comparisonNotes(base, other, texts, allVote)).toEqual([]);
  });

  test('of the same model', () => {
    expect(comparisonNotes(base, base, texts, allVote)[0]).toContain('every difference is 0');
    expect(comparisonNotes(base, { ...base, folder: '/copy' }, texts, allVote)[0]).toContain('every difference is 0');
    expect(comparisonNotes(base, base, { ...texts, same: false }, allVote)[0]).toContain('same model on two texts');
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
    expect(comparisonNotes(base, changed, texts, allVote).join(' ')).toMatch(expected);
  });

  test('of which side chains its bits', () => {
    const decoding = (bit_decoding: 'chained' | 'independent', checkpoint: string): ModelSummary => ({
      ...base,
      checkpoint,
      config: { ...base.config, bit_decoding },
    });
    const [chained, independent] = [decoding('chained', 'c'), decoding('independent', 'i')];
    expect(comparisonNotes(chained, independent, texts, allVote)[0]).toMatch(
      /^A chains .* B predicts them independently/,
    );
    expect(comparisonNotes(independent, chained, texts, allVote)[0]).toMatch(
      /^B chains .* A predicts them independently/,
    );
  });

  test('of another number of voters', () => {
    expect(comparisonNotes(base, { ...other, votersPerBit: 9 }, texts, allVote).join(' ')).toContain(
      'B 9: votes are compared',
    );
  });

  test('of two texts', () => {
    const two = { same: false, bytesA: 12_345, bytesB: 2000, result: { chunkCount: 500, equalChunks: 480 } };
    const notes = comparisonNotes(base, other, two, allVote);
    expect(notes).toContain('Text A has 12,345 bytes, text B 2,000: the first 2,000 of both are compared.');
    expect(notes.at(-1)).toMatch(/^480 of 500 chunks hold the same bytes/);
    const all = { ...two, result: { chunkCount: 500, equalChunks: 500 } };
    expect(comparisonNotes(base, other, all, allVote).at(-1)).toBe('All 500 chunks hold the same bytes in both texts.');
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
  const infinite = Float32Array.of(Infinity, 1);
  expect(largestDifference({ ...result, surpriseA: infinite, surpriseB: infinite })).toBe(0);
  expect(totalBits(result.bits)).toEqual([0, 32, 64, 96]);
  const changes = [{ bit: 3, voter: 1, vote: null }];
  expect(summaryOf(result, { folder: '/b', changesA: [], changesB: changes })).toEqual({
    folder: '/b',
    changedVoters: [0, 1],
    bitsPerByte: [4 / 6, 1],
    chunks: [0, 1, 1, 0],
    bits: [0, 32, 64, 96],
    largestDifference: 4,
  });
});

describe('of changed voters', () => {
  const silenced = (bit: number, ...voters: number[]) =>
    comparedVoters(
      voters.map((voter) => ({ bit, voter, vote: null })),
      base.folder,
    );

  test('the same on both sides differ nowhere; on one side that is not said', () => {
    const both = { ...allVote, a: silenced(3, 1), b: silenced(3, 1) };
    expect(comparisonNotes(base, base, texts, both)[0]).toMatch(/same voters changed .* every difference is 0/);
    expect(comparisonNotes(base, base, texts, { ...both, b: UNCHANGED })).toEqual([]);
  });

  test('a bit that none is left of, voters of another model, and voters that there are not are told', () => {
    const none = { ...allVote, b: silenced(5, 0, 1, 2, 3) };
    expect(comparisonNotes(base, base, texts, none)).toEqual([
      'B has no voter left for bit 5: each counts one bit of surprise, and is never right.',
    ]);
    const foreign = { ...silenced(5, 2, 9), folder: '/models/large' };
    expect(changesFor(base, foreign)).toEqual([{ bit: 5, voter: 2, vote: null }]);
    expect(comparisonNotes(base, other, texts, { ...allVote, a: foreign })).toEqual([
      'The voters of A were chosen in another model, large: here they are those with the same numbers.',
      '1 of A’s changed voters is left out: its model has 4 per bit.',
    ]);
  });

  test('and that both are without memory, where numbers elsewhere are with it', () => {
    expect(comparisonNotes(base, other, texts, { ...allVote, memory: true })).toEqual([
      'Both are without memory here, also in what they write.',
    ]);
  });
});

test('what both write is text, and nothing while they are asked', () => {
  const side = { offset: 0, surprise: 1, real: new Uint8Array(), realSurprise: 1 };
  const [a, b] = ['größe', 'x'].map((text) => ({ ...side, bytes: new TextEncoder().encode(text) }));
  const result = { checkpoints: ['a', 'b'] as const, a: a!, b: b! };
  expect(continuationTexts({ result, failure: null })).toEqual(['größe', 'x']);
  expect(continuationTexts({ result: null, failure: null })).toBeNull();
});
