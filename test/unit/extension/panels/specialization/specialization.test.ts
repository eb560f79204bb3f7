/** @file The host's part of the Specialization map without VS Code: answers of the model process as the webview shows them. */
import { describe, expect, test } from 'vitest';
import {
  agreementOf,
  conceptOf,
  conceptText,
  figuresOf,
  mapOf,
  RANKED,
  rankingOf,
} from '../../../../../extension/panels/specialization/specializationData';
import type { StatisticsSummary, VoterDashboard } from '../../../../../model/protocol/statistics';
import type { AnalysisProvenance, ConceptSearchResult } from '../../../../../model/protocol/voterAnalyses';
import { placeIn } from '../../../../../model/text/place';

const provenance: AnalysisProvenance = {
  checkpoint: '0123456789ab',
  votersPerBit: 8,
  temperatures: new Float32Array(32).fill(2),
  chunks: 500,
  totalChunks: 900,
  texts: ['a.txt'],
  skipped: [],
};

test('a map keeps its numbers, its N and its order', () => {
  const result = {
    contexts: [{ dimension: 'syntax', name: 'string', count: 40 }],
    voters: Uint32Array.from({ length: 8 }, (_, index) => 16 + index),
    meanVotes: new Float32Array(8).fill(0.25),
    auroc: new Float32Array(8).fill(0.75),
    maxVotes: new Float32Array(8).fill(0.9),
    voterOrder: Uint32Array.of(7, 6, 5, 4, 3, 2, 1, 0),
    voterTree: { merges: Uint32Array.of(0, 1, 2), heights: Float32Array.of(0.5) },
    contextOrder: Uint32Array.of(0),
    contextTree: { merges: new Uint32Array(0), heights: new Float32Array(0) },
    provenance,
    milliseconds: 1,
  } as const;
  expect(mapOf(result, 2, 'a.txt')).toEqual({
    bit: 2,
    contexts: result.contexts,
    meanVotes: result.meanVotes,
    auroc: result.auroc,
    maxVotes: result.maxVotes,
    voterOrder: result.voterOrder,
    voterTree: result.voterTree,
    contextOrder: result.contextOrder,
    contextTree: result.contextTree,
    chunks: 500,
    totalChunks: 900,
    measuredOn: 'a.txt',
  });
});

describe('concepts', () => {
  test('a regular expression keeps its options', () => {
    const query = { kind: 'regex', pattern: 'x+', ignoreCase: true, begins: true } as const;
    expect(conceptOf(query, 'file:///a', [])).toEqual({ kind: 'regex', pattern: 'x+', flags: 'imu', place: 'begins' });
    expect(conceptOf({ ...query, ignoreCase: false, begins: false }, 'file:///a', [])).toEqual({
      kind: 'regex',
      pattern: 'x+',
      flags: 'mu',
      place: 'overlaps',
    });
    expect(conceptText(query)).toBe('/x+/i, where it begins');
  });

  test('a selection is ranges of bytes in its document', () => {
    expect(conceptOf({ kind: 'selection' }, 'file:///a', [{ start: 3, end: 9 }])).toEqual({
      kind: 'selection',
      ranges: [{ name: 'file:///a', start: 3, end: 9 }],
      place: 'overlaps',
    });
  });
});

test('a ranking names voters by bit and number, the best first, and no more than are read', () => {
  const V = 32 * 8;
  const numbers = Float64Array.from({ length: V }, (_, voter) => voter / V);
  const order = Uint32Array.from({ length: V }, (_, place) => V - 1 - place);
  const result: ConceptSearchResult = {
    auroc: Float32Array.from(numbers),
    p: numbers,
    q: numbers,
    information: Float32Array.from(numbers),
    informationP: numbers,
    informationQ: numbers,
    medianInside: Float32Array.from(numbers),
    medianOutside: Float32Array.from(numbers),
    voting: 200,
    higher: order.subarray(0, 70),
    lower: Uint32Array.of(4),
    informed: order.toReversed(),
    isSmallSample: true,
    shuffles: 64,
    blockLength: 8,
    labelled: 20,
    provenance,
    milliseconds: 1,
  };
  const ranking = rankingOf(result, '/x/', 'a.txt');
  expect(ranking.higher.count).toBe(70);
  expect(ranking.higher.best.length).toBe(RANKED);
  expect(ranking.higher.best[0]).toMatchObject({ bit: 31, voter: 7, auroc: 255 / 256 });
  expect(ranking.higher.best[9]).toMatchObject({ bit: 30, voter: 6 });
  expect(ranking.lower).toMatchObject({ count: 1, best: [{ bit: 0, voter: 4 }] });
  expect(ranking.informed.best[0]).toMatchObject({ bit: 0, voter: 0 });
  expect(ranking).toMatchObject({ labelled: 20, chunks: 500, voters: V, voting: 200, isSmallSample: true });
});

test('places of agreement', () => {
  const place = placeIn(Buffer.from('before, abcd, after'), 8, 4);
  const shown = {
    ...{ name: '/w/a.ts', offset: 8, length: 4, before: 'before, ', text: 'abcd', after: ', after' },
    ...{ chunks: 1, agreement: 1, isOrigin: true },
  };
  const list = agreementOf(
    {
      voters: Uint32Array.of(16, 17),
      on: Uint8Array.of(1, 1),
      places: [{ ...shown, place }],
      found: 9,
      matchingChunks: 11,
      histogram: new Uint32Array(3),
      provenance,
      milliseconds: 1,
    },
    { bit: 2, offset: 8, minAgreement: 0.8 },
    'a.ts',
    (name) => name.slice(3),
  );
  expect(list).toMatchObject({
    bit: 2,
    offset: 8,
    minAgreement: 0.8,
    voters: 2,
    found: 9,
    matchingChunks: 11,
    chunks: 500,
  });
  expect(list.places).toEqual([{ ...shown, file: 'a.ts' }]);
});

test('figures of a voter: classes with their N, examples, and a file that has changed', () => {
  const place = placeIn(Buffer.from('before, after'), 4, 4);
  const dashboard: VoterDashboard = {
    bit: 1,
    voter: 2,
    checkpoint: '0123456789ab',
    samples: [300, 200],
    zeros: new Int32Array(64),
    ones: new Int32Array(64),
    means: [0.1, 0.9],
    variances: [0.01, 0.02],
    minimum: 0,
    maximum: 1,
    meanWeight: 0.1,
    largeWeightShare: 0.2,
    density: 0.4,
    invertedShare: 0,
    auroc: 0.9,
    classes: ['narrow', 'twin'],
    automaticName: null,
    nearest: null,
    top: [
      { path: '/w/a.ts', offset: 4, place, vote: 0.9, text: { before: 'be', chunk: 'fore', after: 'af' } },
      { path: '/w/b.ts', offset: 8, place, vote: 0.8, text: null },
    ],
    sample: [],
  };
  const summary = {
    files: ['/w/a.ts', '/w/b.ts'],
    votersPerBit: 4,
    classes: [
      { name: 'dead', voters: 100 },
      { name: 'narrow', voters: 20 },
      { name: 'twin', voters: 12 },
    ],
  } as unknown as StatisticsSummary;
  const figures = figuresOf(dashboard, summary, (path) => path.slice(3));
  expect(figures.classes).toEqual([
    { name: 'narrow', voters: 20, of: 28 },
    { name: 'twin', voters: 12, of: 28 },
  ]);
  const dead = figuresOf({ ...dashboard, classes: ['dead'] }, summary, (path) => path);
  expect(dead.classes).toEqual([{ name: 'dead', voters: 100, of: 128 }]);
  expect(figures.top[0]).toMatchObject({ file: 'a.ts', before: 'be', text: 'fore', after: 'af', vote: 0.9 });
  expect(figures.top[1]!.text).toMatch(/changed/);
  expect(figures.measuredOn).toBe('2 files');
  expect(figuresOf(dashboard, { ...summary, title: 'held-out text' }, (path) => path).measuredOn).toBe('held-out text');
  expect(figuresOf(dashboard, { ...summary, files: ['/w/a.ts'] }, (path) => path.slice(3)).measuredOn).toBe('a.ts');
});
