/** @file Training windows: uniform over byte offsets and alignments, padding unscored, text starts reached, state saved. */
import { describe, expect, it } from 'vitest';
import type { CorpusFile } from '../../../model/text/corpus';
import { isCorpusError } from '../../../model/text/corpus';
import { chunkBits } from '../../../model/text/chunks';
import { Random } from '../../../model/text/random';
import { bitRates, WindowSampler } from '../../../model/text/sampler';

/** A file whose bytes tell where they come from: byte i is 1 + i mod 251, never 0. */
function file(path: string, length: number, first = 0): CorpusFile {
  return { path, bytes: Uint8Array.from({ length }, (_, i) => 1 + ((first + i) % 251)) };
}

/** Offset s of a window in a {@link file} below 251 bytes: from its first byte that is text. */
function startOf(window: Uint8Array): number {
  const place = window.findIndex((byte) => byte !== 0);
  return window[place]! - 1 - place;
}

/** The 0.9999 quantile of χ² by Wilson and Hilferty. */
function chiSquareBound(freedom: number): number {
  return freedom * (1 - 2 / (9 * freedom) + 3.72 * Math.sqrt(2 / (9 * freedom))) ** 3;
}

describe('WindowSampler', () => {
  it('draws every offset equally often, over files in proportion to their offsets', () => {
    const context = 3;
    const lengths = [60, 7, 25, 3, 4, 5];
    // Files are told apart by the values of their bytes.
    const firsts = [0, 70, 80, 110, 120, 130];
    const files = lengths.map((length, i) => file(`${i}`, length, firsts[i]));
    const sampler = new WindowSampler(files, context, Random.fromSeed(1));
    const counts = new Map<string, number>();
    const draws = 40_000;
    const { bytes } = sampler.next(draws);
    for (let i = 0; i < draws; i++) {
      const s = startOf(bytes.subarray(i * 16, (i + 1) * 16));
      const value = bytes.subarray(i * 16, (i + 1) * 16).find((byte) => byte !== 0)! - 1;
      const n = firsts.findLastIndex((first) => value >= first);
      const key = `${n}:${s - firsts[n]!}`;
      counts.set(key, (counts.get(key) ?? 0) + 1);
    }
    const expected: string[] = [];
    for (let s = -7; s <= 60 - 8; s++) expected.push(`0:${s}`);
    for (let s = -7; s <= 7 - 8; s++) expected.push(`1:${s}`);
    for (let s = -7; s <= 25 - 8; s++) expected.push(`2:${s}`);
    expected.push('4:-4', '5:-4', '5:-3');
    expect([...counts.keys()].sort()).toEqual([...expected].sort());
    const mean = draws / expected.length;
    const chiSquare = [...counts.values()].reduce((sum, count) => sum + (count - mean) ** 2 / mean, 0);
    expect(chiSquare).toBeLessThan(chiSquareBound(expected.length - 1));
  });

  it('draws all four alignments equally often', () => {
    const sampler = new WindowSampler([file('a', 240)], 4, Random.fromSeed(2));
    const counts = [0, 0, 0, 0];
    const { bytes } = sampler.next(20_000);
    for (let i = 0; i < 20_000; i++) counts[(startOf(bytes.subarray(i * 20, (i + 1) * 20)) + 8) % 4]!++;
    const chiSquare = counts.reduce((sum, count) => sum + (count - 5000) ** 2 / 5000, 0);
    expect(chiSquare).toBeLessThan(chiSquareBound(3));
  });

  it('cuts windows out of the text, zeros before it and after it, and scores whole chunks of text only', () => {
    const context = 5;
    const width = 4 * (context + 1);
    const text = file('a', 50).bytes;
    const sampler = new WindowSampler([{ path: 'a', bytes: text }], context, Random.fromSeed(3));
    const seen = new Set<number>();
    for (let batch = 0; batch < 100; batch++) {
      const { bytes, scored } = sampler.next(8);
      expect([bytes.length, scored.length]).toEqual([8 * width, 8 * context]);
      for (let i = 0; i < 8; i++) {
        const window = bytes.subarray(i * width, (i + 1) * width);
        const s = startOf(window);
        seen.add(s);
        const expected = Array.from({ length: width }, (_, n) => text[s + n] ?? 0);
        expect([...window]).toEqual(expected);
        const mask = [...scored.subarray(i * context, (i + 1) * context)];
        expect(mask).toEqual(
          Array.from({ length: context }, (_, t) => {
            const target = s + 4 * (t + 1);
            return target >= 0 && target + 4 <= text.length ? 1 : 0;
          }),
        );
        expect(mask).toContain(1);
      }
    }
    // The start chunk as inspection has it and the three ways in which completion has it, and the last chunk.
    for (const s of [-7, -6, -5, -4, 50 - 8]) expect(seen).toContain(s);
  });

  it('scores every byte of the text that any window can predict', () => {
    for (const length of [4, 5, 6, 7, 8, 9, 40]) {
      const sampler = new WindowSampler([file('a', length)], 3, Random.fromSeed(4));
      const predicted = new Set<number>();
      const { bytes, scored } = sampler.next(3000);
      for (let i = 0; i < 3000; i++) {
        for (let t = 0; t < 3; t++) {
          if (scored[i * 3 + t] === 0) continue;
          for (let n = 0; n < 4; n++) predicted.add(bytes[i * 16 + 4 * (t + 1) + n]! - 1);
        }
      }
      expect([...predicted].sort((a, b) => a - b)).toEqual(Array.from({ length }, (_, i) => i));
    }
  });

  it('goes on bit by bit from a saved state', () => {
    const files = [file('a', 200), file('b', 90), file('c', 9)];
    const sampler = new WindowSampler(files, 6, Random.fromSeed(7));
    for (let i = 0; i < 20; i++) {
      sampler.next(4);
      const resumed = new WindowSampler(files, 6, Random.fromState(sampler.state()));
      for (let n = 0; n < 3; n++) expect(resumed.next(5)).toEqual(sampler.next(5));
      expect(resumed.state()).toEqual(sampler.state());
    }
  });

  it('says in one sentence that there is nothing to draw from', () => {
    try {
      new WindowSampler([file('a', 3), file('b', 1)], 8, Random.fromSeed(1));
      expect.unreachable();
    } catch (error) {
      expect(isCorpusError(error)).toBe(true);
      expect((error as Error).message).toBe(
        'The text has no file of at least 4 bytes among 2, expected one to draw windows from.',
      );
    }
  });

  it('is fast: a batch of 16 windows of 65 chunks in 0.1 ms', () => {
    const files = Array.from({ length: 3000 }, (_, i) => file(`${i}`, 100 + (i % 5000)));
    const sampler = new WindowSampler(files, 64, Random.fromSeed(1));
    for (let i = 0; i < 300; i++) sampler.next(16);
    const times = Array.from({ length: 20 }, () => {
      const before = performance.now();
      for (let i = 0; i < 50; i++) sampler.next(16);
      return (performance.now() - before) / 50;
    });
    expect(Math.min(...times)).toBeLessThan(0.1);
  });
});

describe('bitRates', () => {
  it('is the share of ones over all chunks at all alignments', () => {
    const random = Random.fromSeed(8);
    const files = [0, 3, 4, 5, 23, 64].map((length, i) => ({
      path: `${i}`,
      bytes: Uint8Array.from({ length }, () => random.integer(256)),
    }));
    const ones = new Array<number>(32).fill(0);
    let chunks = 0;
    for (const { bytes } of files) {
      for (let s = 0; s + 4 <= bytes.length; s++) {
        chunkBits(bytes.subarray(s, s + 4), 0).forEach((bit, b) => (ones[b]! += bit));
        chunks++;
      }
    }
    expect(chunks).toBe(1 + 2 + 20 + 61);
    bitRates(files).forEach((rate, b) => {
      expect(rate).toBeCloseTo(ones[b]! / chunks, 6);
    });
  });

  it('is ½ where there is no chunk and 0 for the top bits of ASCII', () => {
    expect([...bitRates([{ path: 'a', bytes: new Uint8Array(3) }])]).toEqual(new Array(32).fill(0.5));
    const rates = bitRates([{ path: 'a', bytes: new TextEncoder().encode('hello there') }]);
    for (const b of [0, 8, 16, 24]) expect(rates[b]).toBe(0);
  });
});
