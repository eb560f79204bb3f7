/** @file What the extension host and the webviews say to each other. Snapshots with a version, never deltas. */

import type { BitDecoding } from '../../network/bitDecoding';
import type { ExportAnswer } from './export';
import type { VoterAtChunk, VoterCommand } from './voterActions';

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
  /** What voters are silenced or held, and whether the numbers are those of the changed voters; absent where none is. */
  readonly voters?: string;
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

/** Commands that a button in a webview may run; the host accepts no others. */
export type PanelCommand =
  | 'smuggler.loadModel'
  | 'smuggler.trainModel'
  | 'smuggler.openHeatmap'
  | 'smuggler.openVotes'
  | 'smuggler.showCauses'
  | 'smuggler.showLog'
  | 'smuggler.reload'
  | 'smuggler.silenceVoters'
  | 'smuggler.clearSilencedVoters'
  | 'smuggler.toggleMemory'
  | 'smuggler.pinChunk'
  | 'smuggler.unpinChunk'
  | 'smuggler.compareWithModel'
  | 'smuggler.compareVoterChanges'
  | 'smuggler.chooseVotersOfA'
  | 'smuggler.chooseVotersOfB'
  | 'smuggler.addTrainingRun';

/** Host → webview. `version` grows; a webview ignores what is older than what it has. */
export type HostMessage<State> =
  | { readonly type: 'state'; readonly version: number; readonly state: State; readonly selection: Selection | null }
  | { readonly type: 'selection'; readonly version: number; readonly selection: Selection | null };

/** Webview → host. */
export type WebviewMessage<Ask = unknown> =
  /** Always the first message; the host answers with a state. */
  | { readonly type: 'ready' }
  /** The page has got the focus. */
  | { readonly type: 'focus' }
  /** The user chose a chunk, bit or voter; `reveal` also moves the editor there. */
  | { readonly type: 'select'; readonly selection: Selection; readonly reveal: boolean }
  | { readonly type: 'command'; readonly command: PanelCommand }
  /** Something is to be done with a voter. */
  | { readonly type: 'voter'; readonly command: VoterCommand; readonly voter: VoterAtChunk }
  /** The user wants an address of the web opened. */
  | { readonly type: 'open'; readonly address: string }
  /** What this panel alone asks for. */
  | { readonly type: 'ask'; readonly ask: Ask }
  /** What the host asked to export. */
  | ExportAnswer
  /** Of every message: what `version` names is on the screen, or failed to be drawn. The host may send the next one. */
  | { readonly type: 'drawn'; readonly version: number };
