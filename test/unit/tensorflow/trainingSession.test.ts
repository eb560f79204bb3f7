/** @file Training on TensorFlow.js behind the trainer's interface: the golden steps, resumed steps, windows in part padding. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TrainingSession } from '../../../model/runtime/trainingSession';
import { loadTensorflow } from '../../../model/tensorflow/library';
import { computeGradients, TensorflowSession } from '../../../model/tensorflow/trainingSession';
import type { Tf } from '../../../model/tensorflow/weights';
import { GOLDEN_OPTIMIZER } from '../../../model/training/batches';
import { bytesOf, GOLDEN_CASES, configOf, floats, parametersOf, relativeError, tensorsOf } from '../../golden/golden';
import { installTensorflow } from './installation';

const LEARNING_RATE = 0.003;

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

/** The golden steps of a case, and what a session for them needs. */
function golden(name: string) {
  const training = tensorsOf(`${name}/training.safetensors`);
  const { data, shape } = bytesOf(training);
  const [steps, batch, length] = shape as [number, number, number];
  return {
    config: configOf(name),
    parameters: parametersOf(`${name}/model.safetensors`),
    batches: Array.from({ length: steps }, (_, s) => data.subarray(s * batch * length, (s + 1) * batch * length)),
    losses: floats(training, 'losses'),
    norms: floats(training, 'gradient_norms'),
    options: { batch, context: length / 4 - 1, optimizer: GOLDEN_OPTIMIZER },
  };
}

describe.each(GOLDEN_CASES)('golden case %s', (name) => {
  it('gradients', async () => {
    const expected = tensorsOf(`${name}/gradients.safetensors`);
    const { data, shape } = bytesOf(tensorsOf(`${name}/forward.safetensors`));
    const parameters = parametersOf(`${name}/model.safetensors`);
    const { gradients } = await computeGradients(tf, configOf(name), parameters, data, shape[0]!);
    expect([...gradients.keys()].sort()).toEqual([...expected.keys()].sort());
    for (const [key, { data: found }] of gradients) {
      expect(relativeError(found, floats(expected, key)), key).toBeLessThan(1e-4);
    }
  });

  it('five training steps', async () => {
    const { config, parameters, batches, losses, norms, options } = golden(name);
    const before = tf.memory().numTensors;
    const session = await TensorflowSession.create(tf, config, parameters, options);
    for (const [s, bytes] of batches.entries()) {
      const { loss, gradientNorm } = await session.step(bytes, LEARNING_RATE);
      expect(Math.abs(loss - losses[s]!), `loss of step ${s}`).toBeLessThan(1e-4);
      expect(Math.abs(gradientNorm / norms[s]! - 1), `gradient norm of step ${s}`).toBeLessThan(1e-3);
    }
    expect(session.steps).toBe(batches.length);
    const trained = tensorsOf(`${name}/trained.safetensors`);
    for (const [key, { data }] of await session.readParameters()) {
      expect(relativeError(data, floats(trained, key)), key).toBeLessThan(2e-3);
    }
    await session.dispose();
    expect(tf.memory().numTensors).toBe(before);
  });
});

describe('TensorflowSession', () => {
  it('goes on from a state that was read as if it had never stopped', async () => {
    const { config, parameters, batches, options } = golden('chained');
    const first = await TensorflowSession.create(tf, config, parameters, options);
    for (const bytes of batches.slice(0, 2)) await first.step(bytes, LEARNING_RATE);
    const saved = await first.read();
    expect(saved.state.step).toBe(2);
    const second = await TensorflowSession.create(tf, config, saved.parameters, { ...options, state: saved.state });
    for (const bytes of batches.slice(2)) {
      expect(await second.step(bytes, LEARNING_RATE)).toEqual(await first.step(bytes, LEARNING_RATE));
    }
    expect(await second.read()).toEqual(await first.read());
    await first.dispose();
    await second.dispose();
  });

  it('takes a state from ONNX Runtime, and both go on alike', async () => {
    const { config, parameters, batches, options } = golden('confidence');
    const ours = await TrainingSession.create(config, parameters, { ...options, device: 'cpu', threads: 1 });
    for (const bytes of batches.slice(0, 3)) await ours.step(bytes, LEARNING_RATE);
    const saved = await ours.read();
    const copy = structuredClone(saved);
    const theirs = await TensorflowSession.create(tf, config, copy.parameters, { ...options, state: copy.state });
    for (const bytes of batches.slice(3)) {
      const [a, b] = [await ours.step(bytes, LEARNING_RATE), await theirs.step(bytes, LEARNING_RATE)];
      expect(a.loss).toBeCloseTo(b.loss, 5);
      expect(a.gradientNorm / b.gradientNorm).toBeCloseTo(1, 3);
    }
    const [a, b] = [await ours.read(), await theirs.read()];
    expect(a.state.step).toBe(b.state.step);
    for (const [name, { data }] of a.state.firstMoments) {
      expect(relativeError(data, b.state.firstMoments.get(name)!.data), name).toBeLessThan(1e-3);
    }
    await ours.dispose();
    await theirs.dispose();
  });

  it.each(['chained', 'dendritic', 'bytes-ngrams'] as const)(
    'moves %s by Muon and AdamW, like ONNX Runtime',
    async (name) => {
      const { config, parameters, batches, options } = golden(name);
      const optimizer = { ...options.optimizer, muon: { momentum: 0.9, scale: 0.2 }, ngramRate: 3 };
      const ours = await TrainingSession.create(config, parameters, {
        ...options,
        optimizer,
        device: 'cpu',
        threads: 1,
      });
      const theirs = await TensorflowSession.create(tf, config, parameters, { ...options, optimizer });
      for (const bytes of batches) {
        const [a, b] = [await ours.step(bytes, LEARNING_RATE), await theirs.step(bytes, LEARNING_RATE)];
        expect(a.loss).toBeCloseTo(b.loss, 4);
        expect(a.gradientNorm / b.gradientNorm).toBeCloseTo(1, 2);
      }
      const [a, b] = [await ours.read(), await theirs.read()];
      let moved = 0;
      for (const [key, { data }] of a.parameters) {
        expect(relativeError(data, b.parameters.get(key)!.data), key).toBeLessThan(2e-3);
        const squares = [a, b].map(({ state }) => state.secondMoments.get(key)!.data.every((x) => x === 0));
        expect(squares[0], key).toBe(squares[1]);
        if (squares[0]!) moved++;
      }
      expect(moved).toBeGreaterThan(5);
      await ours.dispose();
      await theirs.dispose();
    },
  );

  it('does not score padding, like ONNX Runtime', async () => {
    const { config, parameters, batches, options } = golden('paper');
    const rows = options.batch * options.context;
    const scored = Uint8Array.from({ length: rows }, (_, i) => (i % 3 === 0 ? 0 : 1));
    const losses = [];
    for (const mask of [scored, new Uint8Array(rows)]) {
      const theirs = await TensorflowSession.create(tf, config, parameters, options);
      const ours = await TrainingSession.create(config, parameters, { ...options, device: 'cpu', threads: 1 });
      const a = await theirs.step(batches[0]!, LEARNING_RATE, mask);
      const b = await ours.step(batches[0]!, LEARNING_RATE, mask);
      expect(a.loss).toBeCloseTo(b.loss, 5);
      expect(a.gradientNorm).toBeCloseTo(b.gradientNorm, 5);
      losses.push(a.loss);
      await theirs.dispose();
      await ours.dispose();
    }
    expect(losses[0]).toBeGreaterThan(0);
    expect(losses[1]).toBeCloseTo(0, 10);
  });

  it('never clips with a bound of infinity', async () => {
    const { config, parameters, batches, options, norms } = golden('mean');
    const steps = [];
    for (const clipNorm of [Infinity, 2 * norms[0]!]) {
      const optimizer = { ...options.optimizer, clipNorm };
      const session = await TensorflowSession.create(tf, config, parameters, { ...options, optimizer });
      await session.step(batches[0]!, LEARNING_RATE);
      steps.push(await session.read());
      await session.dispose();
    }
    expect(steps[0]).toEqual(steps[1]);
  });
});
