/** @file Training on given batches at a constant rate, so that another implementation can be compared step by step. */
import { CHUNK_BYTES } from '../measures/chunk';
import type { ModelConfig } from '../network/config';
import type { Parameters } from '../network/parameters';
import type { TrainingDevice } from '../runtime/device';
import { createTrainingEngine } from '../runtime/trainingEngine';
import type { AdamWOptions } from '../network/optimizer';
import { TrainingError } from './errors';
import { bitsPerByte } from './loop';

/** The optimizer of the golden steps (SPEC section 7). */
export const GOLDEN_OPTIMIZER: AdamWOptions = {
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.01,
  clipNorm: 0.12,
};

/** S batches of B windows of T+1 chunks: bytes [S, B, 4(T+1)]. */
export interface Batches {
  readonly bytes: Uint8Array;
  readonly count: number;
  readonly batch: number;
  readonly context: number;
}

/** One step, as it was; nothing is averaged. */
export interface BatchReport {
  readonly step: number;
  readonly steps: number;
  /** Nats a bit, before the step's update. */
  readonly loss: number;
  readonly bitsPerByte: number;
  /** Before clipping. */
  readonly gradientNorm: number;
  readonly learningRate: number;
  readonly stepMilliseconds: number;
}

export interface BatchTraining {
  readonly config: ModelConfig;
  readonly parameters: Parameters;
  readonly batches: Batches;
  readonly learningRate: number;
  readonly optimizer: AdamWOptions;
  readonly device: TrainingDevice;
  readonly threads: number;
}

/**
 * Checks a tensor of batches.
 * @param source names the file in the error
 * @throws TrainingError (`settings`) naming the shape found and expected
 */
export function batchesOf(bytes: Uint8Array, shape: readonly number[], source: string): Batches {
  const [count, batch, length] = shape;
  const context = (length ?? 0) / CHUNK_BYTES - 1;
  if (shape.length !== 3 || !Number.isInteger(context) || context < 1 || count! < 1 || batch! < 1) {
    throw new TrainingError(
      'settings',
      `${source}: "bytes" has shape [${shape.join(', ')}], expected [steps, batch, 4·(T+1)] with T of at least 1.`,
    );
  }
  return { bytes, count: count!, batch: batch!, context };
}

/**
 * One optimizer step a batch, in order.
 * @returns the parameters after the last step
 */
export async function trainOnBatches(
  training: BatchTraining,
  onStep: (report: BatchReport) => void,
): Promise<Parameters> {
  const { batches, learningRate } = training;
  const session = await createTrainingEngine(training.config, training.parameters, {
    batch: batches.batch,
    context: batches.context,
    optimizer: training.optimizer,
    device: training.device,
    threads: training.threads,
  });
  try {
    const size = batches.bytes.length / batches.count;
    for (let i = 0; i < batches.count; i++) {
      const begun = performance.now();
      const { loss, gradientNorm } = await session.step(batches.bytes.subarray(i * size, (i + 1) * size), learningRate);
      onStep({
        step: i + 1,
        steps: batches.count,
        loss,
        bitsPerByte: bitsPerByte(loss),
        gradientNorm,
        learningRate,
        stepMilliseconds: performance.now() - begun,
      });
    }
    return (await session.read()).parameters;
  } finally {
    await session.dispose();
  }
}
