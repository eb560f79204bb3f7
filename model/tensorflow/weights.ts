/** @file The parameters as TensorFlow.js tensors, by the names and in the shapes of SPEC section 3. */
import type * as TensorFlow from '@tensorflow/tfjs-core';
import type { Tensor } from '@tensorflow/tfjs-core';
import { parameterShapes } from '../network/parameters';
import type { ModelConfig } from '../network/config';
import type { Parameters } from '../network/parameters';

/** TensorFlow.js, whichever build of it: it is handed in, so that nothing here loads one. */
export type Tf = typeof TensorFlow;

/** What the network is computed from. */
export interface Weights {
  readonly tf: Tf;
  readonly config: ModelConfig;
  /** The parameter of this name. */
  get(name: string): Tensor;
}

/** @param values one a name, in the order of `names` */
export function weightsOf(tf: Tf, config: ModelConfig, names: readonly string[], values: readonly Tensor[]): Weights {
  const byName = new Map(names.map((name, i) => [name, values[i]!]));
  return {
    tf,
    config,
    get: (name) => {
      const tensor = byName.get(name);
      if (tensor === undefined) throw new Error(`The parameters lack ${name}, which the network needs.`);
      return tensor;
    },
  };
}

/** Names of all parameters of a configuration, in the order of the file. */
export function parameterNames(config: ModelConfig): readonly string[] {
  return [...parameterShapes(config).keys()];
}

/** The named values as tensors of their own; the caller disposes them. */
export function toTensors(tf: Tf, names: readonly string[], parameters: Parameters): Tensor[] {
  return names.map((name) => {
    const { shape, data } = parameters.get(name)!;
    // A copy, since TensorFlow.js may keep the array that it is given.
    return tf.tensor(data.slice(), [...shape], 'float32');
  });
}

/** Reads tensors back. */
export async function toParameters(names: readonly string[], tensors: readonly Tensor[]): Promise<Parameters> {
  const read = await Promise.all(
    tensors.map(async (tensor) => ({
      shape: tensor.shape,
      data: Float32Array.from(await tensor.data()),
    })),
  );
  return new Map(names.map((name, i) => [name, read[i]!]));
}
