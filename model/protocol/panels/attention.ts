/** @file What the Attention panel shows: where every head reads for the selected chunk, and over the whole document. */
import type { ChunkAttention, HeadFindings } from '../attention';
import type { EmptyState, ErrorState, LoadingState, Provenance } from './messages';

export interface AttentionReady {
  readonly kind: 'ready';
  readonly provenance: Provenance;
  readonly at: ChunkAttention;
  /** Over the document; null while that is not measured, or where it is too short. */
  readonly findings: HeadFindings | null;
  /** The document has changed since. */
  readonly outdated: boolean;
  /** How far measuring the document is. */
  readonly work: { readonly words: string; readonly share: number | null } | null;
  /** Why it was not measured, one sentence. */
  readonly failure: string | null;
}

export type AttentionState = EmptyState | LoadingState | ErrorState | AttentionReady;

/** Measure the document as it is now, or stop doing so; show the chunk's causes in the text. */
export type AttentionAsk = 'measure' | 'cancel' | 'causes';
