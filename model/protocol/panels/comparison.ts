/** @file What the extension host and the comparison of two models or texts say to each other. */
import type { ComparedChunk, Comparison } from '../comparison';
import type { EmptyState, ErrorState, LoadingState, Provenance } from './messages';

/** A comparison, with the bytes that it is of. */
export interface ComparisonWithBytes extends Comparison {
  /** The compared bytes of A's text; B's where it is another one, else null. */
  readonly bytesA: Uint8Array;
  readonly bytesB: Uint8Array | null;
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
  readonly result: ComparisonWithBytes | null;
  /** A text has changed since it was measured. */
  readonly outdated: boolean;
  /** What happens now, and how much of it is done, 0 to 1. */
  readonly work: { readonly words: string; readonly share: number | null } | null;
  /** Why there is no newer result, one sentence. */
  readonly failure: string | null;
  /** The selected chunk; null where nothing is selected in one of the texts, or it is not known yet. */
  readonly chunk: ComparedChunk | null;
}

export type ComparisonState = EmptyState | LoadingState | ErrorState | ComparisonReady;

/** What the comparison asks of the host beside selecting: measure the texts as they are now, or give up measuring. */
export type ComparisonAsk = 'measure' | 'cancel';
