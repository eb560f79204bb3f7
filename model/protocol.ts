/** @file What the extension host and the model process say to each other: typed JSON-RPC over the fork's IPC channel. */
import type { CancellationToken } from 'vscode-jsonrpc';
import { NotificationType, RequestType } from 'vscode-jsonrpc';
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

export type { CancellationToken };
