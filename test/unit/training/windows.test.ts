/** @file Document windows: every chunk scored once, with half a window of context, the same way for every range. */
import { describe, expect, it } from 'vitest';
import { documentWindows, fillWindow, nextWindow, windowOfChunk } from '../../../model/text/windows';

describe('documentWindows', () => {
  for (const context of [1, 2, 3, 5, 8, 64]) {
    for (const chunkCount of [1, 2, context, context + 1, 3 * context + 1]) {
      it(`scores each of ${chunkCount} chunks once with T = ${context}`, () => {
        const counts = new Array<number>(chunkCount).fill(0);
        for (const window of documentWindows(0, chunkCount, chunkCount, context)) {
          for (let chunk = window.scoreFrom; chunk < window.scoreTo; chunk++) {
            counts[chunk]!++;
            const place = chunk - window.firstTarget;
            expect(place).toBeGreaterThanOrEqual(0);
            expect(place).toBeLessThan(context);
            // Inputs before the target: place + 1 chunks, of which the first of window 0 is the start chunk.
            expect(place).toBeGreaterThanOrEqual(Math.min(chunk, Math.floor(context / 2)));
          }
        }
        expect(counts).toEqual(new Array<number>(chunkCount).fill(1));
      });
    }
  }

  it('uses the same window for a chunk whatever range is asked for', () => {
    const all = documentWindows(0, 100, 100, 8);
    for (let chunk = 0; chunk < 100; chunk++) {
      const [alone, ...rest] = documentWindows(chunk, chunk + 1, 100, 8);
      expect(rest).toEqual([]);
      const owner = all.find((window) => chunk >= window.scoreFrom && chunk < window.scoreTo);
      expect(alone!.firstTarget).toBe(owner!.firstTarget);
      expect(windowOfChunk(chunk, 100, 8).firstTarget).toBe(owner!.firstTarget);
    }
  });

  it('is empty for an empty range or document', () => {
    expect(documentWindows(0, 0, 0, 8)).toEqual([]);
    expect(documentWindows(5, 5, 10, 8)).toEqual([]);
    expect(documentWindows(12, 20, 10, 8)).toEqual([]);
  });

  it('follows the contract: chunk i in window max(0, ⌊i/h⌋ − 1)', () => {
    expect(windowOfChunk(0, 100, 8)).toEqual({ firstTarget: 0, scoreFrom: 0, scoreTo: 8 });
    expect(windowOfChunk(9, 100, 8)).toEqual({ firstTarget: 4, scoreFrom: 8, scoreTo: 12 });
    expect(windowOfChunk(99, 100, 8)).toEqual({ firstTarget: 92, scoreFrom: 96, scoreTo: 100 });
  });
});

describe('nextWindow', () => {
  it('is the nearer neighbour of the window of a chunk', () => {
    expect(nextWindow(9, 100, 8)).toEqual(windowOfChunk(7, 100, 8));
    expect(nextWindow(10, 100, 8)).toEqual(windowOfChunk(12, 100, 8));
    expect(nextWindow(7, 100, 8)).toEqual(windowOfChunk(8, 100, 8));
  });

  it('is none before the first and after the last', () => {
    expect(nextWindow(0, 100, 8)).toBeNull();
    expect(nextWindow(99, 100, 8)).toBeNull();
    expect(nextWindow(3, 4, 8)).toBeNull();
  });
});

describe('fillWindow', () => {
  const grid = Uint8Array.from({ length: 12 }, (_, i) => i + 1);

  it('puts the zero start chunk before the document and zeros after it', () => {
    const out = new Uint8Array(2 + 20).fill(99);
    fillWindow(grid, { firstTarget: 0, scoreFrom: 0, scoreTo: 3 }, 4, out, 2);
    expect([...out]).toEqual([99, 99, 0, 0, 0, 0, ...grid, 0, 0, 0, 0]);
  });

  it('begins with the chunk before the first target', () => {
    const out = new Uint8Array(12).fill(99);
    fillWindow(grid, { firstTarget: 2, scoreFrom: 2, scoreTo: 3 }, 2, out, 0);
    expect([...out]).toEqual([5, 6, 7, 8, 9, 10, 11, 12, 0, 0, 0, 0]);
  });
});
