/** @file Voters silenced or held, and what a chunk looks like then. */
import type { DocumentRef } from './documents';
import type { Alternative, VoterChange } from './inspection';

export interface LesionParams extends DocumentRef {
  /** Any byte offset in the document; the chunk that holds it is inspected. */
  readonly offset: number;
  /** The last of several for one voter counts. */
  readonly changes: readonly VoterChange[];
  /** Bytes to decode from the chunk's beginning on, 0 for none. */
  readonly continuation: number;
}

/** What the model says of a chunk, with its voters as they are or changed. */
export interface LesionState {
  /** [32] p of a 1, with chained bits given the real bits before it; NaN where every voter of the bit is silenced. */
  readonly probabilities: Float32Array;
  /** −log2 of the probability of the real bits. A bit without voters counts one bit; ∞ where votes are held against a real bit. */
  readonly surprise: number;
  /** The most probable chunk, along the chain of its own bits. */
  readonly mostProbable: Alternative;
  /** What is decoded from the chunk's beginning on, as completion does: printable UTF-8, cut to whole characters. */
  readonly continuation: string;
}

/** A chunk before and after its voters are changed; the changes are in force for every chunk that is decoded. */
export interface LesionInspection {
  readonly checkpoint: string;
  readonly index: number;
  /** Byte offset of the chunk, and its bytes that are in the document. */
  readonly offset: number;
  readonly length: number;
  readonly before: LesionState;
  readonly after: LesionState;
  /** Bits of which every voter is silenced: either value is as likely. */
  readonly bitsWithoutVoters: readonly number[];
  readonly milliseconds: number;
}
