/** @file What has been measured of the document, in tiles of equally many chunks, bounded in memory. Pure. */
import { CHUNK_BITS } from '../../../model/measures/chunk';
import type { VoterTile } from '../../../model/protocol/inspection';
import type { MemoryRange } from '../../../model/protocol/memory';
import type { HeatmapTile } from '../../../model/protocol/panels/heatmap';

/** Chunks of a tile. */
export const TILE_CHUNKS = 256;
/** Chunks of one request at most. */
export const MOST_REQUESTED = 1024;
/** Tiles of measurements that are kept: 64 × 256 chunks × 480 bytes are 8 MB. */
export const MOST_TILES = 64;
/** Bytes of voters that are kept: with 128 voters a bit, 8 tiles, of which at most five are on the screen. */
const MOST_VOTER_BYTES = 2 ** 23;
/** Tiles of which one can be on the screen at the same time, and one more. */
const LEAST_TILES = MOST_REQUESTED / TILE_CHUNKS + 2;

export interface ChunkRange {
  readonly first: number;
  readonly count: number;
}

/** What comes of consecutive chunks, and what a store keeps of it: a tile of its grid. */
export interface Tile {
  readonly firstChunk: number;
  readonly count: number;
}

/** The chunk's tile and its number in it. */
export interface KnownChunk<T extends Tile> {
  readonly tile: T;
  readonly local: number;
}

export type MeasuredChunk = KnownChunk<HeatmapTile>;

/** Tiles of voters that are kept, of a model with M voters a bit. */
export function mostVoterTiles(votersPerBit: number): number {
  return Math.max(LEAST_TILES, Math.floor(MOST_VOTER_BYTES / (CHUNK_BITS * votersPerBit * TILE_CHUNKS)));
}

/** A part of an answer, with numbers of its own. */
export function sliceTile(tile: HeatmapTile, first: number, count: number): HeatmapTile {
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
    ...(tile.memory === undefined ? {} : { memory: sliceMemory(tile.memory, first, count) }),
  };
}

/** The same of what memory says, which may end before the tile does. */
function sliceMemory(memory: MemoryRange, first: number, count: number): MemoryRange {
  const from = first - memory.firstChunk;
  const to = from + count;
  const surprise = memory.surprise.slice(from, to);
  return {
    ...memory,
    firstChunk: first,
    count: surprise.length,
    surprise,
    trainedSurprise: memory.trainedSurprise.slice(from, to),
    share: memory.share.slice(from, to),
    probabilities: memory.probabilities.slice(CHUNK_BITS * from, CHUNK_BITS * to),
    bitShare: memory.bitShare.slice(CHUNK_BITS * from, CHUNK_BITS * to),
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

/** Tiles of one generation. Those of the one before are kept apart, to be shown faded until they are measured anew. */
export class TileStore<T extends Tile> {
  #generation = '';
  #tiles = new Map<number, T>();
  #previous: ReadonlyMap<number, T> = new Map();

  /** @param slice a part of an answer; @param most tiles that are kept, of either generation */
  constructor(
    private readonly slice: (tile: T, first: number, count: number) => T,
    readonly most: number,
  ) {}

  /** Names document, version and model of what is kept. */
  get generation(): string {
    return this.#generation;
  }

  get tileCount(): number {
    return this.#tiles.size;
  }

  /** Voids everything that is of another generation; `keepPrevious` where it is the same document that was edited. */
  use(generation: string, keepPrevious: boolean): void {
    if (generation === this.#generation) return;
    // Edits come faster than answers: what was measured last is kept over what was never measured.
    if (!keepPrevious) this.#previous = new Map();
    else if (this.#tiles.size > 0) this.#previous = this.#tiles;
    this.#generation = generation;
    this.#tiles = new Map();
  }

  /** Takes what is new in an answer of the present generation; the tiles that were not known. */
  add(answer: T): T[] {
    const added: T[] = [];
    const end = answer.firstChunk + answer.count;
    for (let first = answer.firstChunk; first < end;) {
      const number = Math.floor(first / TILE_CHUNKS);
      const next = Math.min(end, (number + 1) * TILE_CHUNKS);
      // A part of a tile is taken only from its beginning, so that nothing is missing in the middle.
      if (!this.#tiles.has(number) && first === number * TILE_CHUNKS) {
        const tile = this.slice(answer, first, next - first);
        this.#tiles.set(number, tile);
        added.push(tile);
      }
      first = next;
    }
    for (const number of this.#tiles.keys()) {
      if (this.#tiles.size <= this.most) break;
      this.#tiles.delete(number);
    }
    return added;
  }

  /** What is known of these chunks and of those before them in their tiles, as answers that another store takes. */
  tiles({ first, count }: ChunkRange): T[] {
    const end = first + count;
    const answers: T[] = [];
    for (let number = Math.floor(first / TILE_CHUNKS); number * TILE_CHUNKS < end; number++) {
      const tile = this.#tiles.get(number);
      if (tile === undefined) continue;
      answers.push(this.slice(tile, tile.firstChunk, Math.min(tile.count, end - tile.firstChunk)));
    }
    return answers;
  }

  has(tile: number): boolean {
    return this.#tiles.has(tile);
  }

  /** The chunk's numbers, or null where it has not been measured. */
  measured(chunk: number): KnownChunk<T> | null {
    return TileStore.#find(this.#tiles, chunk);
  }

  /** The chunk's numbers before the last edit: not to be read, only to be shown faded. */
  previous(chunk: number): KnownChunk<T> | null {
    return TileStore.#find(this.#previous, chunk);
  }

  /** Makes the tiles of these chunks the last to be dropped. */
  touch(range: ChunkRange): void {
    for (
      let number = Math.floor(range.first / TILE_CHUNKS);
      number * TILE_CHUNKS < range.first + range.count;
      number++
    ) {
      const tile = this.#tiles.get(number);
      if (tile === undefined) continue;
      this.#tiles.delete(number);
      this.#tiles.set(number, tile);
    }
  }

  /** The first run of unmeasured tiles among these chunks, as chunks, at most `most` of them. */
  missing(range: ChunkRange, chunkCount: number, most = MOST_REQUESTED): ChunkRange | null {
    const end = Math.min(chunkCount, range.first + range.count);
    let first = Math.floor(range.first / TILE_CHUNKS);
    while (first * TILE_CHUNKS < end && this.#tiles.has(first)) first++;
    if (first * TILE_CHUNKS >= end) return null;
    let last = first;
    while ((last + 1) * TILE_CHUNKS < end && !this.#tiles.has(last + 1) && last + 1 - first < most / TILE_CHUNKS)
      last++;
    return { first: first * TILE_CHUNKS, count: Math.min(chunkCount, (last + 1) * TILE_CHUNKS) - first * TILE_CHUNKS };
  }

  static #find<T extends Tile>(tiles: ReadonlyMap<number, T>, chunk: number): KnownChunk<T> | null {
    const tile = tiles.get(Math.floor(chunk / TILE_CHUNKS));
    if (tile === undefined) return null;
    const local = chunk - tile.firstChunk;
    return local < tile.count ? { tile, local } : null;
  }
}
