/** @file Tensors of a file checked against the parameters that a configuration has: nothing missing, nothing extra, all finite. */
import type { Parameters, Tensor } from '../network/parameters';
import type { SafeTensor } from './safetensors';
import { SafetensorsError } from './safetensors';

/**
 * The tensors of a file as parameters, in the order of `shapes`.
 * @param shapes name → shape of exactly the tensors that the file must hold
 * @param source the file's name, for errors
 * @throws SafetensorsError naming the first tensor that is missing, extra, of another shape or type, or not finite
 */
export function parametersOf(
  tensors: ReadonlyMap<string, SafeTensor>,
  shapes: ReadonlyMap<string, readonly number[]>,
  source: string,
): Map<string, Tensor> {
  const fail = (name: string, found: string, expected: string): never => {
    throw new SafetensorsError(`${source}: tensor "${name}" ${found}, expected ${expected}.`);
  };
  const parameters = new Map<string, Tensor>();
  for (const [name, shape] of shapes) {
    const tensor = tensors.get(name);
    if (tensor === undefined) return fail(name, 'is missing', `[${shape.join(', ')}]`);
    if (tensor.shape.length !== shape.length || tensor.shape.some((size, i) => size !== shape[i])) {
      fail(name, `has shape [${tensor.shape.join(', ')}]`, `[${shape.join(', ')}] by the configuration`);
    }
    if (!(tensor.data instanceof Float32Array)) return fail(name, `has dtype ${tensor.dtype}`, 'F32 or F16');
    const odd = firstNotFinite(tensor.data);
    if (odd >= 0) fail(name, `holds ${tensor.data[odd]} at element ${odd}`, 'only finite numbers');
    parameters.set(name, { shape, data: tensor.data });
  }
  for (const [name, { shape }] of tensors) {
    if (!shapes.has(name)) fail(name, `([${shape.join(', ')}]) is extra`, 'only the parameters of the configuration');
  }
  return parameters;
}

/** Index of the first value that is NaN or infinite, −1 where there is none. */
export function firstNotFinite(values: Float32Array): number {
  // x − x is 0 for every finite x; a plain loop, since this runs over millions of values at every load.
  for (let i = 0; i < values.length; i++) if (values[i]! - values[i]! !== 0) return i;
  return -1;
}

/** Parameters as tensors of a file. */
export function tensorsOf(parameters: Parameters, dtype: 'F32' | 'F16' = 'F32', prefix = ''): Map<string, SafeTensor> {
  return new Map([...parameters].map(([name, { shape, data }]) => [prefix + name, { dtype, shape, data }]));
}
