/** @file The layers of SPEC section 3 in TensorFlow.js, on sequences [B, L, C]. */
import type { Tensor, Tensor3D } from '@tensorflow/tfjs-core';
import type { Weights } from './weights';

const NORM_EPSILON = 1e-5;

/** Sizes of a sequence. */
export function sizes(x: Tensor3D): { batch: number; length: number; channels: number } {
  const [batch, length, channels] = x.shape;
  return { batch, length, channels };
}

/** Linear, or a 1×1 convolution, at every position: [B, L, in] → [B, L, out]. */
export function linear(weights: Weights, name: string, x: Tensor3D): Tensor3D {
  const { tf } = weights;
  const { batch, length, channels } = sizes(x);
  const weight = weights.get(`${name}.weight`);
  const out = weight.shape[0];
  const product = tf.matMul(
    tf.reshape(x, [batch * length, channels]),
    tf.reshape(weight, [out, channels]),
    false,
    true,
  );
  return tf.reshape(tf.add(product, weights.get(`${name}.bias`)), [batch, length, out]);
}

/** LayerNorm over the channels of one position. */
export function norm(weights: Weights, name: string, x: Tensor3D): Tensor3D {
  const { tf } = weights;
  const { mean, variance } = tf.moments(x, -1, true);
  const normalized = tf.div(tf.sub(x, mean), tf.sqrt(tf.add(variance, NORM_EPSILON)));
  return tf.add(tf.mul(normalized, weights.get(`${name}.weight`)), weights.get(`${name}.bias`));
}

/** GELU(x) = x·(1 + erf(x/√2))/2 */
export function gelu<T extends Tensor>({ tf }: Weights, x: T): T {
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.erf(tf.mul(x, Math.SQRT1_2)), 1));
}

/** Conv1d that sees no later position: `kernel` − 1 zeros stand on the left. */
export function causalConv(weights: Weights, name: string, x: Tensor3D, stride = 1): Tensor3D {
  const { tf } = weights;
  // [out, in, k] on disk, [k, in, out] in TensorFlow.js.
  const kernel = tf.transpose(weights.get(`${name}.weight`), [2, 1, 0]) as Tensor3D;
  const padded = tf.pad(x, [
    [0, 0],
    [kernel.shape[0] - 1, 0],
    [0, 0],
  ]);
  return tf.add(tf.conv1d(padded, kernel, stride, 'valid'), weights.get(`${name}.bias`));
}

/** Convolutions of every kernel size side by side, normalised, plus the residual. */
export function convBlock(weights: Weights, name: string, x: Tensor3D): Tensor3D {
  const { tf, config } = weights;
  const parallel = config.kernel_sizes.map((_, n) => causalConv(weights, `${name}.convs.${n}`, x));
  const activated = gelu(weights, norm(weights, `${name}.norm`, tf.concat(parallel, 2)));
  return tf.add(activated, linear(weights, `${name}.residual`, x));
}

/** Half the positions, twice the channels. */
export function downsample(weights: Weights, name: string, x: Tensor3D): Tensor3D {
  return norm(weights, `${name}.norm`, causalConv(weights, `${name}.conv`, x, 2));
}

/** ConvTranspose1d whose kernel k is its stride: position j becomes kj … kj + k − 1, and no two of them meet. */
export function upsample(weights: Weights, name: string, x: Tensor3D): Tensor3D {
  const { tf } = weights;
  const { batch, length, channels } = sizes(x);
  const weight = weights.get(`${name}.weight`);
  const [, out, kernel] = weight.shape as [number, number, number];
  // [in, out, k] → [in, k·out], the taps of a position one after the other.
  const taps = tf.reshape(tf.transpose(weight, [0, 2, 1]), [channels, kernel * out]);
  const product = tf.matMul(tf.reshape(x, [batch * length, channels]), taps);
  return tf.add(tf.reshape(product, [batch, kernel * length, out]), weights.get(`${name}.bias`));
}
