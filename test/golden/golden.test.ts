/** @file The six golden cases: forward, gradients and five training steps against an independent implementation. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { Inference } from '../../model/runtime/inference';
import { computeGradients } from '../../model/runtime/gradients';
import { TrainingSession } from '../../model/runtime/trainingSession';
import { bytesOf, CASES, configOf, floats, GOLDEN_FOLDER, parametersOf, relativeError, tensorsOf } from './golden';

const CPU = { device: 'cpu', threads: 1 } as const;
const OPTIMIZER = JSON.parse(readFileSync(path.join(GOLDEN_FOLDER, 'optimizer.json'), 'utf8')) as {
  learning_rate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weight_decay: number;
  clip_norm: number;
};

/** SPEC section 8: what a right float32 implementation is expected to reach. */
const FORWARD = 1e-5;
const GRADIENT = 1e-4;
const LOSS = 1e-4;

describe.each(CASES)('golden case %s', (name) => {
  const config = configOf(name);
  const parameters = parametersOf(`${name}/model.safetensors`);
  const forward = tensorsOf(`${name}/forward.safetensors`);
  const { data: bytes, shape } = bytesOf(forward);
  const batch = shape[0]!;
  let inference: Inference | undefined;
  afterAll(() => inference?.dispose());

  it('forward', async () => {
    inference = await Inference.create(config, parameters, CPU);
    const ours = await inference.forward(bytes, batch);
    for (const key of ['hidden', 'votes', 'weights', 'probabilities'] as const) {
      expect(relativeError(ours[key], floats(forward, key)), key).toBeLessThan(FORWARD);
    }
    const loss = floats(forward, 'loss')[0]!;
    expect(Math.abs(ours.loss - loss) / loss).toBeLessThan(FORWARD);
  });

  it('scores agree with the forward pass', async () => {
    inference ??= await Inference.create(config, parameters, CPU);
    const scores = await inference.score(bytes, batch);
    const weights = floats(forward, 'weights');
    const votes = floats(forward, 'votes');
    expect(relativeError(scores.probabilities, floats(forward, 'probabilities'))).toBeLessThan(FORWARD);
    const M = weights.length / scores.probabilities.length;
    const effective = new Float64Array(scores.probabilities.length);
    const density = new Float64Array(scores.probabilities.length);
    for (let row = 0; row < effective.length; row++) {
      let squares = 0;
      for (let i = 0; i < M; i++) {
        squares += weights[row * M + i]! ** 2;
        density[row]! += votes[row * M + i]! > 0.5 ? 1 / M : 0;
      }
      effective[row] = 1 / squares;
    }
    expect(relativeError(scores.effectiveVoters, effective)).toBeLessThan(FORWARD);
    expect(relativeError(scores.density, density)).toBeLessThan(FORWARD);
  });

  it('hidden vectors without a target', async () => {
    inference ??= await Inference.create(config, parameters, CPU);
    const T = shape[1]! / 4 - 1;
    const inputs = Buffer.concat(
      Array.from({ length: batch }, (_, b) => bytes.subarray(b * shape[1]!, b * shape[1]! + 4 * T)),
    );
    expect(relativeError(await inference.hidden(inputs, batch), floats(forward, 'hidden'))).toBeLessThan(FORWARD);
  });

  it('gradients', async () => {
    const expected = tensorsOf(`${name}/gradients.safetensors`);
    const { gradients } = await computeGradients(config, parameters, bytes, batch, CPU);
    expect([...gradients.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [key, { data }] of gradients) {
      expect(relativeError(data, floats(expected, key)), key).toBeLessThan(GRADIENT);
    }
  });

  it('five training steps', async () => {
    const training = tensorsOf(`${name}/training.safetensors`);
    const { data: batches, shape: size } = bytesOf(training);
    const [steps, B, length] = size as [number, number, number];
    const session = await TrainingSession.create(config, parameters, {
      batch: B,
      context: length / 4 - 1,
      optimizer: {
        beta1: OPTIMIZER.beta1,
        beta2: OPTIMIZER.beta2,
        epsilon: OPTIMIZER.epsilon,
        weightDecay: OPTIMIZER.weight_decay,
        clipNorm: OPTIMIZER.clip_norm,
      },
      ...CPU,
    });
    try {
      const losses = floats(training, 'losses');
      const norms = floats(training, 'gradient_norms');
      for (let s = 0; s < steps; s++) {
        const window = batches.subarray(s * B * length, (s + 1) * B * length);
        const { loss, gradientNorm } = await session.step(window, OPTIMIZER.learning_rate);
        expect(Math.abs(loss - losses[s]!), `loss of step ${s}`).toBeLessThan(LOSS);
        expect(Math.abs(gradientNorm / norms[s]! - 1), `gradient norm of step ${s}`).toBeLessThan(1e-3);
      }
      const trained = tensorsOf(`${name}/trained.safetensors`);
      const { parameters: ours } = await session.read();
      for (const [key, { data }] of ours) {
        expect(relativeError(data, floats(trained, key)), key).toBeLessThan(2e-3);
      }
    } finally {
      await session.dispose();
    }
  });
});
