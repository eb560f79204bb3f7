/** @file The parameters of a configuration: their names and shapes as SPEC section 3 and PyTorch have them. */
import { NGRAM_ORDERS, NGRAM_TABLES } from './byteNgrams';
import type { ModelConfig } from './config';
import { bottleneckWidth, chainColumns, hasTemperature, hiddenVectors, votersPerBit } from './config';

/** One parameter tensor on disk: row-major values of a known shape. */
export interface Tensor {
  readonly shape: readonly number[];
  readonly data: Float32Array;
}

/** Every parameter of a model by its SPEC name. */
export type Parameters = ReadonlyMap<string, Tensor>;

/** C_out split over the kernels: ⌊C_out/n⌋ each, the first takes the rest (SPEC 3). */
export function kernelChannels(config: ModelConfig, channels: number): number[] {
  const count = config.kernel_sizes.length;
  const share = Math.floor(channels / count);
  return config.kernel_sizes.map((_, i) => (i === 0 ? channels - share * (count - 1) : share));
}

/** Name → shape of every parameter of `config`, in the order in which they are written. */
export function parameterShapes(config: ModelConfig): Map<string, readonly number[]> {
  const shapes = new Map<string, readonly number[]>();
  const D = config.embedding_dim;
  const linear = (name: string, out: number, input: number, ...kernel: number[]) => {
    shapes.set(`${name}.weight`, [out, input, ...kernel]);
    shapes.set(`${name}.bias`, [out]);
  };
  const norm = (name: string, channels: number) => {
    shapes.set(`${name}.weight`, [channels]);
    shapes.set(`${name}.bias`, [channels]);
  };
  const convBlock = (name: string, input: number, out: number) => {
    kernelChannels(config, out).forEach((channels, n) => {
      linear(`${name}.convs.${n}`, channels, input, config.kernel_sizes[n]!);
    });
    norm(`${name}.norm`, out);
    linear(`${name}.residual`, out, input, 1);
  };

  if (config.temperature_learned && hasTemperature(config)) shapes.set('log_temperature', [32]);
  linear('input_embedding.projection', D, 32);
  linear('processor.input_conv', D, D, 3);
  for (let i = 0; i < config.stages; i++) {
    const stage = `processor.encoder.stages.${i}`;
    const C = D * 2 ** i;
    convBlock(`${stage}.blocks.0`, C, C);
    convBlock(`${stage}.blocks.1`, C, C);
    linear(`${stage}.downsample.conv`, 2 * C, C, 3);
    norm(`${stage}.downsample.norm`, 2 * C);
  }
  const W = bottleneckWidth(config);
  for (let j = 0; j < config.bottleneck_layers; j++) {
    const block = `processor.bottleneck.blocks.${j}`;
    if (config.bottleneck === 'transformer') {
      norm(`${block}.norm1`, W);
      linear(`${block}.attention.qkv`, 3 * W, W);
      linear(`${block}.attention.out`, W, W);
      norm(`${block}.norm2`, W);
      linear(`${block}.feed_forward.expand`, 4 * W, W);
      linear(`${block}.feed_forward.contract`, W, 4 * W);
    } else {
      norm(`${block}.norm`, W);
      linear(`${block}.router`, config.dendrite_branches, W);
      linear(`${block}.branches`, config.dendrite_branches * W, W);
      linear(`${block}.out`, W, W);
    }
  }
  for (let i = 0; i < config.stages; i++) {
    const stage = `processor.decoder.stages.${i}`;
    const C = D * 2 ** (config.stages - 1 - i);
    shapes.set(`${stage}.upsample.weight`, [2 * C, C, 2]);
    shapes.set(`${stage}.upsample.bias`, [C]);
    convBlock(`${stage}.blocks.0`, 2 * C, C);
    convBlock(`${stage}.blocks.1`, C, C);
  }
  linear('processor.output_conv', D, D, 1);
  const { byte_channels: C } = config;
  if (C !== undefined) {
    shapes.set('byte_stage.upsample.weight', [D, C, 4]);
    shapes.set('byte_stage.upsample.bias', [C]);
    shapes.set('byte_stage.embedding.weight', [256, C]);
    const { byte_ngram_rows: rows } = config;
    if (rows !== undefined) shapes.set(NGRAM_TABLES, [NGRAM_ORDERS.length * rows, C]);
    convBlock('byte_stage.blocks.0', 2 * C, C);
    convBlock('byte_stage.blocks.1', C, C);
  }
  const { width } = hiddenVectors(config);
  norm('output_norm', width);
  const M = votersPerBit(config);
  linear('output_projection', 32 * M, width, 1);
  const chained = chainColumns(config);
  if (chained > 0) shapes.set('bit_chain.weight', [32 * M, chained]);
  return shapes;
}

/** A parameter that has to be there. */
export function required(parameters: Parameters, name: string): Tensor {
  const tensor = parameters.get(name);
  if (tensor === undefined) throw new Error(`The parameters lack ${name}.`);
  return tensor;
}

/** Number of values in a shape. */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** Number of trainable values of a configuration. */
export function parameterCount(config: ModelConfig): number {
  let total = 0;
  for (const shape of parameterShapes(config).values()) total += elementCount(shape);
  return total;
}
