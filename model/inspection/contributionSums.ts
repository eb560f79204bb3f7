/** @file What each voter brings to what the model says, summed over chunks: wins, bits saved, and the bytes on which it saves most. */
import { CHUNK_BITS } from '../measures/chunk';
import type { VoterContributions } from '../checkpoint/voterStatistics';
import { PROMOTED_BYTES } from '../checkpoint/voterStatistics';
import type { Aggregation } from '../network/aggregations';
import { recomputedAggregate } from './lesions';

const BYTES = 256;
/** What is left of a sum must be at least this share of it; the others are added up again otherwise. */
const LEAST_SHARE = 1e-6;
/** Weights of float32 that add up to less tell nothing of each other; what they would be is computed from the votes. */
const LEAST_SUM = 1e-30;
/** Factors are multiplied within these, so that few logarithms are taken. */
const LEAST_PRODUCT = 1e-200;
const MOST_PRODUCT = 1e200;
/** A vote is a float32: it comes no nearer to 1 than this, and no nearer to 0 than that. */
const LEAST_DISTANCE = 2 ** -25;
const LEAST_VOTE = 2 ** -126;

/** Sums what `voterEffects` says of single chunks, from votes and weights alone: the scores of many chunks are not kept. */
export class ContributionSums {
  readonly #wins: Int32Array;
  /** [256, 32·M] Σ of the effects by the byte that the bit is part of; a byte's voters lie side by side. */
  readonly #byByte: Float32Array;
  /** [256, 32·M] 2 to the power of the effects that are not in those sums yet. */
  readonly #products: Float64Array;
  readonly #scores: Float64Array;
  /** [M] w·u of each voter of a bit, u what it says of the real value. */
  readonly #said: Float64Array;

  /** @param temperatures [32] τ of each bit; ignored where there is none */
  constructor(
    private readonly votersPerBit: number,
    private readonly aggregation: Aggregation,
    private readonly temperatures: Float32Array,
  ) {
    const rows = CHUNK_BITS * votersPerBit;
    this.#wins = new Int32Array(rows);
    this.#byByte = new Float32Array(rows * BYTES);
    this.#products = new Float64Array(rows * BYTES).fill(1);
    this.#scores = new Float64Array(votersPerBit);
    this.#said = new Float64Array(votersPerBit);
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
    const said = this.#said;
    let all = 0;
    let likelihood = 0;
    let largest = -1;
    let winner = -1;
    for (let i = 0; i < M; i++) {
      const w = weights[from + i]!;
      const of = w * likelihoodOf(votes[from + i]!, isOne);
      said[i] = of;
      all += w;
      likelihood += of;
      if (w > largest) {
        largest = w;
        winner = i;
      } else if (w === largest) winner = -1;
    }
    if (winner >= 0) this.#wins[row + winner]!++;
    const ofAll = 1 / all;
    const ofLikelihood = 1 / likelihood;
    const products = this.#products;
    const at = byte * this.#wins.length + row;
    for (let i = 0; i < M; i++) {
      // Without it the likelihood is (L − w·u)/(W − w), W all weights and L what they say of the real bit.
      const left = 1 - said[i]! * ofLikelihood;
      const rest = 1 - weights[from + i]! * ofAll;
      if (left > LEAST_SHARE && rest > LEAST_SHARE) {
        const product = products[at + i]! * (rest / left);
        if (product > LEAST_PRODUCT && product < MOST_PRODUCT) products[at + i] = product;
        else {
          this.#byByte[at + i]! += Math.log2(product);
          products[at + i] = 1;
        }
      } else {
        const others = this.#withoutOne(votes, weights, from, i, bit, isOne);
        this.#byByte[at + i]! += Math.log2(likelihood * ofAll) - others;
      }
    }
  }

  /** To be called once. */
  finish(): VoterContributions {
    const rows = this.#wins.length;
    const promotedBytes = new Uint8Array(rows * PROMOTED_BYTES);
    const promotedBits = new Float32Array(rows * PROMOTED_BYTES);
    const effects = new Float64Array(rows);
    for (let byte = 0, at = 0; byte < BYTES; byte++) {
      for (let row = 0; row < rows; row++, at++) {
        const bits = this.#byByte[at]! + Math.log2(this.#products[at]!);
        effects[row]! += bits;
        const first = row * PROMOTED_BYTES;
        let place = first + PROMOTED_BYTES;
        // Those that save less move one on; the last is forgotten.
        for (; place > first && bits > promotedBits[place - 1]!; place--) {
          if (place === first + PROMOTED_BYTES) continue;
          promotedBits[place] = promotedBits[place - 1]!;
          promotedBytes[place] = promotedBytes[place - 1]!;
        }
        if (place === first + PROMOTED_BYTES) continue;
        promotedBits[place] = bits;
        promotedBytes[place] = byte;
      }
    }
    return { winCounts: this.#wins, effects, promotedBytes, promotedBits };
  }

  /** log2 of what all voters of a bit but one say of the real bit. */
  #withoutOne(
    votes: Float32Array,
    weights: Float32Array,
    from: number,
    voter: number,
    bit: number,
    isOne: boolean,
  ): number {
    let all = 0;
    let likelihood = 0;
    for (let i = 0; i < this.votersPerBit; i++) {
      if (i === voter) continue;
      all += weights[from + i]!;
      likelihood += weights[from + i]! * likelihoodOf(votes[from + i]!, isOne);
    }
    if (all > LEAST_SUM) return Math.log2(likelihood / all);
    for (let i = 0; i < this.votersPerBit; i++) {
      const v = votes[from + i]!;
      this.#scores[i] = Math.log(likelihoodOf(v, true)) - Math.log(likelihoodOf(v, false));
    }
    const others = recomputedAggregate(this.#scores, this.aggregation, this.temperatures[bit]!, [
      { voter, vote: null },
    ]);
    return (isOne ? others.logProbability : others.logComplement) / Math.LN2;
  }
}

/** What a vote says of the real bit. */
function likelihoodOf(vote: number, isOne: boolean): number {
  return isOne ? Math.max(vote, LEAST_VOTE) : Math.max(1 - vote, LEAST_DISTANCE);
}
