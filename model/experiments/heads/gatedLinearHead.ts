/** @file A gated linear network per bit as a head (Veness et al. 2019, arXiv 1910.01526): every neuron predicts the bit by itself and learns from its own loss alone. */
import { CHUNK_BITS } from '../../measures/chunk';
import type { Random } from '../../text/random';
import type { Head } from './head';
import { bitOf, errorOf, normals } from './head';

/** Half-spaces of a neuron; each of the 2^4 regions in which a hidden vector can lie has weights of its own. */
const HALF_SPACES = 4;
const REGIONS = 2 ** HALF_SPACES;
/** Neurons of the layer before the last, which has one. */
const MIDDLE = 4;
/** Offsets of half-spaces from the origin, where a hidden vector's projections have a deviation of about 1. */
const OFFSET_DEVIATION = 0.5;
/** Logits stay within ±, weights as well: the sets over which the updates are convex. */
const LARGEST_LOGIT = 10;
const LARGEST_WEIGHT = 5;
/** What a neuron hears beside the layer before: the logit of a prediction that is always the same. */
const CONSTANT = 1;

/** Neurons of each layer with which it has about as many weights as M voters per bit. */
export function matchedLayers(width: number, voters: number): readonly number[] {
  const perRegion = (voters * (width + 1)) / REGIONS;
  // The first layer's K(D + 1), the second's 4(K + 1) and the last's 5.
  const first = (perRegion - 2 * MIDDLE - 1) / (width + 1 + MIDDLE);
  return [Math.max(1, Math.round(first)), MIDDLE, 1];
}

interface Layer {
  readonly neurons: number;
  /** Predictions that a neuron mixes, the constant one included. */
  readonly inputs: number;
  /** [neurons, HALF_SPACES, D], unit vectors, the same for the networks of all bits */
  readonly normals: Float64Array;
  /** [neurons, HALF_SPACES] */
  readonly offsets: Float64Array;
  /** [32, neurons, REGIONS, inputs] */
  readonly weights: Float64Array;
  /** [neurons] regions in which the hidden vector lies */
  readonly regions: Uint8Array;
  /** [neurons + 1] logits of the layer's predictions, and the constant one */
  readonly out: Float64Array;
}

export class GatedLinearHead implements Head {
  readonly weights: readonly Float64Array[];
  readonly #layers: readonly Layer[];
  /** [D + 1] logits of the first predictions: the hidden vector as it is, and the constant one. */
  readonly #base: Float64Array;

  /**
   * @param width D
   * @param layers neurons of each layer of a bit's network; the last has 1
   */
  constructor(
    private readonly width: number,
    layers: readonly number[],
    random: Random,
  ) {
    this.#base = new Float64Array(width + 1).fill(CONSTANT);
    this.#layers = layers.map((neurons, l): Layer => {
      const inputs = (layers[l - 1] ?? width) + 1;
      return {
        neurons,
        inputs,
        normals: unitVectors(neurons * HALF_SPACES, width, random),
        offsets: normals(neurons * HALF_SPACES, OFFSET_DEVIATION, random),
        // The geometric mean of what it hears.
        weights: new Float64Array(CHUNK_BITS * neurons * REGIONS * inputs).fill(1 / inputs),
        regions: new Uint8Array(neurons),
        out: new Float64Array(neurons + 1).fill(CONSTANT),
      };
    });
    this.weights = this.#layers.map(({ weights }) => weights);
  }

  logits(h: Float64Array, out: Float64Array): void {
    this.#hear(h);
    for (let bit = 0; bit < CHUNK_BITS; bit++) out[bit] = this.#predict(bit, 0, 0);
  }

  learn(h: Float64Array, code: number, rate: number): void {
    this.#hear(h);
    for (let bit = 0; bit < CHUNK_BITS; bit++) this.#predict(bit, bitOf(code, bit), rate);
  }

  #hear(h: Float64Array): void {
    for (let d = 0; d < this.width; d++) this.#base[d] = within(h[d]!, LARGEST_LOGIT);
    for (const { neurons, normals: normal, offsets, regions } of this.#layers) {
      for (let k = 0; k < neurons; k++) {
        let region = 0;
        for (let s = k * HALF_SPACES; s < (k + 1) * HALF_SPACES; s++) {
          let sum = -offsets[s]!;
          for (let d = 0; d < this.width; d++) sum += normal[s * this.width + d]! * h[d]!;
          region = 2 * region + (sum >= 0 ? 1 : 0);
        }
        regions[k] = region;
      }
    }
  }

  /**
   * The last neuron's logit of a bit. Each neuron mixes the layer before by the weights of its region, then takes a step of online
   * gradient descent of its own loss, convex in those weights.
   * @param rate 0 to learn nothing
   */
  #predict(bit: number, real: 0 | 1, rate: number): number {
    let heard = this.#base;
    for (const { neurons, inputs, weights, regions, out } of this.#layers) {
      for (let k = 0; k < neurons; k++) {
        const from = ((bit * neurons + k) * REGIONS + regions[k]!) * inputs;
        let sum = 0;
        for (let i = 0; i < inputs; i++) sum += weights[from + i]! * heard[i]!;
        const logit = within(sum, LARGEST_LOGIT);
        out[k] = logit;
        if (rate === 0) continue;
        const step = -rate * errorOf(logit, real);
        for (let i = 0; i < inputs; i++) {
          weights[from + i] = within(weights[from + i]! + step * heard[i]!, LARGEST_WEIGHT);
        }
      }
      heard = out;
    }
    return heard[0]!;
  }
}

function within(value: number, largest: number): number {
  return Math.max(-largest, Math.min(largest, value));
}

/** @returns [count, width] */
function unitVectors(count: number, width: number, random: Random): Float64Array {
  const vectors = normals(count * width, 1, random);
  for (let v = 0; v < count; v++) {
    const vector = vectors.subarray(v * width, (v + 1) * width);
    const length = Math.hypot(...vector);
    vector.forEach((value, d) => (vector[d] = value / length));
  }
  return vectors;
}
