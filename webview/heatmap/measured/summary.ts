/** @file The whole document in few numbers: means over bins of chunks, of what has been measured so far. Pure. */
import type { HeatmapSummary, HeatmapTile } from '../../../model/protocol/panels/heatmap';
import type { MeasureName } from './measures';
import { MEASURE_NAMES, scoredBits, summaryOf } from './measures';
import { TILE_CHUNKS } from './tiles';

/** Bins at most, whatever the size of the document. */
export const MOST_BINS = 2048;

/** Sums of every measure a bin. Memory does not grow with the document, except one bit a tile. */
export class DocumentSummary {
  readonly #bins: number;
  readonly #counts: Uint32Array;
  readonly #sums: Readonly<Record<MeasureName, Float64Array>>;
  readonly #counted = new Set<number>();

  constructor(
    readonly chunkCount: number,
    private readonly byteLength: number,
  ) {
    this.#bins = Math.max(1, Math.min(MOST_BINS, chunkCount));
    this.#counts = new Uint32Array(this.#bins);
    this.#sums = {
      effectiveVoters: new Float64Array(this.#bins),
      density: new Float64Array(this.#bins),
      surprise: new Float64Array(this.#bins),
      mistakes: new Float64Array(this.#bins),
      surpriseWithMemory: new Float64Array(this.#bins),
      decidedByMemory: new Float64Array(this.#bins),
    };
  }

  /** The summary that has these numbers. */
  static of(chunkCount: number, byteLength: number, { tiles, counts, sums }: HeatmapSummary): DocumentSummary {
    const summary = new DocumentSummary(chunkCount, byteLength);
    summary.#counts.set(counts);
    for (const name of MEASURE_NAMES) summary.#sums[name].set(sums[name] ?? []);
    for (const tile of tiles) summary.#counted.add(tile);
    return summary;
  }

  /** Its numbers. */
  get data(): HeatmapSummary {
    const tiles = Uint32Array.from(this.#counted).sort();
    return { tiles, counts: this.#counts, sums: this.#sums };
  }

  get bins(): number {
    return this.#bins;
  }

  /** Chunks measured so far. */
  get measured(): number {
    return this.#counts.reduce((total, count) => total + count, 0);
  }

  /** Whether a tile has been counted. */
  has(tile: number): boolean {
    return this.#counted.has(tile);
  }

  /** Counts a tile, once: a tile that was dropped and measured again is not counted twice. */
  add(tile: HeatmapTile): void {
    const number = Math.floor(tile.firstChunk / TILE_CHUNKS);
    if (this.#counted.has(number)) return;
    this.#counted.add(number);
    for (let local = 0; local < tile.count; local++) {
      const chunk = tile.firstChunk + local;
      const bin = Math.floor((chunk * this.#bins) / this.chunkCount);
      const scored = scoredBits(chunk, this.byteLength);
      this.#counts[bin]! += 1;
      for (const name of MEASURE_NAMES) this.#sums[name][bin]! += summaryOf(name, tile, local, scored);
    }
  }

  /** The mean of a bin, NaN where nothing of it has been measured. */
  mean(name: MeasureName, bin: number): number {
    return this.#counts[bin] === 0 ? NaN : this.#sums[name][bin]! / this.#counts[bin]!;
  }
}
