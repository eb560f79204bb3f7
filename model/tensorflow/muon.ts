/** @file Muon in TensorFlow.js for the matrices inside the processor, as `network/optimizer.ts` defines it. */
import type { Rank, Tensor, Tensor1D, Tensor3D } from '@tensorflow/tfjs-core';
import type { ModelConfig } from '../network/config';
import { buildNetwork } from '../network/network';
import type { MuonOptions } from '../network/optimizer';
import { blockRows } from '../network/optimizer';
import type { Tensor as Stored } from '../network/parameters';
import { elementCount, parameterShapes } from '../network/parameters';
import { keepsSquares } from '../network/trainingStep';
import type { Tf } from './weights';

/** Newton and Schulz's quintic iteration: X ← aX + bXXᵀX + c(XXᵀ)²X. */
const [LINEAR, CUBIC, QUINTIC] = [3.4445, -4.775, 2.0315] as const;
const ROUNDS = 5;

/** Each matrix of [N, m, n], m ≤ n, with its singular values moved near 1. */
function orthogonalize(tf: Tf, x: Tensor3D): Tensor3D {
  let y = tf.div<Tensor3D>(x, tf.add(tf.sqrt(tf.sum(tf.square(x), [1, 2], true)), 1e-20));
  for (let round = 0; round < ROUNDS; round++) {
    const gram = tf.matMul(y, y, false, true);
    const higher = tf.add<Tensor3D>(tf.mul(gram, CUBIC), tf.mul(tf.matMul(gram, gram), QUINTIC));
    y = tf.add(tf.mul(y, LINEAR), tf.matMul(higher, y));
  }
  return y;
}

/** A matrix of the engine: where each of its elements stands among all values of the parameters, laid end to end, from 1 on. */
interface Matrix {
  readonly shape: readonly [number, number];
  readonly elements: Int32Array;
}

/** What Muon moves, and how the parameters of a file make up its matrices. */
export class Muon {
  private constructor(
    private readonly tf: Tf,
    private readonly options: MuonOptions,
    private readonly matrices: readonly Matrix[],
    /** For every parameter that Muon moves, where its elements stand among those of all matrices, from 1 on. */
    private readonly places: ReadonlyMap<number, Int32Array>,
  ) {}

  /** @param names of all parameters, in the order in which gradients and moments are given */
  static create(tf: Tf, config: ModelConfig, names: readonly string[], muon: MuonOptions): Muon {
    const shapes = parameterShapes(config);
    // The matrices of the trunk do not depend on how many windows it computes.
    const { layout } = buildNetwork(config, { batch: 1, context: 1, groupBits: 32, target: 'cpu' }).weights;
    const numbered = new Map<string, Stored>();
    let count = 0;
    for (const name of names) {
      const shape = shapes.get(name)!;
      numbered.set(name, { shape, data: new Float32Array(elementCount(shape)).map((_, i) => count + i + 1) });
      count += elementCount(shape);
    }
    const packed = layout.pack(numbered);
    const matrices = layout.tensors
      .filter((tensor) => !keepsSquares({ muon }, tensor))
      .map(({ name, shape }) => ({
        shape: shape as [number, number],
        elements: Int32Array.from(packed.get(name)!),
      }));
    const placeOf = new Int32Array(count + 1);
    let place = 0;
    for (const { elements } of matrices) for (const element of elements) placeOf[element] = ++place;
    const places = new Map<number, Int32Array>();
    names.forEach((name, i) => {
      const here = Int32Array.from(numbered.get(name)!.data, (element) => placeOf[element]!);
      if (here.every((found) => found > 0)) places.set(i, here);
    });
    return new Muon(tf, muon, matrices, places);
  }

  /** Whether Muon moves the parameter of this index. */
  moves(index: number): boolean {
    return this.places.has(index);
  }

  /** m ← μm + (1−μ)g */
  blend(momentum: Tensor, gradient: Tensor): Tensor {
    const { tf, options } = this;
    return tf.add(tf.mul(momentum, options.momentum), tf.mul(gradient, 1 - options.momentum));
  }

  /**
   * What is taken, times the learning rate, from each parameter that Muon moves: scale·√(longer side)·orthogonal(μm + (1−μ)g).
   * @param momenta of all parameters, already blended
   * @param gradients of all parameters, clipped
   */
  steps(momenta: readonly Tensor[], gradients: readonly Tensor[]): ReadonlyMap<number, Tensor> {
    const { tf, options, places, matrices } = this;
    const values = this.endToEnd(momenta.map((momentum, i) => this.blend(momentum, gradients[i]!)));
    const moved = this.endToEnd(
      matrices.map(({ shape: [inputs, outputs], elements }) => {
        const rows = blockRows(inputs);
        const blocks = tf.reshape<Rank.R3>(tf.gather(values, elements), [inputs / rows, rows, outputs]);
        const size = options.scale * Math.sqrt(Math.max(rows, outputs));
        const swapped = (x: Tensor3D) => tf.transpose(x, [0, 2, 1]);
        const orthogonal = rows <= outputs ? orthogonalize(tf, blocks) : swapped(orthogonalize(tf, swapped(blocks)));
        return tf.mul(orthogonal, size);
      }),
    );
    return new Map(
      [...places].map(([index, here]) => [index, tf.reshape(tf.gather(moved, here), momenta[index]!.shape)]),
    );
  }

  /** All values in one vector, after a 0 for elements of a matrix that no parameter has. */
  private endToEnd(tensors: readonly Tensor[]): Tensor1D {
    const { tf } = this;
    return tf.concat([tf.tensor1d([0]), ...tensors.map((tensor) => tf.reshape<Rank.R1>(tensor, [-1]))]);
  }
}
