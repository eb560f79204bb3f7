/** @file The scores of a chunk's voters at one position, whether or not they depend on the chunk's own bytes. */

/** What is known of the chunk after a window's position: the trunk's output and the bytes that it was given. */
export interface TrunkWindow {
  /** [T, D] from `Inference.hidden` */
  readonly hidden: Float32Array;
  /** [4·T] */
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
   * @param rows how many
   */
  apply(hidden: ArrayLike<number>, at: number, first: number, rows: number): Float32Array {
    const { weight, bias, width } = this;
    const out = new Float32Array(rows);
    for (let row = 0, w = first * width; row < rows; row++) {
      let sum = bias[first + row]!;
      for (let d = 0; d < width; d++, w++) sum += weight[w]! * hidden[at + d]!;
      out[row] = sum;
    }
    return out;
  }
}
