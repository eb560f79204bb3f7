/**
 * @file A byte-level transformer on our own graph engine, to compare models with: pre-norm blocks, learned positions, GELU,
 * a softmax over the next byte. It sees as many bytes as the model it is compared with, and learns by the same optimizer.
 */
import type { Shape, Value } from '../../model/graph/graph';
import { Graph } from '../../model/graph/graph';
import { gelu, layerNorm } from '../../model/graph/functions';
import { gradients } from '../../model/graph/gradients';
import {
  add,
  gemm,
  log,
  matmul,
  mul,
  neg,
  reduceSum,
  reshape,
  slice,
  softmax,
  sub,
  transpose,
} from '../../model/graph/operators';
import type { EngineTensor } from '../../model/network/layout';
import type { OptimizerConstants } from '../../model/network/optimizer';
import { buildUpdates } from '../../model/network/optimizer';
import { elementCount } from '../../model/network/parameters';
import type { Random } from '../../model/text/random';

export interface ByteTransformerConfig {
  /** Channels. */
  readonly width: number;
  readonly layers: number;
  /** Divides the width. */
  readonly heads: number;
  /** Predicted bytes in a window. */
  readonly context: number;
}

const BYTES = 256;
/** Added to scores that must not count. */
const MASKED = -1e9;

/** Name → shape; matrices are [in, out]. */
function shapes({ width, layers, context }: ByteTransformerConfig): Map<string, Shape> {
  const all = new Map<string, Shape>([
    ['embedding', [BYTES, width]],
    ['positions', [context, width]],
  ]);
  for (let i = 0; i < layers; i++) {
    const block: [string, Shape][] = [
      ['norm1.weight', [width]],
      ['norm1.bias', [width]],
      ['qkv.weight', [width, 3 * width]],
      ['qkv.bias', [3 * width]],
      ['out.weight', [width, width]],
      ['out.bias', [width]],
      ['norm2.weight', [width]],
      ['norm2.bias', [width]],
      ['expand.weight', [width, 4 * width]],
      ['expand.bias', [4 * width]],
      ['contract.weight', [4 * width, width]],
      ['contract.bias', [width]],
    ];
    for (const [name, shape] of block) all.set(`blocks.${i}.${name}`, shape);
  }
  all.set('norm.weight', [width]);
  all.set('norm.bias', [width]);
  all.set('head.weight', [width, BYTES]);
  all.set('head.bias', [BYTES]);
  return all;
}

export function byteTransformerSize(config: ByteTransformerConfig): number {
  return [...shapes(config).values()].reduce((sum, shape) => sum + elementCount(shape), 0);
}

/** GPT-2's start: N(0, 0.02²), what is added to the residual stream smaller by 1/√(2·layers), norms 1, biases 0. */
export function initializeByteTransformer(config: ByteTransformerConfig, random: Random): Map<string, Float32Array> {
  return new Map(
    [...shapes(config)].map(([name, shape]) => {
      const data = new Float32Array(elementCount(shape));
      if (/norm\d?\.weight$/.test(name)) data.fill(1);
      else if (shape.length === 2) {
        const residual = /\.(out|contract)\.weight$/.test(name) ? 1 / Math.sqrt(2 * config.layers) : 1;
        for (let i = 0; i < data.length; i++) data[i] = 0.02 * residual * random.normal();
      }
      return [name, data];
    }),
  );
}

/** Names of the inputs besides parameters: [B·T, 256] each, one row a byte. */
export const INPUT = 'input';
export const TARGET = 'target';
/** [B·T, 1] share of each predicted byte in the loss. */
export const BYTE_SHARES = 'byteShares';

interface Body {
  readonly graph: Graph;
  readonly tensors: readonly EngineTensor[];
  readonly inputs: readonly Value[];
  /** [B·T, 256] */
  readonly logits: Value;
}

function body(config: ByteTransformerConfig, batch: number): Body {
  const { width, heads, context, layers } = config;
  const graph = new Graph();
  const parameters = new Map<string, Value>();
  const tensors: EngineTensor[] = [];
  for (const [name, shape] of shapes(config)) {
    parameters.set(name, graph.input(name, shape, { differentiable: true }));
    tensors.push({ name, shape, decay: shape.length > 1, placements: [] });
  }
  const weight = (name: string) => parameters.get(name)!;
  const rows = batch * context;
  const embedded = gemm(graph.input(INPUT, [rows, BYTES]), weight('embedding'));
  let x = reshape(add(reshape(embedded, [batch, context, width]), weight('positions')), [rows, width]);
  const mask = new Float32Array(context * context);
  for (let t = 0; t < context; t++) mask.fill(MASKED, t * context + t + 1, (t + 1) * context);
  const causal = graph.constant(mask, [context, context]);
  const linear = (name: string, value: Value) =>
    gemm(value, weight(`${name}.weight`), { bias: weight(`${name}.bias`) });
  const norm = (name: string, value: Value) => layerNorm(value, weight(`${name}.weight`), weight(`${name}.bias`));
  const perHead = width / heads;
  for (let i = 0; i < layers; i++) {
    const block = `blocks.${i}`;
    const qkv = linear(`${block}.qkv`, norm(`${block}.norm1`, x));
    const head = (part: number) =>
      transpose(
        reshape(slice(qkv, 1, part * width, (part + 1) * width), [batch, context, heads, perHead]),
        [0, 2, 1, 3],
      );
    const scores = mul(matmul(head(0), transpose(head(1), [0, 1, 3, 2])), graph.scalar(1 / Math.sqrt(perHead)));
    const mixed = transpose(matmul(softmax(add(scores, causal)), head(2)), [0, 2, 1, 3]);
    x = add(x, linear(`${block}.out`, reshape(mixed, [rows, width])));
    const hidden = gelu(linear(`${block}.expand`, norm(`${block}.norm2`, x)));
    x = add(x, linear(`${block}.contract`, hidden));
  }
  const logits = linear('head', norm('norm', x));
  return { graph, tensors, inputs: [...parameters.values()], logits };
}

/** ln of the probability of the real bytes, [B·T, 1], and the distribution. */
function likelihood({ graph, logits }: Body, target: Value): { probabilities: Value; logLikelihood: Value } {
  return graph.withoutTape(() => {
    const probabilities = softmax(logits);
    return { probabilities, logLikelihood: log(reduceSum(mul(probabilities, target), [1], true)) };
  });
}

/** Forward alone; output `logLikelihood` [B·T, 1]. */
export function byteTransformerLikelihood(config: ByteTransformerConfig, batch: number): Graph {
  const parts = body(config, batch);
  const target = parts.graph.input(TARGET, [batch * config.context, BYTES]);
  parts.graph.output('logLikelihood', likelihood(parts, target).logLikelihood);
  return parts.graph;
}

/** As in the other model: Muon moves the matrices of the blocks where it is given, AdamW the rest. */
export function keepsSquares({ muon }: OptimizerConstants, { name, shape }: EngineTensor): boolean {
  return muon === undefined || shape.length !== 2 || !name.startsWith('blocks.');
}

/** A training step; outputs `loss` (nats a byte), `gradientNorm`, and the state anew. */
export function byteTransformerStep(
  config: ByteTransformerConfig,
  batch: number,
  constants: OptimizerConstants,
): { readonly graph: Graph; readonly tensors: readonly EngineTensor[] } {
  const parts = body(config, batch);
  const { graph, tensors, inputs, logits } = parts;
  const target = graph.input(TARGET, [batch * config.context, BYTES]);
  const shares = graph.input(BYTE_SHARES, [batch * config.context, 1]);
  const { probabilities, logLikelihood } = likelihood(parts, target);
  // ∂(−Σ share·ln p)/∂logits = share·(p − target)
  const seed = graph.withoutTape(() => mul(sub(probabilities, target), shares));
  const all = gradients([{ value: logits, gradient: seed }], inputs);
  graph.withoutTape(() => {
    graph.output('loss', neg(reduceSum(mul(logLikelihood, shares), [0, 1])));
    buildUpdates(
      graph,
      { ...constants, keepsSquares: (tensor) => keepsSquares(constants, tensor), stepScale: () => 1 },
      tensors,
      inputs,
      all,
    );
  });
  return { graph, tensors };
}
