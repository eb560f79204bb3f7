/** @file What the extension host and the model process say to each other: typed JSON-RPC over the fork's IPC channel. */
import type { CancellationToken } from 'vscode-jsonrpc';
import { NotificationType, ProgressType, RequestType } from 'vscode-jsonrpc';
import type { NetworkBlock } from './network/blocks';
import type { ModelConfig } from './network/config';

// The channel is `child_process.fork` with `serialization: 'advanced'`, so typed arrays travel as typed arrays.

/** Codes of the errors that a request can end with; the message is one sentence for the person at the editor. */
export const ErrorCode = {
  /** No model is loaded, or not the one the request was for. */
  noModel: 1,
  /** The model folder or file cannot be used. */
  badModel: 2,
  /** The text has changed since, or was never sent. */
  staleDocument: 3,
  /** The corpus holds nothing to train on. */
  emptyCorpus: 4,
  /** A file could not be read or written (permission, full disk). */
  fileSystem: 5,
  /** Training diverged or met a value that is not finite. */
  diverged: 6,
  /** Anything else: a defect of ours. */
  internal: 7,
  /** The request was cancelled before it was answered. */
  cancelled: 8,
  /** The document is empty, so there is no chunk to inspect. */
  emptyDocument: 9,
  /** ONNX Runtime does not load on this platform, or the device cannot run the model. */
  runtime: 10,
  /** What was asked for does not fit: a setting that training cannot take, or a second training in one process. */
  badRequest: 11,
} as const;

/** What is known of a loaded model. */
export interface ModelSummary {
  readonly folder: string;
  /** The folder's last path segment. */
  readonly name: string;
  /** First 12 hex digits of the SHA-256 of `model.safetensors`: names the checkpoint in every figure. */
  readonly checkpoint: string;
  readonly config: ModelConfig;
  readonly parameters: number;
  /** Steps trained so far, or null where the folder does not say. */
  readonly steps: number | null;
  /** τ of each bit. */
  readonly temperatures: Float32Array;
  /** M as the head computes it (1 for `dense`). */
  readonly votersPerBit: number;
  /** The device it runs on; not the one asked for where `notice` says why. */
  readonly device: string;
  /** One sentence for the person where something is not as asked, such as a device that is missing. */
  readonly notice?: string;
}

export interface LoadParams {
  readonly folder: string;
  /** Where statistics, names and notes of voters are kept; the model's folder unless given (a read-only one, say). */
  readonly findings?: string;
  /** 'cpu' unless the user chose otherwise. */
  readonly device: string;
  /** Threads of one run; 0 lets the process choose. */
  readonly threads: number;
}

/** A document's text as UTF-8, sent before the first request that names its version. */
export interface DocumentSync {
  readonly uri: string;
  readonly version: number;
  readonly bytes: Uint8Array;
}

export interface DocumentRef {
  readonly uri: string;
  readonly version: number;
}

export interface InspectChunkParams extends DocumentRef {
  /** Any byte offset in the document; the chunk that holds it is inspected. */
  readonly offset: number;
  /** How many alternatives to list, 0 for none. */
  readonly alternatives: number;
}

/** A chunk that the model thought of, most probable first. */
export interface Alternative {
  readonly bytes: Uint8Array;
  /** The bytes as text, control characters and incomplete UTF-8 made visible. */
  readonly text: string;
  readonly validUtf8: boolean;
  /** Probability of the whole chunk under the model. */
  readonly probability: number;
  /** Numbers of the bits, ascending, that differ from the real chunk's; padding counts for none. */
  readonly flippedBits: Uint8Array;
}

/** The votes that predicted one chunk, next to the bits that are really there. M = voters a bit. */
export interface ChunkInspection extends DocumentRef {
  readonly checkpoint: string;
  /** Number of the chunk in the document's grid. */
  readonly index: number;
  readonly chunkCount: number;
  /** Byte offset of its first byte. */
  readonly offset: number;
  /** Bytes of it that are in the document: 4, or fewer at the end. */
  readonly length: number;
  readonly text: string;
  /** Text of the chunks before and after, for orientation. */
  readonly before: string;
  readonly after: string;
  /** [32] 0 or 1. */
  readonly bits: Uint8Array;
  /** [32] 1 where the bit is real text, 0 where it is padding and not scored. */
  readonly scored: Uint8Array;
  /** [32] p of a 1. With chained bits, given the real bits before it in the chunk. */
  readonly probabilities: Float32Array;
  /** [32·M] v, bit-major. */
  readonly votes: Float32Array;
  /** [32·M] w, bit-major. */
  readonly weights: Float32Array;
  /** [32·M] change of the chunk's surprise, in bits, if that voter alone were silenced: above 0 where it helped; 0 at padding. */
  readonly effects: Float32Array;
  /** [32] 1/Σw². */
  readonly effectiveVoters: Float32Array;
  /** [32] number of voters with w > 1/M. */
  readonly activeVoters: Uint16Array;
  /** −log2 of the probability of the real bits. */
  readonly surprise: number;
  /** Mean effective voters over its 1-bits and over its 0-bits; null where there is none. */
  readonly effectiveVotersOnes: number | null;
  readonly effectiveVotersZeros: number | null;
  readonly alternatives: readonly Alternative[];
  /** Milliseconds spent in the model process. */
  readonly milliseconds: number;
}

/** One voter silenced (`vote` null) or held at a vote from 0 to 1. */
export interface VoterChange {
  readonly bit: number;
  readonly voter: number;
  readonly vote: number | null;
}

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
export interface LesionInspection extends DocumentRef {
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

export interface InspectRangeParams extends DocumentRef {
  readonly firstChunk: number;
  readonly count: number;
}

/** Measurements of consecutive chunks; n = number of chunks answered, rows are chunks. */
export interface RangeInspection extends DocumentRef {
  readonly checkpoint: string;
  readonly firstChunk: number;
  readonly count: number;
  readonly chunkCount: number;
  /** [4n] the chunks' bytes, right-padded with zeros at the end of the document. */
  readonly bytes: Uint8Array;
  /** [n·32] */
  readonly bits: Uint8Array;
  /** [n·32] p of a 1. */
  readonly probabilities: Float32Array;
  /** [n·32] 1/Σw². */
  readonly effectiveVoters: Float32Array;
  /** [n·32] share of voters with v > ½. */
  readonly density: Float32Array;
  /** [n·32] number of voters with w > 1/M. */
  readonly activeVoters: Uint16Array;
  /** [n] −log2 of the probability of the real bits. */
  readonly surprise: Float32Array;
}

export interface CompleteParams {
  /** UTF-8 of the text before the cursor; the last few kilobytes suffice. */
  readonly prefix: Uint8Array;
  /** UTF-8 of what follows the cursor on its line, which is never offered again. */
  readonly suffix: Uint8Array;
  readonly maxBytes: number;
  /** Stop at the end of the line. */
  readonly singleLine: boolean;
  /** Offer only as long as the probability of all that was decided stays at or above this. */
  readonly minConfidence: number;
}

export interface Completion {
  /** '' when the model is not sure enough to say anything. */
  readonly text: string;
  /** Probability of the whole text under the model. */
  readonly confidence: number;
  readonly milliseconds: number;
}

/** What Train Model… asks for; paths are absolute. */
export interface TrainParams {
  readonly text: readonly string[];
  readonly out: string;
  /** Name of a preset, or a configuration. Ignored with `resume`. */
  readonly preset: string;
  readonly resume: boolean;
  readonly steps: number | null;
  readonly seconds: number | null;
  readonly seed: number;
  readonly device: string;
  readonly threads: number;
  /** Patterns of `files.exclude` that are on, beside `.gitignore`. */
  readonly exclude: readonly string[];
  /** Files above this many bytes are skipped and reported. */
  readonly maxFileBytes: number;
}

export interface SkippedFile {
  readonly path: string;
  readonly reason: 'binary' | 'not UTF-8' | 'too large' | 'ignored' | 'unreadable' | 'empty';
}

export interface CorpusSummary {
  readonly files: number;
  readonly bytes: number;
  readonly trainBytes: number;
  readonly heldOutBytes: number;
  readonly skipped: readonly SkippedFile[];
}

/** One line of `training.jsonl` and of `train --json`, and one progress message. */
export interface TrainingReport {
  readonly step: number;
  /** Steps in all, or null when a time was asked for. */
  readonly steps: number | null;
  /** Mean loss in nats a bit since the last report. */
  readonly loss: number;
  readonly bitsPerByte: number;
  /** Global gradient norm before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
  readonly stepMilliseconds: number;
  readonly chunksPerSecond: number;
  /** Seconds since this run of the process began. */
  readonly elapsedSeconds: number;
  readonly remainingSeconds: number | null;
  /** Only where it was measured at this step. */
  readonly heldOutBitsPerByte?: number;
}

export type TrainingOutcome = 'finished' | 'stopped';

export interface TrainResult {
  readonly outcome: TrainingOutcome;
  readonly folder: string;
  readonly step: number;
  readonly bitsPerByte: number;
  readonly heldOutBitsPerByte: number | null;
}

/** A preset as the palette shows it. */
export interface PresetSummary {
  readonly name: string;
  readonly description: string;
  readonly parameters: number;
  readonly steps: number;
  readonly config: ModelConfig;
}

/** What kind of voter it is, by its statistics; model/inspection/voterClasses.ts defines each. */
export type VoterClass = 'constant' | 'ultralow' | 'dense' | 'gate-dead' | 'inverted' | 'twin';

/** What Voter Statistics asks for; paths are absolute. */
export interface StatisticsParams {
  readonly folder: string;
  /** As for `LoadParams`. */
  readonly findings?: string;
  readonly text: readonly string[];
  readonly device: string;
  /** Threads of one run; 0 lets the process choose. */
  readonly threads: number;
  /** Of the random examples. */
  readonly seed: number;
  /** As for training. */
  readonly exclude: readonly string[];
  readonly maxFileBytes: number;
}

export interface StatisticsProgress {
  readonly folder: string;
  readonly chunks: number;
  readonly total: number;
}

/** The statistics of every voter of the loaded model, as far as pictures of all of them need it; row b·M + i is voter i of bit b. */
export interface StatisticsSummary {
  readonly folder: string;
  readonly checkpoint: string;
  readonly votersPerBit: number;
  /** N, the chunks of the corpus: samples of every bit. */
  readonly chunks: number;
  readonly bytes: number;
  readonly files: readonly string[];
  /** Files that were met and not read. */
  readonly skipped: number;
  /** [32] chunks with a 1 there. */
  readonly ones: Int32Array;
  /** [32·M·2] of the vote by real bit 0 and 1; NaN where there is no such bit. */
  readonly means: Float64Array;
  readonly variances: Float64Array;
  /** [32·M] */
  readonly meanWeights: Float64Array;
  /** [32·M] share of chunks where its weight is above 0 and among the largest 10 % of its bit's. */
  readonly largeWeightShares: Float32Array;
  /** [32·M] share of chunks with v > ½. */
  readonly densities: Float32Array;
  /** [32·M] AUROC of the vote for its bit; NaN where only one value of the bit occurs. */
  readonly aurocs: Float32Array;
  /** [32·M] bit k of a mask stands for `classes[k].name`. */
  readonly classMasks: Uint8Array;
  readonly classes: readonly { readonly name: VoterClass; readonly voters: number }[];
}

export interface VoterStatisticsParams {
  readonly bit: number;
  readonly voter: number;
}

/** A chunk at which a voter is shown. */
export interface VoterExample {
  readonly path: string;
  readonly offset: number;
  readonly vote: number;
  /** The chunk and what stands around it, visible as in a hover; null where the file cannot be read any more, or has changed there. */
  readonly text: { readonly before: string; readonly chunk: string; readonly after: string } | null;
}

/** Everything that is known of one voter over the corpus. */
export interface VoterDashboard extends VoterStatisticsParams {
  readonly checkpoint: string;
  /** N of the real bits 0 and 1. */
  readonly samples: readonly [zeros: number, ones: number];
  /** [64] raw counts of the vote over [0, 1] where the real bit is 0; a vote of exactly 1 falls in the last bin. */
  readonly zeros: Int32Array;
  /** [64] the same where it is 1. */
  readonly ones: Int32Array;
  /** By real bit 0 and 1; NaN where there is no such bit. */
  readonly means: readonly [zeros: number, ones: number];
  readonly variances: readonly [zeros: number, ones: number];
  readonly minimum: number;
  readonly maximum: number;
  readonly meanWeight: number;
  readonly largeWeightShare: number;
  readonly density: number;
  /** Share of its 1-bits where voting more makes the 1 less probable; NaN where there is none. */
  readonly invertedShare: number;
  readonly auroc: number;
  readonly classes: readonly VoterClass[];
  /** The voter of the same bit that votes most alike, measured on so many chunks; null where it does not vary. */
  readonly nearest: { readonly voter: number; readonly correlation: number; readonly chunks: number } | null;
  /** The largest votes, largest first. */
  readonly top: readonly VoterExample[];
  /** Chunks drawn at random, in the order of the corpus. */
  readonly sample: readonly VoterExample[];
}

/** A document, with VS Code's language identifier where the caller knows it; its name's extension decides otherwise. */
export interface SourceDocument extends DocumentRef {
  readonly languageId?: string;
}

/** The texts over which voters are looked at: documents that were sent, and files and folders. */
export interface VoterSources {
  readonly documents: readonly SourceDocument[];
  /** Absolute; a file that is among the documents is not read again. */
  readonly paths: readonly string[];
  /** As in {@link TrainParams}. */
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

/** A question about voters; progress comes under `progressToken`, where there is one. */
export interface AnalysisParams {
  readonly sources: VoterSources;
  readonly progressToken?: string;
}

/** What a figure about voters was measured on. */
export interface Provenance {
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

export interface SpecializationMap {
  /** Contexts that some chunks are in and some are not. */
  readonly contexts: readonly MapContext[];
  /** [V] the voters, as b·M + i. */
  readonly voters: Uint32Array;
  /** [V, contexts] mean vote over the chunks in the context, to within a code (1 %). */
  readonly meanVotes: Float32Array;
  /** [V, contexts] AUROC of the vote for being in the context; ½ says nothing, below ½ the voter stays low there. */
  readonly auroc: Float32Array;
  /** [V] rows in the order of their clusters (bit by bit where there are several), as indices into `voters`. */
  readonly voterOrder: Uint32Array;
  /** [contexts] columns in the order of their clusters. */
  readonly contextOrder: Uint32Array;
}

export interface SpecializationMapParams extends AnalysisParams {
  /** The bit whose voters are mapped, or null for all 32. */
  readonly bit: number | null;
}

export interface SpecializationMapResult extends SpecializationMap {
  readonly provenance: Provenance;
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
  /** [V] mean vote over labelled and over other chunks, to within a code (1 %). */
  readonly meanInside: Float32Array;
  readonly meanOutside: Float32Array;
  /** [V] voters by |AUROC − ½|, and by information, the best first. */
  readonly byAuroc: Uint32Array;
  readonly byInformation: Uint32Array;
  /** Voters with q, with informationQ, at or below 0.05. */
  readonly found: number;
  readonly foundByInformation: number;
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
  readonly provenance: Provenance;
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
  readonly text: string;
  readonly chunks: number;
  /** Mean share of the voters that agree; times `chunks`, what places are ranked by. */
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
  readonly provenance: Provenance;
  readonly milliseconds: number;
}

/** What a person calls a voter and knows of it. */
export interface VoterNote {
  readonly bit: number;
  /** 0 … M − 1 */
  readonly voter: number;
  /** One line, or ''. */
  readonly name: string;
  readonly note: string;
  /** ISO 8601, UTC. */
  readonly updated: string;
}

/** Sets what a voter is called; an empty name with an empty note removes it. */
export interface SetVoterNoteParams {
  readonly bit: number;
  readonly voter: number;
  readonly name: string;
  readonly note: string;
}

/** All notes of the loaded model, by bit, then voter. */
export interface VoterNotes {
  readonly folder: string;
  readonly notes: readonly VoterNote[];
}

/** One block of the network as the overview draws it. */
export interface BlockSummary extends NetworkBlock {
  /** Positions of its output in a window of T chunks. */
  readonly positions: number;
  /** For one window of T chunks; null where it cannot be measured block by block. */
  readonly milliseconds: number | null;
}

/** The loaded model as a whole. */
export interface ModelOverview {
  readonly checkpoint: string;
  /** T, chunks in the window that was timed. */
  readonly context: number;
  /** In the order of computation. */
  readonly blocks: readonly BlockSummary[];
  /** Runs of which the times are the medians. */
  readonly timedRuns: number;
  readonly device: string;
  /** 0: ONNX Runtime's choice. */
  readonly threads: number;
  /** Text of `card.md`; null where the folder has none. */
  readonly card: string | null;
}

export interface ActivityParams extends DocumentRef {
  /** Any byte offset in the document; the chunk that holds it is looked at. */
  readonly offset: number;
}

/** What the router of a dendritic block chose at one position. */
export interface BlockGates {
  /** Id of the block. */
  readonly block: string;
  /** [K] the share of each dendrite; 0 where it is not one of the k that are active. */
  readonly gates: Float32Array;
}

/** How active the blocks are where one chunk is predicted. */
export interface ModelActivity extends DocumentRef {
  readonly checkpoint: string;
  readonly index: number;
  readonly chunkCount: number;
  /** Byte offset of the chunk, and its text. */
  readonly offset: number;
  readonly text: string;
  /** One a block, in the overview's order: root mean square over its channels at the chunk's position. */
  readonly rms: Float32Array;
  /** Of dendritic blocks; empty where there are none. */
  readonly gates: readonly BlockGates[];
}

export interface VoterRangeParams extends DocumentRef {
  readonly firstChunk: number;
  readonly count: number;
  readonly bit: number;
  readonly voter: number;
}

/** One voter's votes at consecutive chunks. */
export interface VoterRange extends DocumentRef {
  readonly checkpoint: string;
  readonly firstChunk: number;
  readonly count: number;
  /** [n] v, with chained bits given the real bits before; NaN where the bit is padding. */
  readonly votes: Float32Array;
}

export const VoterRangeRequest = new RequestType<VoterRangeParams, VoterRange, void>('inspect/voter');
export const ModelOverviewRequest = new RequestType<Record<string, never>, ModelOverview, void>('model/overview');
export const ModelActivityRequest = new RequestType<ActivityParams, ModelActivity, void>('model/activity');
export const LoadRequest = new RequestType<LoadParams, ModelSummary, void>('model/load');
export const UnloadRequest = new RequestType<Record<string, never>, null, void>('model/unload');
export const DocumentSyncNotification = new NotificationType<DocumentSync>('document/sync');
export const DocumentCloseNotification = new NotificationType<{ readonly uri: string }>('document/close');
export const InspectChunkRequest = new RequestType<InspectChunkParams, ChunkInspection, void>('inspect/chunk');
export const LesionRequest = new RequestType<LesionParams, LesionInspection, void>('inspect/lesion');
export const InspectRangeRequest = new RequestType<InspectRangeParams, RangeInspection, void>('inspect/range');
export const CompleteRequest = new RequestType<CompleteParams, Completion, void>('complete');
export const PresetsRequest = new RequestType<Record<string, never>, readonly PresetSummary[], void>('train/presets');
/** Cancelling the request stops the training at the next step, saves, and answers with outcome 'stopped'. */
export const TrainRequest = new RequestType<TrainParams, TrainResult, void>('train/run');
export const CorpusNotification = new NotificationType<CorpusSummary>('train/corpus');
export const TrainingReportNotification = new NotificationType<TrainingReport>('train/report');
/** The model folder has been saved and can be loaded. */
export const TrainingSavedNotification = new NotificationType<{ readonly folder: string; readonly step: number }>(
  'train/saved',
);

/** One sentence that a person should read although training goes on. */
export const TrainingWarningNotification = new NotificationType<{ readonly message: string }>('train/warning');

/** To the training process. Gathers the statistics of every voter over texts and stores them in the model folder; cancelled, it stores nothing. */
export const StatisticsRequest = new RequestType<StatisticsParams, StatisticsSummary, void>('statistics/compute');
export const StatisticsProgressNotification = new NotificationType<StatisticsProgress>('statistics/progress');
/** To the answering process: what is stored of the loaded model; null where there is nothing. */
export const StatisticsReadRequest = new RequestType<Record<string, never>, StatisticsSummary | null, void>(
  'statistics/read',
);
export const VoterStatisticsRequest = new RequestType<VoterStatisticsParams, VoterDashboard | null, void>(
  'statistics/voter',
);

/** Progress of the three questions about voters, under the token that the question names. */
export const AnalysisProgressType = new ProgressType<AnalysisProgress>();
export const SpecializationMapRequest = new RequestType<SpecializationMapParams, SpecializationMapResult, void>(
  'specialization/map',
);
export const ConceptSearchRequest = new RequestType<ConceptSearchParams, ConceptSearchResult, void>('concept/search');
export const AgreementSearchRequest = new RequestType<AgreementSearchParams, AgreementSearchResult, void>(
  'agreement/search',
);
export const VoterNotesRequest = new RequestType<Record<string, never>, VoterNotes, void>('voters/notes');
export const SetVoterNoteRequest = new RequestType<SetVoterNoteParams, VoterNotes, void>('voters/note');

export type { CancellationToken };
