/** @file The whole network in TensorFlow.js (SPEC sections 1, 3 and 4): from bytes to votes and to the likelihood of the real bits. */
import type { Rank, Tensor2D, Tensor3D } from '@tensorflow/tfjs-core';
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import { LONGEST_NGRAM, NGRAM_MULTIPLIER, ngramHashes, NGRAM_TABLES } from '../network/byteNgrams';
import { hiddenVectors } from '../network/config';
import { bottleneck } from './bottlenecks';
import { causalConv, convBlock, downsample, linear, norm, upsample } from './layers';
import type { Votes } from './voters';
import { logLikelihood, voterScores, voterVotes } from './voters';
import type { Tf, Weights } from './weights';

/** The bits of a batch of windows as ±1, [B, T+1, 32], most significant first. */
export function bitSigns(tf: Tf, bytes: Uint8Array, batch: number): Tensor3D {
  const signs = new Float32Array(bytes.length * 8);
  for (let i = 0; i < signs.length; i++) signs[i] = (bytes[i >> 3]! << (i & 7)) & 0x80 ? 1 : -1;
  return tf.tensor3d(signs, [batch, bytes.length / CHUNK_BYTES / batch, CHUNK_BITS]);
}

/** sin(t·10000^(−2i/D)) on channel 2i, the cosine on channel 2i + 1: [L, D]. */
function positions(tf: Tf, length: number, channels: number): Tensor2D {
  const table = Array.from({ length }, (_, t) =>
    Array.from({ length: channels }, (_, c) => {
      const angle = t / 10000 ** ((c - (c % 2)) / channels);
      return c % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
    }),
  );
  return tf.tensor2d(table, [length, channels], 'float32');
}

/**
 * What `processor.output_conv` gives.
 * @param bits [B, T, 32] as ±1
 * @returns [B, T, D]
 */
function trunkVectors(weights: Weights, bits: Tensor3D): Tensor3D {
  const { tf, config } = weights;
  const [batch, T] = bits.shape;
  const D = config.embedding_dim;
  const multiple = 2 ** config.stages;
  const length = Math.ceil(T / multiple) * multiple;
  const padded = tf.pad(bits, [
    [0, 0],
    [0, length - T],
    [0, 0],
  ]);
  let x: Tensor3D = tf.add(linear(weights, 'input_embedding.projection', padded), positions(tf, length, D));
  x = causalConv(weights, 'processor.input_conv', x);
  const skips: Tensor3D[] = [];
  for (let i = 0; i < config.stages; i++) {
    const stage = `processor.encoder.stages.${i}`;
    x = convBlock(weights, `${stage}.blocks.0`, x);
    x = convBlock(weights, `${stage}.blocks.1`, x);
    skips.push(x);
    x = downsample(weights, `${stage}.downsample`, x);
  }
  x = bottleneck(weights, x);
  for (let i = 0; i < config.stages; i++) {
    const stage = `processor.decoder.stages.${i}`;
    x = tf.concat([upsample(weights, `${stage}.upsample`, x), skips.pop()!], 2);
    x = convBlock(weights, `${stage}.blocks.0`, x);
    x = convBlock(weights, `${stage}.blocks.1`, x);
  }
  return tf.slice(linear(weights, 'processor.output_conv', x), [0, 0, 0], [batch, T, D]);
}

/** The byte before each predicted one, as a row of the embedding: [B, 4T, C]. */
function bytesBefore(weights: Weights, bits: Tensor3D): Tensor3D {
  const { tf, config } = weights;
  const [batch, chunks] = bits.shape;
  const length = CHUNK_BYTES * (chunks - 1);
  const bytes: Tensor3D = tf.reshape(bits, [batch, CHUNK_BYTES * chunks, 8]);
  const values = byteValues(weights, tf.slice(bytes, [0, CHUNK_BYTES - 1, 0], [batch, length, 8]));
  const rows = tf.cast(tf.oneHot(tf.reshape(values, [batch * length]), 256), 'float32') as Tensor2D;
  const embedded = tf.matMul(rows, weights.get('byte_stage.embedding.weight'));
  return tf.reshape(embedded, [batch, length, config.byte_channels!]);
}

/** Bytes [B, L] as whole numbers, of bits [B, L, 8] as ±1. */
function byteValues({ tf }: Weights, bits: Tensor3D): Tensor2D {
  const places = tf.tensor1d([128, 64, 32, 16, 8, 4, 2, 1]);
  return tf.cast(tf.sum(tf.mul(tf.div(tf.add(bits, 1), 2), places), 2), 'int32');
}

/** The sum of the rows of the n-grams before each predicted byte: [B, 4T, C]. */
function ngramsBefore(weights: Weights, bits: Tensor3D, R: number): Tensor3D {
  const { tf } = weights;
  const [batch, chunks] = bits.shape;
  const length = CHUNK_BYTES * (chunks - 1);
  const known = byteValues(weights, tf.reshape(bits, [batch, CHUNK_BYTES * chunks, 8]));
  const values = tf.pad(known, [
    [0, 0],
    [LONGEST_NGRAM - CHUNK_BYTES, 0],
  ]);
  const before = (n: number) => tf.slice(values, [0, LONGEST_NGRAM - n], [batch, length]);
  const ngrams = weights.get(NGRAM_TABLES);
  const hashes = ngramHashes<Tensor2D>(before, (hash, byte) => tf.mod(tf.add(tf.mul(hash, NGRAM_MULTIPLIER), byte), R));
  const rows = hashes.map((hash, i) => tf.cast(tf.add(hash, i * R), 'int32'));
  return tf.addN(rows.map((row) => tf.gather(ngrams, row) as Tensor3D));
}

/**
 * The hidden vectors after `output_norm`.
 * @param bits [B, T+1, 32] as ±1
 * @returns [B, T, D], or with a byte stage [B, 4T, C]
 */
function hiddenStates(weights: Weights, bits: Tensor3D): Tensor3D {
  const { tf, config } = weights;
  const [batch, chunks] = bits.shape;
  const trunk = trunkVectors(weights, tf.slice(bits, [0, 0, 0], [batch, chunks - 1, CHUNK_BITS]));
  if (config.byte_channels === undefined) return norm(weights, 'output_norm', trunk);
  const embedded = bytesBefore(weights, bits);
  const R = config.byte_ngram_rows;
  const skip: Tensor3D = R === undefined ? embedded : tf.add(embedded, ngramsBefore(weights, bits, R));
  let x: Tensor3D = tf.concat([upsample(weights, 'byte_stage.upsample', trunk), skip], 2);
  x = convBlock(weights, 'byte_stage.blocks.0', x);
  x = convBlock(weights, 'byte_stage.blocks.1', x);
  return norm(weights, 'output_norm', x);
}

/** What one pass over a batch says; N = B·T rows. */
export interface NetworkOutputs extends Votes {
  /** [B, T, D], or with a byte stage [B, 4T, C] */
  readonly hidden: Tensor3D;
  /** [N, 32] ln of the probability of the real bit */
  readonly logLikelihoods: Tensor2D;
}

/** @param bits [B, T+1, 32] as ±1: chunks 0..T−1 are seen, 1..T predicted */
export function forward(weights: Weights, bits: Tensor3D): NetworkOutputs {
  const { tf, config } = weights;
  const [batch, chunks] = bits.shape;
  const T = chunks - 1;
  const hidden = hiddenStates(weights, bits);
  const targets = tf.reshape<Rank.R2>(tf.slice(bits, [0, 1, 0], [batch, T, CHUNK_BITS]), [batch * T, CHUNK_BITS]);
  const { count, width } = hiddenVectors(config);
  const rows = tf.reshape<Rank.R2>(hidden, [batch * T, count * width]);
  const votes = voterVotes(weights, voterScores(weights, rows, targets));
  return { hidden, ...votes, logLikelihoods: logLikelihood(weights, votes, targets) };
}
