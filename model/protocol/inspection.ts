/** @file Votes behind one chunk, measurements of many, votes of one voter along a text. */
import type { DocumentRef } from './documents';

export interface InspectChunkParams extends DocumentRef {
  /** Any byte offset in the document; the chunk that holds it is inspected. */
  readonly offset: number;
  /** How many alternatives to list, 0 for none. */
  readonly alternatives: number;
}

/** One voter of a bit. */
export interface VoterPlace {
  readonly bit: number;
  /** 0 … M − 1 */
  readonly voter: number;
}

/** One voter silenced (`vote` null) or held at a vote from 0 to 1. */
export interface VoterChange extends VoterPlace {
  readonly vote: number | null;
}

/** A chunk that the model thought of, most probable first. */
export interface Alternative {
  readonly bytes: Uint8Array;
  /** The bytes as they are shown (`visibleLabel`). */
  readonly text: string;
  readonly validUtf8: boolean;
  /** Probability of the whole chunk under the model. */
  readonly probability: number;
  /** Numbers of the bits, ascending, that differ from the real chunk's; padding counts for none. */
  readonly flippedBits: Uint8Array;
}

/** How few voters decide bits of one value: means over the bits, and what it takes to decide all of them. */
export interface SparsityOfBits {
  /** N, scored bits of this value. */
  readonly bits: number;
  /** Voters with v > ½: those that vote for a 1. */
  readonly votesAboveHalf: number;
  /** 1/Σw²: how many voters the weights amount to. */
  readonly effectiveVoters: number;
  /** The smallest k such that the k voters of the largest weights of each bit, renormalised, lose at most 1 % more than all M. */
  readonly operationalVoters: number;
}

/** Three answers to how sparse the votes are (SPEC section 5); null where no bit has the value. */
export interface Sparsity {
  readonly ones: SparsityOfBits | null;
  readonly zeros: SparsityOfBits | null;
  /** The smallest k for the loss of 1-bits and 0-bits together. */
  readonly operationalVoters: number;
}

/** A chunk of a document. */
export interface DocumentChunk {
  /** Its number in the document's grid, and how many there are. */
  readonly index: number;
  readonly chunkCount: number;
  /** Byte offset of its first byte. */
  readonly offset: number;
  /** Bytes of it that are in the document: 4, or fewer at the end. */
  readonly length: number;
  /** As it is shown (`visibleLabel`). */
  readonly text: string;
}

/** The votes that predicted one chunk, next to the bits that are really there. M = voters a bit. */
export interface ChunkInspection extends DocumentChunk {
  readonly checkpoint: string;
  /** Text of the chunks before and after, for orientation. */
  readonly before: string;
  readonly after: string;
  /** [32] 0 or 1. */
  readonly bits: Uint8Array;
  /** [32] 1 where the bit is real text, 0 where it is padding and not scored. */
  readonly scored: Uint8Array;
  /** [32] p of a 1. With chained bits, given the real bits before it in the chunk. */
  readonly probabilities: Float32Array;
  /** [32·M] v, bit-major. */
  readonly votes: Float32Array;
  /** [32·M] w, bit-major. */
  readonly weights: Float32Array;
  /** [32·M] change of the chunk's surprise, in bits, if that voter alone were silenced: above 0 where it helped; 0 at padding. */
  readonly effects: Float32Array;
  /** [32] 1/Σw². */
  readonly effectiveVoters: Float32Array;
  /** [32] number of voters with w > 1/M. */
  readonly activeVoters: Uint16Array;
  /** −log2 of the probability of the real bits. */
  readonly surprise: number;
  readonly sparsity: Sparsity;
  readonly alternatives: readonly Alternative[];
  /** Milliseconds spent in the model process. */
  readonly milliseconds: number;
}

export interface InspectRangeParams extends DocumentRef {
  readonly firstChunk: number;
  readonly count: number;
  /** In force for every chunk; the last of several for one voter counts. */
  readonly changes: readonly VoterChange[];
}

/** Measurements of consecutive chunks; n = number of chunks answered, rows are chunks. Of a bit without voters p is NaN, and no voter counts. */
export interface RangeInspection {
  readonly checkpoint: string;
  readonly firstChunk: number;
  readonly count: number;
  readonly chunkCount: number;
  /** [4n] the chunks' bytes, right-padded with zeros at the end of the document. */
  readonly bytes: Uint8Array;
  /** [n·32] */
  readonly bits: Uint8Array;
  /** [n·32] p of a 1. */
  readonly probabilities: Float32Array;
  /** [n·32] 1/Σw². */
  readonly effectiveVoters: Float32Array;
  /** [n·32] share of voters with v > ½. */
  readonly density: Float32Array;
  /** [n·32] number of voters with w > 1/M. */
  readonly activeVoters: Uint16Array;
  /** [n] −log2 of the probability of the real bits. */
  readonly surprise: Float32Array;
}

export interface VoterRangeParams extends DocumentRef, VoterPlace {
  readonly firstChunk: number;
  readonly count: number;
}

/** One voter's votes at consecutive chunks. */
export interface VoterRange {
  readonly checkpoint: string;
  readonly firstChunk: number;
  readonly count: number;
  /** [n] v, with chained bits given the real bits before; NaN where the bit is padding. */
  readonly votes: Float32Array;
}

/** What of a voter a picture of all voters shows. */
export type VoterQuantity = 'vote' | 'weight';

export interface VoterTileParams extends DocumentRef {
  readonly firstChunk: number;
  readonly count: number;
  readonly quantity: VoterQuantity;
}

/** All 32·M voters at n consecutive chunks, a byte each: for pictures. */
export interface VoterTile {
  readonly checkpoint: string;
  readonly firstChunk: number;
  readonly count: number;
  /** M */
  readonly votersPerBit: number;
  readonly quantity: VoterQuantity;
  /** [32·M, n] voter b·M + i: of a vote 255·v, of a weight 255·(½ + log2(w·M)/10) cut to 0 … 255. Codes of padding mean nothing. */
  readonly codes: Uint8Array;
}
