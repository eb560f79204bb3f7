/** @file Questions about all voters over texts: specialization map, concept search, agreement. */
import type { DocumentRef, FindablePlace } from './documents';
import type { SkippedFile } from './training';

/** A document, with VS Code's language identifier where the caller knows it; its name's extension decides otherwise. */
export interface SourceDocument extends DocumentRef {
  readonly languageId?: string;
}

/** The texts over which voters are looked at: documents that were sent, and files and folders. */
export interface VoterSources {
  readonly documents: readonly SourceDocument[];
  /** Absolute; a file that is among the documents is not read again. */
  readonly paths: readonly string[];
  /** As in `CorpusParams`. */
  readonly exclude: readonly string[];
  readonly maxFileBytes: number;
  /** Chunks evaluated at most, in windows spread evenly over the texts; about 131,000 with 128 voters a bit, whatever is asked. */
  readonly maxChunks: number;
}

/** How far a question about voters is. */
export interface AnalysisProgress {
  /** Reading the texts (done: bytes; total: 0), running the model (chunks), or comparing (voters). */
  readonly phase: 'reading' | 'votes' | 'comparing';
  readonly done: number;
  readonly total: number;
}

/** A question about voters. */
export interface AnalysisParams {
  readonly sources: VoterSources;
}

/** What a figure about voters was measured on. */
export interface AnalysisProvenance {
  readonly checkpoint: string;
  /** M */
  readonly votersPerBit: number;
  /** [32] τ of each bit; NaN where the aggregation has none. */
  readonly temperatures: Float32Array;
  /** N: complete chunks looked at, of `totalChunks` in the texts. */
  readonly chunks: number;
  readonly totalChunks: number;
  /** URIs and paths of the texts. */
  readonly texts: readonly string[];
  readonly skipped: readonly SkippedFile[];
}

/**
 * What a chunk's surroundings are sorted by: kind of its first character, or of the one before; characters before it on its
 * line; levels of indentation of its line; what its first byte is in the language (identifier, string, …); the language.
 */
export type ContextDimension = 'character' | 'characterBefore' | 'linePosition' | 'indentation' | 'syntax' | 'language';

/** A column of the specialization map. */
export interface MapContext {
  readonly dimension: ContextDimension;
  /** Name of the class, such as `upper case`. */
  readonly name: string;
  /** N, chunks in it. */
  readonly count: number;
}

/** How things in the order of their clusters were merged: neighbouring intervals of places, parts before what they are part of. */
export interface ClusterTree {
  /** [3·(n − 1)] of each merge its first place, the place where its second half begins, the place after its last. */
  readonly merges: Uint32Array;
  /** [n − 1] 1 − r, r the mean correlation between the two halves. */
  readonly heights: Float32Array;
}

export interface SpecializationMap {
  /** Contexts that some chunks are in and some are not. */
  readonly contexts: readonly MapContext[];
  /** [V] the voters, as b·M + i. */
  readonly voters: Uint32Array;
  /** [V, contexts] mean vote over the chunks in the context, to within a code (1 %). */
  readonly meanVotes: Float32Array;
  /** [V, contexts] AUROC of the vote for being in the context; ½ says nothing, below ½ the voter stays low there. */
  readonly auroc: Float32Array;
  /** [V] the largest vote, to within a code, but on the right side of ½. */
  readonly maxVotes: Float32Array;
  /** [V] rows in the order of their clusters (bit by bit where there are several), as indices into `voters`. */
  readonly voterOrder: Uint32Array;
  /** The clusters of the voters of one bit; null where there are several bits. */
  readonly voterTree: ClusterTree | null;
  /** [contexts] columns in the order of their clusters. */
  readonly contextOrder: Uint32Array;
  readonly contextTree: ClusterTree;
}

export interface SpecializationMapParams extends AnalysisParams {
  /** The bit whose voters are mapped, or null for all 32. */
  readonly bit: number | null;
}

export interface SpecializationMapResult extends SpecializationMap {
  readonly provenance: AnalysisProvenance;
  readonly milliseconds: number;
}

/** Which chunks a match or a selection labels: those that any byte of it lies in, or the one that it begins in. */
export type ConceptPlace = 'overlaps' | 'begins';

/** What voters may know about. Votes for a chunk come before its bytes; a label is about the chunk that is predicted. */
export type Concept =
  | {
      readonly kind: 'regex';
      readonly pattern: string;
      /** Of JavaScript's: i, m, s, u, v. */
      readonly flags: string;
      readonly place: ConceptPlace;
    }
  | { readonly kind: 'context'; readonly dimension: ContextDimension; readonly name: string }
  | {
      readonly kind: 'selection';
      /** Half-open, in bytes; `name` is the document's URI or the file's path. */
      readonly ranges: readonly { readonly name: string; readonly start: number; readonly end: number }[];
      readonly place: ConceptPlace;
    };

/** Figures of all V = 32·M voters; voter b·M + i is voter i of bit b. */
export interface RankedVoters {
  /** [V] probability that a labelled chunk has a higher vote than another; 0.5 for a voter that never changes. */
  readonly auroc: Float32Array;
  /** [V] p of the AUROC against shuffled labels, two-sided, and its false discovery rate over all voters. */
  readonly p: Float64Array;
  readonly q: Float64Array;
  /** [V] bits about the label, corrected for bias, with p (on the safe side) and false discovery rate. */
  readonly information: Float32Array;
  readonly informationP: Float64Array;
  readonly informationQ: Float64Array;
  /** [V] median vote over labelled and over other chunks, to within a code. Means can order them other than the AUROC does. */
  readonly medianInside: Float32Array;
  readonly medianOutside: Float32Array;
  /** Voters that vote: above ½ in some chunk. Only they are found. */
  readonly voting: number;
  /** Found voters whose votes rank higher there: q at or below 0.05, and an AUROC of 0.6 or more; the best first. */
  readonly higher: Uint32Array;
  /** Found voters whose votes rank lower there: the same with an AUROC of 0.4 or less. */
  readonly lower: Uint32Array;
  /** Found voters that know of the label either way: informationQ at or below 0.05, and 1 % or more of what there is to know; the best first. */
  readonly informed: Uint32Array;
  /** Whether fewer than 30 chunks are labelled, or are not: what is found then is a hint. */
  readonly isSmallSample: boolean;
  /** How many times labels were shuffled, and the chunks in a block that was moved as it is. */
  readonly shuffles: number;
  readonly blockLength: number;
}

export interface ConceptSearchParams extends AnalysisParams {
  readonly concept: Concept;
  /** Of the shuffles: the same seed gives the same p. */
  readonly seed: number;
}

export interface ConceptSearchResult extends RankedVoters {
  /** Labelled chunks. */
  readonly labelled: number;
  readonly provenance: AnalysisProvenance;
  readonly milliseconds: number;
}

/** Where else do these voters agree as they do at this chunk? */
export interface AgreementSearchParams extends AnalysisParams {
  readonly origin: DocumentRef & { readonly offset: number };
  /** b·M + i of each; null for those that are on at the chunk, of `bit` or of all bits. */
  readonly voters: readonly number[] | null;
  readonly bit: number | null;
  /** A voter is on where v is above it. */
  readonly threshold: number;
  /** Share of the voters that have to be on and off as at the chunk, above 0 to 1. */
  readonly minAgreement: number;
  /** Places answered at most. */
  readonly limit: number;
}

/** Consecutive chunks at which enough voters agree. */
export interface AgreementPlace {
  /** URI of the document or path of the file. */
  readonly name: string;
  /** In bytes. */
  readonly offset: number;
  readonly length: number;
  /** Its beginning, to find it again where the text was edited since. */
  readonly place: FindablePlace;
  readonly before: string;
  readonly text: string;
  readonly after: string;
  readonly chunks: number;
  /** Mean share of the voters that agree: what places are ranked by, and equal ones by `chunks`. */
  readonly agreement: number;
  /** Whether it holds the chunk that was asked about. */
  readonly isOrigin: boolean;
}

export interface AgreementSearchResult {
  /** The voters of the pattern, and whether each is on (1) at the chunk. */
  readonly voters: Uint32Array;
  readonly on: Uint8Array;
  readonly places: readonly AgreementPlace[];
  /** Places in all, and the chunks in them. */
  readonly found: number;
  readonly matchingChunks: number;
  /** [voters + 1] chunks at which exactly so many of the voters agree. */
  readonly histogram: Uint32Array;
  readonly provenance: AnalysisProvenance;
  readonly milliseconds: number;
}
