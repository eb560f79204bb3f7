/** @file A multilayer perceptron as a head: D inputs, one layer of ReLUs, 32 logistic units. */
import { CHUNK_BITS } from '../../measures/chunk';
import type { Random } from '../../text/random';
import type { Head } from './head';
import { bitOf, errorOf, normals } from './head';

/** Standard deviation of the first logits: as near to ½ as a dense head begins. */
const LOGIT_DEVIATION = 0.25;

/** The hidden units with which it has as many weights, and so as many multiplications, as M voters per bit. */
export function matchedUnits(width: number, voters: number): number {
  return Math.round((CHUNK_BITS * voters * width) / (width + CHUNK_BITS));
}

export class MultilayerHead implements Head {
  readonly weights: readonly Float64Array[];
  /** [K, D + 1], a unit's bias last */
  readonly #first: Float64Array;
  /** [K, 32] */
  readonly #second: Float64Array;
  /** [32] */
  readonly #biases = new Float64Array(CHUNK_BITS);
  /** [K] */
  readonly #units: Float64Array;
  readonly #out = new Float64Array(CHUNK_BITS);

  /**
   * @param width D
   * @param units K
   */
  constructor(
    private readonly width: number,
    units: number,
    random: Random,
  ) {
    this.#units = new Float64Array(units);
    // A ReLU halves the mean square, which the factor 2 makes up for (He et al. 2015).
    this.#first = normals(units * (width + 1), Math.sqrt(2 / width), random);
    for (let i = width; i < this.#first.length; i += width + 1) this.#first[i] = 0;
    this.#second = normals(units * CHUNK_BITS, LOGIT_DEVIATION / Math.sqrt(units), random);
    this.weights = [this.#first, this.#second, this.#biases];
  }

  logits(h: Float64Array, out: Float64Array): void {
    const { width } = this;
    const first = this.#first;
    const second = this.#second;
    const units = this.#units;
    out.set(this.#biases);
    for (let k = 0, at = 0; k < units.length; k++) {
      let sum = 0;
      for (let d = 0; d < width; d++) sum += first[at++]! * h[d]!;
      sum += first[at++]!;
      units[k] = Math.max(0, sum);
      if (sum <= 0) continue;
      for (let b = 0, to = k * CHUNK_BITS; b < CHUNK_BITS; b++) out[b]! += sum * second[to++]!;
    }
  }

  learn(h: Float64Array, code: number, rate: number): void {
    const { width } = this;
    const first = this.#first;
    const second = this.#second;
    const steps = this.#out;
    this.logits(h, steps);
    for (let b = 0; b < CHUNK_BITS; b++) {
      steps[b] = -rate * errorOf(steps[b]!, bitOf(code, b));
      this.#biases[b]! += steps[b]!;
    }
    for (const [k, unit] of this.#units.entries()) {
      if (unit <= 0) continue;
      let step = 0;
      for (let b = 0, to = k * CHUNK_BITS; b < CHUNK_BITS; b++, to++) {
        step += steps[b]! * second[to]!;
        second[to]! += steps[b]! * unit;
      }
      let at = k * (width + 1);
      for (let d = 0; d < width; d++) first[at++]! += step * h[d]!;
      first[at]! += step;
    }
  }
}
