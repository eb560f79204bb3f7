/** @file The voters: scores of a group of bits, their weights, and the likelihood of the real bits (SPEC section 4). */
import { affineRows } from '../graph/functions';
import type { Graph, Value } from '../graph/graph';
import {
  add,
  asFloat,
  concat,
  div,
  equal,
  exp,
  gemm,
  greater,
  log,
  max,
  mul,
  neg,
  reciprocal,
  reduceMax,
  reduceSum,
  reshape,
  slice,
  softmax,
  sub,
} from '../graph/operators';
import type { ModelConfig } from './config';
import { hasTemperature, temperature, votersPerBit } from './config';
import type { Placement } from './layout';
import type { Weights } from './weights';

/** Consecutive bits whose voters are computed together. */
export interface BitGroup {
  /** First bit. */
  readonly start: number;
  /** One past the last bit. */
  readonly end: number;
}

/** Splits the 32 bits into equal groups of `size` bits; `size` divides 32. */
export function bitGroups(size: number): BitGroup[] {
  return Array.from({ length: 32 / size }, (_, i) => ({ start: i * size, end: (i + 1) * size }));
}

/**
 * Scores z of one group's voters. With chained bits the group sees only the bits before its end, so the product has no
 * more rows than it needs.
 * @param hidden [N, D]
 * @param signs [N, 32] the real bits as ±1 (used with chained bits only)
 * @returns [N, bits, M]
 */
export function voterScores(
  weights: Weights,
  config: ModelConfig,
  group: BitGroup,
  hidden: Value,
  signs: Value | null,
): Value {
  const D = config.embedding_dim;
  const M = votersPerBit(config);
  const count = group.end - group.start;
  const columns = count * M;
  const chained = config.bit_decoding === 'chained';
  const rows = D + (chained ? group.end : 0);
  const placements: Placement[] = [
    {
      parameter: 'output_projection.weight',
      sizes: [columns, D],
      parameterOffset: group.start * M * D,
      parameterStrides: [D, 1],
      engineOffset: 0,
      engineStrides: [1, columns],
    },
  ];
  if (chained) {
    for (let b = Math.max(1, group.start); b < group.end; b++) {
      placements.push({
        parameter: 'bit_chain.weight',
        sizes: [M, b],
        parameterOffset: b * M * 32,
        parameterStrides: [32, 1],
        engineOffset: D * columns + (b - group.start) * M,
        engineStrides: [1, columns],
      });
    }
  }
  const stored = weights.matrix(`voters.${group.start}`, [rows, columns], placements);
  const w = chained ? maskChain(stored, D, M, group) : stored;
  const input = chained ? concat([hidden, slice(signs!, 1, 0, group.end)], 1) : hidden;
  const bias = weights.vector('output_projection.bias', group.start * M, group.end * M);
  return reshape(gemm(input, w, { bias }), [hidden.shape[0]!, count, M]);
}

/**
 * Keeps the weights from a bit to itself and to bits before it out of training: they are zero in the layout, and here
 * their gradient becomes zero too.
 */
function maskChain(w: Value, D: number, M: number, group: BitGroup): Value {
  const { graph } = w;
  const count = group.end - group.start;
  const rows = w.shape[0]!;
  const first = D + group.start;
  const mask = new Float32Array(count * count);
  for (let c = 0; c < count; c++) mask.fill(1, c * count + c + 1, (c + 1) * count);
  const [same] = graph.emit('Identity', [w], [{ shape: w.shape }]);
  graph.record({
    inputs: [w],
    outputs: [same!],
    backward: ([g]) => {
      const triangle = mul(
        reshape(slice(g!, 0, first, rows), [count, count, M]),
        graph.constant(mask, [count, count, 1]),
      );
      return [concat([slice(g!, 0, 0, first), reshape(triangle, [count, count * M])], 0)];
    },
  });
  return same!;
}

/** τ of each bit of a group, [bits, 1]; null where the aggregation has none. */
export function temperatures(weights: Weights, config: ModelConfig, group: BitGroup): Value | null {
  if (!hasTemperature(config)) return null;
  const { graph } = weights;
  const count = group.end - group.start;
  if (config.temperature_learned) {
    return exp(reshape(weights.vector('log_temperature', group.start, group.end), [count, 1]));
  }
  return graph.constant(new Float32Array(count).fill(temperature(config)), [count, 1]);
}

/** σ(z), exact in its relative error on both sides: 1/(1 + e^(−z)). */
export function votes(z: Value): Value {
  return reciprocal(add(exp(neg(z)), z.graph.scalar(1)));
}

/** w of votes v [N, bits, M] with scores z. */
export function voterWeights(config: ModelConfig, z: Value, v: Value, tau: Value | null): Value {
  const { graph } = z;
  switch (config.aggregation) {
    case 'softmax':
      return softmax(mul(v, tau!));
    case 'confidence':
      return softmax(mul(max(v, sub(graph.scalar(1), v)), tau!));
    case 'max':
      return shareOfLargest(z);
    case 'mean':
    case 'dense':
      return uniform(graph, z);
  }
}

function uniform(graph: Graph, z: Value): Value {
  return mul(asFloat(equal(z, z)), graph.scalar(1 / z.shape[2]!));
}

/** From this score on 1 + e^(−z) is 1 to the last digit of a float64, and so is every vote. */
const SATURATION = 53 * Math.LN2;

/** 1/n for the n largest votes, 0 for the others. Compared as scores, where a float32 tells them apart better. */
function shareOfLargest(z: Value): Value {
  const bounded = neg(max(neg(z), z.graph.scalar(-SATURATION)));
  const largest = asFloat(equal(bounded, reduceMax(bounded, 2)));
  return div(largest, reduceSum(largest, [2], true));
}

/** Below this likelihood `representable` does not follow: e^(−69), far from both ends of float32. */
const SMALLEST_LIKELIHOOD = 1e-30;

/** Whether the likelihood stays exact at any score, or only where it is at least SMALLEST_LIKELIHOOD. */
export type Exactness = 'everywhere' | 'representable';

/**
 * ln of the probability of the real bits, from the scores and never from p:
 * with s = ±1 the real bit and u = σ(s·z), ln q = ln Σ w·u.
 *
 * The weights need no votes of their own: v is u or 1 − u, and a softmax does not change by a constant, so softmax(τ·v)
 * = softmax(τ·s·u). The gradient is ∂ln q/∂z = w·u·(1−u)/q·(τ·(u − q) + s) for softmax aggregation.
 *
 * `everywhere` takes out of each bit the largest of the s·z where it is negative, so that nothing underflows;
 * `representable` saves those passes in training, and holds ln q at −69 below that.
 * @param z [N, bits, M] scores
 * @param signs [N, bits] the real bits as ±1
 * @param tau [bits, 1] or null
 * @returns [N, bits]
 */
export function logLikelihood(
  config: ModelConfig,
  z: Value,
  signs: Value,
  tau: Value | null,
  exactness: Exactness,
): Value {
  const { graph } = z;
  const [rows, count] = z.shape as [number, number, number];
  const one = graph.scalar(1);
  const column = [rows, count, 1];
  const s = reshape(signs, column);
  const saved = graph.withoutTape(() => {
    const opposite = affineRows(z, neg(s), null);
    // u·e^(−c): with c = 0 simply u.
    let scaled: Value;
    let u: Value;
    let complement: Value;
    let shift: Value | null = null;
    if (exactness === 'everywhere') {
      shift = neg(max(neg(reduceMax(neg(opposite), 2)), graph.scalar(0)));
      const scale = exp(shift);
      // Beyond e^80 a voter is nothing beside the largest; the bound keeps 0·∞ out.
      const power = exp(neg(max(neg(add(opposite, shift)), graph.scalar(-80))));
      scaled = reciprocal(add(power, scale));
      complement = mul(power, scaled);
      u = mul(scaled, scale);
    } else {
      scaled = reciprocal(add(exp(opposite), one));
      u = scaled;
      complement = sub(one, u);
    }
    const activation =
      config.aggregation === 'softmax'
        ? affineRows(u, mul(s, tau!), null)
        : config.aggregation === 'confidence'
          ? mul(max(u, sub(one, u)), tau!)
          : null;
    const w =
      activation !== null ? softmax(activation) : config.aggregation === 'max' ? shareOfLargest(z) : uniform(graph, z);
    const product = mul(w, scaled);
    const q = max(reduceSum(product, [2], true), graph.scalar(SMALLEST_LIKELIHOOD));
    const logQ = shift === null ? log(q) : add(log(q), shift);
    return { scaled, u, complement, activation, w, product, q, logQ: reshape(logQ, [rows, count]) };
  });
  graph.record({
    inputs: tau === null ? [z] : [z, tau],
    outputs: [saved.logQ],
    backward: ([gradient]) => {
      const { u, complement, activation, w, product, q } = saved;
      const g = reshape(gradient!, column);
      const perQ = div(g, q);
      const signed = mul(perQ, s);
      if (config.aggregation === 'softmax' && exactness === 'representable' && !tau!.differentiable) {
        const slope = affineRows(u, mul(perQ, tau!), sub(signed, mul(g, tau!)));
        return [mul(mul(product, complement), slope), null];
      }
      // r: each voter's share of the likelihood. ∂ln q/∂z = (r − w)·∂a/∂z + s·r·(1 − u), a the softmax's argument.
      const likelihood = mul(mul(product, signed), complement);
      if (activation === null) return [likelihood];
      const difference = mul(sub(div(product, q), w), g);
      const spread = mul(u, complement);
      const slope =
        config.aggregation === 'softmax'
          ? mul(spread, tau!)
          : mul(mul(spread, mul(s, tau!)), sub(asFloat(greater(u, complement)), asFloat(greater(complement, u))));
      const dz = add(likelihood, mul(difference, slope));
      if (!tau!.differentiable) return [dz, null];
      return [dz, div(reduceSum(reduceSum(mul(difference, activation), [2], true), [0]), tau!)];
    },
  });
  return saved.logQ;
}
