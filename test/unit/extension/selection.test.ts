/** @file The rules of the one selection. */
import { describe, expect, test } from 'vitest';
import {
  chunkStart,
  clamp,
  followCaret,
  sameSelection,
  sanitize,
  withinModel,
} from '../../../extension/editor/selection';

const at = (offset: number, locked = false) => ({ offset, bit: null, voter: null, locked });

test.each([
  [0, 10, 0],
  [3, 10, 0],
  [4, 10, 4],
  [9, 10, 8],
  [10, 10, 8],
  [8, 8, 4],
  [-1, 8, 0],
  [0, 0, null],
])('the chunk of byte %i of %i begins at %j', (offset, length, expected) => {
  expect(chunkStart(offset, length)).toBe(expected);
});

describe('followCaret', () => {
  test('selects the chunk at the caret and keeps bit and voter', () => {
    expect(followCaret(null, 6, 20)).toEqual(at(4));
    expect(followCaret({ offset: 4, bit: 3, voter: 7, locked: false }, 9, 20)).toEqual({
      offset: 8,
      bit: 3,
      voter: 7,
      locked: false,
    });
  });

  test('a locked selection stays, unless the text no longer reaches it', () => {
    expect(followCaret(at(8, true), 0, 20)).toEqual(at(8, true));
    expect(followCaret(at(16, true), 0, 10)).toEqual(at(8, true));
  });

  test('there is nothing to select in an empty text', () => {
    expect(followCaret(at(8, true), 0, 0)).toBeNull();
    expect(followCaret(null, 0, 0)).toBeNull();
  });
});

test('clamp moves a selection to the last chunk of a text that became shorter', () => {
  expect(clamp(at(12), 6)).toEqual(at(4));
  expect(clamp(at(4), 6)).toEqual(at(4));
});

describe('sanitize', () => {
  test('aligns the offset and drops bits and voters that are not there', () => {
    expect(sanitize({ offset: 6, bit: 31, voter: 15, locked: true }, 20, 16)).toEqual({
      offset: 4,
      bit: 31,
      voter: 15,
      locked: true,
    });
    expect(sanitize({ offset: 6, bit: 32, voter: 1, locked: false }, 20, 16)).toEqual(at(4));
    expect(sanitize({ offset: 6, bit: 1, voter: 16, locked: false }, 20, 16)).toEqual({ ...at(4), bit: 1 });
    expect(sanitize({ offset: 6, bit: null, voter: 3, locked: false }, 20, 16)).toEqual(at(4));
  });

  test('refuses what is no number', () => {
    expect(sanitize(at(NaN), 20, 16)).toBeNull();
    expect(sanitize(at(0), 0, 16)).toBeNull();
  });
});

test('sameSelection compares every part', () => {
  expect(sameSelection(null, null)).toBe(true);
  expect(sameSelection(at(4), null)).toBe(false);
  expect(sameSelection(at(4), at(4))).toBe(true);
  expect(sameSelection(at(4), at(4, true))).toBe(false);
  expect(sameSelection(at(4), { ...at(4), bit: 1 })).toBe(false);
  expect(sameSelection(at(4), { ...at(4), voter: 1 })).toBe(false);
  expect(sameSelection(at(4), at(8))).toBe(false);
});

test('a voter that a model does not have is not selected in it; its bit is', () => {
  const selection = { ...at(4, true), bit: 2, voter: 52 };
  expect(withinModel(selection, 128)).toEqual(selection);
  expect(withinModel(selection, 52)).toEqual({ ...selection, voter: null });
  expect(withinModel(at(4), 16)).toEqual(at(4));
});
