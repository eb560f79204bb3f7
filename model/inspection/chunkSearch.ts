/** @file The most probable chunks of one position: a beam over its 32 bits, for alternatives and for decoding. */
import type { BitAggregate } from '../network/aggregation';
import type { VoterHead } from '../network/voterHead';
import { mayBeginByte, nextUtf8State } from '../text/utf8Automaton';

const BITS = 32;

/** One chunk and its probability under the model. */
export interface ChunkCandidate {
  /** The chunk as a big-endian unsigned 32-bit integer. */
  readonly code: number;
  /** ln of the product of its bits' probabilities, along the chain where there is one. */
  readonly logProbability: number;
  /** The UTF-8 automaton's state after it, where the search was held to UTF-8. */
  readonly utf8State: number;
}

export interface ChunkSearchOptions {
  /** How many partial chunks are followed at a time. */
  readonly width: number;
  /** Holds the search to printable UTF-8 that goes on from this state; without it every chunk counts. */
  readonly utf8State?: number;
}

/** A prefix of a chunk's bits; `code` holds them from the most significant bit on, the rest zero. */
interface Partial {
  readonly code: number;
  readonly logProbability: number;
  readonly utf8State: number;
}

/**
 * The `count` most probable chunks, most probable first: Π_b p_b^{y_b}·(1−p_b)^{1−y_b}, with p_b given the bits before it where bits
 * are chained. Exact for independent bits that are not held to UTF-8, where width ≥ count: the best prefixes of b bits are extensions
 * of the best of b − 1. Otherwise a beam search.
 * @param scores [32·M] from `VoterHead.scores`
 */
export function mostProbableChunks(
  head: VoterHead,
  scores: Float32Array,
  count: number,
  options: ChunkSearchOptions,
): ChunkCandidate[] {
  const { width, utf8State } = options;
  let beam: Partial[] = [{ code: 0, logProbability: 0, utf8State: utf8State ?? 0 }];
  for (let bit = 0; bit < BITS; bit++) {
    const shared = head.chained ? undefined : head.aggregate(scores, bit, 0);
    const extended: Partial[] = [];
    for (const prefix of beam) {
      const p: BitAggregate = shared ?? head.aggregate(scores, bit, prefix.code);
      for (const value of [1, 0]) {
        const code = value === 1 ? (prefix.code | (1 << (31 - bit))) >>> 0 : prefix.code;
        const logProbability = prefix.logProbability + (value === 1 ? p.logProbability : p.logComplement);
        if (utf8State === undefined) {
          extended.push({ code, logProbability, utf8State: 0 });
          continue;
        }
        const length = (bit & 7) + 1;
        const bits = (code >>> (31 - bit)) & ((1 << length) - 1);
        if (!mayBeginByte(prefix.utf8State, bits, length)) continue;
        extended.push({
          code,
          logProbability,
          utf8State: length === 8 ? nextUtf8State(prefix.utf8State, bits) : prefix.utf8State,
        });
      }
    }
    extended.sort((a, b) => b.logProbability - a.logProbability);
    beam = extended.slice(0, width);
  }
  return beam.slice(0, count);
}

/**
 * ln of the probability of each bit of a chunk that is known, along the chain where there is one.
 * @param code the chunk as an unsigned 32-bit integer
 * @returns [32]
 */
export function bitLogLikelihoods(head: VoterHead, scores: Float32Array, code: number): Float64Array {
  return Float64Array.from({ length: BITS }, (_, bit) => {
    const p = head.aggregate(scores, bit, code);
    return ((code >>> (31 - bit)) & 1) === 1 ? p.logProbability : p.logComplement;
  });
}

/** A chunk's 4 bytes as a big-endian unsigned integer. */
export function chunkCode(bytes: Uint8Array, offset = 0): number {
  return ((bytes[offset]! << 24) | (bytes[offset + 1]! << 16) | (bytes[offset + 2]! << 8) | bytes[offset + 3]!) >>> 0;
}

/** The 4 bytes of a chunk's code. */
export function codeBytes(code: number): Uint8Array {
  return Uint8Array.of(code >>> 24, (code >>> 16) & 255, (code >>> 8) & 255, code & 255);
}
