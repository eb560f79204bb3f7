/** @file The model that a command needs, or a sentence for the user about why there is none. */
import type * as vscode from 'vscode';
import type { ModelSummary } from '../../model/protocol/models';
import type { ModelService } from '../modelProcess/modelService';
import type { CommandFailure } from './report';
import { reportFailure } from './report';

/** The loaded model, or the chosen one, loaded now. Where there is none the user has been told why. */
export async function loadedModel(
  models: ModelService,
  log: vscode.LogOutputChannel,
): Promise<ModelSummary | CommandFailure> {
  const before = models.state.kind;
  const model = await models.ensure();
  if (model !== null) return model;
  const { state } = models;
  const reason = state.kind === 'none' || state.kind === 'error' ? state.message : null;
  const sentence = reason ?? 'No model is loaded: choose one with Load Model… first.';
  // A load that has failed just now has told it.
  return before === 'idle' || before === 'loading' ? { error: sentence } : reportFailure(new Error(sentence), log);
}
