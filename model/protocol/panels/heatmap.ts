/** @file What the Sparsity heatmap shows: what is measured of a document, chunk by chunk. */
import type { RangeInspection, VoterQuantity, VoterTile } from '../inspection';
import type { MemoryRange, MemoryReading } from '../memory';
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

/** Measurements of consecutive chunks. */
export interface HeatmapTile extends RangeInspection {
  /** Where it was asked for; fewer chunks where the memory stops reading. */
  readonly memory?: MemoryRange | undefined;
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
  readonly voters: VoterTile | null;
  /** How far memory has read; null while it is off, absent in panels that were exported before there was one. */
  readonly memory?: MemoryReading | null;
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
      /** Whether measurements of bits are to come with memory: they are not answered before that is read. */
      readonly memory: boolean;
    }
  /** The user scrolled in the heatmap: the editor is to show the text from this chunk on. */
  | { readonly kind: 'scroll'; readonly generation: number; readonly firstChunk: number };
