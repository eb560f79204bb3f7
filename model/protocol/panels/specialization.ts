/** @file What the extension host and the Specialization map say to each other. */
import type { VoterChange, VoterPlace } from '../inspection';
import type { StatisticsSummary, VoterClass, VoterDashboard } from '../statistics';
import type { AgreementPlace, AnalysisProvenance, ContextDimension, SpecializationMap } from '../voterAnalyses';
import type { SetVoterNoteParams, VoterNames } from '../voterNotes';
import type { EmptyState, ErrorState, LoadingState, Provenance } from './messages';

/** The texts that are looked at: the document of the selection, or it and the folders of the workspace. */
export type MapScope = 'text' | 'workspace';

/** What the panel shows: the voters of a bit over contexts, or all voters in a table. */
export type MapFace = 'map' | 'voters';

/** Questions that take a while; each can be cancelled. */
export type AnalysisKind = 'map' | 'search' | 'agreement' | 'statistics' | 'table';

export interface AnalysisWork {
  readonly kind: AnalysisKind;
  /** What happens now, in words. */
  readonly words: string;
  /** How much of it is done, 0 to 1; null where that is not known. */
  readonly share: number | null;
}

/** The map of a bit, with its voters by their numbers in the bit. */
export interface VoterMap
  extends Omit<SpecializationMap, 'voters'>, Pick<AnalysisProvenance, 'chunks' | 'totalChunks'> {
  readonly bit: number;
  /** What it was measured on, for users. */
  readonly measuredOn: string;
  /** The text has changed since. */
  readonly outdated: boolean;
}

/** Where something is in a text, with what stands around it. */
export interface TextPlace {
  /** URI of a document or path of a file: what `open` takes. */
  readonly name: string;
  /** For users. */
  readonly file: string;
  readonly offset: number;
  readonly before: string;
  readonly text: string;
  readonly after: string;
}

export interface VoterExampleRow extends TextPlace {
  readonly vote: number;
}

/** A class that a voter is of. */
export interface VoterClassCount {
  readonly name: VoterClass;
  /** So many voters of the model are of it. */
  readonly voters: number;
  /** Of so many: those that are not dead, or for the class dead all. */
  readonly of: number;
}

/** A voter over the corpus of its statistics, its examples with what users know their files by. */
export interface VoterFigures extends Omit<VoterDashboard, 'classes' | 'top' | 'sample'> {
  readonly classes: readonly VoterClassCount[];
  readonly top: readonly VoterExampleRow[];
  readonly sample: readonly VoterExampleRow[];
  /** Chunks of the corpus; more than the samples where windows spread evenly over it were looked at. */
  readonly totalChunks: number;
  /** What the statistics were gathered on, for users. */
  readonly measuredOn: string;
}

/** The selected voter. */
export interface VoterPanel extends VoterPlace {
  readonly name: string;
  readonly note: string;
  /** At the selected chunk; null while it is not known, or where the bit is padding. */
  readonly current: { readonly vote: number; readonly weight: number; readonly real: number } | null;
  /** Null where no statistics have been gathered of this checkpoint, or they are being read. */
  readonly figures: VoterFigures | null;
}

export type ConceptQuery =
  | { readonly kind: 'regex'; readonly pattern: string; readonly ignoreCase: boolean; readonly begins: boolean }
  | { readonly kind: 'context'; readonly dimension: ContextDimension; readonly name: string }
  /** What is selected in the editor. */
  | { readonly kind: 'selection' };

export interface RankedVoter extends VoterPlace {
  readonly auroc: number;
  readonly q: number;
  /** Bits. */
  readonly information: number;
  readonly informationQ: number;
  readonly medianInside: number;
  readonly medianOutside: number;
}

/** Voters that a search has found. */
export interface FoundVoters {
  readonly count: number;
  /** The best of them, best first. */
  readonly best: readonly RankedVoter[];
}

export interface ConceptRanking {
  /** The concept, for users. */
  readonly concept: string;
  readonly labelled: number;
  readonly chunks: number;
  readonly voters: number;
  /** Of those, voters that vote. */
  readonly voting: number;
  /** As the search answers them. */
  readonly higher: FoundVoters;
  readonly lower: FoundVoters;
  readonly informed: FoundVoters;
  readonly isSmallSample: boolean;
  readonly shuffles: number;
  readonly measuredOn: string;
}

/** A place of an agreement, with what users know its file by. */
export interface AgreementRow extends Omit<AgreementPlace, 'place'>, TextPlace {}

export interface AgreementList {
  /** Null for all bits. */
  readonly bit: number | null;
  /** The chunk that was asked about. */
  readonly offset: number;
  /** Voters that are on there. */
  readonly voters: number;
  /** Share of them that has to be on elsewhere. */
  readonly minAgreement: number;
  readonly places: readonly AgreementRow[];
  readonly found: number;
  readonly matchingChunks: number;
  readonly chunks: number;
  readonly measuredOn: string;
}

/** The bit of a chunk whose real value was the least expected. */
export interface MostWrongBit {
  readonly bit: number;
  /** Of the chunk, in bytes. */
  readonly offset: number;
  /** −log2 of the probability of its real value; infinite where p rounds to 0 or 1. */
  readonly surprise: number;
}

/** The texts that the table of all voters is measured on; `gathered` are those of the statistics that are stored with the model. */
export type TableScope = MapScope | 'gathered';

/** What a table of all voters says of each; row b·M + i is voter i of bit b. */
export interface VoterTable extends Pick<
  StatisticsSummary,
  | 'votersPerBit'
  | 'chunks'
  | 'totalChunks'
  | 'densities'
  | 'aurocs'
  | 'meanWeights'
  | 'nearest'
  | 'nearestCorrelations'
  | 'contributions'
  | 'automaticNames'
  | 'classMasks'
> {
  /** What it was measured on, for users. */
  readonly measuredOn: string;
  /** The text has changed since. */
  readonly outdated: boolean;
}

/** All voters at one chunk, [32·M] each. */
export interface VotersHere {
  /** Byte offset of the chunk. */
  readonly offset: number;
  /** NaN where the bit is padding. */
  readonly votes: Float32Array;
  readonly effects: Float32Array;
}

/** The voter finder: every voter of the model in one table. */
export interface VoterFinder {
  readonly scope: TableScope;
  /** Whether statistics are stored with the model. */
  readonly hasGathered: boolean;
  /** Null while it is being measured. */
  readonly table: VoterTable | null;
  /** Names that the user gave; automatic ones are those of the table's texts. */
  readonly ownNames: VoterNames;
  /** Voters that are silenced or held now. */
  readonly changes: readonly VoterChange[];
  /** At the selected chunk; null while it is not known. */
  readonly here: VotersHere | null;
  /** A second voter beside the selected one. */
  readonly compared: VoterPanel | null;
}

export interface SpecializationReady {
  readonly kind: 'ready';
  readonly provenance: Provenance;
  readonly bit: number;
  readonly scope: MapScope;
  /** Whether there is a workspace to look at. */
  readonly hasWorkspace: boolean;
  readonly map: VoterMap | null;
  /** The bit on which the map opened, since it was the most wrong at byte `offset`; null where one was selected then. */
  readonly mostWrong: MostWrongBit | null;
  readonly voter: VoterPanel | null;
  readonly names: VoterNames;
  readonly ranking: ConceptRanking | null;
  readonly agreement: AgreementList | null;
  /** In place of the map; absent while that is shown. */
  readonly finder?: VoterFinder;
  readonly work: readonly AnalysisWork[];
  /** Why a question was not answered, one sentence each. */
  readonly failures: Readonly<Partial<Record<AnalysisKind, string>>>;
}

export type SpecializationState = EmptyState | LoadingState | ErrorState | SpecializationReady;

/** What the map asks of the host beside selecting. */
export type SpecializationAsk =
  /** Measure on these texts, as they are now. */
  | { readonly kind: 'measure'; readonly scope: MapScope }
  /** Select the bit that is the most wrong at the selected chunk. */
  | { readonly kind: 'mostWrong' }
  | { readonly kind: 'cancel'; readonly work: AnalysisKind }
  | { readonly kind: 'search'; readonly concept: ConceptQuery }
  /** Where else the voters of the bit, or of all, agree as at the selected chunk. */
  | { readonly kind: 'agree'; readonly bit: number | null }
  /** Gather the statistics of every voter. */
  | { readonly kind: 'gather' }
  | ({ readonly kind: 'name' } & SetVoterNoteParams)
  | { readonly kind: 'open'; readonly name: string; readonly offset: number }
  /** Show the table of all voters, or the map of a bit. */
  | { readonly kind: 'face'; readonly face: MapFace }
  /** Measure all voters on these texts, as they are now. */
  | { readonly kind: 'table'; readonly scope: TableScope }
  /** Show this voter beside the selected one; null for none. */
  | { readonly kind: 'compare'; readonly voter: VoterPlace | null }
  /** Silence these voters, or hold them at a vote; all others stay as they are. */
  | { readonly kind: 'changeVoters'; readonly changes: readonly VoterChange[] }
  /** Let these voters vote by themselves again. */
  | { readonly kind: 'restoreVoters'; readonly voters: readonly VoterPlace[] }
  /** Put this onto the clipboard. */
  | { readonly kind: 'copy'; readonly text: string };
