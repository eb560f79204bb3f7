/** @file What a model would write from a chunk of a document on, in whole characters. */
import { utf8Prefix } from '../measures/utf8';
import { nextUtf8State, UTF8_BOUNDARY } from '../text/utf8Automaton';
import type { DecodingModel } from './decode';
import { decode } from './decode';

export interface ContinuationStart {
  /** UTF-8 of the document before the chunk. */
  readonly prefix: Uint8Array;
  /** The last bytes of it, where they begin a character that goes on in the chunk. */
  readonly before: Uint8Array;
}

export interface ContinuationOptions {
  /** Bytes to decode. */
  readonly maxBytes: number;
  readonly signal: AbortSignal | undefined;
}

export interface Continuation {
  /** A character that began before the chunk stands there whole, one that is not complete at the end is left out. */
  readonly bytes: Uint8Array;
  /** Bytes of it that stand before the chunk. */
  readonly begun: number;
  /** ln of the probability of the others. */
  readonly logProbability: number;
}

/** @throws the signal's reason when it is aborted */
export async function continueText(
  model: DecodingModel,
  { prefix, before }: ContinuationStart,
  { maxBytes, signal }: ContinuationOptions,
): Promise<Continuation> {
  let utf8State = UTF8_BOUNDARY;
  for (const byte of before) utf8State = Math.max(UTF8_BOUNDARY, nextUtf8State(utf8State, byte));
  const decoded = await decode(
    model,
    { prefix, maxBytes, minConfidence: 0, utf8State },
    signal === undefined ? {} : { signal },
  );
  const begun = utf8State === UTF8_BOUNDARY ? 0 : before.length;
  const all = Uint8Array.from([...before.subarray(before.length - begun), ...decoded.bytes]);
  const bytes = all.slice(0, utf8Prefix(all).length);
  return { bytes, begun, logProbability: decoded.logProbabilities[Math.max(0, bytes.length - begun)]! };
}
