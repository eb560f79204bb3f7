/** @file Readouts: affine maps from a block's output to what stands behind the trunk's last block, by ridge regression. */
import { CholeskyDecomposition, Matrix } from 'ml-matrix';
import type { BlockOutput } from '../runtime/blockSessions';

/** How much of the mean variance of its inputs is added to each, so that what hardly varies is not relied on. */
const RIDGE = 1e-2;

/**
 * What one block's outputs and the targets have in common, summed position by position in float64. A block of level ℓ has one output
 * for 2^ℓ positions, which the map is to tell apart as a transposed convolution of that stride does: it has 2^ℓ·D rows.
 */
export class RidgeSums {
  /** Outputs that were seen. */
  count = 0;
  readonly #sumX: Float64Array;
  readonly #sumY: Float64Array;
  /** [C, C], of which only columns up to the row's number are filled. */
  readonly #xx: Float64Array;
  /** [C, O] */
  readonly #xy: Float64Array;

  /**
   * @param channels C
   * @param outputs O = 2^ℓ·D
   */
  constructor(
    readonly channels: number,
    readonly outputs: number,
  ) {
    this.#sumX = new Float64Array(channels);
    this.#sumY = new Float64Array(outputs);
    this.#xx = new Float64Array(channels * channels);
    this.#xy = new Float64Array(channels * outputs);
  }

  /**
   * @param x [at least count, C] the block's outputs
   * @param y [at least count, O] the targets of each
   */
  add(x: Float32Array, y: Float32Array, count: number): void {
    const { channels: C, outputs: O } = this;
    this.count += count;
    for (let j = 0; j < count; j++) {
      for (let a = 0; a < C; a++) this.#sumX[a]! += x[j * C + a]!;
      for (let o = 0; o < O; o++) this.#sumY[o]! += y[j * O + o]!;
    }
    // Only the lower half: the other is the same.
    addProducts(this.#xx, x, x, C, C, count, (a) => a + 1);
    addProducts(this.#xy, x, y, C, O, count, () => O);
  }

  /** The map that minimises the squared error plus the ridge. Once: the sums are used up. */
  solve(): Readout {
    const { channels: C, outputs: O, count } = this;
    const xx = this.#xx;
    const xy = this.#xy;
    const meanX = this.#sumX.map((sum) => sum / count);
    const meanY = this.#sumY.map((sum) => sum / count);
    let trace = 0;
    for (let a = 0; a < C; a++) {
      for (let b = 0; b <= a; b++) xx[a * C + b]! -= count * meanX[a]! * meanX[b]!;
      for (let o = 0; o < O; o++) xy[a * O + o]! -= count * meanX[a]! * meanY[o]!;
      trace += xx[a * C + a]!;
    }
    // A block that never varies is read as nothing.
    const ridge = Math.max((RIDGE * trace) / C, Number.MIN_VALUE ** 0.5);
    for (let a = 0; a < C; a++) xx[a * C + a]! += ridge;
    // The other half is the same.
    const inputs = Matrix.zeros(C, C);
    for (let a = 0; a < C; a++) {
      for (let b = 0; b <= a; b++) {
        inputs.set(a, b, xx[a * C + b]!);
        inputs.set(b, a, xx[a * C + b]!);
      }
    }
    const weight = new CholeskyDecomposition(inputs).solve(Matrix.from1DArray(C, O, xy)).to1DArray();
    const bias = meanY.slice();
    for (let a = 0; a < C; a++) for (let o = 0; o < O; o++) bias[o]! -= meanX[a]! * weight[a * O + o]!;
    return new Readout(Float32Array.from(weight), Float32Array.from(bias), Float32Array.from(meanY));
  }
}

/**
 * Adds Xᵀ·Y.
 * @param sums [A, B]
 * @param x [at least count, A]
 * @param y [at least count, B]
 * @param columns how many of a row are wanted
 */
function addProducts(
  sums: Float64Array,
  x: Float32Array,
  y: Float32Array,
  A: number,
  B: number,
  count: number,
  columns: (row: number) => number,
): void {
  let j = 0;
  // Four positions in one pass, because reading and writing the sums is what costs.
  for (; j + 4 <= count; j += 4) {
    for (let a = 0; a < A; a++) {
      const [x0, x1, x2, x3] = [x[j * A + a]!, x[(j + 1) * A + a]!, x[(j + 2) * A + a]!, x[(j + 3) * A + a]!];
      const end = columns(a);
      for (let b = 0, at = j * B; b < end; b++, at++) {
        sums[a * B + b]! += x0 * y[at]! + x1 * y[at + B]! + x2 * y[at + 2 * B]! + x3 * y[at + 3 * B]!;
      }
    }
  }
  for (; j < count; j++) {
    for (let a = 0; a < A; a++) {
      const value = x[j * A + a]!;
      const end = columns(a);
      for (let b = 0; b < end; b++) sums[a * B + b]! += value * y[j * B + b]!;
    }
  }
}

export class Readout {
  /**
   * @param weight [C, O]
   * @param bias [O]
   * @param mean [O] of the targets
   */
  constructor(
    readonly weight: Float32Array,
    readonly bias: Float32Array,
    readonly mean: Float32Array,
  ) {}

  /**
   * What is read of `count` outputs: [count, O].
   * @param output [at least count, C]
   */
  read({ data }: Pick<BlockOutput, 'data'>, count: number): Float32Array {
    const O = this.bias.length;
    const C = this.weight.length / O;
    const read = new Float32Array(count * O);
    for (let j = 0; j < count; j++) {
      const row = read.subarray(j * O, (j + 1) * O);
      row.set(this.bias);
      for (let a = 0; a < C; a++) {
        const value = data[j * C + a]!;
        const at = a * O;
        for (let o = 0; o < O; o++) row[o]! += value * this.weight[at + o]!;
      }
    }
    return read;
  }
}
