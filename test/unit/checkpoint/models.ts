/** @file Small models for the checkpoint tests; every value tells the step, so that a mixed pair would show. */
import { parseConfig } from '../../../model/network/config';
import type { Parameters } from '../../../model/network/parameters';
import { elementCount, parameterShapes } from '../../../model/network/parameters';
import type { Model, TrainingState } from '../../../model/checkpoint/modelFolder';

export const SMALL = parseConfig(
  { embedding_dim: 8, stages: 1, kernel_sizes: [3], bottleneck_layers: 1, attention_heads: 2, voters_per_bit: 4 },
  'small',
);

/** Parameters of a model: element i of each is `value` + i/1024. */
export function parametersWith(value: number, config = SMALL): Parameters {
  return new Map(
    [...parameterShapes(config)].map(([name, shape]) => [
      name,
      { shape, data: Float32Array.from({ length: elementCount(shape) }, (_, i) => value + (i % 1000) / 1024) },
    ]),
  );
}

export function modelAt(step: number): Model {
  return { config: SMALL, parameters: parametersWith(step), steps: step };
}

/** A model whose configuration, and every other time whose shapes, tell the step too. */
export function variantAt(step: number): Model {
  const config = { ...SMALL, temperature: step + 1, voters_per_bit: SMALL.voters_per_bit * (1 + (step % 2)) };
  return { config, parameters: parametersWith(step, config), steps: step };
}

export function stateAt(step: number): TrainingState {
  return {
    optimizer: { step, firstMoments: parametersWith(-step), secondMoments: parametersWith(step + 0.5) },
    sampler: { words: [step, -1, 2 ** 31 - 1, -(2 ** 31)] },
    schedule: { steps: 1000, warmUp: 0.1, name: 'cosine', nested: { list: [1, null, 'ä'] } },
  };
}

/** Whether two sets of parameters are the same, bit by bit. */
export function sameParameters(a: Parameters, b: Parameters): boolean {
  const bits = ({ data }: { readonly data: Float32Array }): Buffer =>
    Buffer.from(data.buffer, data.byteOffset, data.byteLength);
  return (
    a.size === b.size &&
    [...a].every(([name, tensor]) => {
      const other = b.get(name);
      return other !== undefined && tensor.shape.join() === other.shape.join() && bits(tensor).equals(bits(other));
    })
  );
}
