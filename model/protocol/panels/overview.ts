/** @file What the Model overview shows: the blocks of the network, its configuration and card, and its activity for one chunk. */
import type { ModelActivity, ModelOverview } from '../models';
import type { EmptyState, ErrorState, LoadingState, Provenance } from './messages';

export interface OverviewReady extends ModelOverview {
  readonly kind: 'ready';
  readonly provenance: Provenance;
  readonly folder: string;
  /** Steps trained, or null where the folder does not say. */
  readonly steps: number | null;
  readonly stages: number;
  /** `config.json`, key by key. */
  readonly config: readonly (readonly [string, string])[];
  /** How active the blocks are for the selected chunk; null while no text is looked at, or `activityProblem` says why. */
  readonly activity: ModelActivity | null;
  readonly activityProblem: string | null;
}

export type OverviewState = EmptyState | LoadingState | ErrorState | OverviewReady;
