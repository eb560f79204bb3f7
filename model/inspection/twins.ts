/** @file Which voters of a bit vote alike: correlations of their votes over an even choice of chunks. */
import type { Turns } from './turns';

/** Chunks on which correlations are measured: at a correlation of 0.98 the standard error, (1 − r²)/√n, is then below 0.001. */
const MOST_CHUNKS = 2048;

/** The voter of the same bit that correlates most with each: its number in the bit, or −1, and the correlation, or NaN. */
export interface Nearest {
  /** [bits·M] */
  readonly nearest: Int32Array;
  readonly correlations: Float32Array;
  /** Chunks that they were measured on. */
  readonly chunks: number;
}

/** Keeps the votes of the chosen chunks, and compares those of one bit with each other. */
export class TwinSearch {
  readonly #stride: number;
  readonly #room: number;
  #chunks = 0;
  /** [bits·M, room] */
  readonly #votes: Float32Array;

  /** @param chunks how many there will be, of which every s-th is taken */
  constructor(
    private readonly bits: number,
    private readonly M: number,
    chunks: number,
  ) {
    this.#stride = Math.max(1, Math.ceil(chunks / MOST_CHUNKS));
    this.#room = Math.ceil(chunks / this.#stride);
    this.#votes = new Float32Array(bits * M * this.#room);
  }

  /** Takes the votes [bits·M] at `from` on, if the chunk is one of those chosen; `n` of them came before. */
  add(votes: Float32Array, from: number, n: number): void {
    if (n % this.#stride !== 0) return;
    const rows = this.bits * this.M;
    for (let row = 0, at = this.#chunks; row < rows; row++, at += this.#room) this.#votes[at] = votes[from + row]!;
    this.#chunks++;
  }

  /**
   * To be called once.
   * @param turns given between bits
   * @param isCompared whether a voter, by its row b·M + i, is compared with others: each two cost as much as all their votes
   */
  async finish(turns: Turns, isCompared: (row: number) => boolean): Promise<Nearest> {
    const { M, bits } = this;
    const nearest = new Int32Array(bits * M).fill(-1);
    const best = new Float64Array(bits * M).fill(NaN);
    const take = (row: number, other: number, correlation: number) => {
      if (correlation <= best[row]!) return;
      best[row] = correlation;
      nearest[row] = other % M;
    };
    for (let bit = 0; bit < bits; bit++) {
      if (turns.isDue) await turns.give();
      const compared: number[] = [];
      for (let row = bit * M; row < (bit + 1) * M; row++)
        if (isCompared(row) && this.#standardize(row)) compared.push(row);
      compared.forEach((row, i) => {
        for (const other of compared.slice(0, i)) {
          const correlation = this.#product(row, other);
          take(row, other, correlation);
          take(other, row, correlation);
        }
      });
    }
    return { nearest, correlations: Float32Array.from(best), chunks: this.#chunks };
  }

  #votesOf(row: number): Float32Array {
    return this.#votes.subarray(row * this.#room, row * this.#room + this.#chunks);
  }

  /** Makes a voter's votes a vector of mean 0 and length 1; false where they do not vary beyond rounding. */
  #standardize(row: number): boolean {
    const votes = this.#votesOf(row);
    const mean = votes.reduce((sum, vote) => sum + vote, 0) / votes.length;
    const squares = votes.reduce((sum, vote) => sum + (vote - mean) ** 2, 0);
    if (!(squares > 1e-12 * votes.length)) return false;
    const scale = 1 / Math.sqrt(squares);
    for (let n = 0; n < votes.length; n++) votes[n] = (votes[n]! - mean) * scale;
    return true;
  }

  /** The product of two rows; four sums, so that one addition does not wait for the one before. */
  #product(row: number, other: number): number {
    const votes = this.#votes;
    const from = row * this.#room;
    const to = other * this.#room;
    const n = this.#chunks;
    let [a, b, c, d] = [0, 0, 0, 0];
    let k = 0;
    for (; k + 3 < n; k += 4) {
      a += votes[from + k]! * votes[to + k]!;
      b += votes[from + k + 1]! * votes[to + k + 1]!;
      c += votes[from + k + 2]! * votes[to + k + 2]!;
      d += votes[from + k + 3]! * votes[to + k + 3]!;
    }
    for (; k < n; k++) a += votes[from + k]! * votes[to + k]!;
    return a + b + c + d;
  }
}
