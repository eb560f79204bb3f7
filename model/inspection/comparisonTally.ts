/** @file Who is right where: outcomes of bits and chunks, their counts, and the places where two measurements of a text differ most. Pure. */
import { isWrong } from '../measures/decidedBits';
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import type { Comparison, Outcome } from '../protocol/comparison';
import type { RangeInspection } from '../protocol/inspection';

/** What the tally reads of consecutive chunks under one model. */
export type ComparedRange = Pick<RangeInspection, 'count' | 'bytes' | 'bits' | 'probabilities' | 'surprise'>;

/** In the order of their codes. */
export const OUTCOMES: readonly Outcome[] = ['bothRight', 'onlyA', 'onlyB', 'bothWrong'];
/** Chunks in one list of places. */
const MOST_PLACES = 500;

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
      equalChunks: this.#equalChunks,
      places: [placesOf('onlyA'), placesOf('onlyB'), placesOf('bothWrong')],
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
      const isRightA = !isWrong(a.probabilities[at]!, a.bits[at]!);
      const isRightB = !isWrong(b.probabilities[at]!, b.bits[at]!);
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
    const difference = surpriseA[chunk]! - surpriseB[chunk]!;
    if (wanted === 'onlyA') return -difference;
    return wanted === 'onlyB' ? difference : Math.abs(difference);
  };
  const keys = Float64Array.from(found, advantage);
  const order = Uint32Array.from(found.keys()).sort((i, j) => keys[j]! - keys[i]! || i - j);
  return Uint32Array.from(order.subarray(0, most), (i) => found[i]!);
}
