/** @file The weights of the voters as graphs, by how they are made (SPEC section 4). */
import { affineRows } from '../graph/functions';
import type { Value } from '../graph/graph';
import {
  asFloat,
  div,
  equal,
  greater,
  max,
  mul,
  neg,
  reduceMax,
  reduceSum,
  reshape,
  softmax,
  sub,
} from '../graph/operators';
import type { Aggregation, Heard, Weighting } from './aggregations';
import { AGGREGATIONS } from './aggregations';

/** A column [R, 1] of what there is one of a row [R]; what there is one of in all stays as it is. */
function column(x: Value): Value {
  return x.shape.length === 0 ? x : reshape(x, [...x.shape, 1]);
}

/** What the softmax hears of a voter. */
interface Signal {
  /** From votes v. */
  readonly of: (v: Value) => Value;
  /**
   * τ times it, but for a constant a row, from u = σ(s·z): v is u or 1 − u.
   * @param u [R, M]
   * @param s [R] the real bits as ±1
   * @param t τ, [] or [R]
   */
  readonly activation: (u: Value, s: Value, t: Value) => Value;
  /** ∂activation/∂z, with 1 − u as `complement`; [R, M] */
  readonly slope: (u: Value, complement: Value, s: Value, t: Value) => Value;
}

/** The stronger of a vote and its complement. */
function strong(v: Value): Value {
  return max(v, sub(v.graph.scalar(1), v));
}

export const SIGNALS: Readonly<Record<Heard, Signal>> = {
  vote: {
    of: (v) => v,
    activation: (u, s, t) => affineRows(u, mul(s, t), null),
    slope: (u, complement, _s, t) => mul(mul(u, complement), column(t)),
  },
  confidence: {
    of: strong,
    activation: (u, _s, t) => mul(strong(u), column(t)),
    slope: (u, complement, s, t) =>
      mul(
        affineRows(mul(u, complement), mul(s, t), null),
        sub(asFloat(greater(u, complement)), asFloat(greater(complement, u))),
      ),
  },
};

/** w of votes v [N, bits, M] with scores z; `tau` is null where the aggregation has none. */
export function voterWeights(aggregation: Aggregation, z: Value, v: Value, tau: Value | null): Value {
  const { weighting } = AGGREGATIONS[aggregation];
  switch (weighting.kind) {
    case 'softmax':
      return softmax(mul(SIGNALS[weighting.heard].of(v), tau!));
    case 'largest':
      return shareOfLargest(z);
    case 'equal':
      return uniform(z);
  }
}

/** The weights where the real bits are known. */
export interface LikelihoodWeights {
  /** [R, M] the softmax's argument; null where the weights are no softmax. */
  readonly activation: Value | null;
  /** [R, M] */
  readonly w: Value;
  /** [R, M] ln w − ln max w, made when it is asked for; null where all weights are the same. */
  readonly relative: () => Value | null;
}

/**
 * Weights from u = σ(s·z): they need no votes of their own, since a softmax does not change by a constant a row.
 * @param scores z [R, M]
 * @param u [R, M]
 * @param s [R] the real bits as ±1
 * @param t τ, [] or [R]; null where the aggregation has none
 */
export function likelihoodWeights(
  weighting: Weighting,
  scores: Value,
  u: Value,
  s: Value,
  t: Value | null,
): LikelihoodWeights {
  switch (weighting.kind) {
    case 'softmax': {
      const activation = SIGNALS[weighting.heard].activation(u, s, t!);
      return { activation, w: softmax(activation), relative: () => sub(activation, reduceMax(activation, 1)) };
    }
    case 'largest': {
      const w = shareOfLargest(scores);
      return { activation: null, w, relative: () => logShare(w) };
    }
    case 'equal':
      return { activation: null, w: uniform(scores), relative: () => null };
  }
}

function uniform(z: Value): Value {
  return mul(asFloat(equal(z, z)), z.graph.scalar(1 / z.shape.at(-1)!));
}

/** From this score on 1 + e^(−z) is 1 to the last digit of a float64, and so is every vote. */
const SATURATION = 53 * Math.LN2;

/** 1/n for the n largest votes, 0 for the others. Compared as scores, where a float32 tells them apart better. */
function shareOfLargest(z: Value): Value {
  const bounded = neg(max(neg(z), z.graph.scalar(-SATURATION)));
  const last = z.shape.length - 1;
  const largest = asFloat(equal(bounded, reduceMax(bounded, last)));
  return div(largest, reduceSum(largest, [last], true));
}

/** ln of a weight that is 0: finite, so that it can be subtracted, and far below what a score can make up for. */
const LOG_ZERO = -1e9;

/** 0 for the voters that share the weight, LOG_ZERO for the others. */
function logShare(w: Value): Value {
  return mul(asFloat(equal(w, w.graph.scalar(0))), w.graph.scalar(LOG_ZERO));
}
