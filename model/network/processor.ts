/** @file The trunk: bits of the chunks in, one vector a position out (SPEC section 3, up to `processor.output_conv`). */
import type { Value } from '../graph/graph';
import { add, concat, pad, reshape, slice, split } from '../graph/operators';
import type { ObserveBlock } from './blocks';
import { bottleneck } from './bottlenecks';
import type { ModelConfig } from './config';
import { causalConv, convBlock, downsample, linear, upsample } from './layers';
import type { Sequence } from './layers';
import type { Past } from './past';
import { POSITION } from './past';
import type { Weights } from './weights';

/** Kernel size of `processor.input_conv`. */
const INPUT_KERNEL = 3;

/** Sinusoidal positions [length, channels]: sin on even channels, cos on odd, frequency 10000^(−2i/D). */
export function sinusoidalPositions(length: number, channels: number): Float32Array {
  const table = new Float32Array(length * channels);
  for (let t = 0; t < length; t++) {
    for (let c = 0; c < channels; c++) {
      const angle = t * 10000 ** ((-2 * Math.floor(c / 2)) / channels);
      table[t * channels + c] = c % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }
  }
  return table;
}

/** The trunk's last layer: [N, D] of what its last block gives, [N, D]. */
export function outputConv(weights: Weights, x: Value): Value {
  return linear(weights, 'processor.output_conv', x);
}

/**
 * What `processor.output_conv` gives.
 * @param bits [B, T, 32] chunks 0..T−1 as ±1
 * @param observe told of the output of every block but the last when its nodes are in the graph, in the order of computation
 * @param past where the window is gone on with, B = 1; in a step T = 1, and its position is an input
 * @returns [B·T, D]; row b·T + t depends on chunks 0..t only
 */
export function processor(
  weights: Weights,
  config: ModelConfig,
  bits: Value,
  observe: ObserveBlock = () => undefined,
  past?: Past,
): Value {
  const [batch, T] = bits.shape as [number, number];
  const D = config.embedding_dim;
  const isStep = past?.isStep === true;
  const deepest = past?.deepest ?? config.stages;
  const multiple = isStep ? 1 : 2 ** config.stages;
  // Padding on the right changes nothing before it, since everything is causal.
  const length = Math.ceil(T / multiple) * multiple;
  const padded = length === T ? bits : pad(bits, [0, 0, 0], [0, length - T, 0]);
  const { graph } = weights;
  const embedded = linear(weights, 'input_embedding.projection', reshape(padded, [batch * length, 32]));
  const positions = isStep
    ? graph.input(POSITION, [1, D])
    : graph.constant(sinusoidalPositions(length, D), [length, D]);
  const input = reshape(add(reshape(embedded, [batch, length, D]), positions), [batch * length, D]);
  observe('input_embedding', input);

  const start: Sequence = { value: input, batch, length, ...(past === undefined ? {} : { past }) };
  let x = causalConv(weights, 'processor.input_conv', start, INPUT_KERNEL);
  observe('processor.input_conv', x.value);
  const skips: Sequence[] = [];
  for (let i = 0; i < Math.min(config.stages, deepest + 1); i++) {
    const stage = `processor.encoder.stages.${i}`;
    const C = D * 2 ** i;
    x = convBlock(weights, config, `${stage}.blocks.0`, x, C);
    x = convBlock(weights, config, `${stage}.blocks.1`, x, C);
    skips.push(x);
    observe(`${stage}.blocks`, x.value);
    past?.leave(`${stage}.downsample`, x.value, 2);
    if (i === deepest) break;
    x = downsample(weights, `${stage}.downsample`, x);
    observe(`${stage}.downsample`, x.value);
  }
  if (deepest === config.stages) x = bottleneck(weights, config, x, observe);
  for (let i = config.stages - skips.length; i < config.stages; i++) {
    const stage = `processor.decoder.stages.${i}`;
    const level = config.stages - 1 - i;
    const C = D * 2 ** level;
    const up =
      level === deepest
        ? { ...x, value: past!.before(`${stage}.upsample`) }
        : stepUp(upsample(weights, `${stage}.upsample`, x), `${stage}.upsample`);
    observe(`${stage}.upsample`, up.value);
    x = { ...up, value: concat([up.value, skips.pop()!.value], 1) };
    x = convBlock(weights, config, `${stage}.blocks.0`, x, C);
    x = convBlock(weights, config, `${stage}.blocks.1`, x, C);
    observe(`${stage}.blocks`, x.value);
  }
  const out = outputConv(weights, x.value);
  if (length === T) return out;
  return reshape(slice(reshape(out, [batch, length, D]), 1, 0, T), [batch * T, D]);
}

/** Of an upsampled sequence what this graph goes on with: in a step the first of its two positions, and the second is left to the next. */
function stepUp(up: Sequence, name: string): Sequence {
  const { past } = up;
  if (past?.isStep !== true) {
    past?.leave(name, up.value, 1, true);
    return up;
  }
  const [first, second] = split(up.value, 0, [0, 1]) as [Value, Value];
  past.leave(name, second, 1, true);
  return { ...up, value: first, length: 1 };
}
