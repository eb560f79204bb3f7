/** @file Where a model runs: ONNX Runtime's execution providers by the names that users use, and what each can take. */
import type { NetworkShape } from '../network/network';

/** Devices by their ONNX Runtime provider name. Which of them exist depends on platform and build. */
export const DEVICES = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export type Device = (typeof DEVICES)[number];

/** Threads of a CPU that can be asked for; more of them only take longer. */
export const MOST_THREADS = 256;

/** Whether there is a device of this name. */
export function isDevice(name: string): name is Device {
  return DEVICES.some((device) => device === name);
}

/** What training runs on: those, and the TensorFlow.js that a user may have installed, which only trains. */
export const TRAINING_DEVICES = [...DEVICES, 'tensorflow'] as const;
export type TrainingDevice = (typeof TRAINING_DEVICES)[number];

/** Whether there is a device of this name to train on. */
export function isTrainingDevice(name: string): name is TrainingDevice {
  return TRAINING_DEVICES.some((device) => device === name);
}

/** Where a model is inspected whose device for training is this. */
export function answeringDevice(device: TrainingDevice): Device {
  return device === 'tensorflow' ? 'cpu' : device;
}

/**
 * How graphs are built for a device: a CPU wants groups of voters that stay in its cache, a GPU few and large steps.
 * @param cacheGroup group size for a CPU
 */
export function graphLimits(device: Device, cacheGroup: () => number): Pick<NetworkShape, 'groupBits' | 'target'> {
  return device === 'cpu' ? { groupBits: cacheGroup(), target: 'cpu' } : { groupBits: 32, target: 'gpu' };
}
