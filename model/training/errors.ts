/** @file What can go wrong in training, told in one sentence. */

/**
 * Why training did not go on: `diverged` (a value that is not finite, or a loss far above any guess), `corpus` (nothing to train
 * or score on), `folder` (the model folder is in the way, or has nothing to resume), `settings` (what was asked for does not fit).
 */
export type TrainingFailure = 'diverged' | 'corpus' | 'folder' | 'settings';

/** Training that could not start or go on; the message is for the user. */
export class TrainingError extends Error {
  override readonly name = 'TrainingError';

  constructor(
    readonly reason: TrainingFailure,
    message: string,
    /** The step that it happened at, where it happened at one. */
    readonly step?: number,
  ) {
    super(message);
  }
}

export function isTrainingError(error: unknown): error is TrainingError {
  return error instanceof TrainingError;
}
