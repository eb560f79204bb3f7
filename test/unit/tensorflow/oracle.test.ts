/** @file The network on TensorFlow.js as an independent oracle: random configurations, forward, loss and every gradient. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelConfig } from '../../../model/network/config';
import { computeGradients as ourGradients } from '../../../model/runtime/gradients';
import { Inference } from '../../../model/runtime/inference';
import { loadTensorflow } from '../../../model/tensorflow/library';
import { bitSigns, forward } from '../../../model/tensorflow/network';
import { computeGradients } from '../../../model/tensorflow/trainingSession';
import type { Tf } from '../../../model/tensorflow/weights';
import { parameterNames, toTensors, weightsOf } from '../../../model/tensorflow/weights';
import { relativeError } from '../../golden/golden';
import { draw, drawInputs, norm } from './cases';
import { installTensorflow } from './installation';

const CPU = { device: 'cpu', threads: 1 } as const;

/** The bounds of SPEC section 8, of which two right float32 implementations stay within. */
const FORWARD = 1e-5;
const GRADIENT = 1e-4;
/** Beside it, of the norm of the whole gradient: a tensor whose own gradient cancels to almost nothing is rounding alone. */
const ROUNDING = 1e-6;

let folder: string;
let tf: Tf;
beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'tensorflow-'));
  installTensorflow(folder);
  tf = loadTensorflow([folder]);
  await tf.ready();
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const SEEDS = Array.from({ length: 21 }, (_, i) => i + 1);

describe.each(SEEDS)('random configuration %i', (seed) => {
  const drawn = draw(seed);
  const { config, batch } = drawn;
  const { parameters, bytes } = drawInputs(drawn, seed);
  const about = JSON.stringify({ ...drawn, config: { ...config, architecture: undefined, chunk_bytes: undefined } });

  it('forward and loss', async () => {
    const inference = await Inference.create(config, parameters, CPU);
    const names = parameterNames(config);
    const outputs = tf.tidy(() => {
      const weights = weightsOf(tf, config, names, toTensors(tf, names, parameters));
      const { hidden, votes, logWeights, logLikelihoods } = forward(weights, bitSigns(tf, bytes, batch));
      const voted = tf.exp(logWeights);
      return { hidden, votes, weights: voted, probabilities: tf.sum(tf.mul(voted, votes), 2), logLikelihoods };
    });
    try {
      const ours = await inference.forward(bytes, batch);
      const scores = await inference.score(bytes, batch);
      for (const key of ['hidden', 'votes', 'weights', 'probabilities'] as const) {
        expect(relativeError(ours[key], outputs[key].dataSync()), `${key}: ${about}`).toBeLessThan(FORWARD);
      }
      const likelihoods = outputs.logLikelihoods.dataSync<'float32'>();
      expect(relativeError(scores.logLikelihoods, likelihoods), about).toBeLessThan(FORWARD);
      const loss = -likelihoods.reduce((sum, x) => sum + x, 0) / likelihoods.length;
      expect(Math.abs(ours.loss / loss - 1), about).toBeLessThan(FORWARD);
    } finally {
      tf.dispose(outputs);
      await inference.dispose();
    }
  });

  it('every gradient', async () => {
    const ours = await ourGradients(config, parameters, bytes, batch, CPU);
    const theirs = await computeGradients(tf, config, parameters, bytes, batch);
    expect(Math.abs(ours.loss / theirs.loss - 1), about).toBeLessThan(FORWARD);
    expect([...ours.gradients.keys()]).toEqual([...theirs.gradients.keys()]);
    const whole = norm(theirs.gradients);
    expect(whole).toBeGreaterThan(0);
    for (const [name, { shape, data }] of theirs.gradients) {
      const found = ours.gradients.get(name)!;
      expect(found.shape).toEqual(shape);
      const difference = Math.hypot(...data.map((x, i) => x - found.data[i]!));
      const bound = GRADIENT * Math.hypot(...data) + ROUNDING * whole;
      expect(difference, `${name}: ${about}`).toBeLessThan(bound);
    }
  });
});

it('the random configurations include every choice', () => {
  const cases = SEEDS.map(draw);
  const values = (key: keyof ModelConfig) => new Set(cases.map(({ config }) => JSON.stringify(config[key])));
  for (const [key, count] of [
    ['aggregation', 5],
    ['bottleneck', 2],
    ['bit_decoding', 2],
    ['temperature_learned', 2],
    ['stages', 4],
    ['attention_heads', 3],
    ['bottleneck_layers', 3],
    ['kernel_sizes', 4],
    ['temperature', 4],
  ] as const) {
    expect(values(key).size, key).toBeGreaterThanOrEqual(count);
  }
  const learned = cases.filter(({ config }) => parameterNames(config).includes('log_temperature'));
  expect(learned.length).toBeGreaterThanOrEqual(3);
  expect(cases.some(({ headScale }) => headScale > 1)).toBe(true);
});

it('leaves no tensor behind', async () => {
  const before = tf.memory().numTensors;
  const drawn = draw(1);
  const { parameters, bytes } = drawInputs(drawn, 1);
  await computeGradients(tf, drawn.config, parameters, bytes, drawn.batch);
  expect(tf.memory().numTensors).toBe(before);
});
