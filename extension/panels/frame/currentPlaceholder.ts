/** @file What a panel shows now in place of numbers, or after a request that failed. */
import type * as vscode from 'vscode';
import type { EmptyState, ErrorState, LoadingState } from '../../../model/protocol/panels/messages';
import { tooLargeSentence } from '../../modelProcess/documentTexts';
import type { Services } from '../../editor/services';
import { errorSentence } from '../../modelProcess/errors';
import { placeholder } from './placeholder';

/** What is to be shown in place of numbers about a document now, or null. Loads the chosen model where that is what is missing. */
export function placeholderFor(
  document: vscode.TextDocument | null,
  { models, texts }: Pick<Services, 'models' | 'texts'>,
): EmptyState | LoadingState | ErrorState | null {
  if (models.state.kind === 'idle') void models.ensure();
  let subject = null;
  if (document !== null) {
    const tooLarge = tooLargeSentence(document);
    subject = { tooLarge, byteLength: tooLarge === null ? texts.get(document).bytes.length : null };
  }
  return placeholder(models.state, subject, models.engineProblem);
}

/** The same about the document that is looked at. */
export function currentPlaceholder(services: Services): EmptyState | LoadingState | ErrorState | null {
  return placeholderFor(services.selection.document, services);
}

/** The state for a request that failed. */
export function failureState(error: unknown): ErrorState {
  return {
    kind: 'error',
    message: errorSentence(error),
    action: { label: 'Show Log', command: 'smuggler.showLog' },
  };
}
