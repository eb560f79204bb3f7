/** @file Two models on two texts, chunk by chunk: the second model, the whole comparison, and one chunk of it. */
import type { DocumentRef } from './documents';
import type { LoadParams } from './models';

// A is the loaded model, B the one that is opened for the comparison, or the loaded one again.

/** Opens the second model beside the loaded one, in place of an earlier second model. */
export type ComparisonOpenParams = Pick<LoadParams, 'folder' | 'device' | 'threads'>;

/** What is compared: text `a` under the loaded model, text `b` under the second one. */
export interface ComparisonTexts {
  readonly a: DocumentRef;
  readonly b: DocumentRef;
  /** Whether B is the second model; false where the loaded model reads both texts. */
  readonly secondModel: boolean;
}

/**
 * Who has a bit, or every bit of a chunk, right: its most probable value is the real one. Where outcomes are counted or coded, they stand
 * in this order.
 */
export type Outcome = 'bothRight' | 'onlyA' | 'onlyB' | 'bothWrong';

/** Chunk i of A beside chunk i of B, over the bytes that both texts have: n chunks, the last one padded where it is not whole. */
export interface Comparison {
  readonly checkpoints: readonly [a: string, b: string];
  /** Bytes compared: the shorter text's length. */
  readonly byteLength: number;
  /** n */
  readonly chunkCount: number;
  /** [n] −log2 of the probability of the real bits; padding does not count. */
  readonly surpriseA: Float32Array;
  readonly surpriseB: Float32Array;
  /** [n] 0 where both are right, 1 only A, 2 only B, 3 both wrong. */
  readonly outcomes: Uint8Array;
  /** [4] chunks of each outcome; they add to n. */
  readonly chunks: Uint32Array;
  /** [32·4] for each bit of a chunk, how often each outcome; they add to the bits that are no padding. */
  readonly bits: Uint32Array;
  /** Σ surprise / bytes. */
  readonly bitsPerByte: readonly [a: number, b: number];
  /** Chunks whose bytes are the same in both texts. */
  readonly equalChunks: number;
  /**
   * Numbers of the chunks that only A has right, only B, and neither, at most 500 each: those where the surprises differ most come
   * first, in favour of the one who is right; of those that neither has right, in anybody's.
   */
  readonly places: readonly [onlyA: Uint32Array, onlyB: Uint32Array, bothWrong: Uint32Array];
}

export interface ComparedChunkParams extends ComparisonTexts {
  /** Any byte offset in the bytes that both texts have; the chunk that holds it is compared. */
  readonly offset: number;
}

/** One side's votes for the chunk. */
export interface ComparedChunkSide {
  readonly text: string;
  /** [32] 0 or 1. */
  readonly bits: Uint8Array;
  /** [32] p of a 1. With chained bits, given the real bits before it in the chunk. */
  readonly probabilities: Float32Array;
  /** [32] 1/Σw². */
  readonly effectiveVoters: Float32Array;
  /** [32·32] for each bit, voters whose vote is in each of 32 equal parts of [0, 1]; a vote of 1 is in the last. */
  readonly histogram: Uint32Array;
  /** −log2 of the probability of the real bits. */
  readonly surprise: number;
}

export interface ComparedChunk {
  readonly checkpoints: readonly [a: string, b: string];
  readonly index: number;
  /** Byte offset of its first byte. */
  readonly offset: number;
  /** [32] 1 where the bit is text in both, 0 where it is padding. */
  readonly scored: Uint8Array;
  readonly a: ComparedChunkSide;
  readonly b: ComparedChunkSide;
}
