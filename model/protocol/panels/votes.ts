/** @file What the Voter votes view shows: the votes for the chunk under the caret, what is changed of them, and what they are compared with. */
import type { CauseMethod, Causes, CauseUnit } from '../causes';
import type { ChunkInspection, VoterChange, VoterPlace } from '../inspection';
import type { LesionInspection } from '../lesions';
import type { MemoryChunk, MemoryReading, MemoryVoter, MemoryVoters } from '../memory';
import type { VoterNames } from '../voterNotes';
import type { EmptyState, ErrorState, LoadingState, Provenance } from './messages';

/** The voters that are silenced or held, and what that does to the chunk that is shown. */
export interface Lesion {
  /** Never empty. */
  readonly changes: readonly VoterChange[];
  /** Null until the model has answered. */
  readonly result: Pick<LesionInspection, 'before' | 'after'> | null;
  /** Bits of which every voter is silenced. */
  readonly bitsWithoutVoters: readonly number[];
  /** One sentence where the model could not answer. */
  readonly failure: string | null;
}

/** What memory says of the chunk, under the changes that are in force. */
export interface MemoryOfChunk {
  readonly reading: MemoryReading;
  readonly silenced: readonly MemoryVoter[];
  /** Null where the document is not read that far yet, or the answer is still to come. */
  readonly chunk: MemoryChunk | null;
  /** Whether what the voters did over the document is shown in place of the chunk; absent in panels that were exported before it could be. */
  readonly isOverDocument?: boolean;
  /** Null where it is not shown, or the answer is still to come. */
  readonly voters?: MemoryVoters | null;
}

/** What of the text before contributed to what is selected of the chunk. */
export interface CausesOfChunk {
  readonly method: CauseMethod;
  readonly unit: CauseUnit;
  /** Whether they stay while the caret moves: they may be those of another chunk. */
  readonly isPinned: boolean;
  /** Null until the model has answered. */
  readonly result: Causes | null;
  /** One sentence where the model could not answer. */
  readonly failure: string | null;
}

/** A chunk that was pinned, with its numbers as they were then. */
export interface PinnedChunk extends Pick<
  ChunkInspection,
  'index' | 'offset' | 'text' | 'bits' | 'scored' | 'probabilities' | 'effectiveVoters' | 'surprise'
> {
  readonly provenance: Provenance;
}

/** The votes that predicted the chunk under the caret. */
export interface VotesReady extends ChunkInspection {
  readonly kind: 'ready';
  readonly provenance: Provenance;
  /** Null where every voter votes as it does by itself. */
  readonly lesion: Lesion | null;
  readonly pinned: PinnedChunk | null;
  /** Voters that have a name; absent in panels that were exported before there were names. */
  readonly names?: VoterNames;
  /** Null while memory is off; absent in panels that were exported before there was one. */
  readonly memory?: MemoryOfChunk | null;
  /** Null while causes are not shown; absent in panels that were exported before there were any. */
  readonly causes?: CausesOfChunk | null;
}
export type VotesState = EmptyState | LoadingState | ErrorState | VotesReady;

export type VotesAsk =
  /** Silence these voters, or hold them at a vote; all others stay as they are. */
  | { readonly kind: 'changeVoters'; readonly changes: readonly VoterChange[] }
  /** Let these voters vote by themselves again. */
  | { readonly kind: 'restoreVoters'; readonly voters: readonly VoterPlace[] }
  /** The same of memory voters. */
  | { readonly kind: 'silenceMemory' | 'restoreMemory'; readonly voters: readonly MemoryVoter[] }
  /** Show what memory voters did over the document, or at the chunk. */
  | { readonly kind: 'showMemory'; readonly overDocument: boolean }
  /** Find the causes by another method, or in other pieces of text. */
  | { readonly kind: 'findCauses'; readonly method: CauseMethod; readonly unit: CauseUnit }
  /** Keep the causes that are shown while the caret moves, or follow it again. */
  | { readonly kind: 'pinCauses'; readonly pinned: boolean };
