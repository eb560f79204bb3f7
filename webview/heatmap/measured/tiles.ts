/** @file What has been measured of the document, in blocks, bounded in memory. Pure. */
import { CHUNK_BITS } from '../../../model/measures/chunk';
import type { RangeInspection, VoterTile } from '../../../model/protocol/inspection';

/** Chunks of a block. */
export const BLOCK = 256;
/** Chunks of one request at most. */
export const MOST_REQUESTED = 1024;
/** Blocks of measurements that are kept: 64 × 256 chunks × 480 bytes are 8 MB. */
export const MOST_BLOCKS = 64;
/** Bytes of voters that are kept: with 128 voters a bit, 8 blocks, of which at most five are on the screen. */
const MOST_VOTER_BYTES = 2 ** 23;
/** Blocks of which one can be on the screen at the same time, and one more. */
const LEAST_BLOCKS = MOST_REQUESTED / BLOCK + 2;

export interface ChunkRange {
  readonly first: number;
  readonly count: number;
}

/** What a store keeps: something of consecutive chunks. */
export interface Tile {
  readonly firstChunk: number;
  readonly count: number;
}

/** The chunk's block and its number in it. */
export interface KnownChunk<T extends Tile> {
  readonly block: T;
  readonly local: number;
}

export type MeasuredChunk = KnownChunk<RangeInspection>;

/** Blocks of voters that are kept, of a model with M voters a bit. */
export function mostVoterBlocks(votersPerBit: number): number {
  return Math.max(LEAST_BLOCKS, Math.floor(MOST_VOTER_BYTES / (CHUNK_BITS * votersPerBit * BLOCK)));
}

/** A part of a tile, with numbers of its own. */
export function sliceTile(tile: RangeInspection, first: number, count: number): RangeInspection {
  const from = first - tile.firstChunk;
  const to = from + count;
  return {
    ...tile,
    firstChunk: first,
    count,
    bytes: tile.bytes.slice(4 * from, 4 * to),
    bits: tile.bits.slice(CHUNK_BITS * from, CHUNK_BITS * to),
    probabilities: tile.probabilities.slice(CHUNK_BITS * from, CHUNK_BITS * to),
    effectiveVoters: tile.effectiveVoters.slice(CHUNK_BITS * from, CHUNK_BITS * to),
    density: tile.density.slice(CHUNK_BITS * from, CHUNK_BITS * to),
    activeVoters: tile.activeVoters.slice(CHUNK_BITS * from, CHUNK_BITS * to),
    surprise: tile.surprise.slice(from, to),
  };
}

/** A part of a tile of voters; the tile itself where that is all of it. */
export function sliceVoters(tile: VoterTile, first: number, count: number): VoterTile {
  if (first === tile.firstChunk && count === tile.count) return tile;
  const from = first - tile.firstChunk;
  const rows = tile.codes.length / tile.count;
  const codes = new Uint8Array(rows * count);
  for (let row = 0; row < rows; row++) {
    const at = row * tile.count + from;
    codes.set(tile.codes.subarray(at, at + count), row * count);
  }
  return { ...tile, firstChunk: first, count, codes };
}

/** Blocks of one generation. Those of the one before are kept apart, to be shown faded until they are measured anew. */
export class TileStore<T extends Tile> {
  #generation = '';
  #blocks = new Map<number, T>();
  #previous: ReadonlyMap<number, T> = new Map();

  /** @param slice a part of a tile; @param most blocks that are kept, of either generation */
  constructor(
    private readonly slice: (tile: T, first: number, count: number) => T,
    readonly most: number,
  ) {}

  /** Names document, version and model of what is kept. */
  get generation(): string {
    return this.#generation;
  }

  get blockCount(): number {
    return this.#blocks.size;
  }

  /** Voids everything that is of another generation; `keepPrevious` where it is the same document that was edited. */
  use(generation: string, keepPrevious: boolean): void {
    if (generation === this.#generation) return;
    // Edits come faster than answers: what was measured last is kept over what was never measured.
    if (!keepPrevious) this.#previous = new Map();
    else if (this.#blocks.size > 0) this.#previous = this.#blocks;
    this.#generation = generation;
    this.#blocks = new Map();
  }

  /** Takes what is new in a tile of the present generation; the blocks that were not known. */
  add(tile: T): T[] {
    const added: T[] = [];
    const end = tile.firstChunk + tile.count;
    for (let first = tile.firstChunk; first < end;) {
      const number = Math.floor(first / BLOCK);
      const next = Math.min(end, (number + 1) * BLOCK);
      // A part of a block is taken only from its beginning, so that nothing is missing in the middle.
      if (!this.#blocks.has(number) && first === number * BLOCK) {
        const block = this.slice(tile, first, next - first);
        this.#blocks.set(number, block);
        added.push(block);
      }
      first = next;
    }
    for (const number of this.#blocks.keys()) {
      if (this.#blocks.size <= this.most) break;
      this.#blocks.delete(number);
    }
    return added;
  }

  /** What is known of these chunks and of those before them in their blocks, as tiles that another store takes. */
  tiles({ first, count }: ChunkRange): T[] {
    const end = first + count;
    const tiles: T[] = [];
    for (let number = Math.floor(first / BLOCK); number * BLOCK < end; number++) {
      const block = this.#blocks.get(number);
      if (block === undefined) continue;
      tiles.push(this.slice(block, block.firstChunk, Math.min(block.count, end - block.firstChunk)));
    }
    return tiles;
  }

  has(block: number): boolean {
    return this.#blocks.has(block);
  }

  /** The chunk's numbers, or null where it has not been measured. */
  measured(chunk: number): KnownChunk<T> | null {
    return TileStore.#find(this.#blocks, chunk);
  }

  /** The chunk's numbers before the last edit: not to be read, only to be shown faded. */
  previous(chunk: number): KnownChunk<T> | null {
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

  /** The first run of unmeasured blocks among these chunks, as chunks, at most `most` of them. */
  missing(range: ChunkRange, chunkCount: number, most = MOST_REQUESTED): ChunkRange | null {
    const end = Math.min(chunkCount, range.first + range.count);
    let first = Math.floor(range.first / BLOCK);
    while (first * BLOCK < end && this.#blocks.has(first)) first++;
    if (first * BLOCK >= end) return null;
    let last = first;
    while ((last + 1) * BLOCK < end && !this.#blocks.has(last + 1) && last + 1 - first < most / BLOCK) last++;
    return { first: first * BLOCK, count: Math.min(chunkCount, (last + 1) * BLOCK) - first * BLOCK };
  }

  static #find<T extends Tile>(blocks: ReadonlyMap<number, T>, chunk: number): KnownChunk<T> | null {
    const block = blocks.get(Math.floor(chunk / BLOCK));
    if (block === undefined) return null;
    const local = chunk - block.firstChunk;
    return local < block.count ? { block, local } : null;
  }
}
