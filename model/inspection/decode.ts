/** @file Text decoded chunk after chunk, each the most probable one, as far as the model is sure of them. */
import { setImmediate } from 'node:timers/promises';
import type { VoterHead } from '../network/voterHead';
import type { CompleteParams } from '../protocol/completion';
import type { CaretWindows } from '../runtime/caretWindows';
import type { GrowingWindow } from '../runtime/growingTrunk';
import { nextUtf8State, UTF8_BOUNDARY } from '../text/utf8Automaton';
import type { BitModel } from './chunkSearch';
import { bitLogLikelihoods, codeBytes, mostProbableChunks } from './chunkSearch';

/** A loaded model, as far as decoding needs it. */
export interface DecodingModel {
  readonly inference: { readonly windows: Pick<CaretWindows, 'at' | 'append'> };
  /**
   * The one that says p of each bit, given the trunk's output and the chunk's bits before it: `at` is called once for each chunk, and
   * all that is decided comes from `aggregate`. The model's own, one whose voters are changed, or one that knows more.
   */
  readonly head: BitModel & Pick<VoterHead, 'at'>;
}

export interface DecodingOptions {
  /** Ends decoding before its next chunk; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal;
}

/** Partial chunks followed at a time: bits that were decided one by one would miss chunks whose first bits are the less likely ones. */
const BEAM_WIDTH = 8;

/** What was decoded so far: the last chunk to its end, though the model may not be sure of it. */
export interface Decoded {
  readonly bytes: number[];
  /** [n + 1] ln of the probability of the first 0 … n bytes. */
  readonly logProbabilities: number[];
}

export interface DecodeParams extends Pick<CompleteParams, 'prefix' | 'maxBytes' | 'minConfidence'> {
  /** The UTF-8 automaton's state at the end of the prefix; between two characters unless given. */
  readonly utf8State?: number;
  /** Whether more is wanted after these bytes; asked after each chunk. */
  readonly isOpen?: (bytes: readonly number[]) => boolean;
}

/**
 * Decodes chunk after chunk, each the most probable one that is printable UTF-8, up to `maxBytes` bytes and as long as the probability
 * of a chunk's first byte and all before is at or above `minConfidence`. The bytes may end within a character.
 * @throws the signal's reason when it is aborted
 */
export async function decode(
  { head, inference }: DecodingModel,
  params: DecodeParams,
  { signal }: DecodingOptions = {},
): Promise<Decoded> {
  const { maxBytes, isOpen: isWanted = () => true } = params;
  let window: GrowingWindow | undefined;
  let chosen: Uint8Array = new Uint8Array();
  const decoded: Decoded = { bytes: [], logProbabilities: [0] };
  let utf8State = params.utf8State ?? UTF8_BOUNDARY;
  for (let isOpen = maxBytes > 0; isOpen;) {
    // The run blocks: without a turn of the event loop no cancellation would arrive.
    await setImmediate();
    signal?.throwIfAborted();
    window =
      window === undefined ? await inference.windows.at(params.prefix) : await inference.windows.append(window, chosen);
    const scores = head.at(window, window.chunks - 1);
    const chunk = mostProbableChunks(head, scores, 1, { width: BEAM_WIDTH, utf8State })[0];
    // Only where no score is a number is there no most probable chunk.
    if (chunk === undefined) break;
    chosen = codeBytes(chunk.code);
    isOpen = appendBytes(decoded, chosen, bitLogLikelihoods(head, scores, chunk.code), params);
    if (isOpen) isOpen = isWanted(decoded.bytes);
    for (const byte of chosen) utf8State = nextUtf8State(utf8State, byte);
  }
  return decoded;
}

/** Takes a chunk's bytes as long as they are within length; whether the model was sure of them and more may follow. */
function appendBytes(
  decoded: Decoded,
  bytes: Uint8Array,
  bitLogs: Float64Array,
  { maxBytes, minConfidence }: DecodeParams,
): boolean {
  let isSure = true;
  for (let i = 0; i < bytes.length && decoded.bytes.length < maxBytes; i++) {
    let logProbability = decoded.logProbabilities.at(-1)!;
    for (let b = 8 * i; b < 8 * (i + 1); b++) logProbability += bitLogs[b]!;
    if (Math.exp(logProbability) < minConfidence) isSure = false;
    decoded.bytes.push(bytes[i]!);
    decoded.logProbabilities.push(logProbability);
  }
  return isSure && decoded.bytes.length < maxBytes;
}
