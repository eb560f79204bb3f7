/** @file Which voters of a bit vote alike: correlations of their votes over an even choice of chunks. */

/** Chunks on which correlations are measured: at a correlation of 0.98 the standard error is then below 0.001. */
const MOST_CHUNKS = 4096;

/** Sums of products of the votes of every two voters of a bit. */
export class TwinSearch {
  readonly #stride: number;
  #chunks = 0;
  /** [bits·M] Σ v */
  readonly #sums: Float64Array;
  /** [bits·M·(M+1)/2] Σ v_i·v_j, j ≤ i */
  readonly #products: Float64Array;

  /** @param chunks how many there will be, of which every s-th is taken */
  constructor(
    private readonly bits: number,
    private readonly M: number,
    chunks: number,
  ) {
    this.#stride = Math.max(1, Math.ceil(chunks / MOST_CHUNKS));
    this.#sums = new Float64Array(bits * M);
    this.#products = new Float64Array((bits * M * (M + 1)) / 2);
  }

  /** Takes the votes [bits·M] at `from` on, if the chunk is one of those chosen. */
  add(votes: Float32Array, from: number, chunk: number): void {
    if (chunk % this.#stride !== 0) return;
    this.#chunks++;
    const { M } = this;
    const products = this.#products;
    for (let bit = 0, at = 0; bit < this.bits; bit++) {
      const first = from + bit * M;
      for (let i = 0; i < M; i++) {
        const v = votes[first + i]!;
        this.#sums[bit * M + i]! += v;
        for (let j = 0; j <= i; j++, at++) products[at]! += v * votes[first + j]!;
      }
    }
  }

  /** For each voter the one that correlates most with it: [bits·M] its number in the bit, or −1, and the correlation, or NaN. */
  finish(): { nearest: Int32Array; correlations: Float32Array; chunks: number } {
    const { M, bits } = this;
    const n = this.#chunks;
    const nearest = new Int32Array(bits * M).fill(-1);
    const best = new Float64Array(bits * M).fill(NaN);
    const take = (row: number, other: number, correlation: number) => {
      if (Number.isNaN(correlation) || correlation <= best[row]!) return;
      best[row] = correlation;
      nearest[row] = other;
    };
    for (let bit = 0; bit < bits; bit++) {
      const first = (bit * M * (M + 1)) / 2;
      const mean = (i: number) => this.#sums[bit * M + i]! / n;
      const covariance = (i: number, j: number) =>
        this.#products[first + (i * (i + 1)) / 2 + j]! / n - mean(i) * mean(j);
      // Below this a variance is rounding: such a voter does not vary.
      const deviation = Array.from({ length: M }, (_, i) => {
        const variance = covariance(i, i);
        return variance > 1e-12 ? Math.sqrt(variance) : NaN;
      });
      for (let i = 0; i < M; i++) {
        for (let j = 0; j < i; j++) {
          const correlation = covariance(i, j) / (deviation[i]! * deviation[j]!);
          take(bit * M + i, j, correlation);
          take(bit * M + j, i, correlation);
        }
      }
    }
    return { nearest, correlations: Float32Array.from(best), chunks: n };
  }
}
