/** @file The chunk of a document that a question is about. */
import { CHUNK_BYTES } from '../measures/chunk';
import { visibleLabel } from '../measures/visibleText';
import type { DocumentChunk } from '../protocol/inspection';

/** A document that cannot be inspected as asked; the message is for the user. */
export class InspectionError extends Error {
  override readonly name = 'InspectionError';
}

export function isInspectionError(error: unknown): error is InspectionError {
  return error instanceof InspectionError;
}

/**
 * The chunk that holds a byte offset; one at or after the end means the last.
 * @throws InspectionError where the document is empty
 */
export function documentChunk(bytes: Uint8Array, offset: number): DocumentChunk {
  const chunkCount = Math.ceil(bytes.length / CHUNK_BYTES);
  if (chunkCount === 0) throw new InspectionError('The document is empty: it has no chunk to inspect.');
  const index = Math.min(chunkCount - 1, Math.max(0, Math.floor(offset / CHUNK_BYTES)));
  const text = bytes.subarray(CHUNK_BYTES * index, CHUNK_BYTES * (index + 1));
  return { index, chunkCount, offset: CHUNK_BYTES * index, length: text.length, text: visibleLabel(text) };
}
