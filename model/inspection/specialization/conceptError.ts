/** @file A concept or a question about voters that cannot be answered as it was put. */

/** The message is one sentence for the user. */
export class ConceptError extends Error {
  override readonly name = 'ConceptError';
}

export function isConceptError(error: unknown): error is ConceptError {
  return error instanceof ConceptError;
}
