/** @file The most probable chunks of one position: a search over its 32 bits, for alternatives and for decoding. */
import { CHUNK_BITS } from '../measures/chunk';
import type { BitAggregate } from '../network/aggregation';
import type { ChunkScores } from '../network/chunkScores';
import { mayBeginByte, nextUtf8State } from '../text/utf8Automaton';

/** One chunk and its probability under the model. */
export interface ChunkCandidate {
  /** The chunk as a big-endian unsigned 32-bit integer. */
  readonly code: number;
  /** ln of the product of its bits' probabilities, along the chain where there is one. */
  readonly logProbability: number;
  /** The UTF-8 automaton's state after it, where the search was held to UTF-8. */
  readonly utf8State: number;
}

/** Whatever says p of a bit at one position: a `VoterHead`, one with changed voters, or a quick approximation of one. */
export interface BitModel {
  /** Whether p of a bit depends on the chunk's bits before it. */
  readonly chained: boolean;
  /** As `VoterHead.aggregate`. */
  aggregate(scores: ChunkScores, bit: number, code: number): BitAggregate;
}

export interface ChunkSearchOptions {
  /** How many partial chunks of each length are followed. */
  readonly width: number;
  /** Holds the search to printable UTF-8 that goes on from this state; without it every chunk counts. */
  readonly utf8State?: number;
  /** Also chunks whose ln probability is at most this far below the last of `count`, up to as many again; 0 unless given. */
  readonly slack?: number;
}

/**
 * The `count` most probable chunks, most probable first: Π_b p_b^{y_b}·(1−p_b)^{1−y_b}, with p_b given the bits before it where bits
 * are chained.
 *
 * Best first: of all partial chunks the most probable one is extended next, and since none becomes more probable by being extended,
 * the first `count` chunks that are complete are the best. At most `width` partial chunks of each length are extended, the best of
 * their length. So this finds what a beam of that width finds, without following what could not win; it is exact where the bound was
 * not met, and for independent bits that are not held to UTF-8 where width ≥ count.
 * @param scores from `VoterHead.at`
 */
export function mostProbableChunks(
  model: BitModel,
  scores: ChunkScores,
  count: number,
  { width, utf8State, slack = 0 }: ChunkSearchOptions,
): ChunkCandidate[] {
  const found: ChunkCandidate[] = [];
  const shared: BitAggregate[] = [];
  const extended = new Uint32Array(CHUNK_BITS + 1);
  const frontier = new Frontier();
  frontier.push({ code: 0, length: 0, logProbability: 0, utf8State: utf8State ?? 0 });
  for (let prefix = frontier.pop(); prefix !== undefined; prefix = frontier.pop()) {
    if (found.length >= count) {
      const last = found[count - 1]!.logProbability;
      if (found.length >= 2 * count || !(prefix.logProbability >= last - slack) || slack === 0) break;
    }
    const { length: bit, code } = prefix;
    if (extended[bit]! >= width) continue;
    extended[bit]!++;
    if (bit === CHUNK_BITS) {
      found.push(prefix);
      continue;
    }
    const p = model.chained ? model.aggregate(scores, bit, code) : (shared[bit] ??= model.aggregate(scores, bit, 0));
    for (const value of [1, 0]) {
      const next = extend(prefix, value, value === 1 ? p.logProbability : p.logComplement, utf8State !== undefined);
      if (next !== undefined) frontier.push(next);
    }
  }
  return found;
}

/** A prefix of a chunk's bits; `code` holds them from the most significant bit on, the rest zero. */
interface Partial {
  readonly code: number;
  /** Bits that are decided. */
  readonly length: number;
  readonly logProbability: number;
  readonly utf8State: number;
}

/** A prefix and one bit more; nothing where no UTF-8 begins so, or the logarithm is no number. */
function extend(prefix: Partial, value: number, log: number, isUtf8: boolean): Partial | undefined {
  const bit = prefix.length;
  const logProbability = prefix.logProbability + log;
  if (Number.isNaN(logProbability)) return undefined;
  const code = value === 1 ? (prefix.code | (1 << (31 - bit))) >>> 0 : prefix.code;
  let { utf8State } = prefix;
  if (isUtf8) {
    const length = (bit & 7) + 1;
    const bits = (code >>> (31 - bit)) & ((1 << length) - 1);
    if (!mayBeginByte(utf8State, bits, length)) return undefined;
    if (length === 8) utf8State = nextUtf8State(utf8State, bits);
  }
  return { code, length: bit + 1, logProbability, utf8State };
}

/** Partial chunks of which the most probable comes out first, of equal ones the longest: a binary heap. */
class Frontier {
  readonly #heap: Partial[] = [];

  push(entry: Partial): void {
    const heap = this.#heap;
    let at = heap.length;
    heap.push(entry);
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!isBefore(entry, heap[parent]!)) break;
      heap[at] = heap[parent]!;
      at = parent;
    }
    heap[at] = entry;
  }

  pop(): Partial | undefined {
    const heap = this.#heap;
    const first = heap[0];
    const last = heap.pop();
    if (first === undefined || last === undefined || heap.length === 0) return first;
    let at = 0;
    for (;;) {
      let child = 2 * at + 1;
      if (child >= heap.length) break;
      if (child + 1 < heap.length && isBefore(heap[child + 1]!, heap[child]!)) child++;
      if (!isBefore(heap[child]!, last)) break;
      heap[at] = heap[child]!;
      at = child;
    }
    heap[at] = last;
    return first;
  }
}

function isBefore(a: Partial, b: Partial): boolean {
  return a.logProbability > b.logProbability || (a.logProbability === b.logProbability && a.length > b.length);
}

/**
 * ln of the probability of each bit of a chunk that is known, along the chain where there is one.
 * @param code the chunk as an unsigned 32-bit integer
 * @returns [32]
 */
export function bitLogLikelihoods(head: BitModel, scores: ChunkScores, code: number): Float64Array {
  return Float64Array.from({ length: CHUNK_BITS }, (_, bit) => {
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
