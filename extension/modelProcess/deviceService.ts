/** @file Where models run: the setting, what `auto` makes of it, and devices that have failed. */
import * as vscode from 'vscode';
import type { DeviceReport } from '../../model/protocol/devices';
import type { PresetSummary } from '../../model/protocol/training';
import { isDevice, TRAINING_DEVICES } from '../../model/runtime/device';
import type { TrialOptions } from '../../model/runtime/trial';
import { tryDevice, tryPreset, tryProduct } from '../../model/runtime/trial';
import { readSettings } from '../configuration';
import type { Purpose } from './fastestDevice';
import { fastestDevice } from './fastestDevice';
import type { Measurements } from './measurements';
import type { Log } from './modelProcess';

export const AUTO = 'auto';

/** What training a preset costs here and now. */
export interface PresetCost {
  readonly stepMilliseconds: number;
  /** Most memory that the process holds, its program and ONNX Runtime included; text is not. */
  readonly memoryBytes: number;
}

export interface DeviceServiceOptions {
  /** The program of the model process, which does trials too. */
  readonly program: string;
  readonly measurements: Measurements;
  readonly log: Log;
}

export class DeviceService implements vscode.Disposable {
  readonly #failed = new Set<string>();
  readonly #disposal = new AbortController();
  #measuringForAuto = false;
  readonly #didChange = new vscode.EventEmitter<undefined>();

  constructor(private readonly options: DeviceServiceOptions) {}

  /** The device to use may be another. */
  readonly onDidChange = this.#didChange.event;

  /** As found when they were tried out last; empty where they never were. */
  get reports(): readonly DeviceReport[] {
    return this.options.measurements.devices;
  }

  /** The device to use now. */
  device(purpose: Purpose): string {
    const { device } = readSettings();
    const chosen = device === AUTO ? fastestDevice(this.reports, purpose) : device;
    // TensorFlow.js only trains.
    const suits = purpose === 'training' || isDevice(chosen);
    return suits && !this.#failed.has(chosen) ? chosen : 'cpu';
  }

  /** A process has ended, or hung, on this device: it is not used again before `forgive`. */
  fail(device: string): void {
    if (device !== 'cpu') this.#failed.add(device);
  }

  /** The user has chosen a device: it gets another chance. */
  forgive(): void {
    if (this.#failed.size === 0) return;
    this.#failed.clear();
    this.#didChange.fire(undefined);
  }

  /** With `auto`, tries the devices out where that has not been done on this machine. */
  async measureForAuto(): Promise<void> {
    if (this.#measuringForAuto || readSettings().device !== AUTO || this.reports.length > 0) return;
    this.#measuringForAuto = true;
    try {
      await this.measure(() => undefined);
    } catch (error) {
      if (!this.#disposal.signal.aborted) throw error;
    } finally {
      this.#measuringForAuto = false;
    }
  }

  /**
   * Tries every device out, one after the other, each in a process of its own.
   * @throws the signal's reason
   */
  async measure(onReport: (report: DeviceReport) => void, signal?: AbortSignal): Promise<void> {
    for (const device of TRAINING_DEVICES) {
      const report = await tryDevice(device, readSettings().threads, this.#trial(signal));
      this.options.log.info(`Device ${device}: ${JSON.stringify(report)}`);
      await this.options.measurements.setDevice(report);
      onReport(report);
    }
    this.#didChange.fire(undefined);
  }

  /**
   * What a preset takes with the present device and threads, from when it was measured; undefined where it never was. Its time is that
   * of the reference product as timed last, times as many products as a step took: the costs of all presets are of one load.
   */
  cost(preset: PresetSummary): PresetCost | undefined {
    const { measurements } = this.options;
    const estimate = measurements.preset(this.#presetKey(preset));
    const product = measurements.product(this.#productKey());
    if (estimate === undefined || product === undefined) return undefined;
    const { stepProducts, memoryBytes } = estimate;
    return { stepMilliseconds: stepProducts * product.productMilliseconds, memoryBytes };
  }

  /** Measures what a preset takes, and the reference product with it. @throws TrialError, or the signal's reason */
  async measurePreset(preset: PresetSummary, signal: AbortSignal): Promise<void> {
    const { measurements } = this.options;
    const [key, productKey] = [this.#presetKey(preset), this.#productKey()];
    const device = this.device('training');
    const estimate = await tryPreset(preset.name, device, readSettings().threads, this.#trial(signal));
    await measurements.setPreset(key, estimate);
    await measurements.setProduct(productKey, estimate);
  }

  /** Times the reference product, by which what is known of the presets is told. @throws TrialError, or the signal's reason */
  async measureProduct(signal: AbortSignal): Promise<void> {
    const key = this.#productKey();
    const product = await tryProduct(this.device('training'), readSettings().threads, this.#trial(signal));
    await this.options.measurements.setProduct(key, product);
  }

  dispose(): void {
    this.#disposal.abort();
    this.#didChange.dispose();
  }

  #productKey(): string {
    return JSON.stringify([this.device('training'), readSettings().threads]);
  }

  #presetKey({ name, batch, config }: PresetSummary): string {
    return JSON.stringify([name, batch, config, this.device('training'), readSettings().threads]);
  }

  #trial(signal?: AbortSignal): TrialOptions {
    const disposal = this.#disposal.signal;
    return {
      program: this.options.program,
      args: ['--trial'],
      signal: signal === undefined ? disposal : AbortSignal.any([signal, disposal]),
    };
  }
}
