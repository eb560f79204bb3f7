/** @file The chunk that is explained, in the window that scores it, and the text before it that it was predicted from. */
import { chunkCode } from '../inspection/chunkSearch';
import type { InspectedDocument } from '../inspection/inspector';
import { documentChunk } from '../inspection/documentChunk';
import { VoterChangeError } from '../inspection/lesions';
import { CHUNK_BYTES } from '../measures/chunk';
import type { ModelConfig } from '../network/config';
import { votersPerBit } from '../network/config';
import type { CauseTarget } from '../protocol/causes';
import { windowBytes, windowOfChunk } from '../text/windows';
import type { ChunkTarget } from './target';
import { ownBytesBefore } from './target';

export interface ExplainedPosition {
  readonly asked: ChunkTarget;
  /** Number of the chunk in the document's grid, its offset and its bytes that are in the document. */
  readonly index: number;
  readonly offset: number;
  readonly length: number;
  /** [4(T+1)] the window's chunks, those to come among them. */
  readonly window: Uint8Array;
  /** The position of the window that predicts the chunk: 0 … T − 1. */
  readonly position: number;
  /** Offset in the document of the window's first byte; below 0 where it holds the zeros before the document. */
  readonly windowStart: number;
  /** The bytes that may be causes: offsets in the document, half-open. */
  readonly from: number;
  readonly to: number;
}

/**
 * The chunk at a byte offset; one at or after the end means the last.
 * @throws InspectionError where the document is empty
 * @throws VoterChangeError where the document or the model does not have what is asked about
 */
export function explainedPosition(
  config: ModelConfig,
  { bytes }: InspectedDocument,
  offset: number,
  target: CauseTarget,
): ExplainedPosition {
  const T = config.context_chunks;
  const { index, chunkCount, offset: first, length } = documentChunk(bytes, offset);
  const M = votersPerBit(config);
  if (target.kind === 'voter' && target.voter >= M) {
    throw new VoterChangeError(`Voter ${target.voter} does not exist: the model has voters 0 to ${M - 1} per bit.`);
  }
  const byte = target.kind === 'chunk' ? 0 : target.kind === 'byte' ? target.byte : target.bit >> 3;
  if (byte >= length) {
    throw new VoterChangeError(`Byte ${byte} of the last chunk is behind the document's end: the chunk has ${length}.`);
  }
  const part = windowOfChunk(index, chunkCount, T);
  const window = windowBytes(bytes, part, T);
  const position = index - part.firstTarget;
  const asked = { target, code: chunkCode(window, CHUNK_BYTES * (position + 1)), scoredBits: 8 * length };
  const windowStart = CHUNK_BYTES * (part.firstTarget - 1);
  // Without a byte stage nothing of the chunk itself is heard; a chain's bits are the real ones, as everywhere.
  const own = config.byte_channels === undefined ? 0 : ownBytesBefore(asked);
  return {
    asked,
    index,
    offset: first,
    length,
    window,
    position,
    windowStart,
    from: Math.max(0, windowStart),
    to: first + own,
  };
}
