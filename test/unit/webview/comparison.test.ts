/** @file The comparison's pure parts: spans and columns, words, counts, keys, the exported table. */
import { describe, expect, it } from 'vitest';
import { percent } from '../../../model/measures/numberText';
import { surpriseDifference } from '../../../model/measures/surpriseDifference';
import { bitCountRows, changedSentence, intervalText, totalBits } from '../../../webview/comparison/counts';
import {
  bitRowsOf,
  bitsPerByteLabel,
  chunkTexts,
  describeBit,
  describeChunk,
  describeColumn,
  sideTitle,
} from '../../../webview/comparison/describe';
import { headline } from '../../../webview/comparison/headline';
import { alongAction } from '../../../webview/comparison/keys';
import {
  chunkOfColumn,
  clampSpan,
  columnOf,
  followSpan,
  spanColumns,
  zoomSpan,
} from '../../../webview/comparison/span';
import { chunkRow, comparisonTable } from '../../../webview/comparison/tables';
import { votersSentence } from '../../../webview/comparison/voterRows';
import { partedText, partingSentence, sharedBytes } from '../../../webview/comparison/writing';
import { chunkPair, comparison, comparisonResult } from '../../webview/page/comparison';
import { provenance } from '../../webview/page/sample';

const bytes = new TextEncoder().encode('let größe = [1, 2]; // a comment →\n'.repeat(60)).slice(0, 1998);
const result = comparisonResult(bytes);

describe('spans', () => {
  it('lie within the text and have at least 16 chunks', () => {
    expect(clampSpan(null, 500)).toEqual({ first: 0, count: 500 });
    expect(clampSpan({ first: 490, count: 40 }, 500)).toEqual({ first: 460, count: 40 });
    expect(clampSpan({ first: -4, count: 1 }, 500)).toEqual({ first: 0, count: 16 });
    expect(clampSpan({ first: 3, count: 900 }, 7)).toEqual({ first: 0, count: 7 });
  });

  it('zoom around a chunk that stays where it is, and are the whole text at last', () => {
    const near = zoomSpan({ first: 0, count: 500 }, 2, 250, 500)!;
    expect(near.count).toBe(250);
    expect((250.5 - near.first) / near.count).toBeCloseTo(0.5, 1);
    expect(zoomSpan(near, 0.5, 250, 500)).toBeNull();
  });

  it('follow a chunk that is out of sight, and only that', () => {
    const span = { first: 100, count: 50 };
    expect(followSpan(span, 149, 500)).toBe(span);
    expect(followSpan(span, 150, 500)).toEqual({ first: 125, count: 50 });
    expect(followSpan(span, 499, 500)).toEqual({ first: 450, count: 50 });
  });
});

describe('on how many chunks B is less surprised', () => {
  const told = (changed: readonly [number, number], surpriseA: number[], surpriseB: number[]): string =>
    changedSentence({
      ...result,
      chunkCount: surpriseA.length,
      changed,
      surpriseA: Float32Array.from(surpriseA),
      surpriseB: Float32Array.from(surpriseB),
    });

  it('is told with the mean sizes: many small gains are less than a large loss', () => {
    expect(told([3, 1], [1, 1, 1, 1, 2], [0.75, 0.5, 0.75, 9, 2])).toBe(
      'B is less surprised than A in 3 chunks (by 0.333 bits on average), more in 1 (by 8 bits on average), alike in 1.',
    );
  });

  it('has no size where there is none, and an infinite one where a surprise is', () => {
    expect(told([0, 2], [1, Infinity, 1], [2, Infinity, Infinity])).toBe(
      'B is less surprised than A in 0 chunks, more in 2 (by ∞ bits on average), alike in 1.',
    );
  });
});

describe('headline', () => {
  const { a, b } = comparison(provenance(128), bytes);
  const none = { name: null, changes: [] };
  const two = { name: null, changes: [3, 17].map((voter) => ({ bit: 3, voter, vote: null })) };
  const measured = (ofA: number, ofB: number, low = 0.1, high = 0.4) =>
    ({ bitsPerByte: [ofA, ofB], differenceInterval: [low, high] }) as const;

  it('says what changed voters of one model cost', () => {
    const of = { a, b: a, voters: { a: none, b: two } };
    expect(headline(of, measured(1.6601, 1.9311))).toBe('Silencing 2 voters costs 0.271 bits per byte (1.66 → 1.93).');
    expect(headline(of, measured(1.93, 1.9))).toBe('Silencing 2 voters saves 0.0300 bits per byte (1.93 → 1.90).');
    expect(headline(of, measured(1.66, 1.66))).toBe('Silencing 2 voters leaves the bits per byte at 1.66.');
    expect(headline(of, measured(1.66, Infinity))).toBe('Silencing 2 voters costs ∞ bits per byte (1.66 → ∞).');
  });

  it('says how much more one of two has, also where both have changed voters', () => {
    const of = { a, b: { ...a, model: 'tiny' }, voters: { a: none, b: two } };
    expect(headline(of, measured(1.29, 1.41))).toBe('B has 0.120 bits per byte more than A (1.29 → 1.41).');
    expect(headline({ ...of, b: a, voters: { a: two, b: two } }, measured(1.41, 1.29))).toBe(
      'B has 0.120 bits per byte less than A (1.41 → 1.29).',
    );
    expect(headline(of, measured(1.29, 1.29))).toBe('A and B have the same bits per byte: 1.29.');
  });

  it('says how sure that is: of an upper bound, and of a text that is too short', () => {
    const of = { a, b, voters: { a: none, b: none } };
    expect(headline(of, measured(1.29, 1.41))).toBe('B has at most 0.120 bits per byte more than A (1.29 → ≤ 1.41).');
    expect(headline(of, measured(1.41, 1.29))).toBe('B has at least 0.120 bits per byte less than A (1.41 → ≤ 1.29).');
    expect(headline({ ...of, a: b, b: a }, measured(1.29, 1.41))).toMatch(/^B has at least .+ more than A \(≤ 1/);
    expect(headline({ ...of, b: a }, measured(1.29, 1.41, -0.3, 0.02))).toMatch(/too short to tell\.$/);
  });
});

describe('columns', () => {
  it('are the chunks where they fit', () => {
    const columns = spanColumns(result, { first: 10, count: 20 }, 600);
    expect(columns.count).toBe(20);
    expect([...columns.a]).toEqual([...result.surpriseA.subarray(10, 30)]);
    columns.difference.forEach((difference, k) => {
      expect(difference).toBe(result.surpriseA[10 + k]! - result.surpriseB[10 + k]!);
      expect(columns.outcomes[4 * k + result.outcomes[10 + k]!]).toBe(1);
      expect(columnOf(columns, 10 + k)).toBe(k);
      expect(chunkOfColumn(result, columns, k)).toBe(10 + k);
    });
  });

  it.each([7, 33, 100])('else are %d means that leave nothing out', (most) => {
    const { chunkCount } = result;
    const columns = spanColumns(result, { first: 0, count: chunkCount }, most);
    expect(columns.count).toBe(most);
    expect(columns.starts[0]).toBe(0);
    expect(columns.starts[most]).toBe(chunkCount);
    const size = (k: number): number => columns.starts[k + 1]! - columns.starts[k]!;
    const total = columns.a.reduce((sum, mean, k) => sum + mean * size(k), 0);
    expect(total).toBeCloseTo(
      result.surpriseA.reduce((sum, value) => sum + value, 0),
      6,
    );
    for (let k = 0; k < most; k++) {
      expect(columns.difference[k]).toBeCloseTo(columns.a[k]! - columns.b[k]!, 10);
      expect(columns.outcomes.subarray(4 * k, 4 * k + 4).reduce((sum, share) => sum + share)).toBeCloseTo(1, 10);
      const chunk = chunkOfColumn(result, columns, k);
      expect(columnOf(columns, chunk)).toBe(k);
      const difference = (of: number): number => Math.abs(result.surpriseA[of]! - result.surpriseB[of]!);
      for (let other = columns.starts[k]!; other < columns.starts[k + 1]!; other++) {
        expect(difference(chunk)).toBeGreaterThanOrEqual(difference(other));
      }
    }
  });

  it('of a model beside itself have no difference at all', () => {
    const equal = comparisonResult(bytes, { equal: true });
    const columns = spanColumns(equal, { first: 0, count: equal.chunkCount }, 37);
    expect(columns.difference.every((value) => value === 0)).toBe(true);
  });
});

describe('words', () => {
  it('of a chunk, of a column, of a bit', () => {
    expect(describeChunk(result, 0)).toEqual([
      '“let␣”',
      'chunk 1 of 500, byte 0',
      expect.stringMatching(/^surprise A − B: [\d.]+ − [\d.]+ = .+ bits$/) as string,
      'both right',
    ]);
    const columns = spanColumns(result, { first: 0, count: 100 }, 10);
    expect(describeColumn(columns, 1)[0]).toBe('chunks 11 to 20');
    const pair = chunkPair(bytes, 499);
    expect(describeBit(pair, 3)[0]).toMatch(/^bit 3 \(byte 0, value 16\): real [01]$/);
    expect(describeBit(pair, 31)[1]).toBe('padding: not scored');
    expect(bitRowsOf(pair)[31]!.slice(1)).toEqual(Array(8).fill('–'));
  });

  it('of texts are cut between characters, not within', () => {
    const text = new TextEncoder().encode('→→→→→→→→→→');
    for (let chunk = 0; chunk < 5; chunk++) {
      const { before, after } = chunkTexts(text, chunk);
      expect(before.startsWith('\\x'), `${chunk} ${before}`).toBe(false);
      expect(after.endsWith('→'), `${chunk} ${after}`).toBe(true);
    }
    expect(chunkTexts(bytes, 499).after).toBe('');
  });

  it('of texts show what is invisible, and spaces at the edge of a chunk', () => {
    const text = new TextEncoder().encode('x\u202e  ab \u200b');
    expect([0, 1, 2].map((chunk) => chunkTexts(text, chunk))).toEqual([
      { before: '', text: 'x\\u202E', after: '  ab \\u200B' },
      { before: 'x\\u202E', text: '␣␣ab', after: ' \\u200B' },
      { before: 'x\\u202E  ab', text: '␣\\u200B', after: '' },
    ]);
  });

  it('name the sides by what differs', () => {
    const side = {
      model: 'starter',
      checkpoint: 'abc',
      votersPerBit: 8,
      temperature: '1',
      aggregation: 'softmax',
      bitDecoding: 'chained' as const,
      document: 'a.ts',
    };
    expect(sideTitle('A', side, { ...side, checkpoint: 'def' })).toBe('A: starter abc');
    expect(sideTitle('B', { ...side, document: 'b.ts' }, side)).toBe('B: starter on b.ts');
    expect(bitsPerByteLabel(side)).toBe('');
    expect(bitsPerByteLabel({ ...side, bitDecoding: 'independent' })).toBe('≤ ');
  });

  it.each([
    [0, '0 %'],
    [1, '100 %'],
    [0.034, '3.4 %'],
    [0.5, '50 %'],
    [0.999, '99.9 %'],
  ])('%d is %s', (share, text) => {
    expect(percent(share)).toBe(text);
  });
});

it('counts of bits add to all bits, row by row', () => {
  expect(totalBits(result.bits).reduce((sum, count) => sum + count)).toBe(8 * bytes.length);
  const rows = bitCountRows(result.bits);
  expect(rows).toHaveLength(32);
  expect(rows[0]!.at(-1)).toBe('500');
  expect(rows[31]!.at(-1)).toBe('499');
});

it('tables have a chunk a row, exported without rounding', () => {
  expect(chunkRow(result, 2)[5]).toBe(
    ['both right', 'only A right', 'only B right', 'both wrong'][result.outcomes[2]!],
  );
  const { columns, rows } = comparisonTable(result);
  expect(rows).toHaveLength(500);
  for (const row of rows) expect(row).toHaveLength(columns.length);
  expect(rows[7]!.slice(4, 7)).toEqual([
    result.surpriseA[7],
    result.surpriseB[7],
    result.surpriseA[7]! - result.surpriseB[7]!,
  ]);
  const other = comparisonResult(bytes, { bytesB: bytes.map(() => 120) });
  expect(comparisonTable(other).rows[1]![3]).toBe('xxxx');
  expect(chunkRow(other, 1)[1]).toContain(' | xxxx');
});

it.each([
  ['ArrowLeft', { kind: 'move', chunk: 49 }],
  ['ArrowRight', { kind: 'move', chunk: 51 }],
  ['PageDown', { kind: 'move', chunk: 60 }],
  ['PageUp', { kind: 'move', chunk: 40 }],
  ['Home', { kind: 'move', chunk: 0 }],
  ['End', { kind: 'move', chunk: 499 }],
  ['+', { kind: 'zoom', factor: 2 }],
  ['-', { kind: 'zoom', factor: 0.5 }],
  ['0', { kind: 'whole' }],
  ['Enter', { kind: 'lock' }],
  [' ', { kind: 'toggleLock' }],
  ['x', null],
])('key %s', (key, expected) => {
  expect(alongAction(key, 50, { first: 0, count: 100 }, 500)).toEqual(expected);
});

describe('what both write', () => {
  const encode = (text: string) => new TextEncoder().encode(text);
  const side = (text: string, offset = 8) => ({
    offset,
    bytes: encode(text),
    surprise: 1,
    real: encode('real'),
    realSurprise: 2,
  });
  const both = (a: string, b: string, offset?: number) => ({
    checkpoints: ['a', 'b'] as const,
    a: side(a),
    b: side(b, offset),
  });

  it.each([
    ['the same', 'the same', 8],
    ['there', 'the rest', 3],
    ['the', 'the rest', 3],
    ['a', 'b', 0],
    ['', 'b', 0],
  ])('“%s” and “%s” share %d bytes', (a, b, shared) => {
    expect(sharedBytes(encode(a), encode(b))).toBe(shared);
  });

  it('parts at a whole character, not within one', () => {
    // ö and ø share their first byte.
    const [a, b] = [encode('grö\n'), encode('grøß')];
    const shared = sharedBytes(a, b);
    expect(shared).toBe(3);
    expect(partedText(a, shared)).toEqual(['gr', 'ö', '↵']);
    expect(partedText(b, shared)).toEqual(['gr', 'ø', 'ß']);
    expect(partedText(encode('gr'), 2)).toEqual(['gr', '', '']);
  });

  it('is said in a sentence', () => {
    expect(partingSentence(both('same', 'same'))).toBe('Both write the same 4 bytes.');
    expect(partingSentence(both('same', 'salt'))).toBe('They write the same 2 bytes, and differ from byte 10 on.');
    expect(partingSentence(both('same', 'other'))).toBe('They differ from their first byte on.');
    expect(partingSentence(both('same', 'salt', 7))).toBe('They begin at different bytes of their texts.');
  });
});

it('voters of a side are told by their name and by how many are changed', () => {
  const changes = [
    { bit: 3, voter: 1, vote: null },
    { bit: 3, voter: 2, vote: 1 },
  ];
  expect(votersSentence({ name: null, changes: [] })).toBe('all voters vote');
  expect(votersSentence({ name: null, changes })).toBe('1 voter silenced, 1 held');
  expect(votersSentence({ name: 'no vowels', changes })).toBe('“no vowels”: 1 voter silenced, 1 held');
});

it('differences without end are differences still, and the interval is told where there is one', () => {
  expect(surpriseDifference(Infinity, 3)).toBe(Infinity);
  expect(surpriseDifference(3, Infinity)).toBe(-Infinity);
  expect(surpriseDifference(Infinity, Infinity)).toBe(0);
  expect(intervalText(result)).toBe('95 %: −0.300 to +0.0200');
  expect(intervalText({ ...result, differenceInterval: null })).toBe('');
  expect(intervalText(comparisonResult(bytes, { equal: true }))).toBe('');
});
