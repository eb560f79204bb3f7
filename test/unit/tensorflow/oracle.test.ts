/** @file The network on TensorFlow.js as an independent oracle: random configurations, forward, loss and every gradient. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelConfig } from '../../../model/network/config';
import { parseConfig } from '../../../model/network/config';
import { initializeParameters } from '../../../model/network/initialize';
import type { Parameters } from '../../../model/network/parameters';
import { computeGradients as ourGradients } from '../../../model/runtime/gradients';
import { Inference } from '../../../model/runtime/inference';
import { loadTensorflow } from '../../../model/tensorflow/library';
import { bitSigns, forward } from '../../../model/tensorflow/network';
import { computeGradients } from '../../../model/tensorflow/trainingSession';
import type { Tf } from '../../../model/tensorflow/weights';
import { parameterNames, toTensors, weightsOf } from '../../../model/tensorflow/weights';
import { Random } from '../../../model/text/random';
import { relativeError } from '../../golden/golden';
import { installTensorflow } from './installation';

const CPU = { device: 'cpu', threads: 1 } as const;

/** The bounds of SPEC section 8, of which two right float32 implementations stay within. */
const FORWARD = 1e-5;
const GRADIENT = 1e-4;
/** Beside it, of the norm of the whole gradient: a tensor whose own gradient cancels to almost nothing is rounding alone. */
const ROUNDING = 1e-6;

interface Case {
  readonly config: ModelConfig;
  readonly batch: number;
  readonly context: number;
  /** Factor of the head's weights: 1 as training begins, large where votes saturate. */
  readonly headScale: number;
}

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.integer(choices.length)]!;
}

/** Each case has its aggregation in turn, so that none is left out; everything else is drawn. */
function draw(seed: number): Case {
  const random = Random.fromSeed(seed);
  const aggregation = (['softmax', 'confidence', 'softmax', 'mean', 'max', 'softmax', 'dense'] as const)[seed % 7]!;
  const stages = random.integer(4);
  const heads = pick(random, [1, 2, 3]);
  // Over two channels LayerNorm is nearly a sign, and its gradient the difference of two equal numbers.
  const width = heads * (Math.ceil(4 / heads) + random.integer(3));
  const kernels = pick(
    random,
    [[1], [3], [1, 3], [3, 5], [3, 5, 7], [1, 5]].filter((all) => all.length <= width),
  );
  const branches = 1 + random.integer(5);
  const context = 1 + random.integer(12);
  const config = parseConfig(
    {
      embedding_dim: width,
      stages,
      kernel_sizes: kernels,
      bottleneck: pick(random, ['transformer', 'dendritic']),
      bottleneck_layers: random.integer(3),
      attention_heads: heads,
      dendrite_branches: branches,
      dendrite_active: 1 + random.integer(branches),
      voters_per_bit: 1 + random.integer(9),
      temperature: pick(random, [null, 0.5, 4, 12]),
      temperature_learned: random.integer(2) === 1,
      aggregation,
      bit_decoding: pick(random, ['independent', 'chained']),
      context_chunks: context,
    },
    `case ${seed}`,
  );
  return { config, batch: 1 + random.integer(3), context, headScale: pick(random, [1, 1, 8]) };
}

/** First parameters as training has them, and a disturbance of each, so that no bias is 0 and no norm the identity. */
function disturbed({ config, headScale }: Case, random: Random): Parameters {
  const rates = new Float32Array(32).map(() => 0.1 + 0.8 * random.uniform());
  return new Map(
    [...initializeParameters(config, rates, random)].map(([name, { shape, data }]) => {
      const scale = name.startsWith('output_projection.weight') ? headScale : 1;
      const M = shape[0]! / 32;
      const isFree = (i: number) => name !== 'bit_chain.weight' || i % 32 < Math.floor(i / 32 / M);
      return [name, { shape, data: data.map((x, i) => (isFree(i) ? scale * x + 0.1 * random.normal() : 0)) }];
    }),
  );
}

function norm(tensors: Parameters): number {
  return Math.sqrt([...tensors.values()].reduce((sum, { data }) => data.reduce((s, x) => s + x * x, sum), 0));
}

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
  const { config, batch, context } = drawn;
  const random = Random.fromSeed(1000 + seed);
  const parameters = disturbed(drawn, random);
  const bytes = new Uint8Array(batch * 4 * (context + 1)).map(() => random.integer(256));
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
  const random = Random.fromSeed(7);
  const { config, batch, context } = drawn;
  await computeGradients(tf, config, disturbed(drawn, random), new Uint8Array(batch * 4 * (context + 1)), batch);
  expect(tf.memory().numTensors).toBe(before);
});
