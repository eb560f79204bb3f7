/** @file Every error that a request can end with, as the code and the one sentence that the client gets. */
import { ResponseError } from 'vscode-jsonrpc/node';
import { isFileSystemError } from '../files/fileSystemError';
import { isFolderLockedError } from '../checkpoint/lock';
import { isModelFolderError } from '../checkpoint/modelFolder';
import { isSafetensorsError } from '../checkpoint/safetensors';
import { isVoterNotesError } from '../checkpoint/voterNotes';
import { isStatisticsError } from '../checkpoint/statisticsFile';
import { isInspectionError } from '../inspection/documentChunk';
import { isVoterChangeError } from '../inspection/lesions';
import { isConceptError } from '../inspection/specialization/conceptError';
import { isConfigError } from '../network/config';
import { isRunLogError } from '../experiments/runLog';
import { ErrorCode } from '../measures/errorCodes';
import { isRuntimeMissingError } from '../runtime/onnxRuntime';
import { isDeviceError } from '../runtime/onnxSession';
import { isCorpusError } from '../text/corpus';
import type { TrainingFailure } from '../training/errors';
import { isTrainingError } from '../training/errors';
import { sentence } from './sentence';

/** A request that cannot be answered, for a reason that this process itself found. */
export class RequestError extends Error {
  override readonly name = 'RequestError';

  constructor(
    readonly code: number,
    message: string,
  ) {
    super(message);
  }
}

export function isRequestError(error: unknown): error is RequestError {
  return error instanceof RequestError;
}

const TRAINING_CODES: Readonly<Record<TrainingFailure, number>> = {
  diverged: ErrorCode.diverged,
  corpus: ErrorCode.emptyCorpus,
  folder: ErrorCode.badModel,
  settings: ErrorCode.badRequest,
};

function codeOf(error: unknown): number {
  if (isRequestError(error)) return error.code;
  if (isModelFolderError(error) || isConfigError(error) || isSafetensorsError(error)) return ErrorCode.badModel;
  if (isTrainingError(error)) return TRAINING_CODES[error.reason];
  if (isCorpusError(error)) return ErrorCode.emptyCorpus;
  if (isInspectionError(error)) return ErrorCode.emptyDocument;
  if (isVoterChangeError(error) || isStatisticsError(error)) return ErrorCode.badRequest;
  if (isVoterNotesError(error)) return error.reason === 'file' ? ErrorCode.badModel : ErrorCode.badRequest;
  if (isConceptError(error)) return ErrorCode.badRequest;
  if (isFileSystemError(error)) return ErrorCode.fileSystem;
  if (isFolderLockedError(error) || isRunLogError(error)) return ErrorCode.badRequest;
  if (isDeviceError(error) || isRuntimeMissingError(error)) return ErrorCode.runtime;
  return ErrorCode.internal;
}

/** What an aborted signal's `throwIfAborted` throws. */
function isAbortError(error: unknown): boolean {
  return error instanceof DOMException && error.name === 'AbortError';
}

/** The answer to a request that failed. What is a defect of ours goes to the log with its stack. */
export function responseError(error: unknown): ResponseError {
  if (isAbortError(error)) return new ResponseError(ErrorCode.cancelled, 'The request was cancelled.');
  const code = codeOf(error);
  if (code !== ErrorCode.internal) return new ResponseError(code, sentence((error as Error).message));
  const message = error instanceof Error ? error.message : String(error);
  process.stderr.write(`${error instanceof Error ? (error.stack ?? message) : message}\n`);
  return new ResponseError(code, sentence(`The model process met a defect of its own: ${message}`));
}
