/** @file How far the engine is from the golden vectors on a device: one relative error a tensor, for whoever sets the bounds. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Parameters } from '../../model/network/parameters';
import { computeGradients } from '../../model/runtime/gradients';
import type { InferenceOptions } from '../../model/runtime/inference';
import { Inference } from '../../model/runtime/inference';
import { TrainingSession } from '../../model/runtime/trainingSession';
import { bytesOf, configOf, floats, GOLDEN_FOLDER, parametersOf, relativeError, tensorsOf } from './golden';

const OPTIMIZER = JSON.parse(readFileSync(path.join(GOLDEN_FOLDER, 'optimizer.json'), 'utf8')) as {
  learning_rate: number;
  beta1: number;
  beta2: number;
  epsilon: number;
  weight_decay: number;
  clip_norm: number;
};

/** SPEC section 8: what a right float32 implementation is expected to stay below. */
export const BOUNDS = { forward: 1e-5, gradient: 1e-4, loss: 1e-4, gradientNorm: 1e-3, trained: 2e-3 } as const;

/** Error by what was compared. */
export type Errors = Readonly<Record<string, number>>;

/** Infinity where a tensor is missing on either side. */
function parameterErrors(ours: Parameters, file: string): Errors {
  const theirs = tensorsOf(file);
  const names = new Set([...ours.keys(), ...theirs.keys()]);
  return Object.fromEntries(
    [...names].map((name) => {
      const tensor = ours.get(name);
      return [name, tensor === undefined || !theirs.has(name) ? Infinity : relativeError(tensor.data, floats(theirs, name))];
    }),
  );
}

/** Hidden vectors, votes, weights, probabilities, loss; the scores that an inspection reads; hidden vectors without a target. */
export async function forwardErrors(name: string, options: InferenceOptions): Promise<Errors> {
  const forward = tensorsOf(`${name}/forward.safetensors`);
  const { data: bytes, shape } = bytesOf(forward);
  const [batch, length] = shape as [number, number];
  const golden = (key: string) => floats(forward, key);
  const inference = await Inference.create(configOf(name), parametersOf(`${name}/model.safetensors`), options);
  try {
    const ours = await inference.forward(bytes, batch);
    const scores = await inference.score(bytes, batch);
    const inputs = Array.from({ length: batch }, (_, b) => bytes.subarray(b * length, (b + 1) * length - 4));
    const measures = voterMeasures(golden('weights'), golden('votes'), scores.probabilities.length);
    return {
      hidden: relativeError(ours.hidden, golden('hidden')),
      votes: relativeError(ours.votes, golden('votes')),
      weights: relativeError(ours.weights, golden('weights')),
      probabilities: relativeError(ours.probabilities, golden('probabilities')),
      loss: relativeError([ours.loss], golden('loss')),
      'scored probabilities': relativeError(scores.probabilities, golden('probabilities')),
      'effective voters': relativeError(scores.effectiveVoters, measures.effective),
      density: relativeError(scores.density, measures.density),
      // With a byte stage the hidden vectors of a chunk depend on its bytes.
      ...(inference.config.byte_channels === undefined
        ? { 'hidden without a target': relativeError(await inference.hidden(Buffer.concat(inputs), batch), golden('hidden')) }
        : {}),
    };
  } finally {
    await inference.dispose();
  }
}

/** 1/Σw² and the share of votes above ½, of rows of voters. */
function voterMeasures(weights: Float32Array, votes: Float32Array, rows: number) {
  const M = weights.length / rows;
  const effective = new Float64Array(rows);
  const density = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    let squares = 0;
    for (let i = row * M; i < (row + 1) * M; i++) {
      squares += weights[i]! ** 2;
      density[row]! += votes[i]! > 0.5 ? 1 / M : 0;
    }
    effective[row] = 1 / squares;
  }
  return { effective, density };
}

/** The gradient of the loss by each parameter. */
export async function gradientErrors(name: string, options: InferenceOptions): Promise<Errors> {
  const { data: bytes, shape } = bytesOf(tensorsOf(`${name}/forward.safetensors`));
  const parameters = parametersOf(`${name}/model.safetensors`);
  const { gradients } = await computeGradients(configOf(name), parameters, bytes, shape[0]!, options);
  return parameterErrors(gradients, `${name}/gradients.safetensors`);
}

export interface TrainingErrors {
  /** |ours − theirs| of each step, nats per bit. */
  readonly losses: readonly number[];
  /** Relative, of each step. */
  readonly gradientNorms: readonly number[];
  /** After the last step. */
  readonly trained: Errors;
}

/**
 * The golden training steps.
 * @param profilePrefix where ONNX Runtime writes its profile of them
 */
export async function trainingErrors(
  name: string,
  options: InferenceOptions,
  profilePrefix?: string,
): Promise<TrainingErrors> {
  const training = tensorsOf(`${name}/training.safetensors`);
  const { data: batches, shape } = bytesOf(training);
  const [steps, batch, length] = shape as [number, number, number];
  const session = await TrainingSession.create(configOf(name), parametersOf(`${name}/model.safetensors`), {
    batch,
    context: length / 4 - 1,
    optimizer: {
      beta1: OPTIMIZER.beta1,
      beta2: OPTIMIZER.beta2,
      epsilon: OPTIMIZER.epsilon,
      weightDecay: OPTIMIZER.weight_decay,
      clipNorm: OPTIMIZER.clip_norm,
    },
    ...options,
    ...(profilePrefix === undefined ? {} : { profilePrefix }),
  });
  try {
    const losses: number[] = [];
    const gradientNorms: number[] = [];
    for (let s = 0; s < steps; s++) {
      const window = batches.subarray(s * batch * length, (s + 1) * batch * length);
      const ours = await session.step(window, OPTIMIZER.learning_rate);
      losses.push(Math.abs(ours.loss - floats(training, 'losses')[s]!));
      gradientNorms.push(Math.abs(ours.gradientNorm / floats(training, 'gradient_norms')[s]! - 1));
    }
    if (profilePrefix !== undefined) session.endProfiling();
    const trained = parameterErrors((await session.read()).parameters, `${name}/trained.safetensors`);
    return { losses, gradientNorms, trained };
  } finally {
    await session.dispose();
  }
}
