/** @file What can go wrong between the extension host and the model process, as classes with guards. */
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import { ErrorCode } from '../../model/measures/errorCodes';

/** The model process answered with an error; the message is one sentence for the user at the editor. */
export class ModelRequestError extends Error {
  override readonly name = 'ModelRequestError';

  constructor(
    message: string,
    /** One of `ErrorCode`. */
    readonly code: number,
  ) {
    super(message);
  }
}

export function isModelRequestError(error: unknown): error is ModelRequestError {
  return error instanceof ModelRequestError;
}

/** The process ended, or could not be started, before it answered. */
export class ModelProcessExitError extends Error {
  override readonly name = 'ModelProcessExitError';
}

export function isModelProcessExitError(error: unknown): error is ModelProcessExitError {
  return error instanceof ModelProcessExitError;
}

/** The request was cancelled by the one who made it. */
export class RequestCancelledError extends Error {
  override readonly name = 'RequestCancelledError';
}

export function isRequestCancelledError(error: unknown): error is RequestCancelledError {
  return error instanceof RequestCancelledError;
}

/** The error to throw for what the connection rejected a request with. */
export function requestError(cause: unknown): Error {
  if (cause instanceof ResponseError && cause.code === ErrorCode.cancelled) {
    return new RequestCancelledError(cause.message, { cause });
  }
  if (cause instanceof ResponseError && cause.code !== ErrorCodes.PendingResponseRejected) {
    return new ModelRequestError(cause.message, cause.code);
  }
  return new ModelProcessExitError('The model process ended before it answered.', { cause });
}

/** The sentence to show for any error that a request can end with. */
export function errorSentence(error: unknown): string {
  if (isModelRequestError(error) && !Object.values<number>(ErrorCode).includes(error.code)) {
    return `The model process could not answer (${error.message}); the log says more.`;
  }
  return error instanceof Error ? error.message : String(error);
}
