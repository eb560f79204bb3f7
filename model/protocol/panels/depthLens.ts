/** @file What the Depth Lens shows: the chunks around the selected one at every depth of the trunk. */
import type { DepthLens, DepthReading } from '../depth';
import type { EmptyState, ErrorState, LoadingState, Provenance } from './messages';

export interface DepthReady extends DepthLens {
  readonly kind: 'ready';
  readonly provenance: Provenance;
}

export type DepthState = EmptyState | LoadingState | ErrorState | DepthReady;

/** Blocks are to be read another way. */
export interface DepthAsk {
  readonly kind: 'read';
  readonly reading: DepthReading;
}
