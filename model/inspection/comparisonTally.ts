/** @file Who is right where: outcomes of bits and chunks, their counts, and the places where two measurements of a text differ most. Pure. */
import { verdictOf } from '../measures/decidedBits';
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import { surpriseDifference } from '../measures/surpriseDifference';
import type { Comparison, Outcome } from '../protocol/comparison';
import type { RangeInspection } from '../protocol/inspection';

/** What the tally reads of consecutive chunks under one model. */
export type ComparedRange = Pick<RangeInspection, 'count' | 'bytes' | 'bits' | 'probabilities' | 'surprise'>;

/** In the order of their codes. */
export const OUTCOMES: readonly Outcome[] = ['bothRight', 'onlyA', 'onlyB', 'bothWrong'];
/** Chunks in one list of places. */
const MOST_PLACES = 500;
/** Equal pieces of a text over which a difference is told with its interval: long enough that neighbouring chunks are in one. */
const PIECES = 32;
/** Student's t of 31 degrees of freedom that 5 % exceed on either side. */
const STUDENT = 2.0395;

const [BOTH_RIGHT, ONLY_A, ONLY_B, BOTH_WRONG] = [0, 1, 2, 3] as const;

/** Index into `OUTCOMES`. */
function outcome(isRightA: boolean, isRightB: boolean): number {
  if (isRightA) return isRightB ? BOTH_RIGHT : ONLY_A;
  return isRightB ? ONLY_B : BOTH_WRONG;
}

/** Counts a text piece by piece, from its beginning on. */
export class ComparisonTally {
  readonly #chunkCount: number;
  readonly #surpriseA: Float32Array;
  readonly #surpriseB: Float32Array;
  readonly #outcomes: Uint8Array;
  readonly #chunks = new Uint32Array(OUTCOMES.length);
  readonly #bits = new Uint32Array(CHUNK_BITS * OUTCOMES.length);
  readonly #totals: [number, number] = [0, 0];
  #equalChunks = 0;
  #done = 0;

  /** @param byteLength bytes that both texts have */
  constructor(private readonly byteLength: number) {
    this.#chunkCount = Math.ceil(byteLength / CHUNK_BYTES);
    this.#surpriseA = new Float32Array(this.#chunkCount);
    this.#surpriseB = new Float32Array(this.#chunkCount);
    this.#outcomes = new Uint8Array(this.#chunkCount);
  }

  /** Takes the next chunks, as many from both. */
  add(a: ComparedRange, b: ComparedRange): void {
    this.#surpriseA.set(a.surprise, this.#done);
    this.#surpriseB.set(b.surprise, this.#done);
    for (let i = 0; i < a.count; i++) this.#count(a, b, i);
    this.#done += a.count;
  }

  /** All that was counted. */
  result(checkpoints: Comparison['checkpoints']): Comparison {
    const perByte = (total: number) => total / this.byteLength;
    const placesOf = (wanted: Outcome) =>
      largestDifferences(this.#surpriseA, this.#surpriseB, this.#outcomes, wanted, MOST_PLACES);
    const [better, worse] = changedPlaces(this.#surpriseA, this.#surpriseB);
    return {
      checkpoints,
      byteLength: this.byteLength,
      chunkCount: this.#chunkCount,
      surpriseA: this.#surpriseA,
      surpriseB: this.#surpriseB,
      outcomes: this.#outcomes,
      chunks: this.#chunks,
      bits: this.#bits,
      bitsPerByte: [perByte(this.#totals[0]), perByte(this.#totals[1])],
      differenceInterval: differenceInterval(this.#surpriseA, this.#surpriseB),
      equalChunks: this.#equalChunks,
      changed: [better.length, worse.length],
      places: [
        placesOf('onlyA'),
        placesOf('onlyB'),
        placesOf('bothWrong'),
        better.slice(0, MOST_PLACES),
        worse.slice(0, MOST_PLACES),
      ],
    };
  }

  #count(a: ComparedRange, b: ComparedRange, i: number): void {
    const chunk = this.#done + i;
    const scored = 8 * Math.min(CHUNK_BYTES, this.byteLength - CHUNK_BYTES * chunk);
    let isChunkRightA = true;
    let isChunkRightB = true;
    let isEqual = true;
    for (let bit = 0; bit < scored; bit++) {
      const at = CHUNK_BITS * i + bit;
      const isRightA = verdictOf(a.probabilities[at]!, a.bits[at]!) === 'right';
      const isRightB = verdictOf(b.probabilities[at]!, b.bits[at]!) === 'right';
      isChunkRightA &&= isRightA;
      isChunkRightB &&= isRightB;
      isEqual &&= a.bits[at] === b.bits[at];
      this.#bits[OUTCOMES.length * bit + outcome(isRightA, isRightB)]! += 1;
    }
    const code = outcome(isChunkRightA, isChunkRightB);
    this.#outcomes[chunk] = code;
    this.#chunks[code]! += 1;
    if (isEqual) this.#equalChunks += 1;
    this.#totals[0] += a.surprise[i]!;
    this.#totals[1] += b.surprise[i]!;
  }
}

/**
 * The chunks of one outcome, at most `most`, by how much less surprised the one who is right was; where nobody is, by the size of the
 * difference. Equal ones stand in the order of the text.
 */
export function largestDifferences(
  surpriseA: Float32Array,
  surpriseB: Float32Array,
  outcomes: Uint8Array,
  wanted: Outcome,
  most: number,
): Uint32Array {
  const code = OUTCOMES.indexOf(wanted);
  const found: number[] = [];
  outcomes.forEach((of, chunk) => {
    if (of === code) found.push(chunk);
  });
  const advantage = (chunk: number): number => {
    const difference = surpriseDifference(surpriseA[chunk]!, surpriseB[chunk]!);
    if (wanted === 'onlyA') return -difference;
    return wanted === 'onlyB' ? difference : Math.abs(difference);
  };
  return byAdvantage(found, advantage).slice(0, most);
}

/** The chunks of which B is less surprised than A, and those of which it is more, by how much; equal ones stand in the order of the text. */
export function changedPlaces(
  surpriseA: Float32Array,
  surpriseB: Float32Array,
): [better: Uint32Array, worse: Uint32Array] {
  const gain = (chunk: number) => surpriseA[chunk]! - surpriseB[chunk]!;
  const better: number[] = [];
  const worse: number[] = [];
  surpriseA.forEach((a, chunk) => {
    const b = surpriseB[chunk]!;
    if (b < a) better.push(chunk);
    else if (b > a) worse.push(chunk);
  });
  return [byAdvantage(better, gain), byAdvantage(worse, (chunk) => -gain(chunk))];
}

/** The largest first; equal ones as they were. */
function byAdvantage(chunks: readonly number[], advantage: (chunk: number) => number): Uint32Array {
  const keys = Float64Array.from(chunks, advantage);
  const order = Uint32Array.from(chunks.keys()).sort((i, j) => keys[j]! - keys[i]! || i - j);
  return order.map((i) => chunks[i]!);
}

/**
 * 95 % interval of A − B in bits per byte: Student's over the means of equal pieces of the text, each under both, since neighbouring chunks
 * are alike.
 * @returns null of a text too short for pieces of two chunks, or where it is not finite
 */
export function differenceInterval(surpriseA: Float32Array, surpriseB: Float32Array): [number, number] | null {
  const chunks = surpriseA.length;
  if (chunks < 2 * PIECES) return null;
  const means = Array.from({ length: PIECES }, (_, piece) => {
    const from = Math.floor((piece * chunks) / PIECES);
    const to = Math.floor(((piece + 1) * chunks) / PIECES);
    let sum = 0;
    for (let chunk = from; chunk < to; chunk++) sum += surpriseA[chunk]! - surpriseB[chunk]!;
    return sum / (CHUNK_BYTES * (to - from));
  });
  const mean = means.reduce((sum, value) => sum + value, 0) / PIECES;
  const variance = means.reduce((sum, value) => sum + (value - mean) ** 2, 0) / (PIECES - 1);
  const half = STUDENT * Math.sqrt(variance / PIECES);
  return Number.isFinite(half) ? [mean - half, mean + half] : null;
}
