/** @file Runs a trial in a process of its own, which may crash or hang: either is an answer too. */
import { fork } from 'node:child_process';
import type { DeviceMeasurement, DeviceReport, PresetEstimate, ProductTime, Trial } from '../protocol/devices';

/** What a trial measures, by its kind. */
export type TrialResult = DeviceMeasurement | PresetEstimate | ProductTime;

/** What a trial's process sends. */
export type TrialOutcome =
  | { readonly result: TrialResult }
  /** The answer, should the rest not be done in time. */
  | { readonly preliminary: DeviceMeasurement }
  | { readonly error: string };

/** A trial that ended without a measurement; the message is one sentence for the user. */
export class TrialError extends Error {
  override readonly name = 'TrialError';
}

export function isTrialError(error: unknown): error is TrialError {
  return error instanceof TrialError;
}

export interface TrialOptions {
  /** The program and what stands before the trial's JSON on its command line. */
  readonly program: string;
  readonly args: readonly string[];
  /** A device that has not answered by then hangs; compiling shaders takes seconds. */
  readonly seconds?: number;
  /** Ends the trial; the promise rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

export const TRIAL_SECONDS = 60;

function subjectOf(trial: Trial): string {
  return trial.kind === 'preset' ? `The trial of ${trial.preset} on ${trial.device}` : `The trial of ${trial.device}`;
}

function run(trial: Trial, options: TrialOptions): Promise<TrialResult> {
  const { program, args, seconds = TRIAL_SECONDS, signal } = options;
  return new Promise((resolve, reject) => {
    signal?.throwIfAborted();
    const environment: NodeJS.ProcessEnv = { ...process.env, ELECTRON_RUN_AS_NODE: '1', ORT_DISABLE_TELEMETRY: '1' };
    delete environment['NODE_OPTIONS'];
    const child = fork(program, [...args, JSON.stringify(trial)], {
      execArgv: [],
      env: environment,
      // What a driver writes is nothing that a user could use.
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    let outcome: Exclude<TrialOutcome, { preliminary: unknown }> | undefined;
    let preliminary: DeviceMeasurement | undefined;
    let hung = false;
    const abort = () => child.kill('SIGKILL');
    signal?.addEventListener('abort', abort);
    const timer = setTimeout(() => {
      hung = true;
      child.kill('SIGKILL');
    }, seconds * 1000);
    child.on('message', (message) => {
      const told = message as TrialOutcome;
      if ('preliminary' in told) preliminary = told.preliminary;
      else outcome = told;
    });
    const settle = (ended: string) => {
      clearTimeout(timer);
      signal?.removeEventListener('abort', abort);
      if (outcome !== undefined && 'result' in outcome) resolve(outcome.result);
      else if (signal?.aborted === true) reject(signal.reason as Error);
      else if (outcome !== undefined) reject(new TrialError(outcome.error));
      else if (hung && preliminary !== undefined) resolve(preliminary);
      else if (hung) reject(new TrialError(`${subjectOf(trial)} did not end within ${seconds} s.`));
      else reject(new TrialError(`${subjectOf(trial)} crashed (${ended}).`));
    };
    child.on('error', (error) => {
      settle(error.message);
    });
    child.on('exit', (code, name) => {
      settle(name ?? `exit code ${code ?? 'unknown'}`);
    });
  });
}

/** What a device can do; where it cannot be used, why. Rejects only where the signal ends it. */
export async function tryDevice(device: string, threads: number, options: TrialOptions): Promise<DeviceReport> {
  try {
    const measured = (await run({ kind: 'device', device, threads }, options)) as DeviceMeasurement;
    return { name: device, available: true, ...measured };
  } catch (error) {
    if (!isTrialError(error)) throw error;
    return { name: device, available: false, reason: error.message };
  }
}

/** What a preset costs. @throws TrialError, or the signal's reason */
export async function tryPreset(
  preset: string,
  device: string,
  threads: number,
  options: TrialOptions,
): Promise<PresetEstimate> {
  return (await run({ kind: 'preset', preset, device, threads }, options)) as PresetEstimate;
}

/** The reference product as it is now. @throws TrialError, or the signal's reason */
export async function tryProduct(device: string, threads: number, options: TrialOptions): Promise<ProductTime> {
  return (await run({ kind: 'product', device, threads }, options)) as ProductTime;
}
