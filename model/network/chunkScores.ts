/** @file The scores of a chunk's voters at one position, whether or not they depend on the chunk's own bytes. */

/** What is known of the chunk after a window's position: the trunk's output and the bytes that it was given. */
export interface TrunkWindow {
  /** [T, D] from `Inference.hidden` */
  readonly hidden: Float32Array;
  /** [at least 4·T] */
  readonly inputs: Uint8Array;
}

/** z of a chunk's voters, without the chain's part. */
export interface ChunkScores {
  /**
   * The scores of the voters that read the same hidden vector as those of `bit`, bit by bit. With a byte stage they depend on the
   * bytes before the bit's own; for the same ones it is the same array, whose values do not change.
   * @param code the chunk's bits, bit 0 the most significant of 32; only those before the bit's vector are read
   * @returns [bits·M]
   */
  of(bit: number, code: number): Float32Array;
}

/** z = W·h + b of the voters of consecutive bits. */
export class Projection {
  /**
   * @param weight [rows, width]
   * @param bias [rows]
   */
  constructor(
    private readonly weight: Float32Array,
    private readonly bias: Float32Array,
    private readonly width: number,
  ) {}

  /**
   * @param hidden the vector starts at `at` in it
   * @param first row
   * @param rows how many, a multiple of 4, as the bits that read one vector are
   */
  apply(hidden: Float32Array, at: number, first: number, rows: number): Float32Array {
    const { weight, bias, width } = this;
    const out = new Float32Array(rows);
    // Four rows in one pass: each value of the vector is read once for all, and no sum waits for another.
    for (let row = 0; row < rows; row += 4) {
      const w = (first + row) * width;
      let sum0 = bias[first + row]!;
      let sum1 = bias[first + row + 1]!;
      let sum2 = bias[first + row + 2]!;
      let sum3 = bias[first + row + 3]!;
      for (let d = 0; d < width; d++) {
        const value = hidden[at + d]!;
        sum0 += weight[w + d]! * value;
        sum1 += weight[w + width + d]! * value;
        sum2 += weight[w + 2 * width + d]! * value;
        sum3 += weight[w + 3 * width + d]! * value;
      }
      out[row] = sum0;
      out[row + 1] = sum1;
      out[row + 2] = sum2;
      out[row + 3] = sum3;
    }
    return out;
  }
}
