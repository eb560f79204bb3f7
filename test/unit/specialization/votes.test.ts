/** @file Votes collected from a real model, the map over them, and where voters agree. */
import { describe, expect, it } from 'vitest';
import { isInspectionError } from '../../../model/inspection/documentChunk';
import { Inspector } from '../../../model/inspection/inspector';
import { findAgreement } from '../../../model/inspection/specialization/agreement';
import { collectVotes } from '../../../model/inspection/specialization/collectVotes';
import { contextLabels } from '../../../model/inspection/specialization/contexts';
import { specializationMap } from '../../../model/inspection/specialization/specializationMap';
import { encodeVote } from '../../../model/inspection/specialization/voteCodes';
import { voterCodes } from '../../../model/inspection/specialization/voteMatrix';
import { loadGolden } from '../inspection/goldenModel';
import { matrixOf } from './synthetic';

const utf8 = (text: string) => new TextEncoder().encode(text);
const TEXT = 'export const größe = [1, 2, 3];\n\tif (a > b) { return "x"; }\n'.repeat(8);

describe('collecting votes', () => {
  it.each(['paper', 'chained'] as const)('gives the votes that the inspection of a chunk shows (%s)', async (name) => {
    const model = await loadGolden(name);
    const texts = [
      { name: 'a.ts', bytes: utf8(TEXT) },
      { name: 'b.py', bytes: utf8('def f(x):\n    return x\n') },
    ];
    const told: number[] = [];
    const matrix = await collectVotes(model.inference, texts, {
      maxChunks: 1e6,
      onProgress: (done) => told.push(done),
    });
    const total = texts.reduce((sum, { bytes }) => sum + Math.floor(bytes.length / 4), 0);
    expect(matrix.chunks).toMatchObject({ count: total, totalChunks: total });
    expect(matrix.voters).toBe(32 * matrix.votersPerBit);
    expect(told.at(-1)).toBe(total);
    const inspector = new Inspector(model);
    for (const { text, firstChunk, column, count } of matrix.chunks.runs) {
      for (let i = 0; i < count; i += 5) {
        const document = { uri: '', version: 1, bytes: texts[text]!.bytes };
        const { votes } = await inspector.inspectChunk(document, 4 * (firstChunk + i), 0);
        for (let voter = 0; voter < matrix.voters; voter++) {
          // Two ways to compute a score differ in the last bits, which can move a vote over the edge of its code.
          const difference = voterCodes(matrix, voter)[column + i]! - encodeVote(votes[voter]!);
          expect(Math.abs(difference)).toBeLessThanOrEqual(1);
        }
      }
    }
    for (let voter = 0; voter < matrix.voters; voter += 7) {
      const counts = matrix.histograms.subarray(256 * voter, 256 * (voter + 1));
      for (let code = 0; code < 256; code++) {
        expect(counts[code]).toBe(voterCodes(matrix, voter).filter((found) => found === code).length);
      }
    }
    await model.inference.dispose();
  });

  it('spreads what it looks at evenly where texts are too long', async () => {
    const model = await loadGolden('paper');
    const texts = [0, 1, 2, 3].map((i) => ({ name: `${i}.ts`, bytes: utf8(TEXT.repeat(3)) }));
    const { chunks } = await collectVotes(model.inference, texts, { maxChunks: 300 });
    expect(chunks.count).toBeLessThanOrEqual(300);
    expect(chunks.count).toBeGreaterThan(200);
    expect(chunks.totalChunks).toBe(4 * Math.floor(utf8(TEXT.repeat(3)).length / 4));
    expect(new Set(chunks.runs.map(({ text }) => text))).toEqual(new Set([0, 1, 2, 3]));
    chunks.runs.forEach((run, i) => {
      if (i > 0) expect(run.column).toBe(chunks.runs[i - 1]!.column + chunks.runs[i - 1]!.count);
    });
    await model.inference.dispose();
  });

  it('refuses texts without a complete chunk, and stops when it is aborted', async () => {
    const model = await loadGolden('paper');
    const collect = (text: string, signal?: AbortSignal) =>
      collectVotes(model.inference, [{ name: 'a', bytes: utf8(text) }], {
        maxChunks: 10,
        ...(signal === undefined ? {} : { signal }),
      });
    const error: unknown = await collect('abc').catch((caught: unknown) => caught);
    expect(isInspectionError(error)).toBe(true);
    await expect(collect(TEXT, AbortSignal.abort())).rejects.toMatchObject({ name: 'AbortError' });
    await model.inference.dispose();
  });
});

describe('the specialization map', () => {
  it('shows a planted specialist in its context, and puts like voters side by side', async () => {
    const bytes = utf8('abc 12 XY\n'.repeat(200));
    const count = Math.floor(bytes.length / 4);
    const isDigit = (column: number) => bytes[4 * column]! >= 0x30 && bytes[4 * column]! <= 0x39;
    const isUpper = (column: number) => bytes[4 * column]! >= 0x58 && bytes[4 * column]! <= 0x59;
    const planted = matrixOf(8 * 32, count, (voter, column) => {
      if (voter % 8 === 2 || voter % 8 === 6) return isDigit(column) ? 0.9 : 0.1;
      if (voter % 8 === 4) return isUpper(column) ? 0.05 : 0.6;
      return 0.5 + 0.4 * Math.sin(voter + column * (1 + (voter % 8)));
    });
    const matrix = { ...planted, chunks: { ...planted.chunks, texts: [{ name: 'a.txt', bytes }] } };
    const map = await specializationMap(matrix, await contextLabels(matrix.chunks), 3);
    expect([...map.voters]).toEqual([24, 25, 26, 27, 28, 29, 30, 31]);
    const width = map.contexts.length;
    const at = (row: number, dimension: string, name: string) =>
      row * width + map.contexts.findIndex((context) => context.dimension === dimension && context.name === name);
    expect(map.auroc[at(2, 'character', 'digit')]).toBe(1);
    expect(map.auroc[at(4, 'character', 'upper case')]).toBe(0);
    expect(map.meanVotes[at(2, 'character', 'digit')]).toBeCloseTo(0.9, 1);
    expect(map.meanVotes[at(4, 'character', 'upper case')]).toBeCloseTo(0.05, 1);
    expect(map.maxVotes[2]).toBeCloseTo(0.9, 1);
    expect(map.maxVotes[4]).toBeCloseTo(0.6, 1);
    // One language only: nothing to compare.
    expect(map.contexts.some(({ dimension }) => dimension === 'language')).toBe(false);
    for (const { count: n } of map.contexts) expect(n).toBeGreaterThan(0);
    const order = [...map.voterOrder];
    expect(order.toSorted((a, b) => a - b)).toEqual([0, 1, 2, 3, 4, 5, 6, 7]);
    expect(Math.abs(order.indexOf(2) - order.indexOf(6))).toBe(1);
    expect([...map.contextOrder].sort((a, b) => a - b)).toEqual(map.contexts.map((_, i) => i));
    expect(map.voterTree!.heights.length).toBe(7);
    expect(map.contextTree.heights.length).toBe(map.contexts.length - 1);
    // All bits: each bit's voters stay together.
    const all = await specializationMap(matrix, await contextLabels(matrix.chunks), null);
    expect([...all.voterOrder].map((voter) => Math.floor(voter / 8))).toEqual(
      Array.from({ length: 256 }, (_, i) => Math.floor(i / 8)),
    );
    expect(all.auroc.slice(24 * width, 32 * width)).toEqual(map.auroc);
  });
});

describe('where voters agree', () => {
  // Three voters over ten chunks; the pattern is on, on, off.
  const ON = ['1100110011', '1101110011', '0010000110'];
  const matrix = matrixOf(32, 10, (voter, column) => (ON[voter]?.[column] === '1' ? 0.9 : 0.2));
  const pattern = { voters: [0, 1, 2], on: Uint8Array.from([1, 1, 0]), threshold: 0.5 };

  it('finds the places, of equal ones the longest first', async () => {
    const result = await findAgreement(matrix, pattern, { minAgreement: 1, limit: 10 });
    // Columns 0 1, 4 5 and 9 have 1, 1, 0; column 8 has 1, 1, 1.
    expect(result.runs.map(({ firstChunk, count }) => [firstChunk, count])).toEqual([
      [0, 2],
      [4, 2],
      [9, 1],
    ]);
    expect(result).toMatchObject({ found: 3, matchingChunks: 5 });
    expect([...result.histogram]).toEqual([2, 1, 2, 5]);
  });

  it('lets a share of them differ, and ranks by the share that agrees', async () => {
    const { runs, found } = await findAgreement(matrix, pattern, { minAgreement: 2 / 3, limit: 2 });
    // Columns 0 1 have three and three, 3 to 5 two, three and three, 8 9 two and three.
    expect(runs).toEqual([
      { text: 0, firstChunk: 0, count: 2, agreement: 1 },
      { text: 0, firstChunk: 3, count: 3, agreement: 8 / 9 },
    ]);
    expect(found).toBe(3);
  });

  it('ends a place where what was evaluated ends', async () => {
    const cut = {
      ...matrix,
      chunks: {
        ...matrix.chunks,
        runs: [
          { text: 0, firstChunk: 0, column: 0, count: 5 },
          { text: 1, firstChunk: 100, column: 5, count: 5 },
        ],
      },
    };
    const { runs } = await findAgreement(cut, pattern, { minAgreement: 1, limit: 10 });
    expect(runs.map(({ text, firstChunk, count }) => [text, firstChunk, count])).toEqual([
      [0, 0, 2],
      [0, 4, 1],
      [1, 100, 1],
      [1, 104, 1],
    ]);
  });
});
