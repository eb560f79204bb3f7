/** @file The layers that the processor is made of. Sequences are [B·L, C] matrices, channel last. */
import { gelu, layerNorm } from '../graph/functions';
import type { Value } from '../graph/graph';
import { add, concat, gemm, gemmTransposed, pad, reshape, slice } from '../graph/operators';
import type { ModelConfig } from './config';
import type { Placement } from './layout';
import { kernelChannels } from './parameters';
import type { Past } from './past';
import type { Weights } from './weights';

/** B sequences of length L and width C as one matrix [B·L, C]. */
export interface Sequence {
  readonly value: Value;
  readonly batch: number;
  readonly length: number;
  /** Where the window is gone on with later, or has been begun before. */
  readonly past?: Past;
}

export function channels(x: Sequence): number {
  return x.value.shape[1]!;
}

/** Linear, or a 1×1 Conv1d: x·W + b. */
export function linear(weights: Weights, name: string, x: Value): Value {
  return gemm(x, weights.linear(`${name}.weight`), { bias: weights.vector(`${name}.bias`) });
}

export function norm(weights: Weights, name: string, x: Value): Value {
  return layerNorm(x, weights.vector(`${name}.weight`), weights.vector(`${name}.bias`));
}

/** Moves [B, L, C] one position later (zeros come in at the start) and adds `before` zero channels on the left. */
function shiftLater(x: Value, before: number): Value {
  const length = x.shape[1]!;
  // A lone position is cropped away whole; ONNX pads are net amounts, so that takes two steps.
  if (length === 1) return pad(pad(x, [0, -1, 0], [0, 0, 0]), [0, 1, before], [0, 0, 0]);
  return pad(x, [0, 1, before], [0, -1, 0]);
}

/** The adjoint: moves [B, L, C] one position earlier and drops the first `before` channels. */
function shiftEarlier(x: Value, before: number): Value {
  const length = x.shape[1]!;
  if (length === 1) return pad(pad(x, [0, -1, -before], [0, 0, 0]), [0, 1, 0], [0, 0, 0]);
  return pad(x, [0, -1, -before], [0, 1, 0]);
}

/**
 * Causal Conv1d of several kernel sizes (and, with `residual`, a 1×1 Conv1d beside them) in one product: x·W gives for
 * each delay d the contribution of x[t−d]. They are moved d positions later and summed from the longest delay on.
 * Kernels ascend, so those that reach back to d are the last ones, and their channels stand together.
 * @returns the convolutions' channels, concatenated, and the residual's (or null)
 */
function causalConvolutions(
  weights: Weights,
  x: Sequence,
  kernels: readonly { name: string; size: number; channels: number }[],
  residual: string | null,
): { convolved: Value; residual: Value | null } {
  const { batch, length } = x;
  const input = channels(x);
  const out = kernels.reduce((sum, kernel) => sum + kernel.channels, 0);
  const longest = kernels.at(-1)!.size;
  // Channels before those of the first kernel that reaches back to delay d.
  const skipped = Array.from({ length: longest }, (_, d) =>
    kernels.filter((kernel) => kernel.size <= d).reduce((sum, kernel) => sum + kernel.channels, 0),
  );
  const starts: number[] = [];
  let columns = 0;
  for (const skip of skipped) {
    starts.push(columns);
    columns += out - skip;
  }
  const residualStart = columns;
  if (residual !== null) columns += out;

  const placements: Placement[] = [];
  let channel = 0;
  for (const kernel of kernels) {
    for (let tap = 0; tap < kernel.size; tap++) {
      const delay = kernel.size - 1 - tap;
      placements.push({
        parameter: `${kernel.name}.weight`,
        sizes: [kernel.channels, input],
        parameterOffset: tap,
        parameterStrides: [input * kernel.size, kernel.size],
        engineOffset: starts[delay]! + channel - skipped[delay]!,
        engineStrides: [1, columns],
      });
    }
    channel += kernel.channels;
  }
  if (residual !== null) {
    placements.push({
      parameter: `${residual}.weight`,
      sizes: [out, input],
      parameterOffset: 0,
      parameterStrides: [input, 1],
      engineOffset: residualStart,
      engineStrides: [1, columns],
    });
  }
  const w = weights.matrix(`${kernels[0]!.name}.joined`, [input, columns], placements);
  const { graph } = weights;
  const rows = batch * length;
  const outputs = graph.withoutTape(() => {
    const product = gemm(x.value, w);
    const reach = longest - 1;
    x.past?.leave(kernels[0]!.name, product, reach);
    const past = x.past?.isStep === true ? x.past : null;
    // A step has a position, not a sequence.
    const leading = past === null ? [batch, length] : [1];
    const z = reshape(product, [...leading, columns]);
    // The delay's channels, d positions later.
    const part = (d: number) => {
      const [start, end] = [starts[d]!, starts[d]! + out - skipped[d]!];
      if (d === 0) return slice(z, leading.length, start, end);
      if (past === null) return pad(z, [0, d, -start], [0, -d, end - columns]);
      const row = (reach - d) * columns;
      return past.before(kernels[0]!.name, row + start, row + end);
    };
    // Further delays than there are positions add nothing.
    let d = (past === null ? Math.min(longest, length) : longest) - 1;
    let sum = part(d);
    while (d-- > 0) {
      const skip = skipped[d + 1]! - skipped[d]!;
      const none = leading.map(() => 0);
      sum = add(part(d), skip === 0 ? sum : pad(sum, [...none, skip], [...none, 0]));
    }
    return {
      convolved: reshape(sum, [rows, out]),
      residual: residual === null ? null : reshape(slice(z, leading.length, residualStart, columns), [rows, out]),
    };
  });
  graph.record({
    inputs: [x.value, w],
    outputs: outputs.residual === null ? [outputs.convolved] : [outputs.convolved, outputs.residual],
    backward: ([g, gResidual]) => {
      const pieces = [reshape(g!, [batch, length, out])];
      for (let d = 1; d < longest; d++) pieces.push(shiftEarlier(pieces[d - 1]!, skipped[d]! - skipped[d - 1]!));
      if (residual !== null) pieces.push(reshape(gResidual!, [batch, length, out]));
      const columnsGradient = reshape(concat(pieces, 2), [rows, columns]);
      return [
        x.value.differentiable ? gemm(columnsGradient, w, { transB: true }) : null,
        gemmTransposed(x.value, columnsGradient),
      ];
    },
  });
  const biases = kernels.map((kernel) => weights.vector(`${kernel.name}.bias`));
  return {
    convolved: add(outputs.convolved, concat(biases, 0)),
    residual: outputs.residual === null ? null : add(outputs.residual, weights.vector(`${residual!}.bias`)),
  };
}

/** Causal Conv1d C→C, stride 1. */
export function causalConv(weights: Weights, name: string, x: Sequence, size: number): Sequence {
  const out = weights.layout.shape(`${name}.weight`)[0]!;
  return { ...x, value: causalConvolutions(weights, x, [{ name, size, channels: out }], null).convolved };
}

/** ConvBlock C_in→C_out: y = GELU(norm(concat of the kernels)) + residual(x) (SPEC section 3). */
export function convBlock(weights: Weights, config: ModelConfig, name: string, x: Sequence, out: number): Sequence {
  const kernels = kernelChannels(config, out).map((count, n) => ({
    name: `${name}.convs.${n}`,
    size: config.kernel_sizes[n]!,
    channels: count,
  }));
  const { convolved, residual } = causalConvolutions(weights, x, kernels, `${name}.residual`);
  return { ...x, value: add(gelu(norm(weights, `${name}.norm`, convolved)), residual!) };
}

/** The 3 inputs of each output of a {@link downsample}: [B·L/2, 3·C]; in a step x is the last of them. */
function patches(name: string, x: Sequence): Value {
  if (x.past?.isStep === true) return concat([x.past.before(name), x.value], 1);
  const width = channels(x);
  const length = x.length / 2;
  const pairs = reshape(x.value, [x.batch, length, 2 * width]);
  return reshape(concat([shiftLater(pairs, 0), slice(pairs, 2, 0, width)], 2), [x.batch * length, 3 * width]);
}

/** Causal Conv1d C→2C, k = 3, stride 2, then norm: output j sees inputs up to 2j. The length must be even, but in a step. */
export function downsample(weights: Weights, name: string, x: Sequence): Sequence {
  const width = channels(x);
  const parameter = `${name}.conv.weight`;
  const w = weights.matrix(
    parameter,
    [3 * width, 2 * width],
    [
      {
        parameter,
        sizes: [2 * width, width, 3],
        parameterOffset: 0,
        parameterStrides: [3 * width, 3, 1],
        engineOffset: 0,
        engineStrides: [1, 2 * width, 2 * width * width],
      },
    ],
  );
  const value = gemm(patches(name, x), w, { bias: weights.vector(`${name}.conv.bias`) });
  return { ...x, value: norm(weights, `${name}.norm`, value), length: Math.ceil(x.length / 2) };
}

/** ConvTranspose1d whose kernel k is its stride: position j becomes kj … kj + k − 1, and no two of them meet. */
export function upsample(weights: Weights, name: string, x: Sequence): Sequence {
  const [input, out, kernel] = weights.layout.shape(`${name}.weight`) as [number, number, number];
  const parameter = `${name}.weight`;
  const w = weights.matrix(
    parameter,
    [input, kernel * out],
    [
      {
        parameter,
        sizes: [input, out, kernel],
        parameterOffset: 0,
        parameterStrides: [kernel * out, kernel, 1],
        engineOffset: 0,
        engineStrides: [kernel * out, 1, out],
      },
    ],
  );
  const length = x.length * kernel;
  const value = reshape(gemm(x.value, w), [x.batch * length, out]);
  return { ...x, value: add(value, weights.vector(`${name}.bias`)), length };
}
