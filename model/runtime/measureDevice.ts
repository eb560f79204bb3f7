/** @file Tries a device out: its speed, and how far its numbers are from the CPU's. */
import type { ModelConfig } from '../network/config';
import { DEFAULT_CONFIG } from '../network/config';
import { initializeParameters } from '../network/initialize';
import type { Parameters } from '../network/parameters';
import type { DeviceMeasurement, Speed } from '../protocol/devices';
import { Random } from '../text/random';
import type { TrainingDevice } from './device';
import { answeringDevice } from './device';
import { Inference } from './inference';
import { loadOnnxRuntime } from './onnxRuntime';
import { DeviceError } from './onnxSession';
import { timeRuns } from './timing';
import type { TrainingEngine } from './trainingEngine';
import { createTrainingEngine } from './trainingEngine';

/** Largest relative difference from the CPU with which a device is trusted: float32 stays below 1e-4, matrix products in TF32 do not. */
export const AGREEMENT = 1e-3;

/** A small step above this means that one of the default size would take minutes: it is not even begun. */
const SLOW_MILLISECONDS = 150;
/** Training steps whose results are compared. */
const COMPARED_STEPS = 3;
const LEARNING_RATE = 1e-3;

interface Subject {
  readonly config: ModelConfig;
  readonly batch: number;
}

const SMALL: Subject = {
  config: {
    ...DEFAULT_CONFIG,
    embedding_dim: 16,
    stages: 1,
    bottleneck_layers: 1,
    attention_heads: 2,
    voters_per_bit: 16,
    bit_decoding: 'chained',
    context_chunks: 16,
  },
  batch: 4,
};
const LARGE: Subject = { config: { ...DEFAULT_CONFIG, bit_decoding: 'chained' }, batch: 16 };

/** Weights as training starts with, and a batch of random bytes [B, 4(T+1)]. */
export function randomStart(config: ModelConfig, batch: number): { parameters: Parameters; bytes: Uint8Array } {
  const random = Random.fromSeed(1);
  const parameters = initializeParameters(config, new Float32Array(32).fill(0.5), random);
  const bytes = Uint8Array.from({ length: batch * 4 * (config.context_chunks + 1) }, () => random.integer(256));
  return { parameters, bytes };
}

export function trainingSession(
  { config, batch }: Subject,
  parameters: Parameters,
  device: TrainingDevice,
  threads: number,
): Promise<TrainingEngine> {
  return createTrainingEngine(config, parameters, {
    batch,
    context: config.context_chunks,
    optimizer: { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.01, clipNorm: 0.25 },
    device,
    threads,
  });
}

async function speedOf(subject: Subject, device: TrainingDevice, threads: number): Promise<Speed> {
  const { parameters, bytes } = randomStart(subject.config, subject.batch);
  const window = bytes.subarray(0, bytes.length / subject.batch);
  const inference = await Inference.create(subject.config, parameters, {
    device: answeringDevice(device),
    threads,
  });
  let forwardMilliseconds: number;
  try {
    forwardMilliseconds = await timeRuns(() => inference.score(window, 1));
  } finally {
    await inference.dispose();
  }
  const session = await trainingSession(subject, parameters, device, threads);
  try {
    return { forwardMilliseconds, stepMilliseconds: await timeRuns(() => session.step(bytes, LEARNING_RATE)) };
  } finally {
    await session.dispose();
  }
}

/** What is compared, by name. */
async function numbersOf(subject: Subject, device: TrainingDevice): Promise<ReadonlyMap<string, ArrayLike<number>>> {
  const { parameters, bytes } = randomStart(subject.config, subject.batch);
  const numbers = new Map<string, ArrayLike<number>>();
  const inference = await Inference.create(subject.config, parameters, {
    device: answeringDevice(device),
    threads: 1,
  });
  try {
    const { probabilities, logLikelihoods } = await inference.score(bytes, subject.batch);
    numbers.set('probabilities', probabilities).set('log-likelihoods', logLikelihoods);
  } finally {
    await inference.dispose();
  }
  const session = await trainingSession(subject, parameters, device, 1);
  try {
    const losses: number[] = [];
    const norms: number[] = [];
    for (let step = 0; step < COMPARED_STEPS; step++) {
      const { loss, gradientNorm } = await session.step(bytes, LEARNING_RATE);
      losses.push(loss);
      norms.push(gradientNorm);
    }
    numbers.set('losses', losses).set('gradient norms', norms);
    for (const [name, { data }] of (await session.read()).parameters) numbers.set(name, data);
  } finally {
    await session.dispose();
  }
  return numbers;
}

/** The largest ‖a − b‖/‖b‖ over all names; Infinity where anything is missing or not finite. */
export function largestDifference(
  ours: ReadonlyMap<string, ArrayLike<number>>,
  theirs: ReadonlyMap<string, ArrayLike<number>>,
): number {
  let largest = 0;
  for (const [name, b] of theirs) {
    const a = ours.get(name);
    if (a?.length !== b.length) return Infinity;
    let difference = 0;
    let norm = 0;
    for (let i = 0; i < b.length; i++) {
      difference += (a[i]! - b[i]!) ** 2;
      norm += b[i]! ** 2;
    }
    const relative = Math.sqrt(difference) / Math.max(Math.sqrt(norm), 1e-12);
    if (!Number.isFinite(relative)) return Infinity;
    largest = Math.max(largest, relative);
  }
  return largest;
}

/**
 * Measures a device in this process, which a driver may take down.
 * @param onSmall gets what is known before the model of the default size is run, which takes minutes on some devices
 * @throws DeviceError, RuntimeMissingError
 */
export async function measureDevice(
  device: TrainingDevice,
  threads: number,
  onSmall: (measured: DeviceMeasurement) => Promise<void> = () => Promise.resolve(),
): Promise<DeviceMeasurement> {
  const offered = (await loadOnnxRuntime()).listSupportedBackends().map(({ name }) => name);
  if (!offered.includes(answeringDevice(device))) {
    throw new DeviceError(`ONNX Runtime for ${process.platform}-${process.arch} has no "${device}".`);
  }
  const difference =
    device === 'cpu' ? 0 : largestDifference(await numbersOf(SMALL, device), await numbersOf(SMALL, 'cpu'));
  const small = await speedOf(SMALL, device, threads);
  const measured = { small, large: null, difference, agrees: difference <= AGREEMENT };
  if (small.stepMilliseconds > SLOW_MILLISECONDS) return measured;
  await onSmall(measured);
  return { ...measured, large: await speedOf(LARGE, device, threads) };
}
