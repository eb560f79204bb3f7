/** @file The blocks of the network as it is drawn: their order, resolution, width and parameters. */
import type { Value } from '../graph/graph';
import type { ModelConfig } from './config';
import { bottleneckWidth, votersPerBit } from './config';
import { elementCount, parameterShapes } from './parameters';

/**
 * Told of a value by the id of the block that it is the output of, [B·L, C]; before its output of what a block has inside, under the
 * block's id followed by `.gates` (of a dendritic block, [B·L, K]) or `.attention` (of a transformer block, [B, heads, L, L]: how much
 * each position takes from each).
 */
export type ObserveBlock = (id: string, output: Value) => void;

/** Whether an id is that of a block's output, and not of what a block has inside. */
export function isBlockOutput(id: string): boolean {
  return !id.endsWith('.gates') && !id.endsWith('.attention');
}

export type BlockKind =
  | 'embedding'
  | 'convolution'
  | 'encoder'
  | 'downsample'
  | 'transformer'
  | 'dendritic'
  | 'upsample'
  | 'decoder'
  | 'output'
  | 'voters';

export interface NetworkBlock {
  /** What its parameters' names begin with, for the most part. */
  readonly id: string;
  readonly kind: BlockKind;
  /** Its output has ⌈T/2^level⌉ positions: −2 for one a byte. */
  readonly level: number;
  /** C, channels of its output; 32·M for the voters. */
  readonly channels: number;
  /** In the order of the file. */
  readonly tensors: readonly { readonly name: string; readonly shape: readonly number[] }[];
  readonly parameters: number;
}

/** Level of the byte stage. */
const BYTE_LEVEL = -2;

/** The blocks in the order of computation; each parameter belongs to exactly one. */
export function networkBlocks(config: ModelConfig): NetworkBlock[] {
  const shapes = parameterShapes(config);
  const D = config.embedding_dim;
  const C = config.byte_channels;
  /** Beginnings of parameter names that belong to a block of another name. */
  const also: Readonly<Record<string, readonly string[]>> = {
    'byte_stage.upsample': ['byte_stage.embedding.', 'byte_stage.ngrams.'],
    [C === undefined ? 'processor.output_conv' : 'byte_stage.blocks']: ['output_norm.'],
    output_projection: ['bit_chain.', 'log_temperature'],
  };
  const block = (id: string, kind: BlockKind, level: number, channels: number): NetworkBlock => {
    const beginnings = [`${id}.`, ...(also[id] ?? [])];
    const tensors = [...shapes]
      .filter(([name]) => beginnings.some((beginning) => name.startsWith(beginning)))
      .map(([name, shape]) => ({ name, shape }));
    const parameters = tensors.reduce((sum, { shape }) => sum + elementCount(shape), 0);
    return { id, kind, level, channels, tensors, parameters };
  };
  const levels = Array.from({ length: config.stages }, (_, level) => level);
  return [
    block('input_embedding', 'embedding', 0, D),
    block('processor.input_conv', 'convolution', 0, D),
    ...levels.flatMap((i) => [
      block(`processor.encoder.stages.${i}.blocks`, 'encoder', i, D * 2 ** i),
      block(`processor.encoder.stages.${i}.downsample`, 'downsample', i + 1, D * 2 ** (i + 1)),
    ]),
    ...Array.from({ length: config.bottleneck_layers }, (_, j) =>
      block(`processor.bottleneck.blocks.${j}`, config.bottleneck, config.stages, bottleneckWidth(config)),
    ),
    ...levels
      .toReversed()
      .flatMap((level, i) => [
        block(`processor.decoder.stages.${i}.upsample`, 'upsample', level, D * 2 ** level),
        block(`processor.decoder.stages.${i}.blocks`, 'decoder', level, D * 2 ** level),
      ]),
    block('processor.output_conv', 'output', 0, D),
    ...(C === undefined
      ? []
      : [
          block('byte_stage.upsample', 'upsample', BYTE_LEVEL, 2 * C),
          block('byte_stage.blocks', 'decoder', BYTE_LEVEL, C),
        ]),
    block('output_projection', 'voters', 0, 32 * votersPerBit(config)),
  ];
}
