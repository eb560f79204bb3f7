/** @file What was measured on this machine, kept from one session to the next: devices, and what presets take. */
import { mkdir, readFile, rename, writeFile } from 'node:fs/promises';
import { arch, cpus, hostname, platform } from 'node:os';
import { dirname } from 'node:path';
import type { DeviceReport, PresetEstimate, ProductTime } from '../../model/protocol/devices';

interface Stored {
  /** What the figures hold for. */
  readonly machine: string;
  readonly devices: readonly DeviceReport[];
  /** By what was measured: preset, its configuration, device, threads. */
  readonly presets: Readonly<Record<string, PresetEstimate>>;
  /** The reference product as it was timed last, by device and threads. */
  readonly products: Readonly<Record<string, ProductTime>>;
}

/** This machine and its ONNX Runtime: figures of another are of no use. */
export function machineName(runtimeVersion: string): string {
  const processors = cpus();
  return `${hostname()} ${platform()}-${arch()} ${processors.length}× ${processors[0]?.model ?? 'unknown'}, ONNX Runtime ${runtimeVersion}`;
}

function isStored(value: unknown): value is Stored {
  if (typeof value !== 'object' || value === null) return false;
  const { machine, devices, presets, products } = value as Partial<Record<keyof Stored, unknown>>;
  const isRecord = (part: unknown) => typeof part === 'object' && part !== null;
  return typeof machine === 'string' && Array.isArray(devices) && isRecord(presets) && isRecord(products);
}

/** The figures, in a file of their own in the extension's storage. */
export class Measurements {
  #stored: Stored;
  #writing: Promise<void> = Promise.resolve();

  private constructor(
    private readonly file: string,
    machine: string,
  ) {
    this.#stored = { machine, devices: [], presets: {}, products: {} };
  }

  /** Reads what is there; a file that cannot be read, or is of another machine, counts as none. */
  static async read(file: string, machine: string): Promise<Measurements> {
    const measurements = new Measurements(file, machine);
    try {
      const value: unknown = JSON.parse(await readFile(file, 'utf8'));
      if (isStored(value) && value.machine === machine) measurements.#stored = value;
    } catch {
      // Nothing has been measured yet.
    }
    return measurements;
  }

  get devices(): readonly DeviceReport[] {
    return this.#stored.devices;
  }

  preset(key: string): PresetEstimate | undefined {
    return this.#stored.presets[key];
  }

  setDevice(report: DeviceReport): Promise<void> {
    const others = this.#stored.devices.filter(({ name }) => name !== report.name);
    return this.#set({ ...this.#stored, devices: [...others, report] });
  }

  setPreset(key: string, estimate: PresetEstimate): Promise<void> {
    return this.#set({ ...this.#stored, presets: { ...this.#stored.presets, [key]: estimate } });
  }

  product(key: string): ProductTime | undefined {
    return this.#stored.products[key];
  }

  setProduct(key: string, { productMilliseconds }: ProductTime): Promise<void> {
    return this.#set({ ...this.#stored, products: { ...this.#stored.products, [key]: { productMilliseconds } } });
  }

  #set(stored: Stored): Promise<void> {
    this.#stored = stored;
    this.#writing = this.#writing.then(() => this.#write()).catch(() => undefined);
    return this.#writing;
  }

  async #write(): Promise<void> {
    await mkdir(dirname(this.file), { recursive: true });
    const temporary = `${this.file}.${process.pid}`;
    await writeFile(temporary, JSON.stringify(this.#stored));
    await rename(temporary, this.file);
  }
}
