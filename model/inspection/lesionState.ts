/** @file What a model says of one chunk and what it would write from there on, with its own head or one whose voters are changed. */
import { CHUNK_BITS } from '../measures/chunk';
import type { ChunkScores } from '../network/chunkScores';
import type { LesionState } from '../protocol/lesions';
import { utf8Prefix } from '../measures/utf8';
import { nextUtf8State, UTF8_BOUNDARY } from '../text/utf8Automaton';
import type { AlternativeContext } from './alternatives';
import { alternative } from './alternatives';
import { mostProbableChunks } from './chunkSearch';
import type { DecodingModel } from './decode';
import { decode } from './decode';

export type DecodingHead = DecodingModel['head'];

/** A chunk of a document at which the model is asked. */
export interface LesionPosition extends AlternativeContext {
  /** From `VoterHead.at`. */
  readonly scores: ChunkScores;
}

export interface ContinuationOptions {
  /** UTF-8 of the document before the chunk. */
  readonly prefix: Uint8Array;
  /** Bytes to decode. */
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

/** Partial chunks of each length that are followed to find the most probable chunk. */
const WIDTH = 64;

/** @throws the signal's reason when it is aborted */
export async function lesionState(
  model: DecodingModel,
  position: LesionPosition,
  { prefix, maxBytes, signal }: ContinuationOptions,
): Promise<LesionState> {
  const { head } = model;
  const { scores, before, realCode, scoredBits } = position;
  const probabilities = new Float32Array(CHUNK_BITS);
  let surprise = 0;
  for (let bit = 0; bit < CHUNK_BITS; bit++) {
    const p = head.aggregate(scores, bit, realCode);
    probabilities[bit] = p.probability;
    const isOne = ((realCode >>> (31 - bit)) & 1) === 1;
    if (bit < scoredBits) surprise -= (isOne ? p.logProbability : p.logComplement) / Math.LN2;
  }
  // Only where no score is a number is there no most probable chunk.
  const best = mostProbableChunks(head, scores, 1, { width: WIDTH })[0] ?? { code: 0, logProbability: NaN };
  let utf8State = UTF8_BOUNDARY;
  for (const byte of before) utf8State = Math.max(UTF8_BOUNDARY, nextUtf8State(utf8State, byte));
  const { bytes } = await decode(
    model,
    { prefix, maxBytes, minConfidence: 0, utf8State },
    signal === undefined ? {} : { signal },
  );
  return {
    probabilities,
    surprise,
    mostProbable: alternative(best, position),
    continuation: wholeText(before, bytes, utf8State),
  };
}

/** The decoded bytes as text: a character that began before them stands there whole, one that is not complete at their end is left out. */
function wholeText(before: Uint8Array, bytes: readonly number[], utf8State: number): string {
  const all = utf8State === UTF8_BOUNDARY ? Uint8Array.from(bytes) : Uint8Array.from([...before, ...bytes]);
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(all.subarray(0, utf8Prefix(all).length));
}
