/** @file What the Model overview shows: the blocks of the network, its configuration and card, and its activity for one chunk. */
import type { EmptyState, ErrorState, LoadingState, Provenance } from './messages';

export type OverviewBlockKind =
  | 'embedding'
  | 'convolution'
  | 'encoder'
  | 'downsample'
  | 'transformer'
  | 'dendritic'
  | 'upsample'
  | 'decoder'
  | 'output'
  | 'voters';

/** One block of the network, as in `BlockSummary`. */
export interface OverviewBlock {
  readonly id: string;
  readonly kind: OverviewBlockKind;
  readonly level: number;
  readonly channels: number;
  readonly positions: number;
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly parameters: number;
  readonly milliseconds: number | null;
}

/** How active the blocks are for the selected chunk, as in `ModelActivity`. */
export interface OverviewActivity {
  readonly index: number;
  readonly chunkCount: number;
  readonly offset: number;
  readonly text: string;
  /** One a block. */
  readonly rms: Float32Array;
  readonly gates: readonly { readonly block: string; readonly gates: Float32Array }[];
}

export interface OverviewReady {
  readonly kind: 'ready';
  readonly provenance: Provenance;
  readonly folder: string;
  /** Steps trained, or null where the folder does not say. */
  readonly steps: number | null;
  /** In the order of computation. */
  readonly blocks: readonly OverviewBlock[];
  readonly stages: number;
  /** T */
  readonly context: number;
  readonly timedRuns: number;
  readonly device: string;
  readonly card: string | null;
  /** `config.json`, key by key. */
  readonly config: readonly (readonly [string, string])[];
  /** Null while no text is looked at, or `activityProblem` says why. */
  readonly activity: OverviewActivity | null;
  readonly activityProblem: string | null;
}

export type OverviewState = EmptyState | LoadingState | ErrorState | OverviewReady;
