/** @file What the extension host and the webviews say to each other. Snapshots with a version, never deltas. */

// This file is read by both sides: it imports nothing but messages, so that neither side's types leak into the other.
import type { BitDecoding } from '../../model/network/bitDecoding';
import type { ComparisonAsk } from './comparisonMessages';
import type { ExportAnswer } from './exportMessages';
import type { SpecializationRequest } from './specializationMessages';
import type { MonitorRequest } from './trainingMonitorMessages';

/** One selection for editor, view and panels. */
export interface Selection {
  /** Byte offset of the selected chunk's first byte in the document. */
  readonly offset: number;
  readonly bit: number | null;
  readonly voter: number | null;
  /** A locked selection does not follow the caret. */
  readonly locked: boolean;
}

/** Provenance that every figure shows. */
export interface Provenance {
  readonly model: string;
  readonly checkpoint: string;
  readonly votersPerBit: number;
  /** τ, or its range where it is learned a bit; null where the aggregation has none. */
  readonly temperature: string | null;
  readonly aggregation: string;
  readonly bitDecoding: BitDecoding;
  readonly document: string;
}

/** What a webview shows in place of data. */
export interface EmptyState {
  readonly kind: 'empty';
  readonly message: string;
  /** One button, one command. */
  readonly action: { readonly label: string; readonly command: PanelCommand } | null;
}
export interface LoadingState {
  readonly kind: 'loading';
  readonly message: string;
}
export interface ErrorState {
  readonly kind: 'error';
  readonly message: string;
  readonly action: { readonly label: string; readonly command: PanelCommand } | null;
}

export interface AlternativeRow {
  readonly text: string;
  readonly bytes: Uint8Array;
  readonly validUtf8: boolean;
  readonly probability: number;
  /** Numbers of the bits, ascending, that differ from the real chunk's. */
  readonly flippedBits: Uint8Array;
}

/** One voter of a bit. */
export interface VoterPlace {
  readonly bit: number;
  readonly voter: number;
}

/** One voter silenced (`vote` null) or held at a vote from 0 to 1. */
export interface ChangedVoter extends VoterPlace {
  readonly vote: number | null;
}

/** What the model says of the chunk with its voters as they are or changed; numbers as in `LesionState`. */
export interface LesionSide {
  readonly probabilities: Float32Array;
  readonly surprise: number;
  /** The most probable chunk. */
  readonly decoded: { readonly text: string; readonly validUtf8: boolean; readonly probability: number };
  readonly continuation: string;
}

/** The voters that are silenced or held, and what that does to the chunk that is shown. */
export interface Lesion {
  /** Never empty. */
  readonly changes: readonly ChangedVoter[];
  /** Null until the model has answered. */
  readonly result: { readonly before: LesionSide; readonly after: LesionSide } | null;
  /** Bits of which every voter is silenced. */
  readonly bitsWithoutVoters: readonly number[];
  /** One sentence where the model could not answer. */
  readonly failure: string | null;
}

/** A chunk that was pinned, with its numbers as they were then; arrays as in `ChunkInspection`. */
export interface PinnedChunk {
  readonly provenance: Provenance;
  readonly index: number;
  readonly offset: number;
  readonly text: string;
  readonly bits: Uint8Array;
  readonly scored: Uint8Array;
  readonly probabilities: Float32Array;
  readonly effectiveVoters: Float32Array;
  readonly surprise: number;
}

/** The votes that predicted the chunk under the cursor; arrays as in `ChunkInspection`. */
export interface VotesReady {
  readonly kind: 'ready';
  readonly provenance: Provenance;
  readonly index: number;
  readonly chunkCount: number;
  readonly offset: number;
  readonly length: number;
  readonly text: string;
  readonly before: string;
  readonly after: string;
  readonly bits: Uint8Array;
  readonly scored: Uint8Array;
  readonly probabilities: Float32Array;
  readonly votes: Float32Array;
  readonly weights: Float32Array;
  readonly effects: Float32Array;
  readonly effectiveVoters: Float32Array;
  readonly activeVoters: Uint16Array;
  readonly surprise: number;
  readonly effectiveVotersOnes: number | null;
  readonly effectiveVotersZeros: number | null;
  readonly alternatives: readonly AlternativeRow[];
  /** Null where every voter votes as it does by itself. */
  readonly lesion: Lesion | null;
  readonly pinned: PinnedChunk | null;
}
export type VotesState = EmptyState | LoadingState | ErrorState | VotesReady;

/** Measurements of consecutive chunks; arrays as in `RangeInspection`. */
export interface HeatmapTile {
  readonly firstChunk: number;
  readonly count: number;
  readonly bytes: Uint8Array;
  readonly bits: Uint8Array;
  readonly probabilities: Float32Array;
  readonly effectiveVoters: Float32Array;
  readonly density: Float32Array;
  readonly activeVoters: Uint16Array;
  readonly surprise: Float32Array;
}

/** What of a voter the heatmap shows. */
export type VoterQuantity = 'vote' | 'weight';

/** Every voter at consecutive chunks; codes as in `VoterTile`. */
export interface HeatmapVoters {
  readonly firstChunk: number;
  readonly count: number;
  readonly quantity: VoterQuantity;
  readonly codes: Uint8Array;
}

/** What has been measured of a whole document, over bins of its chunks. */
export interface HeatmapSummary {
  /** Numbers of the blocks of chunks that are counted in it. */
  readonly blocks: Uint32Array;
  /** Chunks measured, a bin. */
  readonly counts: Uint32Array;
  /** Measure → sum over the chunks of a bin. */
  readonly sums: Readonly<Record<string, Float64Array>>;
}

/** The document's heatmap: what is known of it so far. */
export interface HeatmapReady {
  readonly kind: 'ready';
  readonly provenance: Provenance;
  /** Changes whenever text or model do: tiles of another generation are void. */
  readonly generation: number;
  readonly chunkCount: number;
  readonly byteLength: number;
  /** Chunks that the editor shows. */
  readonly visible: { readonly firstChunk: number; readonly count: number };
  /** The tile that covers what the webview asked for, when it has come. */
  readonly tile: HeatmapTile | null;
  /** The same of voters. */
  readonly voters: HeatmapVoters | null;
  /** Only an exported panel brings it, since it holds no more chunks than were in view. */
  readonly summary?: HeatmapSummary | undefined;
}
export type HeatmapState = EmptyState | LoadingState | ErrorState | HeatmapReady;

/** Commands that a button in a webview may run; the host accepts no others. */
export type PanelCommand =
  | 'smuggler.loadModel'
  | 'smuggler.trainModel'
  | 'smuggler.openHeatmap'
  | 'smuggler.openVotes'
  | 'smuggler.showLog'
  | 'smuggler.reload'
  | 'smuggler.silenceVoters'
  | 'smuggler.clearSilencedVoters'
  | 'smuggler.pinChunk'
  | 'smuggler.unpinChunk'
  | 'smuggler.compareWithModel'
  | 'smuggler.addTrainingRun';

/** Host → webview. `version` grows; a webview ignores what is older than what it has. */
export type HostMessage<State> =
  | { readonly type: 'state'; readonly version: number; readonly state: State; readonly selection: Selection | null }
  | { readonly type: 'selection'; readonly version: number; readonly selection: Selection | null };

/** Webview → host. */
export type WebviewMessage =
  /** Always the first message; the host answers with a state. */
  | { readonly type: 'ready' }
  /** The person chose a chunk, bit or voter; `reveal` also moves the editor there. */
  | { readonly type: 'select'; readonly selection: Selection; readonly reveal: boolean }
  /** The heatmap needs these chunks: measurements of bits, or where `voters` is set all voters. One of each in flight: the newest wins. */
  | {
      readonly type: 'viewport';
      readonly generation: number;
      readonly firstChunk: number;
      readonly count: number;
      readonly voters: VoterQuantity | null;
    }
  /** The person scrolled in the heatmap: the editor is to show the text from this chunk on. */
  | { readonly type: 'scroll'; readonly generation: number; readonly firstChunk: number }
  | { readonly type: 'command'; readonly command: PanelCommand }
  /** The person wants an address of the web opened. */
  | { readonly type: 'open'; readonly address: string }
  /** Silence these voters, or hold them at a vote; all others stay as they are. */
  | { readonly type: 'changeVoters'; readonly changes: readonly ChangedVoter[] }
  /** Let these voters vote by themselves again. */
  | { readonly type: 'restoreVoters'; readonly voters: readonly VoterPlace[] }
  /** The Specialization map asks for something. */
  | { readonly type: 'specialization'; readonly request: SpecializationRequest }
  /** The comparison asks for something. */
  | { readonly type: 'comparison'; readonly ask: ComparisonAsk }
  /** The Training Monitor asks for something. */
  | { readonly type: 'monitor'; readonly request: MonitorRequest }
  /** What the host asked to export. */
  | ExportAnswer
  /** The state named by `version` is on the screen (for the latency measurement). */
  | { readonly type: 'drawn'; readonly version: number };
