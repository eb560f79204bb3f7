/** @file Gathers what every voter does over a corpus, chunk by chunk in one pass: histograms, moments, examples, twins. */
import type { VoterStatistics } from '../checkpoint/voterStatistics';
import { EXAMPLES, VOTE_BINS } from '../checkpoint/voterStatistics';
import { LARGEST_WEIGHTS } from '../measures/voterClasses';
import type { Heard } from '../network/aggregations';
import { Random } from '../text/random';
import { Reservoirs } from './reservoirs';
import { TopExamples } from './topExamples';
import { TwinSearch } from './twins';

const BITS = 32;

export interface VoterAccumulatorOptions {
  readonly votersPerBit: number;
  /** What the softmax hears of a voter, which decides where one is inverted; null where the weights are no softmax. */
  readonly heard: Heard | null;
  /** [32] τ of each bit; ignored where there is no softmax. */
  readonly temperatures: Float32Array;
  /** N, for an even choice of the chunks on which correlations are measured. */
  readonly chunks: number;
  readonly seed: number;
}

/** Votes, weights and p of many positions: [.., 32, M] and [.., 32]. */
export interface Positions {
  readonly votes: Float32Array;
  readonly weights: Float32Array;
  readonly probabilities: Float32Array;
}

/** Gathers the statistics; chunks come in the order of the corpus. */
export class VoterAccumulator {
  readonly #options: VoterAccumulatorOptions;
  #chunks = 0;
  readonly #ones = new Int32Array(BITS);
  readonly #histograms: Int32Array;
  /** [32·2·M] Σ v and Σ v², the voter last so that a bit's sums lie side by side. */
  readonly #sums: Float64Array;
  readonly #squares: Float64Array;
  readonly #minima: Float32Array;
  readonly #maxima: Float32Array;
  readonly #weights: Float64Array;
  readonly #large: Int32Array;
  readonly #active: Int32Array;
  readonly #inverted: Int32Array;
  readonly #top: TopExamples;
  readonly #sample: Reservoirs;
  readonly #twins: TwinSearch;
  /** The largest weights of a bit, descending. */
  readonly #largest: Float32Array;

  constructor(options: VoterAccumulatorOptions) {
    const M = options.votersPerBit;
    const rows = BITS * M;
    this.#options = options;
    this.#histograms = new Int32Array(rows * 2 * VOTE_BINS);
    this.#sums = new Float64Array(rows * 2);
    this.#squares = new Float64Array(rows * 2);
    this.#minima = new Float32Array(rows).fill(Infinity);
    this.#maxima = new Float32Array(rows).fill(-Infinity);
    this.#weights = new Float64Array(rows);
    this.#large = new Int32Array(rows);
    this.#active = new Int32Array(rows);
    this.#inverted = new Int32Array(rows);
    this.#top = new TopExamples(rows, EXAMPLES);
    this.#sample = new Reservoirs(BITS, M, EXAMPLES, Random.fromSeed(options.seed));
    this.#twins = new TwinSearch(BITS, M, options.chunks);
    this.#largest = new Float32Array(Math.ceil(LARGEST_WEIGHTS * M));
  }

  /**
   * Adds the next chunk.
   * @param position which of the positions predicted it
   * @param code its bits, bit 0 the most significant of 32
   */
  add({ votes, weights, probabilities }: Positions, position: number, code: number): void {
    const { votersPerBit: M, heard, temperatures } = this.#options;
    const chunk = this.#chunks++;
    for (let bit = 0; bit < BITS; bit++) {
      const real = (code >>> (31 - bit)) & 1;
      this.#ones[bit]! += real;
      const from = (position * BITS + bit) * M;
      // Inverted: above ½ (where votes are heard, anywhere) below p − 1/τ, and where confidences are, below ½ above p + 1/τ.
      const p = probabilities[position * BITS + bit]!;
      const reach = heard === null || real === 0 ? Infinity : 1 / temperatures[bit]!;
      this.#addBit(votes, weights, from, bit * M, (bit * 2 + real) * M, real);
      if (reach !== Infinity) this.#countInverted(votes, from, bit * M, p - reach, p + reach);
      this.#top.add(votes, from, bit * M, M, chunk, code);
      this.#sample.add(votes, from, bit, chunk, code);
    }
    this.#twins.add(votes, position * BITS * M, chunk);
  }

  /** @param row of the bit's first voter; @param sum of its sums */
  #addBit(votes: Float32Array, weights: Float32Array, from: number, row: number, sum: number, real: number): void {
    const M = this.#options.votersPerBit;
    const threshold = this.#smallestOfLargest(weights, from);
    const histograms = this.#histograms;
    const sums = this.#sums;
    const squares = this.#squares;
    const minima = this.#minima;
    const maxima = this.#maxima;
    const weightSums = this.#weights;
    const large = this.#large;
    const active = this.#active;
    for (let i = 0, cell = (row * 2 + real) * VOTE_BINS; i < M; i++, cell += 2 * VOTE_BINS) {
      const v = votes[from + i]!;
      const w = weights[from + i]!;
      histograms[cell + Math.min(VOTE_BINS - 1, (v * VOTE_BINS) | 0)]!++;
      sums[sum + i]! += v;
      squares[sum + i]! += v * v;
      weightSums[row + i]! += w;
      if (v < minima[row + i]!) minima[row + i] = v;
      if (v > maxima[row + i]!) maxima[row + i] = v;
      if (v > 0.5) active[row + i]!++;
      if (w >= threshold && w > 0) large[row + i]!++;
    }
  }

  #countInverted(votes: Float32Array, from: number, row: number, low: number, high: number): void {
    const { votersPerBit: M, heard } = this.#options;
    const inverted = this.#inverted;
    for (let i = 0; i < M; i++) {
      const v = votes[from + i]!;
      if (heard === 'vote' || v >= 0.5 ? v < low : v > high) inverted[row + i]!++;
    }
  }

  /** The ⌈M/10⌉-th largest of a bit's weights. */
  #smallestOfLargest(weights: Float32Array, from: number): number {
    const M = this.#options.votersPerBit;
    const largest = this.#largest;
    const last = largest.length - 1;
    largest.fill(-1);
    for (let i = 0; i < M; i++) {
      const w = weights[from + i]!;
      if (!(w > largest[last]!)) continue;
      let at = last;
      for (; at > 0 && largest[at - 1]! < w; at--) largest[at] = largest[at - 1]!;
      largest[at] = w;
    }
    return largest[last]!;
  }

  /** What was gathered of all chunks so far. */
  finish(): VoterStatistics {
    const M = this.#options.votersPerBit;
    const rows = BITS * M;
    const N = this.#chunks;
    const means = new Float64Array(rows * 2);
    const variances = new Float64Array(rows * 2);
    for (let row = 0; row < rows; row++) {
      const bit = Math.floor(row / M);
      for (let real = 0; real < 2; real++) {
        const at = (bit * 2 + real) * M + (row % M);
        const count = real === 1 ? this.#ones[bit]! : N - this.#ones[bit]!;
        const mean = this.#sums[at]! / count;
        means[row * 2 + real] = mean;
        variances[row * 2 + real] = Math.max(0, this.#squares[at]! / count - mean * mean);
      }
    }
    const { nearest, correlations, chunks: correlationChunks } = this.#twins.finish();
    return {
      votersPerBit: M,
      chunks: N,
      ones: this.#ones,
      histograms: this.#histograms,
      means,
      variances,
      minima: this.#minima,
      maxima: this.#maxima,
      meanWeights: this.#weights.map((sum) => sum / N),
      largeWeightCounts: this.#large,
      activeCounts: this.#active,
      invertedCounts: this.#inverted,
      top: this.#top.examples,
      sample: this.#sample.finish(),
      nearest,
      nearestCorrelations: correlations,
      correlationChunks,
    };
  }
}
