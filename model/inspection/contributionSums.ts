/** @file What each voter brings to what the model says, summed over chunks: wins, bits saved, and the bytes on which it saves most. */
import { CHUNK_BITS } from '../measures/chunk';
import type { VoterContributions } from '../checkpoint/voterStatistics';
import { PROMOTED_BYTES } from '../checkpoint/voterStatistics';
import type { Aggregation } from '../network/aggregations';
import { recomputedAggregate } from './lesions';

const BYTES = 256;
/** What is left of a sum must be at least this share of it; it is computed from the votes again otherwise. */
const LEAST_SHARE = 1e-6;
/** A vote is a float32: it comes no nearer to 1 than this. */
const LEAST_DISTANCE = 2 ** -25;

/** Sums what `voterEffects` says of single chunks, from votes and weights alone: the scores of many chunks are not kept. */
export class ContributionSums {
  readonly #wins: Int32Array;
  readonly #effects: Float64Array;
  /** [32·M, 256] the same by the byte that the bit is part of. */
  readonly #byByte: Float32Array;
  readonly #scores: Float64Array;

  /** @param temperatures [32] τ of each bit; ignored where there is none */
  constructor(
    private readonly votersPerBit: number,
    private readonly aggregation: Aggregation,
    private readonly temperatures: Float32Array,
  ) {
    const rows = CHUNK_BITS * votersPerBit;
    this.#wins = new Int32Array(rows);
    this.#effects = new Float64Array(rows);
    this.#byByte = new Float32Array(rows * BYTES);
    this.#scores = new Float64Array(votersPerBit);
  }

  /**
   * Adds one bit of a chunk.
   * @param votes its voters' votes, and with `weights` their weights, from `from` on
   * @param code the chunk's bits, bit 0 the most significant of 32
   */
  add(votes: Float32Array, weights: Float32Array, from: number, bit: number, code: number): void {
    const M = this.votersPerBit;
    const isOne = ((code >>> (31 - bit)) & 1) === 1;
    const byte = (code >>> (24 - 8 * (bit >> 3))) & 255;
    const row = bit * M;
    let all = 0;
    let likelihood = 0;
    let largest = -1;
    let winner = -1;
    for (let i = 0; i < M; i++) {
      const w = weights[from + i]!;
      all += w;
      likelihood += w * likelihoodOf(votes[from + i]!, isOne);
      if (w > largest) {
        largest = w;
        winner = i;
      } else if (w === largest) winner = -1;
    }
    if (winner >= 0) this.#wins[row + winner]!++;
    const before = Math.log2(likelihood / all);
    let hasScores = false;
    for (let i = 0; i < M; i++) {
      const w = weights[from + i]!;
      if (w === 0) continue;
      const rest = all - w;
      const left = likelihood - w * likelihoodOf(votes[from + i]!, isOne);
      let after: number;
      if (rest > LEAST_SHARE * all && left > LEAST_SHARE * likelihood) after = Math.log2(left / rest);
      else {
        if (!hasScores) this.#takeScores(votes, from);
        hasScores = true;
        const others = recomputedAggregate(this.#scores, this.aggregation, this.temperatures[bit]!, [
          { voter: i, vote: null },
        ]);
        after = (isOne ? others.logProbability : others.logComplement) / Math.LN2;
      }
      this.#effects[row + i]! += before - after;
      this.#byByte[(row + i) * BYTES + byte]! += before - after;
    }
  }

  /** To be called once. */
  finish(): VoterContributions {
    const rows = this.#wins.length;
    const promotedBytes = new Uint8Array(rows * PROMOTED_BYTES);
    const promotedBits = new Float32Array(rows * PROMOTED_BYTES);
    for (let row = 0; row < rows; row++) {
      const saved = this.#byByte.subarray(row * BYTES, (row + 1) * BYTES);
      for (let k = 0; k < PROMOTED_BYTES; k++) {
        const best = saved.reduce((most, bits, byte) => (bits > saved[most]! ? byte : most), 0);
        if (saved[best]! <= 0) break;
        promotedBytes[row * PROMOTED_BYTES + k] = best;
        promotedBits[row * PROMOTED_BYTES + k] = saved[best]!;
        saved[best] = 0;
      }
    }
    return { winCounts: this.#wins, effects: this.#effects, promotedBytes, promotedBits };
  }

  /** The scores that give the votes, as far as a float32 tells them. */
  #takeScores(votes: Float32Array, from: number): void {
    for (let i = 0; i < this.votersPerBit; i++) {
      const v = votes[from + i]!;
      this.#scores[i] = Math.log(v) - Math.log(likelihoodOf(v, false));
    }
  }
}

/** What a vote says of the real bit. */
function likelihoodOf(vote: number, isOne: boolean): number {
  return isOne ? vote : Math.max(1 - vote, LEAST_DISTANCE);
}
