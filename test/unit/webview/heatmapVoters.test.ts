/** @file Rows of voters, how they are painted, what is filled in first, and how picture and editor follow each other. */
import { describe, expect, it } from 'vitest';
import { bandAt, rowBands, rowEdges, votersAt } from '../../../webview/heatmap/picture/bands';
import type { Column } from '../../../webview/heatmap/picture/cells';
import { fillOrder, MOST_FILLED } from '../../../webview/heatmap/measured/fill';
import { nestedStart, ScrollLink } from '../../../webview/heatmap/moving/scrolling';
import { mostVoterTiles, sliceVoters } from '../../../webview/heatmap/measured/tiles';
import type { VoterColumn } from '../../../webview/heatmap/picture/voterCells';
import { VoterPainter, voterRowAt, voterRowOf, voterRows } from '../../../webview/heatmap/picture/voterCells';
import { VOTER_MEASURES } from '../../../webview/heatmap/measured/voterMeasures';
import type { RangeInspection, VoterTile } from '../../../model/protocol/inspection';

/** What a tile is of. */
const ANSWER = { checkpoint: '3f9c1ab27d40' };

describe('rows of voters', () => {
  it('share the pixels of their bit without one left out or shown twice', () => {
    for (const [height, voters] of [
      [15, 128],
      [128, 128],
      [500, 128],
      [3, 7],
      [40, 1],
    ] as const) {
      const seen = new Set<number>();
      for (let y = 0; y < height; y++) {
        const { first, end } = votersAt(y, height, voters);
        expect(end).toBeGreaterThan(first);
        for (let voter = first; voter < end; voter++) seen.add(voter);
      }
      expect([...seen]).toEqual(Array.from({ length: voters }, (_, voter) => voter));
    }
  });

  it('are found again where they are drawn', () => {
    const bands = rowBands('voters', 0, 480, 4);
    for (const [bit, voter] of [
      [0, 0],
      [9, 77],
      [31, 127],
    ] as const) {
      const [top, bottom] = rowEdges(bands, bit, voter, 128)!;
      const band = bandAt(bands, (top + bottom) / 2);
      expect(bands.bits[band]).toBe(bit);
      const height = bands.bottoms[band]! - bands.tops[band]!;
      const { first, end } = votersAt(Math.floor(top - bands.tops[band]!), height, 128);
      expect(voter).toBeGreaterThanOrEqual(first);
      expect(voter).toBeLessThan(end);
    }
    const one = rowBands('bit', 5, 480, 4);
    expect(one.bits).toEqual([5]);
    expect(rowEdges(one, 4, 0, 128)).toBeNull();
    expect(rowEdges(one, 5, null, 128)).toEqual([0, 480]);
  });
});

describe('the voter at a pixel', () => {
  it.each([8, 100, 128])('is one of the row that is painted there, of %d voters at every height', (voters) => {
    for (let height = 64; height <= 600; height++) {
      const rows = voterRows(rowBands('voters', 0, height, 4), voters);
      expect(rows.map(({ first }) => first)).toEqual([0, ...rows.slice(0, -1).map(({ end }) => end)]);
      for (const row of rows) {
        for (let y = row.top; y < row.bottom; y++)
          if (voterRowAt(rows, y) !== row) expect.fail(`${height}: pixel ${y}`);
      }
      if (height % 97 !== 0) continue;
      for (const row of rows) {
        for (const voter of [row.first, row.end - 1]) expect(voterRowOf(rows, voter)).toBe(row);
      }
    }
  });

  it('is of the nearest row where the pixel is in a gap, and none where its bit is not shown', () => {
    const rows = voterRows(rowBands('voters', 0, 480, 4), 128);
    const last = rows.filter(({ bit }) => bit === 7).at(-1)!;
    expect(voterRowAt(rows, last.bottom)).toBe(last);
    expect(voterRowAt(rows, last.bottom + 3).bit).toBe(8);
    expect(voterRowAt(rows, -9)).toBe(rows[0]);
    expect(voterRowOf(voterRows(rowBands('bit', 5, 480, 4), 128), 4 * 128)).toBeNull();
  });
});

describe('paintVoters', () => {
  const M = 4;
  const codes = Uint8Array.from({ length: 32 * M * 3 }, (_, index) => (index * 37) % 256);
  const tile: VoterTile = { ...ANSWER, votersPerBit: M, firstChunk: 0, count: 3, quantity: 'vote', codes };
  /** Colours that are their own codes. */
  const pixels = Uint32Array.from({ length: 256 }, (_, code) => (0xff000000 | code) >>> 0);
  const bits = new Uint8Array(96).map((_, index) => (index % 3 === 0 ? 1 : 0));
  const measured = { tile: { bits } as RangeInspection, local: 0 };
  const columns: readonly Column[] = [0, 1, 2].map((chunk) => ({
    chunk,
    left: 2 * chunk,
    right: 2 * chunk + 2,
    measured: { ...measured, local: chunk },
    faded: false,
    scored: chunk === 2 ? 8 : 32,
  }));
  const voters: readonly VoterColumn[] = [0, 1, 2].map((local) => ({ tile, local, faded: local === 1 }));

  function paint(fromReal: boolean, known: readonly (VoterColumn | null)[], height = 64): Uint32Array {
    const image = new Uint32Array(6 * height);
    const bands = rowBands('voters', 0, height, 0);
    const rows = voterRows(bands, M);
    new VoterPainter().paint(image, 6, 1, { columns, voters: known, rows, pixels, fromReal });
    return image;
  }

  it('shows the largest code of the voters that share a pixel row', () => {
    const image = paint(false, voters);
    // Two pixel rows a bit, two voters each.
    for (const [bit, half, chunk] of [
      [0, 0, 0],
      [7, 1, 2],
      [31, 1, 0],
    ] as const) {
      const voter = bit * M + 2 * half;
      const expected = Math.max(codes[voter * 3 + chunk]!, codes[(voter + 1) * 3 + chunk]!);
      for (const x of [2 * chunk, 2 * chunk + 1]) expect(image[6 * (2 * bit + half) + x]! & 0xff).toBe(expected);
    }
  });

  it('counts from the real bit where that is asked for', () => {
    const image = paint(true, voters);
    const expected = (bit: number, chunk: number): number => {
      const both = [codes[bit * M * 3 + chunk]!, codes[(bit * M + 1) * 3 + chunk]!];
      return Math.max(...both.map((code) => (bits[32 * chunk + bit] === 1 ? 255 - code : code)));
    };
    for (const bit of [0, 1, 2, 3]) expect(image[6 * 2 * bit]! & 0xff).toBe(expected(bit, 0));
  });

  it('fades what an edit has made old, and leaves out padding and what is not known', () => {
    const image = paint(false, [voters[0]!, voters[1]!, null]);
    expect(image[0]! >>> 24).toBe(0xff);
    expect(image[2]! >>> 24).toBe(0x48);
    expect(image[4]).toBe(0);
    const padded = paint(false, voters);
    expect(padded[6 * 2 * 7 + 4]! >>> 24).toBe(0xff);
    expect(padded[6 * 2 * 8 + 4]).toBe(0);
  });
});

describe('tiles of voters', () => {
  it('are cut voter by voter', () => {
    const codes = Uint8Array.from({ length: 32 * 10 }, (_, index) => index % 256);
    const tile: VoterTile = { ...ANSWER, votersPerBit: 1, firstChunk: 100, count: 10, quantity: 'vote', codes };
    expect(sliceVoters(tile, 100, 10)).toBe(tile);
    const part = sliceVoters(tile, 103, 4);
    expect(part.codes.length).toBe(128);
    expect(Array.from(part.codes.subarray(4, 8))).toEqual([13, 14, 15, 16]);
  });

  it('are kept within 8 MB, and never fewer than the screen can show', () => {
    expect(mostVoterTiles(128)).toBe(8);
    expect(mostVoterTiles(8)).toBe(128);
    expect(mostVoterTiles(1024)).toBe(6);
  });
});

describe('voter measures', () => {
  it('say what a code is', () => {
    expect(VOTER_MEASURES.vote.format(255, 128)).toBe('v ≈ 1.000');
    expect(VOTER_MEASURES.weight.format(128, 128)).toMatch(/^w ≈ 0\.0079/);
    expect(VOTER_MEASURES.weight.format(255, 128)).toBe('w ≥ 0.250');
    expect(VOTER_MEASURES.weight.format(0, 128)).toMatch(/^w ≤ /);
    expect(VOTER_MEASURES.mistake.format(51, 128)).toBe('|v − real bit| ≈ 0.200');
  });
});

describe('fillOrder', () => {
  it('names every tile of a small document once', () => {
    for (const tiles of [0, 1, 2, 5, 100, MOST_FILLED]) {
      expect(Array.from(fillOrder(tiles)).sort((a, b) => a - b)).toEqual(
        Array.from({ length: tiles }, (_, tile) => tile),
      );
    }
  });

  it('spreads over a large one, coarsely first', () => {
    const order = fillOrder(1024);
    expect(order.length).toBe(MOST_FILLED);
    expect(new Set(order).size).toBe(MOST_FILLED);
    const first = Array.from(order.subarray(0, 8)).sort((a, b) => a - b);
    for (let i = 1; i < first.length; i++) expect(first[i]! - first[i - 1]!).toBe(128);
  });
});

describe('scrolling together', () => {
  it('moves as little as is needed to lie within, or around', () => {
    const larger = { start: 100, length: 200 };
    expect(nestedStart(150, 50, larger)).toBe(150);
    expect(nestedStart(20, 50, larger)).toBe(100);
    expect(nestedStart(290, 50, larger)).toBe(250);
    const smaller = { start: 100, length: 20 };
    expect(nestedStart(90, 60, smaller)).toBe(90);
    expect(nestedStart(110, 60, smaller)).toBe(100);
    expect(nestedStart(10, 60, smaller)).toBe(60);
  });

  it('takes the editor along, and does not follow its echo', () => {
    const link = new ScrollLink();
    const window = { start: 500, span: 100 };
    expect(link.windowMoved(window, { firstChunk: 520, count: 40 }, 0)).toBeNull();
    expect(link.windowMoved(window, { firstChunk: 100, count: 40 }, 0)).toBe(500);
    expect(link.windowMoved(window, { firstChunk: 700, count: 40 }, 0)).toBe(560);
    // On its way to 560, and there to the beginning of a line.
    expect(link.editorMoved(window, { firstChunk: 640, count: 40 }, 100)).toBe(window);
    expect(link.editorMoved(window, { firstChunk: 555, count: 50 }, 900)).toBe(window);
    // Away from there: the user scrolls.
    expect(link.editorMoved(window, { firstChunk: 300, count: 40 }, 1000)).toEqual({ start: 300, span: 100 });
    expect(link.editorMoved(window, { firstChunk: 590, count: 40 }, 9000)).toEqual({ start: 530, span: 100 });
    // On a busy machine the editor answers late.
    expect(link.windowMoved(window, { firstChunk: 700, count: 40 }, 20_000)).toBe(560);
    expect(link.editorMoved(window, { firstChunk: 562, count: 40 }, 25_000)).toBe(window);
    expect(link.editorMoved(window, { firstChunk: 590, count: 40 }, 25_100)).toEqual({ start: 530, span: 100 });
  });

  it('does nothing without an editor', () => {
    const link = new ScrollLink();
    const window = { start: 500, span: 100 };
    expect(link.windowMoved(window, { firstChunk: 0, count: 0 }, 0)).toBeNull();
    expect(link.editorMoved(window, { firstChunk: 0, count: 0 }, 0)).toBe(window);
  });
});
