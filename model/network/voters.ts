/** @file The voters: scores of a group of bits, their weights, and the likelihood of the real bits (SPEC section 4). */
import { affineRows } from '../graph/functions';
import type { Value } from '../graph/graph';
import {
  add,
  concat,
  div,
  exp,
  expand,
  gemm,
  log,
  max,
  mul,
  neg,
  reciprocal,
  reduceMax,
  reduceSum,
  reshape,
  slice,
  split,
  sub,
  transpose,
} from '../graph/operators';
import { AGGREGATIONS } from './aggregations';
import type { ModelConfig } from './config';
import { chainColumns, hasTemperature, hiddenVectors, temperature, votersPerBit } from './config';
import type { Placement } from './layout';
import { likelihoodWeights, SIGNALS } from './voterWeights';
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

/** What the voters of consecutive bits hear: the hidden vector h of these bits, and with chained bits the real ones before their own. */
export interface VoterInputs {
  /** First of the bits. */
  readonly start: number;
  /** h [N, W] */
  readonly hidden: Value;
  /** [N, W], or with chained bits [N, W + bits]: h, then the real bits as ±1 */
  readonly rows: Value;
  /** [1 + columns of `rows`, N] `rows` transposed below a row of ones; for gradients, so made when it is first asked for */
  readonly columns: () => Value;
}

/**
 * One for each hidden vector of a chunk.
 * @param hidden [N, V·W]
 * @param signs [N, 32] the real bits as ±1 (used with chained bits only)
 */
export function voterInputs(config: ModelConfig, hidden: Value, signs: Value): readonly VoterInputs[] {
  const { graph } = hidden;
  const { count, width, bits } = hiddenVectors(config);
  const vectors = split(
    hidden,
    1,
    Array.from({ length: count }, (_, v) => v * width),
  );
  return vectors.map((vector, v) => {
    const start = v * bits;
    const rows =
      chainColumns(config) > 0
        ? graph.withoutTape(() => concat([vector, slice(signs, 1, start, start + bits)], 1))
        : vector;
    let columns: Value | null = null;
    return {
      start,
      hidden: vector,
      rows,
      columns: () => (columns ??= concat([graph.ones([1, vector.shape[0]!]), transpose(rows, [1, 0])], 0)),
    };
  });
}

/**
 * Scores z of one group's voters. With chained bits the group sees only the bits before its end, so the product has no
 * more rows than it needs.
 * @param all from `voterInputs`
 * @returns [N, bits, M]
 */
export function voterScores(
  weights: Weights,
  config: ModelConfig,
  group: BitGroup,
  all: readonly VoterInputs[],
): Value {
  const { width: W, bits } = hiddenVectors(config);
  const inputs = all[Math.floor(group.start / bits)]!;
  const M = votersPerBit(config);
  const count = group.end - group.start;
  const columns = count * M;
  const chained = chainColumns(config);
  const rows = W + (chained > 0 ? group.end - inputs.start : 0);
  const placements: Placement[] = [
    {
      parameter: 'output_projection.weight',
      sizes: [columns, W],
      parameterOffset: group.start * M * W,
      parameterStrides: [W, 1],
      engineOffset: 0,
      engineStrides: [1, columns],
    },
  ];
  if (chained > 0) {
    for (let b = Math.max(inputs.start + 1, group.start); b < group.end; b++) {
      placements.push({
        parameter: 'bit_chain.weight',
        sizes: [M, b - inputs.start],
        parameterOffset: b * M * chained,
        parameterStrides: [chained, 1],
        engineOffset: W * columns + (b - group.start) * M,
        engineStrides: [1, columns],
      });
    }
  }
  const w = weights.matrix(`voters.${group.start}`, [rows, columns], placements);
  const bias = weights.vector('output_projection.bias', group.start * M, group.end * M);
  const { graph } = w;
  const z = graph.withoutTape(() => gemm(slice(inputs.rows, 1, 0, rows), w, { bias }));
  graph.record({
    inputs: [inputs.hidden, w, bias],
    outputs: [z],
    backward: ([gradient]) => {
      const g = gradient!;
      // The row of ones makes the bias's gradient a row of the weights'.
      const joint = gemm(slice(inputs.columns(), 0, 0, 1 + rows), g);
      const ofWeights = slice(joint, 0, 1, 1 + rows);
      return [
        gemm(g, slice(w, 0, 0, W), { transB: true }),
        chained > 0 ? maskChain(ofWeights, W + group.start - inputs.start, M, count) : ofWeights,
        reshape(slice(joint, 0, 0, 1), [columns]),
      ];
    },
  });
  return reshape(z, [inputs.hidden.shape[0]!, count, M]);
}

/**
 * Keeps the weights from a bit to itself and to bits before it out of training: they are zero in the layout, and here
 * their gradient becomes zero too.
 * @param first row of the group's first bit
 * @param count bits in the group
 */
function maskChain(gradient: Value, first: number, M: number, count: number): Value {
  const rows = gradient.shape[0]!;
  const mask = new Float32Array(count * count);
  for (let c = 0; c < count; c++) mask.fill(1, c * count + c + 1, (c + 1) * count);
  const triangle = mul(
    reshape(slice(gradient, 0, first, rows), [count, count, M]),
    gradient.graph.constant(mask, [count, count, 1]),
  );
  return concat([slice(gradient, 0, 0, first), reshape(triangle, [count, count * M])], 0);
}

/** τ of a group: the same for all, [], or where it is learned one a bit, [bits, 1]; null where the aggregation has none. */
export function temperatures(weights: Weights, config: ModelConfig, group: BitGroup): Value | null {
  if (!hasTemperature(config)) return null;
  if (!config.temperature_learned) return weights.graph.scalar(temperature(config));
  const logarithms = weights.vector('log_temperature', group.start, group.end);
  return exp(reshape(logarithms, [group.end - group.start, 1]));
}

/** σ(z), exact in its relative error on both sides: 1/(1 + e^(−z)). */
export function votes(z: Value): Value {
  return reciprocal(add(exp(neg(z)), z.graph.scalar(1)));
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
 * `everywhere` takes the largest ln w·u out of each bit, so that nothing underflows, whichever voter decides; `representable` saves
 * those passes in training, and holds ln q at −69 below that. In `everywhere`, product and q are w·u and Σ w·u but for a factor a bit.
 * @param z [N, bits, M] scores
 * @param signs [N, bits] the real bits as ±1
 * @param tau [], [bits, 1] or null
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
  const { weighting } = AGGREGATIONS[config.aggregation];
  const isVoteSoftmax = weighting.kind === 'softmax' && weighting.heard === 'vote';
  const [rows, count, M] = z.shape as [number, number, number];
  const one = graph.scalar(1);
  // A row of voters a bit. What there is one of a bit is [R]: a CPU is slow with scalars on [R, 1].
  const R = rows * count;
  const column = (x: Value) => reshape(x, [R, 1]);
  const s = reshape(signs, [R]);
  const saved = graph.withoutTape(() => {
    const scores = reshape(z, [R, M]);
    const t =
      tau === null || tau.shape.length === 0 ? tau : reshape(expand(reshape(tau, [1, count]), [rows, count]), [R]);
    const opposite = affineRows(scores, neg(s), null);
    const u = reciprocal(add(exp(opposite), one));
    const { activation, w, relative } = likelihoodWeights(weighting, scores, u, s, t);
    if (exactness === 'representable') {
      const product = mul(w, u);
      const q = max(reduceSum(product, [1]), graph.scalar(SMALLEST_LIKELIHOOD));
      return { t, u, complement: sub(one, u), activation, w, product, q, logQ: reshape(log(q), [rows, count]) };
    }
    // ln w = relative + ln max w, and ln u = ln σ(|z|) − max(−s·z, 0).
    const largest = (x: Value) => reshape(reduceMax(x, 1), [R]);
    const excess = max(opposite, graph.scalar(0));
    const logWeights = relative();
    const joint = logWeights === null ? neg(excess) : sub(logWeights, excess);
    const top = largest(joint);
    const product = mul(exp(sub(joint, column(top))), max(u, sub(one, u)));
    const q = reduceSum(product, [1]);
    const logQ = add(log(mul(q, largest(w))), top);
    const complement = reciprocal(add(exp(neg(opposite)), one));
    return { t, u, complement, activation, w, product, q, logQ: reshape(logQ, [rows, count]) };
  });
  graph.record({
    inputs: tau === null ? [z] : [z, tau],
    outputs: [saved.logQ],
    backward: ([gradient]) => {
      const { t, u, complement, activation, w, product, q } = saved;
      const g = reshape(gradient!, [R]);
      const perQ = div(g, q);
      const signed = mul(perQ, s);
      if (isVoteSoftmax && exactness === 'representable' && !tau!.differentiable) {
        const slope = affineRows(u, mul(perQ, t!), sub(signed, mul(g, t!)));
        return [reshape(mul(mul(product, complement), slope), z.shape), null];
      }
      // r: each voter's share of the likelihood. ∂ln q/∂z = (r − w)·∂a/∂z + s·r·(1 − u), a the softmax's argument.
      const likelihood = mul(mul(product, column(signed)), complement);
      if (weighting.kind !== 'softmax') return [reshape(likelihood, z.shape)];
      const difference = mul(sub(div(product, column(q)), w), column(g));
      const slope = SIGNALS[weighting.heard].slope(u, complement, s, t!);
      const dz = reshape(add(likelihood, mul(difference, slope)), z.shape);
      if (!tau!.differentiable) return [dz, null];
      const ofTau = reshape(reduceSum(mul(difference, activation!), [1]), [rows, count]);
      return [dz, div(reshape(reduceSum(ofTau, [0]), [count, 1]), tau!)];
    },
  });
  return saved.logQ;
}
