/** @file Voters as a webview sends them. */
import { describe, expect, test } from 'vitest';
import { validChanges, validPlaces } from '../../../extension/editor/voterChanges';

const VOTERS = 16;

describe('what a webview sends', () => {
  test('is taken where it names voters of the model, and nothing else of it', () => {
    const sent = [
      { bit: 3, voter: 4, vote: null, more: 'x' },
      { bit: 3, voter: 5, vote: 1 },
      { bit: 32, voter: 0, vote: null },
      { bit: -1, voter: 0, vote: null },
      { bit: 1.5, voter: 0, vote: null },
      { bit: 0, voter: VOTERS, vote: null },
      { bit: '1', voter: 0, vote: null },
      { bit: 0, voter: 1, vote: 1.5 },
      { bit: 0, voter: 1, vote: NaN },
      { bit: 0, voter: 1, vote: '0' },
      { bit: 0, voter: 1 },
      null,
      7,
    ];
    expect(validChanges(sent, VOTERS)).toEqual([
      { bit: 3, voter: 4, vote: null },
      { bit: 3, voter: 5, vote: 1 },
    ]);
    expect(validPlaces(sent.slice(0, 8), VOTERS)).toEqual([
      { bit: 3, voter: 4 },
      { bit: 3, voter: 5 },
      { bit: 0, voter: 1 },
    ]);
  });

  test.each([undefined, null, 'x', {}, { length: 1 }])('is nothing where it is no list: %j', (sent) => {
    expect(validChanges(sent, VOTERS)).toEqual([]);
    expect(validPlaces(sent, VOTERS)).toEqual([]);
  });

  test('is nothing where there is no model', () => {
    expect(validChanges([{ bit: 0, voter: 0, vote: null }], 0)).toEqual([]);
  });
});
