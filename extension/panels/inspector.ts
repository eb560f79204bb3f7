/** @file What views and panels need of the rest of the extension, and what they have in common. */
import * as vscode from 'vscode';
import type { EmptyState, ErrorState, LoadingState } from '../../webview/shared/messages';
import { tooLargeSentence } from '../editor/documentTexts';
import type { DocumentTexts } from '../editor/documentTexts';
import type { SelectionService } from '../editor/selectionService';
import { errorSentence } from '../modelProcess/errors';
import type { ModelClient } from '../modelProcess/modelClient';
import type { ModelService } from '../modelProcess/modelService';
import type { Timings } from '../timings';
import type { ExportablePanels } from './exportablePanels';
import { placeholder } from './placeholder';

export interface Inspector {
  readonly extensionUri: vscode.Uri;
  readonly models: ModelService;
  readonly client: ModelClient;
  readonly texts: DocumentTexts;
  readonly selection: SelectionService;
  readonly timings: Timings;
  /** Every panel that can be exported joins here while it is open. */
  readonly exports: ExportablePanels;
}

/** What is to be shown in place of numbers now, or null. Loads the chosen model where that is what is missing. */
export function currentPlaceholder({
  models,
  selection,
  texts,
}: Inspector): EmptyState | LoadingState | ErrorState | null {
  if (models.state.kind === 'idle') void models.ensure();
  const document = selection.document;
  let subject = null;
  if (document !== null) {
    const tooLarge = tooLargeSentence(document);
    subject = { tooLarge, byteLength: tooLarge === null ? texts.get(document).bytes.length : null };
  }
  return placeholder(models.state, subject, models.engineProblem);
}

/** The state for a request that failed. */
export function failureState(error: unknown): ErrorState {
  return {
    kind: 'error',
    message: errorSentence(error),
    action: { label: 'Show Log', command: 'smuggler.showLog' },
  };
}

/** The document's name as people know it. */
export function documentName(document: vscode.TextDocument): string {
  return vscode.workspace.asRelativePath(document.uri);
}
