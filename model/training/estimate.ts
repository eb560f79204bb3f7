/** @file What training a preset costs on this machine: a few of its steps, in a process that does nothing else. */
import { constants, setPriority } from 'node:os';
import type { PresetEstimate } from '../protocol/devices';
import type { TrainingDevice } from '../runtime/device';
import { answeringDevice } from '../runtime/device';
import { randomStart } from '../runtime/measureDevice';
import { referenceProduct, timeInProducts } from '../runtime/referenceProduct';
import { createTrainingEngine } from '../runtime/trainingEngine';
import { chooseThreads, DEFAULT_OPTIMIZER } from './plan';
import { presetNamed } from './presets';

/**
 * Measures a preset. The process must be fresh: its peak is the memory that is told.
 * @throws TrainingError (`settings`) where there is no such preset; DeviceError, RuntimeMissingError
 */
export async function measurePreset(name: string, device: TrainingDevice, threads: number): Promise<PresetEstimate> {
  // As training runs.
  setPriority(constants.priority.PRIORITY_BELOW_NORMAL);
  const { config, batch, learningRate } = presetNamed(name);
  const { parameters, bytes } = randomStart(config, batch);
  const product = await referenceProduct(answeringDevice(device), chooseThreads(threads));
  const session = await createTrainingEngine(config, parameters, {
    batch,
    context: config.context_chunks,
    optimizer: DEFAULT_OPTIMIZER,
    device,
    threads: chooseThreads(threads),
  });
  try {
    const { products, productMilliseconds } = await timeInProducts(() => session.step(bytes, learningRate), product);
    // Saving reads parameters and moments back.
    await session.read();
    return { stepProducts: products, productMilliseconds, memoryBytes: process.resourceUsage().maxRSS * 1024 };
  } finally {
    await session.dispose();
    await product.dispose();
  }
}
