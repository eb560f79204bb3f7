/** @file A random sample of chunks for every voter, drawn in one pass without knowing how many there will be. */
import { Random } from '../text/random';
import type { VoterExamples } from '../checkpoint/voterStatistics';

/**
 * Reservoir sampling by skips (Li's Algorithm L): after n chunks every set of `count` of them is equally likely to be a voter's sample,
 * and only the few chunks that enter a sample cost anything.
 */
export class Reservoirs {
  readonly #random: readonly Random[];
  readonly #chunks: Int32Array;
  readonly #votes: Float32Array;
  readonly #codes: Int32Array;
  /** For each row the next chunk that enters its sample. */
  readonly #next: Float64Array;
  /** For each row Algorithm L's w. */
  readonly #w: Float64Array;
  /** For each bit the least of its rows' `#next`. */
  readonly #soonest: Float64Array;

  constructor(
    bits: number,
    private readonly M: number,
    private readonly count: number,
    seed: number,
  ) {
    // One per bit, so that it does not matter whether bits or chunks are gone through first.
    const seeds = Random.fromSeed(seed);
    this.#random = Array.from({ length: bits }, () => Random.fromSeed(seeds.integer(2 ** 31)));
    const rows = bits * M;
    this.#chunks = new Int32Array(rows * count).fill(-1);
    this.#votes = new Float32Array(rows * count);
    this.#codes = new Int32Array(rows * count);
    this.#next = new Float64Array(rows).fill(count - 1);
    this.#w = new Float64Array(rows).fill(1);
    this.#soonest = new Float64Array(bits);
    for (let row = 0; row < rows; row++) this.#skip(row);
    for (let bit = 0; bit < bits; bit++) this.#soonest[bit] = this.#soonestOf(bit);
  }

  /** Adds one chunk's votes of one bit's voters, which stand at `from` on; `n` chunks came before. */
  add(votes: Float32Array, from: number, bit: number, n: number, chunk: number, code: number): void {
    const { M, count } = this;
    if (n < count) {
      for (let i = 0; i < M; i++) this.#put(bit * M + i, n, chunk, code, votes[from + i]!);
      return;
    }
    if (n < this.#soonest[bit]!) return;
    for (let i = 0; i < M; i++) {
      const row = bit * M + i;
      if (this.#next[row] !== n) continue;
      this.#put(row, this.#random[bit]!.integer(count), chunk, code, votes[from + i]!);
      this.#skip(row);
    }
    this.#soonest[bit] = this.#soonestOf(bit);
  }

  #put(row: number, slot: number, chunk: number, code: number, vote: number): void {
    this.#chunks[row * this.count + slot] = chunk;
    this.#codes[row * this.count + slot] = code;
    this.#votes[row * this.count + slot] = vote;
  }

  #skip(row: number): void {
    const random = this.#random[Math.floor(row / this.M)]!;
    // 1 − u is in (0, 1], so the logarithms are finite or the skip is endless, as it should be.
    this.#w[row]! *= Math.exp(Math.log(1 - random.uniform()) / this.count);
    this.#next[row]! += 1 + Math.floor(Math.log(1 - random.uniform()) / Math.log1p(-this.#w[row]!));
  }

  #soonestOf(bit: number): number {
    let least = Infinity;
    for (let row = bit * this.M; row < (bit + 1) * this.M; row++) least = Math.min(least, this.#next[row]!);
    return least;
  }

  /** The samples, each in the order of the chunks. */
  finish(): VoterExamples {
    const { count } = this;
    const chunks = this.#chunks.slice();
    const votes = this.#votes.slice();
    const codes = this.#codes.slice();
    for (let at = 0; at < chunks.length; at += count) {
      const order = Array.from({ length: count }, (_, slot) => at + slot)
        .filter((slot) => this.#chunks[slot]! >= 0)
        .sort((a, b) => this.#chunks[a]! - this.#chunks[b]!);
      order.forEach((slot, i) => {
        chunks[at + i] = this.#chunks[slot]!;
        votes[at + i] = this.#votes[slot]!;
        codes[at + i] = this.#codes[slot]!;
      });
    }
    return { chunks, votes, codes };
  }
}
