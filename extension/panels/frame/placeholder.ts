/** @file What a view or panel shows where there are no numbers to show: one sentence and at most one button. */
import type { EmptyState, ErrorState, LoadingState } from '../../../model/protocol/panels/messages';
import { modelName } from '../../modelProcess/modelState';
import type { ModelState } from '../../modelProcess/modelState';

/** The document that is looked at, as far as it matters here. */
export interface SubjectFacts {
  /** Bytes of its text; null where it is too large to inspect. */
  readonly byteLength: number | null;
  /** The sentence for a document that is too large. */
  readonly tooLarge: string | null;
}

const LOAD = { label: 'Load Model…', command: 'smuggler.loadModel' } as const;

/** Null where model and document are there and numbers can be shown. */
export function placeholder(
  model: ModelState,
  subject: SubjectFacts | null,
  engineProblem: string | null,
): EmptyState | LoadingState | ErrorState | null {
  if (engineProblem !== null) return { kind: 'error', message: engineProblem, action: null };
  switch (model.kind) {
    case 'none':
      return { kind: 'empty', message: model.message ?? 'No model is loaded.', action: LOAD };
    case 'idle':
    case 'loading':
      return { kind: 'loading', message: `Loading ${modelName(model) ?? 'the model'}…` };
    case 'error':
      return { kind: 'error', message: model.message, action: { label: 'Reload Model', command: 'smuggler.reload' } };
    case 'ready':
      break;
  }
  if (subject === null) {
    return { kind: 'empty', message: 'Open a text file to see the votes behind its text.', action: null };
  }
  if (subject.tooLarge !== null) return { kind: 'empty', message: subject.tooLarge, action: null };
  if (subject.byteLength === 0) {
    return { kind: 'empty', message: 'The document is empty: there is no text to predict yet.', action: null };
  }
  return null;
}
