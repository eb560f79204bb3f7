/** @file Codes of the errors that a request to the model process can end with. */

/** Codes of the errors that a request can end with; the message is one sentence for the user at the editor. */
export const ErrorCode = {
  /** No model is loaded, or not the one the request was for. */
  noModel: 1,
  /** The model folder or file cannot be used. */
  badModel: 2,
  /** The text has changed since, or was never sent. */
  staleDocument: 3,
  /** The corpus holds nothing to train on. */
  emptyCorpus: 4,
  /** A file could not be read or written (permission, full disk). */
  fileSystem: 5,
  /** Training diverged or met a value that is not finite. */
  diverged: 6,
  /** Anything else: a defect of ours. */
  internal: 7,
  /** The request was cancelled before it was answered. */
  cancelled: 8,
  /** The document is empty, so there is no chunk to inspect. */
  emptyDocument: 9,
  /** ONNX Runtime does not load on this platform, or the device cannot run the model. */
  runtime: 10,
  /** What was asked for does not fit: a setting that training cannot take, or a second training in one process. */
  badRequest: 11,
} as const;
