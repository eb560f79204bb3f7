/** @file The depth lens: what the voters would say if the trunk ended behind each of its blocks. */
import type { NetworkBlock } from '../network/blocks';
import type { DocumentRef } from './documents';
import type { DocumentChunk, VoterChange } from './inspection';

/** Whether blocks whose output is as wide as the trunk's, at every chunk, are read through a fitted map as the others are, or as they are. */
export type DepthReading = 'fitted' | 'direct';

export interface DepthParams extends DocumentRef {
  /** Any byte offset in the document; the chunk that holds it is looked at. */
  readonly offset: number;
  /** Chunks to answer before it and after it; the document's ends cut them. */
  readonly before: number;
  readonly after: number;
  /** False for what is known already and the chunk that is looked at, which comes soon; true for all. */
  readonly fill: boolean;
  readonly reading: DepthReading;
  readonly changes: readonly VoterChange[];
  /** Folder or file of the text on which readouts are fitted, once per model. */
  readonly sample: string;
}

/**
 * How a block's output becomes what the trunk's last layer is given: `mean` reads nothing (the mean of what it is given), `fitted` an
 * affine map, `direct` the output as it is, `model` is the trunk as it is.
 */
export type DepthReadout = 'mean' | DepthReading | 'model';

/** A depth: behind one block. */
export interface Depth {
  /** Null before any block: the voters without the trunk. */
  readonly block: Pick<NetworkBlock, 'id' | 'kind' | 'level' | 'channels'> | null;
  readonly readout: DepthReadout;
  /** Of a fitted map: the share of the variance of what the trunk's last layer is given that it explains in text it was not fitted on. */
  readonly explained: number | null;
}

/** The most probable chunk. */
export interface DepthTop {
  /** As it is shown (`visibleLabel`). */
  readonly text: string;
  readonly probability: number;
  /** Whether its bits are the real ones; of padding none is counted. */
  readonly isReal: boolean;
}

/** What readouts were fitted on. */
export interface DepthFit {
  /** Files of the text. */
  readonly files: number;
  /** Positions of chunks that they were fitted on, and those that they were measured on. */
  readonly chunks: number;
  readonly heldOut: number;
}

/** n chunks at R depths; [R, n] is depth by depth, and where nothing is known yet NaN, 0 or null. */
export interface DepthLens extends DocumentChunk {
  readonly checkpoint: string;
  readonly reading: DepthReading;
  /** [R] in the order of computation, the first without the trunk and the last the model's own answer. */
  readonly depths: readonly Depth[];
  readonly fit: DepthFit;
  /** Number of the first chunk that is answered. */
  readonly firstChunk: number;
  /** [n] texts of the chunks. */
  readonly texts: readonly string[];
  /** [R, n] −log2 of the probability of the real bits. */
  readonly surprise: Float32Array;
  /** [R, n] mean over the real bits of 1/Σw²; a bit without voters counts as 0. */
  readonly effectiveVoters: Float32Array;
  /** [R, n] bits decided wrong. */
  readonly wrongBits: Uint8Array;
  /** [R·n] */
  readonly tops: readonly (DepthTop | null)[];
  /** Whether all is known. */
  readonly isWhole: boolean;
  /** [32] the real bits of the chunk that is looked at, and 1 where they are text and not padding. */
  readonly bits: Uint8Array;
  readonly scored: Uint8Array;
  /** [R, 32] p of each of them being a 1, given the real bits before it where the voters hear them; NaN without voters. */
  readonly probabilities: Float32Array;
  /** [R, 32] 1/Σw²; 0 without voters. */
  readonly bitVoters: Float32Array;
  /** Milliseconds spent in the model process. */
  readonly milliseconds: number;
}
