/** @file The two bottlenecks of SPEC section 3 in TensorFlow.js: causal self-attention, and routed dendrites. */
import type { Rank, Tensor, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { gelu, linear, norm, sizes } from './layers';
import type { Tf, Weights } from './weights';

/** Added to what must not count: e to it is 0. */
const EXCLUDED = -1e9;

/** A value computed from `x` through which no gradient flows. */
export function constantOf(tf: Tf, x: Tensor, compute: (x: Tensor) => Tensor): Tensor {
  return tf.customGrad((input) => {
    const source = input as Tensor;
    return { value: compute(source), gradFunc: () => tf.zeros(source.shape) };
  })(x);
}

function attention(weights: Weights, name: string, x: Tensor3D): Tensor3D {
  const { tf, config } = weights;
  const { batch, length, channels } = sizes(x);
  const heads = config.attention_heads;
  const size = channels / heads;
  const parts = tf.split(linear(weights, `${name}.qkv`, x), 3, 2);
  const [q, k, v] = parts.map((part) => tf.transpose(tf.reshape(part, [batch, length, heads, size]), [0, 2, 1, 3]));
  const position = tf.range(0, length);
  const later = tf.greater(tf.expandDims(position, 0), tf.expandDims(position, 1));
  const scores = tf.add(
    tf.mul(tf.matMul(q!, k!, false, true), 1 / Math.sqrt(size)),
    tf.mul(tf.cast(later, 'float32'), EXCLUDED),
  );
  const mixed = tf.transpose(tf.matMul(tf.softmax(scores), v!), [0, 2, 1, 3]);
  return linear(weights, `${name}.out`, tf.reshape(mixed, [batch, length, channels]));
}

function transformerBlock(weights: Weights, name: string, x: Tensor3D): Tensor3D {
  const { tf } = weights;
  const attended = tf.add<Tensor3D>(x, attention(weights, `${name}.attention`, norm(weights, `${name}.norm1`, x)));
  const expanded = linear(weights, `${name}.feed_forward.expand`, norm(weights, `${name}.norm2`, attended));
  return tf.add(attended, linear(weights, `${name}.feed_forward.contract`, gelu(weights, expanded)));
}

function dendriticBlock(weights: Weights, name: string, x: Tensor3D): Tensor3D {
  const { tf, config } = weights;
  const { batch, length, channels } = sizes(x);
  const { dendrite_branches: branches, dendrite_active: active } = config;
  const rows = batch * length;
  const normalized = norm(weights, `${name}.norm`, x);
  const router = tf.reshape<Rank.R2>(linear(weights, `${name}.router`, normalized), [rows, branches]);
  const excluded = constantOf(tf, router, (r) => {
    const least = tf.slice(tf.topk(r, active).values as Tensor2D, [0, active - 1], [rows, 1]);
    return tf.mul(tf.cast(tf.less(r, least), 'float32'), EXCLUDED);
  });
  const gates = tf.softmax(tf.add(router, excluded));
  const dendrites = tf.reshape(linear(weights, `${name}.branches`, normalized), [rows, branches, channels]);
  const mixed = tf.sum(tf.mul(tf.reshape(gates, [rows, branches, 1]), dendrites), 1);
  return tf.add(x, linear(weights, `${name}.out`, tf.reshape(gelu(weights, mixed), [batch, length, channels])));
}

/** All blocks of the configured bottleneck. */
export function bottleneck(weights: Weights, x: Tensor3D): Tensor3D {
  const block = weights.config.bottleneck === 'transformer' ? transformerBlock : dendriticBlock;
  let y = x;
  for (let j = 0; j < weights.config.bottleneck_layers; j++) y = block(weights, `processor.bottleneck.blocks.${j}`, y);
  return y;
}
