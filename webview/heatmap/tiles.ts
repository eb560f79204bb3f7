/** @file What has been measured of the document, in blocks, bounded in memory; and what to ask for next. Pure. */
import type { HeatmapTile } from '../shared/messages';
import { BITS } from '../shared/rows';

/** Chunks of a block. */
export const BLOCK = 256;
/** Chunks of one request at most. */
export const MOST_REQUESTED = 1024;
/** Blocks that are kept: 64 × 256 chunks × 480 bytes are 8 MB. */
export const MOST_BLOCKS = 64;
/** After this long without an answer a request counts as lost. */
const LOST_MILLISECONDS = 10_000;

export interface ChunkRange {
  readonly first: number;
  readonly count: number;
}

/** The chunk's block and its number in it. */
export interface MeasuredChunk {
  readonly block: HeatmapTile;
  readonly local: number;
}

function overlap(a: ChunkRange, b: ChunkRange): boolean {
  return a.first < b.first + b.count && b.first < a.first + a.count;
}

function slice(tile: HeatmapTile, first: number, count: number): HeatmapTile {
  const from = first - tile.firstChunk;
  const to = from + count;
  return {
    firstChunk: first,
    count,
    bytes: tile.bytes.slice(4 * from, 4 * to),
    bits: tile.bits.slice(BITS * from, BITS * to),
    probabilities: tile.probabilities.slice(BITS * from, BITS * to),
    effectiveVoters: tile.effectiveVoters.slice(BITS * from, BITS * to),
    density: tile.density.slice(BITS * from, BITS * to),
    activeVoters: tile.activeVoters.slice(BITS * from, BITS * to),
    surprise: tile.surprise.slice(from, to),
  };
}

/** Blocks of one generation. Those of the one before are kept apart, to be shown faded until they are measured anew. */
export class TileStore {
  #generation = -1;
  #blocks = new Map<number, HeatmapTile>();
  #previous: ReadonlyMap<number, HeatmapTile> = new Map();

  get generation(): number {
    return this.#generation;
  }

  get blockCount(): number {
    return this.#blocks.size;
  }

  /** Voids everything that is of another generation; `keepPrevious` where it is the same document that was edited. */
  use(generation: number, keepPrevious: boolean): void {
    if (generation === this.#generation) return;
    // Edits come faster than answers: what was measured last is kept over what was never measured.
    if (!keepPrevious) this.#previous = new Map();
    else if (this.#blocks.size > 0) this.#previous = this.#blocks;
    this.#generation = generation;
    this.#blocks = new Map();
  }

  /** Takes what is new in a tile of the present generation; the blocks that were not known. */
  add(tile: HeatmapTile): HeatmapTile[] {
    const added: HeatmapTile[] = [];
    const end = tile.firstChunk + tile.count;
    for (let first = tile.firstChunk; first < end;) {
      const number = Math.floor(first / BLOCK);
      const next = Math.min(end, (number + 1) * BLOCK);
      // A part of a block is taken only from its beginning, so that nothing is missing in the middle.
      if (!this.#blocks.has(number) && first === number * BLOCK) {
        const block = slice(tile, first, next - first);
        this.#blocks.set(number, block);
        added.push(block);
      }
      first = next;
    }
    for (const number of this.#blocks.keys()) {
      if (this.#blocks.size <= MOST_BLOCKS) break;
      this.#blocks.delete(number);
    }
    return added;
  }

  has(block: number): boolean {
    return this.#blocks.has(block);
  }

  /** The chunk's numbers, or null where it has not been measured. */
  measured(chunk: number): MeasuredChunk | null {
    return TileStore.#find(this.#blocks, chunk);
  }

  /** The chunk's numbers before the last edit: not to be read, only to be shown faded. */
  previous(chunk: number): MeasuredChunk | null {
    return TileStore.#find(this.#previous, chunk);
  }

  /** Makes the blocks of these chunks the last to be dropped. */
  touch(range: ChunkRange): void {
    for (let number = Math.floor(range.first / BLOCK); number * BLOCK < range.first + range.count; number++) {
      const block = this.#blocks.get(number);
      if (block === undefined) continue;
      this.#blocks.delete(number);
      this.#blocks.set(number, block);
    }
  }

  /** The first run of unmeasured blocks among these chunks, as chunks, at most as many as one request may name. */
  missing(range: ChunkRange, chunkCount: number): ChunkRange | null {
    const end = Math.min(chunkCount, range.first + range.count);
    let first = Math.floor(range.first / BLOCK);
    while (first * BLOCK < end && this.#blocks.has(first)) first++;
    if (first * BLOCK >= end) return null;
    let last = first;
    while ((last + 1) * BLOCK < end && !this.#blocks.has(last + 1) && last + 1 - first < MOST_REQUESTED / BLOCK) last++;
    return { first: first * BLOCK, count: Math.min(chunkCount, (last + 1) * BLOCK) - first * BLOCK };
  }

  static #find(blocks: ReadonlyMap<number, HeatmapTile>, chunk: number): MeasuredChunk | null {
    const block = blocks.get(Math.floor(chunk / BLOCK));
    if (block === undefined) return null;
    const local = chunk - block.firstChunk;
    return local < block.count ? { block, local } : null;
  }
}

/** At most one request is open. The newest wish wins: an open request that the person has left behind is given up. */
export class Requests {
  #open: (ChunkRange & { readonly generation: number; readonly at: number }) | null = null;

  /**
   * What to send now, or null: nothing is wanted, or the open request is still of use.
   * @param wanted what is missing
   * @param visible what is on the screen
   */
  next(generation: number, wanted: ChunkRange | null, visible: ChunkRange, now: number): ChunkRange | null {
    if (wanted === null) return null;
    const open = this.#open;
    if (open?.generation === generation && now - open.at < LOST_MILLISECONDS) {
      if (overlap(open, visible) || !overlap(wanted, visible)) return null;
    }
    this.#open = { ...wanted, generation, at: now };
    return wanted;
  }

  /** A tile has come; true where it is what was asked for. */
  answered(generation: number, tile: HeatmapTile): boolean {
    const open = this.#open;
    if (open?.generation !== generation) return false;
    if (!overlap(open, { first: tile.firstChunk, count: tile.count })) return false;
    this.#open = null;
    return true;
  }

  /** The page was hidden: an answer may have been lost. */
  forget(): void {
    this.#open = null;
  }
}
