/** @file What the extension host and the comparison of two models or texts say to each other. */
import type { ComparedChunk, ComparedContinuations, Comparison } from '../comparison';
import type { VoterChange, VoterPlace } from '../inspection';
import type { EmptyState, ErrorState, LoadingState, Provenance } from './messages';

/** A comparison, with the bytes that it is of. */
export interface ComparisonWithBytes extends Comparison {
  /** The compared bytes of A's text; B's where it is another one, else null. */
  readonly bytesA: Uint8Array;
  readonly bytesB: Uint8Array | null;
}

export type SideName = 'a' | 'b';

/** What is changed of a side's voters. */
export interface SideVoters {
  /** Under which the workspace keeps them; null where it does not. */
  readonly name: string | null;
  readonly changes: readonly VoterChange[];
}

/** What both write on: neither a result nor a failure while they are asked. */
export interface Continued {
  readonly result: ComparedContinuations | null;
  /** One sentence. */
  readonly failure: string | null;
}

export interface ComparisonReady {
  readonly kind: 'ready';
  readonly a: Provenance;
  readonly b: Provenance;
  readonly voters: Readonly<Record<SideName, SideVoters>>;
  /** Voters that are silenced or held in the editor now, which a side can take over. */
  readonly present: number;
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
  /** What both write from that chunk on; null where there is none. */
  readonly continued: Continued | null;
}

export type ComparisonState = EmptyState | LoadingState | ErrorState | ComparisonReady;

/** What the comparison asks of the host beside selecting. */
export type ComparisonAsk =
  /** The texts as they are now. */
  | { readonly kind: 'measure' }
  | { readonly kind: 'cancel' }
  /** Voters of a side are to vote by themselves again; all where none is named. */
  | { readonly kind: 'restoreVoters'; readonly side: SideName; readonly voters: readonly VoterPlace[] | null }
  /** A side is to have what is silenced and held in the editor now. */
  | { readonly kind: 'takeVoters'; readonly side: SideName };
