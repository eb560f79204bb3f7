/** @file What the extension host and the comparison of two models or texts say to each other. */
import type { EmptyState, ErrorState, LoadingState, Provenance } from './messages';

/** Chunk by chunk over the bytes that both texts have; n chunks, arrays as in `Comparison`. */
export interface ComparisonResult {
  /** Bytes compared. */
  readonly byteLength: number;
  /** n */
  readonly chunkCount: number;
  /** The compared bytes of A's text; B's where it is another one, else null. */
  readonly bytesA: Uint8Array;
  readonly bytesB: Uint8Array | null;
  /** [n] bits. */
  readonly surpriseA: Float32Array;
  readonly surpriseB: Float32Array;
  /** [n] 0 both right, 1 only A, 2 only B, 3 both wrong; counts stand in this order. */
  readonly outcomes: Uint8Array;
  /** [4] chunks, adding to n. */
  readonly chunks: Uint32Array;
  /** [32·4] for each bit of a chunk. */
  readonly bits: Uint32Array;
  readonly bitsPerByte: readonly [a: number, b: number];
  readonly equalChunks: number;
  /** Chunk numbers, the largest difference first. */
  readonly places: readonly [onlyA: Uint32Array, onlyB: Uint32Array, bothWrong: Uint32Array];
}

/** One side's votes for the selected chunk; arrays as in `ComparedChunkSide`. */
export interface ChunkSide {
  readonly text: string;
  readonly bits: Uint8Array;
  readonly probabilities: Float32Array;
  readonly effectiveVoters: Float32Array;
  /** [32·32] voters of each bit by their vote. */
  readonly histogram: Uint32Array;
  readonly surprise: number;
}

export interface ChunkPair {
  readonly index: number;
  readonly offset: number;
  /** [32] */
  readonly scored: Uint8Array;
  readonly a: ChunkSide;
  readonly b: ChunkSide;
}

export interface ComparisonReady {
  readonly kind: 'ready';
  readonly a: Provenance;
  readonly b: Provenance;
  /** What of the two cannot be compared as it stands, one sentence each. */
  readonly notes: readonly string[];
  /** Names the result that is to be shown; 0 where there is none. */
  readonly generation: number;
  /** The result of this generation, once a page; null where the page has it already, or there is none. */
  readonly result: ComparisonResult | null;
  /** A text has changed since it was measured. */
  readonly outdated: boolean;
  /** What happens now, and how much of it is done, 0 to 1. */
  readonly work: { readonly words: string; readonly share: number | null } | null;
  /** Why there is no newer result, one sentence. */
  readonly failure: string | null;
  /** The selected chunk; null where nothing is selected in one of the texts, or it is not known yet. */
  readonly chunk: ChunkPair | null;
}

export type ComparisonState = EmptyState | LoadingState | ErrorState | ComparisonReady;

/** What the comparison asks of the host beside selecting: measure the texts as they are now, or give up measuring. */
export type ComparisonAsk = 'measure' | 'cancel';
