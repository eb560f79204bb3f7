/** @file Causes: how much earlier text in the window contributed to what the voters of a chunk say. */
import type { DocumentRef } from './documents';
import type { VoterChange } from './inspection';

/** How causes are found; model/attribution says what each does. */
export type CauseMethod = 'occlusion' | 'gradient' | 'integrated';

/** The pieces that the text before is cut into. */
export type CauseUnit = 'byte' | 'chunk' | 'word' | 'line';

/**
 * What is to be explained of a chunk: the surprise of its text or of one of its bytes (0 … 3), the p of one bit or the score of one
 * voter.
 */
export type CauseTarget =
  | { readonly kind: 'chunk' }
  | { readonly kind: 'byte'; readonly byte: number }
  | { readonly kind: 'bit'; readonly bit: number }
  | { readonly kind: 'voter'; readonly bit: number; readonly voter: number };

export interface CausesParams extends DocumentRef {
  /** Any byte offset in the document; the chunk that holds it is explained. */
  readonly offset: number;
  readonly target: CauseTarget;
  readonly method: CauseMethod;
  readonly unit: CauseUnit;
  /** Voters silenced or held; only occlusion hears them, the gradients are those of the model as it is. */
  readonly changes: readonly VoterChange[];
}

/** A piece of the text before. */
export interface Cause {
  /** Byte offset. */
  readonly offset: number;
  /** Bytes. */
  readonly length: number;
  /** As it is shown (`visibleLabel`). */
  readonly text: string;
  /** What it adds to the value, in the value's unit. */
  readonly contribution: number;
}

/** Whether the contributions add up to what they are to explain. */
export interface Completeness {
  /** The value with the text less the value with none. */
  readonly difference: number;
  /** Of all contributions, with that of the window's beginning. */
  readonly sum: number;
  /** |sum − difference| as a share of |difference|. */
  readonly error: number;
  /** Gradients that were averaged. */
  readonly steps: number;
}

export interface Causes {
  readonly checkpoint: string;
  readonly target: CauseTarget;
  readonly method: CauseMethod;
  readonly unit: CauseUnit;
  /** The changes of voters that are in force in these numbers. */
  readonly changes: readonly VoterChange[];
  /** The chunk's number in the document's grid, its offset and its bytes that are in the document. */
  readonly index: number;
  readonly offset: number;
  readonly length: number;
  /** The target's bytes as they are shown: the chunk's, or those of the byte that is asked about. */
  readonly text: string;
  /** Surprise in bits (chunk, byte), ln(p/(1 − p)) (bit), or z (voter). */
  readonly value: number;
  /** In the order of the text, up to the target; none is before the window. */
  readonly causes: readonly Cause[];
  /** What the zeros before the document's first byte add where the window holds them, and no piece of text does; 0 for occlusion. */
  readonly beginning: number;
  /** Of integrated gradients only. */
  readonly completeness: Completeness | null;
  /** Milliseconds spent in the model process. */
  readonly milliseconds: number;
}
