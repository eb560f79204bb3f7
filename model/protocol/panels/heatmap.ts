/** @file What the Sparsity heatmap shows: what is measured of a document, chunk by chunk. */
import type { RangeInspection, VoterQuantity, VoterTile } from '../inspection';
import type { EmptyState, ErrorState, LoadingState, Provenance } from './messages';

/** What has been measured of a whole document, over bins of its chunks. */
export interface HeatmapSummary {
  /** Numbers of the tiles of chunks that are counted in it. */
  readonly tiles: Uint32Array;
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
  readonly tile: RangeInspection | null;
  /** The same of voters. */
  readonly voters: VoterTile | null;
  /** Only an exported panel brings it, since it holds no more chunks than were in view. */
  readonly summary?: HeatmapSummary | undefined;
}
export type HeatmapState = EmptyState | LoadingState | ErrorState | HeatmapReady;

export type HeatmapAsk =
  /** These chunks are needed: measurements of bits, or where `voters` is set all voters. One of each in flight: the newest wins. */
  | {
      readonly kind: 'viewport';
      readonly generation: number;
      readonly firstChunk: number;
      readonly count: number;
      readonly voters: VoterQuantity | null;
    }
  /** The user scrolled in the heatmap: the editor is to show the text from this chunk on. */
  | { readonly kind: 'scroll'; readonly generation: number; readonly firstChunk: number };
