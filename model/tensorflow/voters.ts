/** @file The voters of SPEC section 4 in TensorFlow.js: scores, weights, and the likelihood of the real bits from the scores alone. */
import type { Rank, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { CHUNK_BITS } from '../measures/chunk';
import { AGGREGATIONS } from '../network/aggregations';
import { chainColumns, hiddenVectors, temperature, votersPerBit } from '../network/config';
import { constantOf } from './bottlenecks';
import type { Weights } from './weights';

/** ln of a weight that is 0, finite so that no product with it is NaN. */
const LOG_ZERO = -1e9;
/** From this score on a vote is 1 to the last digit of a float64, and equal to every other such vote. */
const SATURATION = 53 * Math.LN2;

/**
 * z of every voter.
 * @param hidden [N, V·W] the hidden vectors of a chunk side by side
 * @param targets [N, 32] the chunk's own bits as ±1
 * @returns [N, 32, M]
 */
export function voterScores(weights: Weights, hidden: Tensor2D, targets: Tensor2D): Tensor3D {
  const { tf, config } = weights;
  const [rows] = hidden.shape;
  const M = votersPerBit(config);
  const { count, width, bits } = hiddenVectors(config);
  const projection = tf.reshape<Rank.R2>(weights.get('output_projection.weight'), [CHUNK_BITS * M, width]);
  const chained = chainColumns(config) > 0;
  const parts = Array.from({ length: count }, (_, v) => {
    const vector = tf.slice(hidden, [0, v * width], [rows, width]);
    const own = tf.slice(projection, [v * bits * M, 0], [bits * M, width]);
    const z = tf.matMul(vector, own, false, true);
    if (!chained) return z;
    // Row b·M + i sees columns below b, counted from the first bit that reads the vector.
    const column = tf.expandDims(tf.range(0, bits), 0);
    const bit = tf.expandDims(tf.floorDiv(tf.range(0, bits * M), M), 1);
    const earlier = tf.cast(tf.less(column, bit), 'float32');
    const chain = tf.slice(weights.get('bit_chain.weight'), [v * bits * M, 0], [bits * M, bits]);
    return tf.add<Tensor2D>(
      z,
      tf.matMul(tf.slice(targets, [0, v * bits], [rows, bits]), tf.mul(chain, earlier), false, true),
    );
  });
  return tf.reshape<Rank.R3>(tf.add(tf.concat(parts, 1), weights.get('output_projection.bias')), [rows, CHUNK_BITS, M]);
}

/** What the voters of every bit did. */
export interface Votes {
  /** z [N, 32, M] */
  readonly scores: Tensor3D;
  /** v [N, 32, M] */
  readonly votes: Tensor3D;
  /** ln w [N, 32, M] */
  readonly logWeights: Tensor3D;
}

/** τ, [32, 1] or [1, 1]. */
function temperatures(weights: Weights): Tensor {
  const { tf, config } = weights;
  return config.temperature_learned
    ? tf.reshape(tf.exp(weights.get('log_temperature')), [CHUNK_BITS, 1])
    : tf.fill([1, 1], temperature(config));
}

function logWeightsOf(weights: Weights, scores: Tensor3D, votes: Tensor3D): Tensor3D {
  const { tf, config } = weights;
  const { weighting } = AGGREGATIONS[config.aggregation];
  switch (weighting.kind) {
    case 'softmax': {
      const heard = { vote: () => votes, confidence: () => tf.maximum(votes, tf.sub(1, votes)) }[weighting.heard]();
      return tf.logSoftmax(tf.mul(heard, temperatures(weights)));
    }
    case 'equal':
      return tf.fill(scores.shape, -Math.log(votersPerBit(config)));
    case 'largest':
      return constantOf(tf, scores, (z) => {
        const bounded = tf.minimum(z, SATURATION);
        const largest = tf.equal(bounded, tf.max(bounded, 2, true));
        const count = tf.sum(tf.cast(largest, 'float32'), 2, true);
        return tf.where(largest, tf.neg(tf.log(count)), tf.scalar(LOG_ZERO));
      }) as Tensor3D;
  }
}

/** Votes and weights. */
export function voterVotes(weights: Weights, scores: Tensor3D): Votes {
  const votes = weights.tf.sigmoid(scores);
  return { scores, votes, logWeights: logWeightsOf(weights, scores, votes) };
}

/**
 * ln p where the bit is 1, ln(1 − p) where it is 0: LSE_i(ln w_i − softplus(−s·z_i)), s = ±1 the bit.
 * @param targets [N, 32] as ±1
 * @returns [N, 32]
 */
export function logLikelihood({ tf }: Weights, { scores, logWeights }: Votes, targets: Tensor2D): Tensor2D {
  const signed = tf.mul(scores, tf.expandDims(targets, 2));
  return tf.logSumExp(tf.sub(logWeights, tf.softplus(tf.neg(signed))), 2);
}
