/** @file The heatmap without its page: text of a chunk, window, tiles, requests, measures, summary. */
import { describe, expect, it } from 'vitest';
import { describeCell, describeStrip, describeWindow } from '../../../webview/heatmap/describe';
import { heatmapTable } from '../../../webview/heatmap/exportTable';
import { chunkRow } from '../../../webview/heatmap/heatmapTable';
import {
  effectiveVotersOf,
  MEASURES,
  mistakesOf,
  rangeOf,
  scoredBits,
  summaryOf,
} from '../../../webview/heatmap/measured/measures';
import { DocumentSummary, MOST_BINS } from '../../../webview/heatmap/measured/summary';
import { Requests } from '../../../webview/heatmap/measured/requests';
import { MOST_TILES, TILE_CHUNKS, MOST_REQUESTED, sliceTile, TileStore } from '../../../webview/heatmap/measured/tiles';
import {
  clampWindow,
  followChunk,
  LEAST_SPAN,
  MOST_SPAN,
  openingWindow,
  visibleChunks,
  zoomWindow,
} from '../../../webview/heatmap/moving/window';
import type { RangeInspection } from '../../../model/protocol/inspection';
import type { MemoryReading } from '../../../model/protocol/memory';
import type { HeatmapTile } from '../../../model/protocol/panels/heatmap';

/** A tile whose surprise is the chunk's number. */
function tile(firstChunk: number, count: number): RangeInspection {
  return {
    checkpoint: '3f9c1ab27d40',
    chunkCount: firstChunk + count,
    firstChunk,
    count,
    bytes: new Uint8Array(4 * count),
    bits: new Uint8Array(32 * count),
    probabilities: new Float32Array(32 * count).fill(0.25),
    effectiveVoters: new Float32Array(32 * count).fill(3),
    density: new Float32Array(32 * count).fill(0.5),
    activeVoters: new Uint16Array(32 * count),
    surprise: Float32Array.from({ length: count }, (_, local) => firstChunk + local),
  };
}

describe('text of a chunk', () => {
  const text = new TextEncoder().encode(' \u200bab\u00ad');
  const store = new TileStore<RangeInspection>(sliceTile, MOST_TILES);
  store.use('1', false);
  store.add({ ...tile(0, 2), bytes: Uint8Array.of(...text, 0, 0) });
  const content = {
    ...{ store, voters: null, first: 0, count: 2, chunkCount: 2, byteLength: text.length },
    measure: 'surprise' as const,
  };
  const shown = ['␣\\u200B', 'ab\\u00AD'];

  it.each([0, 1])('shows what is invisible in tooltip, table and export: chunk %d', (chunk) => {
    const described = { store, byteLength: text.length, measure: MEASURES.surprise };
    const lines = describeCell(described, null, { chunk, bit: null, voter: null });
    expect(lines[0]).toBe(`“${shown[chunk]!}” · chunk ${chunk + 1}, byte ${4 * chunk}`);
    expect(chunkRow(content, chunk)[1]).toBe(shown[chunk]);
    expect(heatmapTable(content).rows[chunk]![2]).toBe(shown[chunk]);
  });
});

describe('window', () => {
  it('stays in the document and never has more chunks than pixels', () => {
    expect(clampWindow({ start: -5, span: 50 }, 800, 100)).toEqual({ start: 0, span: 50 });
    expect(clampWindow({ start: 90, span: 50 }, 800, 100)).toEqual({ start: 50, span: 50 });
    expect(clampWindow({ start: 0, span: 1e6 }, 800, 1e6).span).toBe(800);
    expect(clampWindow({ start: 0, span: 1e6 }, 4000, 1e6).span).toBe(MOST_SPAN);
    expect(clampWindow({ start: 10, span: 1 }, 800, 100).span).toBe(LEAST_SPAN);
    expect(clampWindow({ start: 3, span: 50 }, 800, 5)).toEqual({ start: 0, span: 5 });
  });

  it('zooms around a chunk that stays where it is', () => {
    const window = zoomWindow({ start: 100, span: 100 }, 2, 125);
    expect(window).toEqual({ start: 112.5, span: 50 });
    expect((125 - window.start) / window.span).toBe(0.25);
  });

  it('moves only to what it does not show', () => {
    const window = { start: 100, span: 50 };
    expect(followChunk(window, 100)).toBe(window);
    expect(followChunk(window, 149)).toBe(window);
    expect(followChunk(window, 150)).toEqual({ start: 125.5, span: 50 });
    expect(followChunk(window, 99)).toEqual({ start: 74.5, span: 50 });
  });

  it('counts chunks that are seen in part', () => {
    expect(visibleChunks({ start: 10.5, span: 5 }, 100)).toEqual({ first: 10, count: 6 });
    expect(visibleChunks({ start: 10, span: 5 }, 100)).toEqual({ first: 10, count: 5 });
    expect(visibleChunks({ start: 98, span: 5 }, 100)).toEqual({ first: 98, count: 2 });
  });

  it('opens on what the editor shows', () => {
    const { start, span } = openingWindow({ firstChunk: 100, count: 100 });
    expect(start).toBeLessThan(100);
    expect(start + span).toBeGreaterThan(200);
  });
});

describe('TileStore', () => {
  it('finds what it was given, whatever the tile’s borders', () => {
    const store = new TileStore(sliceTile, MOST_TILES);
    store.use('1', false);
    expect(store.add(tile(0, 2 * TILE_CHUNKS + 10)).length).toBe(3);
    for (const chunk of [0, TILE_CHUNKS - 1, TILE_CHUNKS, 2 * TILE_CHUNKS + 9]) {
      const measured = store.measured(chunk)!;
      expect(measured.tile.surprise[measured.local]).toBe(chunk);
    }
    expect(store.measured(2 * TILE_CHUNKS + 10)).toBeNull();
    expect(store.add(tile(0, 2 * TILE_CHUNKS + 10))).toEqual([]);
  });

  it('names what is missing in whole tiles and no more than a request may ask', () => {
    const store = new TileStore(sliceTile, MOST_TILES);
    store.use('1', false);
    expect(store.missing({ first: 300, count: 10 }, 10_000)).toEqual({ first: 256, count: 256 });
    expect(store.missing({ first: 0, count: 5000 }, 10_000)).toEqual({ first: 0, count: MOST_REQUESTED });
    expect(store.missing({ first: 9900, count: 100 }, 9990)).toEqual({ first: 9728, count: 262 });
    store.add(tile(256, 256));
    expect(store.missing({ first: 300, count: 10 }, 10_000)).toBeNull();
    expect(store.missing({ first: 0, count: 600 }, 10_000)).toEqual({ first: 0, count: 256 });
  });

  it('is bounded, and keeps what is looked at', () => {
    const store = new TileStore(sliceTile, MOST_TILES);
    store.use('1', false);
    store.add(tile(0, TILE_CHUNKS));
    for (let number = 1; number < 3 * MOST_TILES; number++) {
      store.touch({ first: 0, count: 10 });
      store.add(tile(number * TILE_CHUNKS, TILE_CHUNKS));
    }
    expect(store.tileCount).toBe(MOST_TILES);
    expect(store.measured(5)).not.toBeNull();
    expect(store.measured(TILE_CHUNKS)).toBeNull();
  });

  it('voids another generation, and keeps it apart only after an edit', () => {
    const store = new TileStore(sliceTile, MOST_TILES);
    store.use('1', false);
    store.add(tile(0, TILE_CHUNKS));
    store.use('2', true);
    expect(store.measured(0)).toBeNull();
    expect(store.previous(0)).not.toBeNull();
    store.use('3', true);
    expect(store.previous(0)).not.toBeNull();
    store.use('4', false);
    expect(store.previous(0)).toBeNull();
  });
});

describe('Requests', () => {
  const visible = { first: 0, count: 100 };
  const wanted = { first: 0, count: 256 };

  it('has one request open', () => {
    const requests = new Requests();
    expect(requests.next('1', null, visible, 0)).toBeNull();
    expect(requests.next('1', wanted, visible, 0)).toEqual(wanted);
    expect(requests.next('1', wanted, visible, 5)).toBeNull();
    expect(requests.answered('1', tile(0, 256))).toBe(true);
    expect(requests.next('1', wanted, visible, 10)).toEqual(wanted);
  });

  it('gives up what is no longer seen for what is', () => {
    const requests = new Requests();
    requests.next('1', wanted, visible, 0);
    const far = { first: 5120, count: 256 };
    expect(requests.next('1', far, { first: 5200, count: 100 }, 5)).toEqual(far);
    expect(requests.answered('1', tile(0, 256))).toBe(false);
    // What nobody sees does not push out what nobody sees.
    expect(requests.next('1', wanted, { first: 9000, count: 10 }, 6)).toBeNull();
  });

  it('asks anew after another generation, a lost answer, and being hidden', () => {
    const requests = new Requests();
    requests.next('1', wanted, visible, 0);
    expect(requests.next('2', wanted, visible, 5)).toEqual(wanted);
    expect(requests.answered('1', tile(0, 256))).toBe(false);
    expect(requests.next('2', wanted, visible, 9_000)).toBeNull();
    expect(requests.next('2', wanted, visible, 10_005)).toEqual(wanted);
    requests.forget();
    expect(requests.next('2', wanted, visible, 10_006)).toEqual(wanted);
  });
});

describe('the scale of densities', () => {
  // One or two voters of 128 are above ½, as in the starter model.
  const sparse = { ...tile(0, 2), density: new Float32Array(64).map((_, cell) => [0, 1 / 128, 2 / 128][cell % 3]!) };
  const chunks = [0, 1].map((local) => ({ measured: { tile: sparse, local }, scored: 32 }));

  it('ends with the largest density in view, rounded up, so that the colours tell the cells apart', () => {
    const range = rangeOf(MEASURES.density, 128, chunks);
    expect(range.most).toBe(0.02);
    expect(MEASURES.density.high(range)).toBe('0.0200');
    expect(MEASURES.density.position(2 / 128, range)).toBeCloseTo(0.78, 2);
    expect(MEASURES.density.position(1 / 128, range)).toBeCloseTo(0.39, 2);
  });

  it('leaves out what pads, what is not measured, and what scales that are fixed have', () => {
    const last = { ...sparse, density: sparse.density.map((value, cell) => (cell < 32 + 8 ? value : 0.9)) };
    const padded = [
      { measured: null, scored: 32 },
      { measured: { tile: last, local: 1 }, scored: 8 },
    ];
    expect(rangeOf(MEASURES.density, 128, padded).most).toBe(0.02);
    expect(rangeOf(MEASURES.density, 128, [{ measured: null, scored: 32 }]).most).toBe(1);
    expect(rangeOf(MEASURES.surprise, 128, chunks).most).toBe(1);
  });
});

describe('measures', () => {
  it('scores only what is text', () => {
    expect([0, 1, 2].map((chunk) => scoredBits(chunk, 6))).toEqual([32, 16, 0]);
  });

  it('says what a cell is', () => {
    const one = tile(0, 1);
    one.bits[0] = 1;
    // p = ¼: the 1 is a mistake of ¾ with 2 bits of surprise.
    expect(MEASURES.surprise.value(one, 0)).toBe(2);
    expect(MEASURES.mistakes.value(one, 0)).toBe(0.75);
    expect(MEASURES.mistakes.value(one, 1)).toBe(0.25);
    expect(mistakesOf(one, 0, 32)).toEqual([0]);
    expect(effectiveVotersOf(one, 0, 32, 1)).toBe(3);
    expect(effectiveVotersOf(one, 0, 0, 1)).toBeNull();
    expect(MEASURES.effectiveVoters.position(1, { voters: 128, most: 1 })).toBe(0);
    expect(MEASURES.effectiveVoters.position(128, { voters: 128, most: 1 })).toBe(1);
    expect(MEASURES.effectiveVoters.position(1, { voters: 1, most: 1 })).toBe(1);
  });
});

describe('measures of memory', () => {
  /** A tile of which memory has read but the last two chunks. */
  const remembered = (firstChunk: number, count: number): HeatmapTile => {
    const n = count - 2;
    return {
      ...tile(firstChunk, count),
      memory: {
        checkpoint: '3f9c1ab27d40',
        firstChunk,
        count: n,
        surprise: new Float32Array(n).fill(1.5),
        trainedSurprise: new Float32Array(n),
        share: new Float32Array(n).fill(0.75),
        probabilities: Float32Array.from({ length: 32 * n }, (_, cell) => cell / (32 * n)),
        bitShare: new Float32Array(32 * n).fill(0.5),
      },
    };
  };

  it('are numbers of what memory says, and none where it has not read', () => {
    const one = remembered(0, 6);
    const { surpriseWithMemory, decidedByMemory } = MEASURES;
    expect(surpriseWithMemory.value(one, 64)).toBeCloseTo(1, 6);
    expect(decidedByMemory.value(one, 64)).toBe(0.5);
    expect([surpriseWithMemory.value(one, 32 * 4), decidedByMemory.value(tile(0, 6), 64)]).toEqual([NaN, NaN]);
    expect([0, 5].map((chunk) => summaryOf('surpriseWithMemory', one, chunk, 32))).toEqual([1.5, NaN]);
    expect(summaryOf('decidedByMemory', one, 0, 32)).toBe(0.5);
  });

  it('are cut with their tile', () => {
    const cut = sliceTile(remembered(256, 512), 512, 256);
    expect(cut.memory).toMatchObject({ firstChunk: 512, count: 254 });
    expect(cut.memory!.probabilities).toHaveLength(32 * 254);
    expect(cut.memory!.probabilities[0]).toBeCloseTo(256 / 510, 5);
    expect(sliceTile(tile(0, 512), 0, 256)).not.toHaveProperty('memory');
  });

  it('are exported and in the table beside the surprise without memory', () => {
    const store = new TileStore<HeatmapTile>(sliceTile, MOST_TILES);
    store.use('1', false);
    store.add(remembered(0, 6));
    const content = { store, voters: null, first: 0, count: 1, chunkCount: 6, byteLength: 24 };
    const { columns, rows } = heatmapTable({ ...content, measure: 'decidedByMemory' });
    expect(columns.slice(8, 10)).toEqual(['surprise with memory in bits per chunk', 'mean share decided by memory']);
    expect(rows[0]!.slice(8, 10)).toEqual([1.5, 0.5]);
    expect(rows[0]).toHaveLength(columns.length);
    expect(chunkRow({ ...content, measure: 'decidedByMemory' }, 0).slice(7, 9)).toEqual(['1.500', '0.500']);
    expect(heatmapTable({ ...content, measure: 'surprise' }).columns).toHaveLength(40);
  });

  it('say why there is nothing, before the place', () => {
    const size = { chunkCount: 6, byteLength: 24 };
    const words = (memory: MemoryReading | null, isOfMemory = true): string =>
      describeWindow({ ...size, memory }, { first: 0, count: 6 }, null, isOfMemory);
    const read = (bytes: number, total: number): MemoryReading => ({ scope: 'document', progress: { bytes, total } });
    expect(words(null)).toMatch(/^Memory is off\. · Chunks 1–6 of 6/);
    expect(words(read(12, 24))).toMatch(/^Memory reads the document: 50 %\. · /);
    expect(words(read(16, 16))).toMatch(/^Memory reads the first megabyte of a document, /);
    expect([words(read(24, 24)), words(null, false)]).toEqual(Array(2).fill('Chunks 1–6 of 6 · bytes 0–23'));
  });
});

describe('the strip of the whole document', () => {
  it('says how many chunks a column is the mean of, and of how many chunks it is', () => {
    const { minimap } = MEASURES.mistakes;
    const whole = (chunkCount: number, measured = chunkCount) => {
      const { bins } = new DocumentSummary(chunkCount, 4 * chunkCount);
      return describeStrip({ chunkCount, bins, measured }, minimap);
    };
    expect(whole(MOST_BINS)[0]).toBe('Whole document: mistakes per chunk, N = 2,048 chunks');
    expect(whole(4930)).toEqual([
      'Whole document: mistakes per chunk, mean of 2.4 chunks, N = 4,930 chunks',
      'Document: mistakes per chunk, mean of 2.4 chunks, N = 4,930 chunks',
      'Document: mistakes per chunk, mean of 2.4 chunks, N = 4,930',
    ]);
    expect(whole(32_768, 512)[0]).toBe(
      'Whole document: mistakes per chunk, mean of 16 chunks, 512 of 32,768 chunks measured',
    );
    expect(whole(32_768, 512).at(-1)).toBe('Document: mistakes per chunk, mean of 16 chunks, 512 of 32,768 measured');
  });
});

describe('DocumentSummary', () => {
  it('has the means of what was measured, and counts a tile once', () => {
    const summary = new DocumentSummary(1000, 4000);
    const first = tile(0, TILE_CHUNKS);
    summary.add(first);
    summary.add(first);
    expect(summary.measured).toBe(TILE_CHUNKS);
    expect(summary.mean('surprise', 7)).toBe(7);
    expect(summary.mean('effectiveVoters', 7)).toBe(3);
    expect(summary.mean('density', 7)).toBe(0.5);
    expect(summary.mean('mistakes', 7)).toBe(0);
    expect(summary.mean('surprise', 999)).toBeNaN();
  });

  it('does not grow with the document', () => {
    const summary = new DocumentSummary(12_500_000, 50_000_000);
    expect(summary.bins).toBe(MOST_BINS);
    summary.add(tile(0, TILE_CHUNKS));
    expect(summary.mean('surprise', 0)).toBeCloseTo((TILE_CHUNKS - 1) / 2, 6);
  });
});
