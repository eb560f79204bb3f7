/** @file Gathers what every voter does over a corpus, chunk by chunk in one pass: histograms, moments, examples, twins. */
import { CHUNK_BITS } from '../measures/chunk';
import type { VoterStatistics } from '../checkpoint/voterStatistics';
import { EXAMPLES, VOTE_BINS } from '../checkpoint/voterStatistics';
import { LARGEST_WEIGHTS } from '../measures/voterClasses';
import type { Aggregation, Heard } from '../network/aggregations';
import { AGGREGATIONS } from '../network/aggregations';
import type { NameCounts } from './automaticNames';
import { ContributionSums } from './contributionSums';
import { Reservoirs } from './reservoirs';
import { TopExamples } from './topExamples';
import { Turns } from './turns';
import { TwinSearch } from './twins';

/** Upper end of the first bin of a histogram. */
const FIRST_BIN_END = 1 / VOTE_BINS;
/** Chunks of which the largest weights are looked for, and what voters bring: that takes as long as all else that is counted. */
const MOST_WEIGHT_CHUNKS = 4096;

export interface VoterAccumulatorOptions {
  readonly votersPerBit: number;
  readonly aggregation: Aggregation;
  /** [32] τ of each bit; ignored where there is no softmax. */
  readonly temperatures: Float32Array;
  /** N, for an even choice of the chunks on which correlations are measured. */
  readonly chunks: number;
  /** Complete chunks of the corpus, of which those are a part. */
  readonly totalChunks: number;
  readonly seed: number;
  /** What voters are named after; null where they are not. */
  readonly names: NameCounts | null;
}

/** Votes, weights and p of positions: [.., 32, M] and [.., 32]. */
export interface Positions {
  readonly votes: Float32Array;
  readonly weights: Float32Array;
  readonly probabilities: Float32Array;
}

/** Chunks that follow each other in the corpus, or that are looked at one after the other. */
export interface ChunkBlock {
  readonly count: number;
  /** Of the first `count` positions, those that predicted the chunks. */
  readonly positions: Positions;
  /** Each chunk's bits, bit 0 the most significant of 32, and its number in the corpus. */
  readonly codes: Uint32Array;
  readonly chunks: Uint32Array;
  /** From `NamingContexts.label`, [count, 4·dimensions]; null where no names are wanted. */
  readonly labels: Uint16Array | null;
}

/** Gathers the statistics. */
export class VoterAccumulator {
  readonly #options: VoterAccumulatorOptions;
  /** What the softmax hears of a voter, which decides where one is inverted; null where the weights are no softmax. */
  readonly #heard: Heard | null;
  readonly #contributions: ContributionSums;
  #chunks = 0;
  readonly #ones = new Int32Array(CHUNK_BITS);
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
  readonly #weightStride: number;
  /** Voters of a bit with v above ½. */
  readonly #fired: Uint16Array;

  constructor(options: VoterAccumulatorOptions) {
    const M = options.votersPerBit;
    const rows = CHUNK_BITS * M;
    this.#options = options;
    const { weighting } = AGGREGATIONS[options.aggregation];
    this.#heard = weighting.kind === 'softmax' ? weighting.heard : null;
    this.#contributions = new ContributionSums(M, options.aggregation, options.temperatures);
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
    this.#sample = new Reservoirs(CHUNK_BITS, M, EXAMPLES, options.seed);
    this.#fired = new Uint16Array(M);
    this.#weightStride = Math.max(1, Math.ceil(options.chunks / MOST_WEIGHT_CHUNKS));
    this.#twins = new TwinSearch(CHUNK_BITS, M, options.chunks);
    this.#largest = new Float32Array(Math.ceil(LARGEST_WEIGHTS * M));
  }

  /** Adds the next chunks. A bit at a time: what is counted of its voters then stays in the processor's cache. */
  add({ count, positions, codes, chunks, labels }: ChunkBlock): void {
    const { votersPerBit: M, temperatures, names } = this.#options;
    const { votes, probabilities } = positions;
    for (let bit = 0; bit < CHUNK_BITS; bit++) {
      for (let n = 0; n < count; n++) {
        const code = codes[n]!;
        const chunk = chunks[n]!;
        const real = (code >>> (31 - bit)) & 1;
        this.#ones[bit]! += real;
        const from = (n * CHUNK_BITS + bit) * M;
        const fired = this.#addBit(positions, from, bit * M, (bit * 2 + real) * M, real);
        // Inverted: above ½ (where votes are heard, anywhere) below p − 1/τ, and where confidences are, below ½ above p + 1/τ.
        if (this.#heard !== null && real === 1) {
          const p = probabilities[n * CHUNK_BITS + bit]!;
          const reach = 1 / temperatures[bit]!;
          this.#countInverted(votes, from, bit * M, p - reach, p + reach);
        }
        if ((this.#chunks + n) % this.#weightStride === 0) {
          this.#countLarge(positions.weights, from, bit * M);
          this.#contributions.add(votes, positions.weights, from, bit, code);
        }
        this.#top.add(votes, from, bit * M, M, chunk, code);
        this.#sample.add(votes, from, bit, this.#chunks + n, chunk, code);
        if (names === null || labels === null) continue;
        const at = (n * labels.length) / count;
        for (let k = 0; k < fired; k++) names.addVote(bit, this.#fired[k]!, labels, at);
      }
    }
    for (let n = 0; n < count; n++) {
      this.#twins.add(votes, n * CHUNK_BITS * M, this.#chunks + n);
      if (labels !== null) names?.addChunk(labels, (n * labels.length) / count);
    }
    this.#chunks += count;
  }

  /**
   * Counts the votes of one bit.
   * @param row of the bit's first voter
   * @param sum of its sums
   * @returns how many of `#fired` are now voters with v above ½
   */
  #addBit({ votes, weights }: Positions, from: number, row: number, sum: number, real: number): number {
    const M = this.#options.votersPerBit;
    const histograms = this.#histograms;
    const sums = this.#sums;
    const squares = this.#squares;
    const minima = this.#minima;
    const maxima = this.#maxima;
    const weightSums = this.#weights;
    const active = this.#active;
    const fired = this.#fired;
    let count = 0;
    for (let i = 0, cell = (row * 2 + real) * VOTE_BINS; i < M; i++, cell += 2 * VOTE_BINS) {
      const v = votes[from + i]!;
      const w = weights[from + i]!;
      // What is in no other bin is in the first: most votes are.
      if (v >= FIRST_BIN_END) histograms[cell + (v < 1 ? (v * VOTE_BINS) | 0 : VOTE_BINS - 1)]!++;
      sums[sum + i]! += v;
      squares[sum + i]! += v * v;
      weightSums[row + i]! += w;
      if (v < minima[row + i]!) minima[row + i] = v;
      if (v > maxima[row + i]!) maxima[row + i] = v;
      if (v > 0.5) {
        active[row + i]!++;
        fired[count++] = i;
      }
    }
    return count;
  }

  #countLarge(weights: Float32Array, from: number, row: number): void {
    const M = this.#options.votersPerBit;
    const threshold = this.#smallestOfLargest(weights, from);
    const large = this.#large;
    for (let i = 0; i < M; i++) {
      const w = weights[from + i]!;
      if (w >= threshold && w > 0) large[row + i]!++;
    }
  }

  #countInverted(votes: Float32Array, from: number, row: number, low: number, high: number): void {
    const M = this.#options.votersPerBit;
    const heard = this.#heard;
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

  #countFirstBin(first: number, count: number): void {
    const others = this.#histograms.subarray(first + 1, first + VOTE_BINS).reduce((sum, votes) => sum + votes, 0);
    this.#histograms[first] = count - others;
  }

  /** What was gathered of all chunks; to be called once. */
  async finish(turns = new Turns()): Promise<VoterStatistics> {
    const M = this.#options.votersPerBit;
    const rows = CHUNK_BITS * M;
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
        this.#countFirstBin((row * 2 + real) * VOTE_BINS, count);
        variances[row * 2 + real] = Math.max(0, this.#squares[at]! / count - mean * mean);
      }
    }
    const {
      nearest,
      correlations,
      chunks: correlationChunks,
    } = await this.#twins.finish(turns, (row) => this.#active[row]! > 0);
    return {
      votersPerBit: M,
      chunks: N,
      totalChunks: this.#options.totalChunks,
      ones: this.#ones,
      histograms: this.#histograms,
      means,
      variances,
      minima: this.#minima,
      maxima: this.#maxima,
      meanWeights: this.#weights.map((sum) => sum / N),
      largeWeightCounts: this.#large,
      weightChunks: Math.ceil(N / this.#weightStride),
      activeCounts: this.#active,
      invertedCounts: this.#inverted,
      top: this.#top.examples,
      sample: this.#sample.finish(),
      nearest,
      nearestCorrelations: correlations,
      correlationChunks,
      contributions: this.#contributions.finish(),
      names: this.#options.names?.names(this.#active) ?? [],
    };
  }
}
