/** @file What a panel shows now in place of numbers, or after a request that failed. */
import type { EmptyState, ErrorState, LoadingState } from '../../../model/protocol/panels/messages';
import { tooLargeSentence } from '../../modelProcess/documentTexts';
import type { Services } from '../../editor/services';
import { errorSentence } from '../../modelProcess/errors';
import { placeholder } from './placeholder';

/** What is to be shown in place of numbers now, or null. Loads the chosen model where that is what is missing. */
export function currentPlaceholder({
  models,
  selection,
  texts,
}: Services): EmptyState | LoadingState | ErrorState | null {
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
