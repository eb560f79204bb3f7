/** @file The Specialization map without a page: order, places, keys, words. */
import { describe, expect, test } from 'vitest';
import { treeHeight, treePath } from '../../../webview/specialization/dendrogram';
import type { VoterMap } from '../../../model/protocol/panels/specialization';
import type { MapContext } from '../../../model/protocol/voterAnalyses';
import {
  classText,
  describeCell,
  describeContext,
  describeMostWrong,
  describeNone,
  describeSamples,
  describeWork,
  voterTitle,
} from '../../../webview/specialization/describe';
import { countTicks } from '../../../webview/specialization/histogram';
import { mapAction } from '../../../webview/specialization/keys';
import {
  dimensionRuns,
  edgesOf,
  leftOut,
  placeAt,
  placesOf,
  valuesOf,
  votersShown,
} from '../../../webview/specialization/order';

function columns(...counts: readonly number[]): MapContext[] {
  return counts.map((count, index) => ({ dimension: index < 2 ? 'character' : 'syntax', name: `c${index}`, count }));
}

function map(given: readonly MapContext[], change: Partial<VoterMap> = {}): VoterMap {
  const voters = 4;
  return {
    bit: 5,
    contexts: given,
    auroc: Float32Array.from({ length: voters * given.length }, (_, index) => index / 100),
    meanVotes: Float32Array.from({ length: voters * given.length }, (_, index) => 1 - index / 100),
    maxVotes: Float32Array.of(0.9, 0.51, 0.2, 0.01),
    voterOrder: Uint32Array.of(2, 0, 3, 1),
    voterTree: null,
    contextTree: { merges: new Uint32Array(0), heights: new Float32Array(0) },
    contextOrder: Uint32Array.from(given, (_, index) => given.length - 1 - index),
    chunks: 1000,
    totalChunks: 1000,
    measuredOn: 'a.txt',
    outdated: false,
    ...change,
  };
}

describe('order', () => {
  test('voters in clusters, contexts by dimension, unless asked otherwise', () => {
    const given = map(columns(100, 200, 300));
    expect(placesOf(given, 'grouped', 'all')).toEqual({ voters: given.voterOrder, columns: Uint32Array.of(0, 1, 2) });
    expect(placesOf(given, 'clustered', 'all')).toEqual({ voters: given.voterOrder, columns: Uint32Array.of(2, 1, 0) });
    expect(placesOf(given, 'number', 'all')).toEqual({
      voters: Uint32Array.of(0, 1, 2, 3),
      columns: Uint32Array.of(0, 1, 2),
    });
    expect(valuesOf(given, 'auroc')).toBe(given.auroc);
    expect(valuesOf(given, 'meanVote')).toBe(given.meanVotes);
  });

  test('only voters that vote, in the same order, unless all are asked for', () => {
    const given = map(columns(100, 200, 300));
    const shown = (order: 'grouped' | 'number', filter: 'half' | 'tenth' | 'all') => [
      ...placesOf(given, order, filter).voters,
    ];
    expect(shown('grouped', 'half')).toEqual([0, 1]);
    expect(shown('grouped', 'tenth')).toEqual([2, 0, 1]);
    expect(shown('number', 'tenth')).toEqual([0, 1, 2]);
    expect(shown('grouped', 'all')).toEqual([2, 0, 3, 1]);
    expect([votersShown(given, 'half'), votersShown(given, 'tenth'), votersShown(given, 'all')]).toEqual([2, 3, 4]);
    expect(describeNone(given, 'half')).toBeNull();
    const silent = { ...given, maxVotes: Float32Array.of(0.5, 0.2, 0.3, 0.4) };
    expect(describeNone(silent, 'half')).toMatch(/^None of the 4 voters of bit 5 votes above ½ here/);
    expect(describeNone(silent, 'all')).toBeNull();
    expect(mapAction('ArrowDown', { row: null, column: 0 }, 0, 3)).toBeNull();
  });

  test('contexts of too few chunks, or with too few outside, are left out', () => {
    const given = map(columns(9, 10, 990, 991));
    expect(leftOut(given)).toBe(2);
    expect(Array.from(placesOf(given, 'grouped', 'all').columns)).toEqual([1, 2]);
    expect(Array.from(placesOf(given, 'clustered', 'all').columns)).toEqual([2, 1]);
  });

  test('where all contexts are too small, all are shown', () => {
    const given = map(columns(1, 2, 3), { chunks: 6 });
    expect(leftOut(given)).toBe(0);
    expect(placesOf(given, 'grouped', 'all').columns.length).toBe(3);
  });

  test('edges fill the length, gaps only between dimensions', () => {
    const { starts, ends } = edgesOf(4, 102, 2, (place) => place === 2);
    expect(Array.from(starts)).toEqual([0, 25, 52, 77]);
    expect(Array.from(ends)).toEqual([25, 50, 77, 102]);
    expect(edgesOf(0, 100, 2, () => true).starts.length).toBe(0);
  });

  test('a pixel finds the place that it is on, or the nearest', () => {
    const edges = edgesOf(4, 102, 2, (place) => place === 2);
    expect([-5, 0, 26, 50.4, 51.6, 101, 500].map((pixel) => placeAt(edges, pixel))).toEqual([0, 0, 1, 1, 2, 3, 3]);
    expect(
      placeAt(
        edgesOf(0, 0, 0, () => false),
        3,
      ),
    ).toBe(-1);
  });

  test('runs of one dimension', () => {
    expect(dimensionRuns(columns(1, 1, 1), Uint32Array.of(0, 1, 2))).toEqual([
      { dimension: 'character', first: 0, last: 1 },
      { dimension: 'syntax', first: 2, last: 2 },
    ]);
    expect(dimensionRuns(columns(1, 1, 1), Uint32Array.of(0, 2, 1)).length).toBe(3);
  });
});

describe('keys', () => {
  const at = { row: 5, column: 2 };
  test.each([
    ['ArrowUp', { kind: 'move', row: 4, column: 2 }],
    ['ArrowDown', { kind: 'move', row: 6, column: 2 }],
    ['ArrowLeft', { kind: 'move', row: 5, column: 1 }],
    ['ArrowRight', { kind: 'move', row: 5, column: 2 }],
    ['PageDown', { kind: 'move', row: 21, column: 2 }],
    ['Home', { kind: 'move', row: 0, column: 2 }],
    ['End', { kind: 'move', row: 127, column: 2 }],
    ['[', { kind: 'bit', by: -1 }],
    [']', { kind: 'bit', by: 1 }],
    ['Enter', { kind: 'lock' }],
    [' ', { kind: 'toggleLock' }],
    ['a', null],
  ])('%s', (key, action) => {
    expect(mapAction(key, at, 128, 3)).toEqual(action);
  });

  test('the first key only enters the map', () => {
    expect(mapAction('ArrowDown', { row: null, column: 0 }, 128, 3)).toEqual({ kind: 'move', row: 0, column: 0 });
  });
});

describe('words', () => {
  test('a cell names voter, context, N and both values', () => {
    const names = { '5/1': 'sees digits' };
    expect(describeCell(map(columns(100, 200, 300)), names, { voter: 1, column: 2 })).toEqual([
      'Voter 1 of bit 5: sees digits',
      'syntax: c2, N = 300 of 1,000 chunks',
      'AUROC 0.0500',
      'mean vote 0.950, largest anywhere 0.510',
    ]);
    expect(voterTitle(4, 1, names)).toBe('Voter 1 of bit 4');
  });

  test('N, also of a part of the text', () => {
    expect(describeSamples(map(columns(100)), 'half')).toBe('N = 1,000 chunks · 2 of 4 voters shown');
    expect(describeSamples(map(columns(100, 3), { totalChunks: 5000 }), 'all')).toBe(
      'N = 1,000 of 5,000 chunks · 4 of 4 voters shown · 1 context of fewer than 10 chunks left out',
    );
  });

  test('why the map opened on its bit, and a class with its N', () => {
    expect(describeMostWrong({ bit: 5, offset: 1200, surprise: 5.25 }, 5)).toBe(
      'Bit 5: the most wrong at byte 1,200, 5.25 bits of surprise.',
    );
    expect(describeMostWrong({ bit: 5, offset: 0, surprise: Infinity }, 5)).toContain('more than 24 bits');
    expect(describeMostWrong({ bit: 5, offset: 0, surprise: 2 }, 6)).toBe('');
    expect(describeMostWrong(null, 6)).toBe('');
    expect(classText({ name: 'narrow', voters: 940, of: 1393 })).toBe(
      'narrow, like 940 of the model’s 1,393 voters that vote',
    );
    expect(classText({ name: 'dead', voters: 2703, of: 4096 })).toBe('dead, like 2,703 of the model’s 4,096 voters');
  });

  test('the numbers of an automatic name', () => {
    expect(describeContext({ name: 'before a vowel', votes: 200, there: 150, chunks: 1000 }, 8000)).toBe(
      'Automatic name: before a vowel. 150 of its 200 votes above ½ (75 %) are there, where 13 % of the 8,000 chunks are: 6 times as many as by chance. It votes in 15 % of the chunks there.',
    );
    // All of its votes in a context that few chunks have: no number needs an exponent.
    expect(describeContext({ name: 'after “x”', votes: 28, there: 28, chunks: 57 }, 8000)).toBe(
      'Automatic name: after “x”. 28 of its 28 votes above ½ (100 %) are there, where 0.7 % of the 8,000 chunks are: 140 times as many as by chance. It votes in 49 % of the chunks there.',
    );
  });

  test('work with and without a known end', () => {
    expect(describeWork({ kind: 'map', words: 'Reading', share: null })).toBe('Reading…');
    expect(describeWork({ kind: 'map', words: 'Comparing voters', share: 0.429 })).toBe('Comparing voters… 42 %');
  });

  test('ticks of a histogram: its largest count, or powers of ten', () => {
    expect(countTicks(210, false)).toEqual([0, 210]);
    expect(countTicks(210, true)).toEqual([0, 1, 10, 100]);
    expect(countTicks(2e6, true)).toEqual([0, 100, 10_000, 1_000_000]);
    expect(countTicks(0, true)).toEqual([0, 1]);
  });
});

describe('dendrogram', () => {
  // Places 0 and 1 are alike, then 2; all at 1, 2, 4 pixels.
  const tree = { merges: Uint32Array.of(0, 1, 2, 0, 2, 3), heights: Float32Array.of(0.5, 1) };

  test('joins branches in the middle of what they hold, at their height', () => {
    const path = treePath(tree, Float64Array.of(1, 2, 4), { leaves: 100, root: 140, along: 'rows' });
    expect(path).toBe('M100,1H120V2H100M120,1.5H140V4H100');
    const below = treePath(tree, Float64Array.of(1, 2, 4), { leaves: 100, root: 140, along: 'columns' });
    expect(below).toBe('M1,100V120H2V100M1.5,120V140H4V100');
    expect(treeHeight(tree)).toBe(1);
  });

  test('leaves out places that are not shown', () => {
    const frame = { leaves: 0, root: 10, along: 'rows' } as const;
    expect(treePath(tree, Float64Array.of(1, NaN, 4), frame)).toBe('M0,1H10V4H0');
    expect(treePath(tree, Float64Array.of(NaN, NaN, 4), frame)).toBe('');
    expect(treePath({ merges: new Uint32Array(0), heights: new Float32Array(0) }, Float64Array.of(3), frame)).toBe('');
  });
});
