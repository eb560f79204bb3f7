/** @file Attention: where each head of each block of the bottleneck reads, for one chunk and over a document. */
import type { DocumentRef } from './documents';
import type { DocumentChunk } from './inspection';

/** What a place is to the position that reads it; it may be several at once. model/inspection/attentionPlaces.ts says which is which. */
export type AttentionKind = 'itself' | 'previous' | 'same' | 'after' | 'lineStart' | 'first';

export interface AttentionParams extends DocumentRef {
  /** Any byte offset in the document; the chunk that holds it is asked about. */
  readonly offset: number;
}

/** A position of the bottleneck, by the text that it is the first to have seen. */
export interface AttentionPlace {
  /** Byte offset; a place before the document has no bytes. */
  readonly offset: number;
  readonly length: number;
  /** The characters that end in it, as text within other text (`visibleText`). */
  readonly text: string;
  readonly kinds: readonly AttentionKind[];
}

/** What heads do, over one position or as means over several; head h of block b is number b·heads + h. */
export interface HeadMeasures {
  readonly blocks: number;
  /** Heads of a block. */
  readonly heads: number;
  /** Bytes from one place to the next. */
  readonly bytesPerPlace: number;
  /** [blocks·heads] of the weights, bits. */
  readonly entropy: Float32Array;
  /** The same of a head that reads all places alike. */
  readonly evenEntropy: number;
  /** [blocks·heads] bytes back, each place by its weight. */
  readonly distance: Float32Array;
  readonly evenDistance: number;
  /** [blocks·heads, kinds] weight of all places of a kind, where there are any, in the order of ATTENTION_KINDS; NaN where none ever are. */
  readonly shares: Float32Array;
  /** [kinds] what a head that reads all places alike would have. */
  readonly evenShares: Float32Array;
}

/** Where the heads read when a chunk is predicted. */
export interface ChunkAttention extends HeadMeasures, DocumentChunk {
  readonly checkpoint: string;
  /** [n] from the window's first place to the one that reads. */
  readonly places: readonly AttentionPlace[];
  /** [blocks·heads, n] */
  readonly weights: Float32Array;
  /** Text between the last place and the chunk, which comes to it by skip connections alone (`visibleText`). */
  readonly unread: string;
  /** What the text that was read ends with, where the window has it earlier: the longest such text (`visibleLabel`), and where it ended. */
  readonly repeated: { readonly text: string; readonly ends: readonly number[] } | null;
  /** Milliseconds spent in the model process. */
  readonly milliseconds: number;
}

/** Where the heads read on the whole: means over positions of a document. */
export interface HeadFindings extends HeadMeasures {
  readonly checkpoint: string;
  /** N, positions of the bottleneck, each with the places before it in its window. */
  readonly positions: number;
  /** [kinds] positions that have a place of the kind. */
  readonly counts: Int32Array;
  /** Chunks that they stand for, of all complete ones. */
  readonly chunks: number;
  readonly totalChunks: number;
  readonly milliseconds: number;
}
