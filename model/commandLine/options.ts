/** @file Options that several subcommands share, and the parsers of their values. */
import { InvalidArgumentError, Option } from 'commander';
import type { Device, TrainingDevice } from '../runtime/device';
import { DEVICES, MOST_THREADS, TRAINING_DEVICES } from '../runtime/device';

/** What `--device` and `--threads` give. */
export interface RuntimeFlags {
  readonly device: Device;
  readonly threads: number;
}

/** The same for what trains. */
export interface TrainingRuntimeFlags {
  readonly device: TrainingDevice;
  readonly threads: number;
}

/** A parser of integers from `least` on, up to `most` where there is such. */
export function integer(least: number, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (!/^-?\d+$/.test(text) || !Number.isSafeInteger(value) || value < least || value > most) {
      const upTo = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`;
      throw new InvalidArgumentError(`Expected an integer ${upTo}.`);
    }
    return value;
  };
}

/** A parser of finite numbers above 0, or from 0 on where `zero` is allowed. */
export function positive(zero = false): (text: string) => number {
  return (text) => {
    const value = Number(text);
    if (text.trim() === '' || !Number.isFinite(value) || value < 0 || (value === 0 && !zero)) {
      throw new InvalidArgumentError(`Expected a number ${zero ? 'of at least' : 'above'} 0.`);
    }
    return value;
  };
}

/** The parser of numbers from 0 to 1. */
export function share(text: string): number {
  const value = Number(text);
  if (text.trim() === '' || !(value >= 0 && value <= 1))
    throw new InvalidArgumentError('Expected a number from 0 to 1.');
  return value;
}

export function deviceOption(): Option {
  return new Option('--device <name>', 'where to compute; see "smuggler devices"').choices(DEVICES).default('cpu');
}

export function trainingDeviceOption(): Option {
  return deviceOption().choices(TRAINING_DEVICES);
}

export function threadsOption(): Option {
  return new Option('--threads <n>', 'CPU threads, 0 to choose').argParser(integer(0, MOST_THREADS)).default(0);
}

/** @param what is done with memory */
export function memoryOption(what: string): Option {
  return new Option('--memory', `also ${what} with memory voters, which learn the text as it goes by`);
}

export function jsonOption(): Option {
  return new Option('--json', 'print one JSON object a line');
}
