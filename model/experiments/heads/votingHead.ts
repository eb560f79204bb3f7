/** @file Voters as a head by themselves: the paper's softmax, the mean of votes, and a single logistic unit per bit (dense). */
import { CHUNK_BITS } from '../../measures/chunk';
import { sumShares, shareBuffers } from '../../network/aggregation';
import { AGGREGATIONS, usesTemperature } from '../../network/aggregations';
import type { Random } from '../../text/random';
import type { Head } from './head';
import { bitOf, normals } from './head';

/** No vote is larger. */
const STRONGEST = 1;

export class VotingHead implements Head {
  readonly weights: readonly Float64Array[];
  /** M */
  readonly voters: number;
  /** τ; 0 where the aggregation has none */
  readonly temperature: number;
  /** [32, M, D + 1], a voter's bias last */
  readonly #weights: Float64Array;
  readonly #z: Float64Array;

  /**
   * @param width D
   * @param tau ignored where the aggregation has none
   */
  constructor(
    readonly aggregation: 'softmax' | 'mean' | 'dense',
    private readonly width: number,
    votersPerBit: number,
    tau: number,
    random: Random,
  ) {
    const rule = AGGREGATIONS[aggregation];
    const M = rule.voters(votersPerBit);
    this.voters = M;
    this.temperature = usesTemperature(aggregation) ? tau : 0;
    this.#z = new Float64Array(M);
    this.#weights = normals(CHUNK_BITS * M * (width + 1), rule.scoreDeviation(M, tau) / Math.sqrt(width), random);
    for (let i = width; i < this.#weights.length; i += width + 1) this.#weights[i] = 0;
    this.weights = [this.#weights];
  }

  /** The scores of a bit's voters. @returns [M], valid until the next call */
  scores(h: Float64Array, bit: number): Float64Array {
    const { width, voters } = this;
    const weights = this.#weights;
    const z = this.#z;
    let at = bit * voters * (width + 1);
    for (let i = 0; i < voters; i++) {
      let sum = 0;
      for (let d = 0; d < width; d++) sum += weights[at++]! * h[d]!;
      z[i] = sum + weights[at++]!;
    }
    return z;
  }

  logits(h: Float64Array, out: Float64Array): void {
    for (let bit = 0; bit < CHUNK_BITS; bit++) {
      const { ones, zeros } = sumShares(this.scores(h, bit), this.aggregation, this.temperature, STRONGEST);
      out[bit] = Math.log(ones / zeros);
    }
  }

  /** The rate is times M: a voter has 1/M of the gradient, and so learns as much as a single unit would. */
  learn(h: Float64Array, code: number, rate: number): void {
    const { width, voters } = this;
    const weights = this.#weights;
    const tau = this.temperature;
    const each = shareBuffers(voters);
    for (let bit = 0; bit < CHUNK_BITS; bit++) {
      const sums = sumShares(this.scores(h, bit), this.aggregation, tau, STRONGEST, each);
      const real = bitOf(code, bit);
      const share = real === 1 ? each.one : each.zero;
      const shares = real === 1 ? sums.ones : sums.zeros;
      let at = bit * voters * (width + 1);
      for (let i = 0; i < voters; i++) {
        const vote = each.one[i]! / each.weight[i]!;
        const r = share[i]! / shares;
        const w = each.weight[i]! / sums.weights;
        const step = rate * voters * (r * (real - vote) + tau * vote * (1 - vote) * (r - w));
        for (let d = 0; d < width; d++) weights[at++]! += step * h[d]!;
        weights[at++]! += step;
      }
    }
  }
}
