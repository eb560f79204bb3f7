/** @file What Choose Device… and the preset picker say about what was measured. */
import type { DeviceReport } from '../../model/protocol/devices';
import type { PresetSummary } from '../../model/protocol/training';
import { byteSize, roughTime, shortCount, shortNumber } from '../../model/measures/numberText';
import type { PresetCost } from '../modelProcess/deviceService';

export const DEVICE_NAMES: Readonly<Record<string, string>> = {
  auto: 'the fastest that agrees with the CPU',
  cpu: 'the processor',
  webgpu: 'any GPU, through WebGPU',
  cuda: 'an NVIDIA GPU with CUDA',
  dml: 'any GPU with DirectX 12',
  coreml: 'Neural Engine or GPU of a Mac',
  tensorflow: 'your own TensorFlow.js, for training only',
};

/** What was found, in one line. */
export function reportDetail(report: DeviceReport): string {
  // The line is short, and begins with the device already.
  if (!report.available)
    return `Cannot be used: ${report.reason.replace(/^The device "\w+" cannot run the model: /u, '')}`;
  const { name, small, large, difference, agrees } = report;
  const { stepMilliseconds, forwardMilliseconds } = large ?? small;
  const which = large === null ? 'of a small model, too slow for a larger one' : 'of the default model';
  const speed = `${shortNumber(stepMilliseconds)} ms per training step and ${shortNumber(forwardMilliseconds)} ms per window ${which}`;
  if (name === 'cpu') return speed;
  const distance = Number.isFinite(difference) ? `differs by at most ${difference.toExponential(0)}` : 'differs';
  return `${speed} · ${distance} from the CPU: ${agrees ? 'agrees' : 'does not agree'}`;
}

/** What `auto` comes to. */
export function autoDetail(answering: string, training: string, measured: boolean): string {
  if (!measured) return 'Not measured yet: the CPU until it is.';
  return answering === training
    ? `Now ${answering}.`
    : `Now ${answering} for hovers and views, ${training} for training.`;
}

/** 'about 20 s', 'about 7 min', 'about 2 h 50 min' */
export function expectedTime(seconds: number): string {
  return `about ${roughTime(Math.max(1, seconds))}`;
}

/**
 * '2.82 M parameters · about 7 min · 380 MB of memory'
 * @param cost undefined while it is being measured, null where that failed
 */
export function presetDescription(preset: PresetSummary, cost: PresetCost | null | undefined): string {
  const size = `${shortCount(preset.parameters)} parameters`;
  if (cost === undefined) return `${size} · measuring…`;
  if (cost === null) return `${size} · ${preset.steps} steps`;
  const seconds = (preset.steps * cost.stepMilliseconds) / 1000;
  return `${size} · ${expectedTime(seconds)} · ${byteSize(cost.memoryBytes)} of memory`;
}
