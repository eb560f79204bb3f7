/** @file Two models on two texts, each with its voters as they are or changed: the whole comparison, one chunk of it, and what both write on. */
import type { DocumentRef } from './documents';
import type { VoterChange } from './inspection';
import type { LoadParams } from './models';

// A is the loaded model, B the one that is opened for the comparison, or the loaded one again.

/** Opens the second model beside the loaded one, in place of an earlier second model. */
export type ComparisonOpenParams = Pick<LoadParams, 'folder' | 'device' | 'threads'>;

/** A text, and what is changed of the voters that read it: the last of several changes of one voter counts. */
export interface ComparedText extends DocumentRef {
  readonly changes: readonly VoterChange[];
}

/** What is compared: text `a` under the loaded model, text `b` under the second one. */
export interface ComparisonTexts {
  readonly a: ComparedText;
  readonly b: ComparedText;
  /** Whether B is the second model; false where the loaded model reads both texts. */
  readonly secondModel: boolean;
}

/**
 * Who has a bit, or every bit of a chunk, right: its most probable value is the real one; of a bit without voters none is. Where outcomes
 * are counted or coded, they stand in this order.
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
  /**
   * 95 % interval of A − B of the bits per byte, over 32 equal pieces of the text, each under both; null of fewer than 64 chunks, and
   * where a surprise is infinite.
   */
  readonly differenceInterval: readonly [low: number, high: number] | null;
  /** Chunks of which B is less surprised than A, and more. */
  readonly changed: readonly [better: number, worse: number];
  /** Chunks whose bytes are the same in both texts. */
  readonly equalChunks: number;
  /**
   * Numbers of the chunks that only A has right, only B, and neither, at most 500 each: those where the surprises differ most come
   * first, in favour of the one who is right; of those that neither has right, in anybody's. Then those of which B is less surprised
   * than A, whoever is right, and those of which it is more.
   */
  readonly places: readonly [
    onlyA: Uint32Array,
    onlyB: Uint32Array,
    bothWrong: Uint32Array,
    better: Uint32Array,
    worse: Uint32Array,
  ];
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
  /** [32] p of a 1. With chained bits, given the real bits before it in the chunk. NaN where every voter is silenced. */
  readonly probabilities: Float32Array;
  /** [32] 1/Σw². */
  readonly effectiveVoters: Float32Array;
  /** [32·32] for each bit, voters whose vote is in each of 32 equal parts of [0, 1]; a vote of 1 is in the last, a silenced voter in none. */
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

export interface ContinuationsParams extends ComparisonTexts {
  /** Any byte offset in the bytes that both texts have; both write from the beginning of the chunk that holds it. */
  readonly offset: number;
  /** Bytes to decode. */
  readonly maxBytes: number;
}

/** What a side would write, and what really stands there. */
export interface ContinuedSide {
  /** Byte offset of the first byte of both: the chunk's, or where the character began in whose middle the chunk begins. */
  readonly offset: number;
  /** Decoded as completions are, each chunk the most probable one: printable UTF-8, whole characters. */
  readonly bytes: Uint8Array;
  /** −log2 of the probability that the side gives them. */
  readonly surprise: number;
  /** The text's own bytes, as many chunks as were decoded at most. */
  readonly real: Uint8Array;
  /** −log2 of the probability of the chunks of `real`. */
  readonly realSurprise: number;
}

export interface ComparedContinuations {
  readonly checkpoints: readonly [a: string, b: string];
  readonly a: ContinuedSide;
  readonly b: ContinuedSide;
}
