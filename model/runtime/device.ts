/** @file Where a model runs: ONNX Runtime's execution providers by the names that people use, and what each can take. */
import type { NetworkShape } from '../network/network';

/** Devices by their ONNX Runtime provider name. Which of them exist depends on platform and build. */
export const DEVICES = ['cpu', 'webgpu', 'cuda', 'dml', 'coreml'] as const;
export type Device = (typeof DEVICES)[number];

/** Whether there is a device of this name. */
export function isDevice(name: string): name is Device {
  return DEVICES.some((device) => device === name);
}

/** Inputs of one Concat that every GPU takes (WebGPU guarantees 8 storage buffers a shader, one is the output). */
const GPU_FAN = 6;

/**
 * How graphs are built for a device: a CPU wants groups of voters that stay in its cache, a GPU few and large steps.
 * @param cacheGroup group size for a CPU
 */
export function graphLimits(device: Device, cacheGroup: () => number): Pick<NetworkShape, 'groupBits' | 'maxFan'> {
  return device === 'cpu' ? { groupBits: cacheGroup(), maxFan: Infinity } : { groupBits: 32, maxFan: GPU_FAN };
}
