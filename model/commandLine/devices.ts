/** @file `smuggler devices` and `smuggler presets`: what this machine can do, tried out in processes of their own, since a driver may take them down. */
import { TrainingError } from '../training/errors';
import { PRESETS } from '../training/presets';
import { performTrial } from '../training/trials';
import type { DeviceReport } from '../protocol/devices';
import { TRAINING_DEVICES } from '../runtime/device';
import { isTrialError, tryDevice, tryPreset } from '../runtime/trial';
import { byteSize } from '../measures/numberText';
import { formatDuration, formatMilliseconds } from './format';
import type { TrainingRuntimeFlags } from './options';
import type { Terminal } from './terminal';
import { ExitCode } from './terminal';

export interface DevicesFlags {
  readonly json?: true;
  readonly threads: number;
  /** Does one trial, given as JSON, for the process that forked this one. */
  readonly trial?: string;
}

export interface PresetsFlags extends TrainingRuntimeFlags {
  readonly json?: true;
}

/** The program that runs now, which does trials too. */
function apart(terminal: Terminal) {
  return { program: process.argv[1]!, args: ['devices', '--trial'], signal: terminal.signal };
}

function deviceLine(report: DeviceReport): string {
  if (!report.available) return `${report.name}: cannot be used. ${report.reason}`;
  const { small, large, difference, agrees, name } = report;
  const { stepMilliseconds, forwardMilliseconds } = large ?? small;
  const size = large === null ? 'of a small model; too slow for a larger one' : 'of the default model';
  const speed = `${formatMilliseconds(stepMilliseconds)} a step, ${formatMilliseconds(forwardMilliseconds)} a window ${size}`;
  if (name === 'cpu') return `${name}: ${speed}`;
  const distance = `differs from the CPU by at most ${difference.toExponential(1)}`;
  return `${name}: ${speed}; ${distance}, ${agrees ? 'which agrees' : 'too much to be trusted'}`;
}

/** @returns the exit code */
export async function devices(flags: DevicesFlags, terminal: Terminal): Promise<number> {
  if (flags.trial !== undefined) {
    if (process.send === undefined) throw new TrainingError('settings', '--trial is for the program itself.');
    await performTrial(flags.trial, process.send.bind(process));
    return ExitCode.done;
  }
  const reports: DeviceReport[] = [];
  for (const device of TRAINING_DEVICES) {
    const report = await tryDevice(device, flags.threads, apart(terminal));
    reports.push(report);
    if (flags.json !== true) terminal.line(deviceLine(report));
  }
  if (flags.json === true) terminal.json({ devices: reports });
  return ExitCode.done;
}

/** @returns the exit code */
export async function presets(flags: PresetsFlags, terminal: Terminal): Promise<number> {
  // All lines tell times by the first one's product: what the machine does besides may change from one to the next.
  let product: number | undefined;
  for (const { name, parameters, steps, batch, config } of PRESETS) {
    try {
      const estimate = await tryPreset(name, flags.device, flags.threads, apart(terminal));
      const { stepProducts, memoryBytes } = estimate;
      product ??= estimate.productMilliseconds;
      const stepMilliseconds = stepProducts * product;
      const expectedSeconds = (steps * stepMilliseconds) / 1000;
      if (flags.json === true) {
        terminal.json({ name, parameters, steps, batch, config, stepMilliseconds, memoryBytes, expectedSeconds });
      } else {
        terminal.line(
          `${name}: ${parameters} parameters, ${byteSize(memoryBytes)} of memory, ${steps} steps of ${formatMilliseconds(stepMilliseconds)}: ${formatDuration(expectedSeconds)}`,
        );
      }
    } catch (error) {
      if (!isTrialError(error)) throw error;
      terminal.note(`${name}: ${error.message}`);
    }
  }
  return ExitCode.done;
}
