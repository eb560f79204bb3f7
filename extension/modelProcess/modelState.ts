/** @file The states that the loaded model goes through. */
import { basename } from 'node:path';
import type { ModelSummary } from '../../model/protocol/models';

export type ModelState =
  /** No model is chosen. `message` says why where it is not the user's choice. */
  | { readonly kind: 'none'; readonly message: string | null }
  /** Chosen, not yet needed. */
  | { readonly kind: 'idle'; readonly folder: string }
  | { readonly kind: 'loading'; readonly folder: string }
  | { readonly kind: 'ready'; readonly folder: string; readonly model: ModelSummary }
  | { readonly kind: 'error'; readonly folder: string; readonly message: string };

/**
 * Names the model that numbers are of. The checkpoint alone names its weights: with another configuration, as after a change of
 * τ in `config.json`, they answer otherwise, and a copy in another folder has statistics and notes of its own.
 */
export function modelKey({ folder, checkpoint, config }: ModelSummary): string {
  return JSON.stringify([folder, checkpoint, config]);
}

/** The name by which users know the model of a state, or null. */
export function modelName(state: ModelState): string | null {
  if (state.kind === 'none') return null;
  return state.kind === 'ready' ? state.model.name : basename(state.folder);
}
