/** @file `smuggler devices`: where this build can compute, tried out in a process of its own, since a driver may take it down. */
import { fork } from 'node:child_process';
import type { ModelConfig } from '../network/config';
import { DEFAULT_CONFIG } from '../network/config';
import { initializeParameters } from '../network/initialize';
import type { Device } from '../runtime/device';
import { isDevice } from '../runtime/device';
import { Inference } from '../runtime/inference';
import { loadOnnxRuntime } from '../runtime/onnxRuntime';
import { Random } from '../text/random';
import type { Terminal } from './terminal';
import { ExitCode } from './terminal';

export interface DevicesFlags {
  readonly json?: true;
  /** Tries one device out and answers by the exit code: what the child process does. */
  readonly device?: Device;
}

interface DeviceReport {
  readonly name: string;
  readonly available: boolean;
  /** Why not, in the words of the runtime or the driver. */
  readonly reason?: string;
}

const PROBE_MILLISECONDS = 30_000;

/** The smallest model that uses attention, convolution and voters. */
const PROBE_CONFIG: ModelConfig = {
  ...DEFAULT_CONFIG,
  embedding_dim: 4,
  stages: 0,
  kernel_sizes: [3],
  bottleneck_layers: 1,
  attention_heads: 1,
  voters_per_bit: 2,
  context_chunks: 2,
};

async function probe(device: Device): Promise<void> {
  const rates = new Float32Array(32).fill(0.5);
  const parameters = initializeParameters(PROBE_CONFIG, rates, Random.fromSeed(0));
  const inference = await Inference.create(PROBE_CONFIG, parameters, { device, threads: 1 });
  try {
    await inference.score(new Uint8Array(12), 1);
  } finally {
    await inference.dispose();
  }
}

/** Why the trial failed: the last line that it wrote, without control characters, our own prefix and ONNX Runtime's source positions. */
function reasonOf(errors: string): string {
  const lines = errors.split('\n').map((line) => line.replace(/\p{Cc}/gu, ' ').trim());
  const last = lines.filter((line) => line !== '').at(-1) ?? '';
  return last.replace(/^smuggler: /, '').replace(/\S*onnxruntime_src\S*.* was false\. /, '');
}

async function probeApart(device: string, script: string): Promise<DeviceReport> {
  return new Promise((resolve) => {
    const child = fork(script, ['devices', '--device', device], {
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      timeout: PROBE_MILLISECONDS,
      killSignal: 'SIGKILL',
    });
    let errors = '';
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('error', (error) => {
      resolve({ name: device, available: false, reason: error.message });
    });
    child.on('close', (code, signal) => {
      if (code === ExitCode.done) resolve({ name: device, available: true });
      const ended = signal === null ? `the trial ended with code ${String(code)}` : `the trial was ended by ${signal}`;
      resolve({ name: device, available: false, reason: reasonOf(errors) || ended });
    });
  });
}

/** @returns the exit code */
export async function devices(flags: DevicesFlags, terminal: Terminal): Promise<number> {
  if (flags.device !== undefined) {
    await probe(flags.device);
    return ExitCode.done;
  }
  const reports: DeviceReport[] = [];
  for (const { name } of (await loadOnnxRuntime()).listSupportedBackends()) {
    if (!isDevice(name)) continue;
    reports.push(name === 'cpu' ? { name, available: true } : await probeApart(name, process.argv[1]!));
  }
  if (flags.json === true) {
    terminal.json({ devices: reports });
  } else {
    for (const { name, available, reason } of reports) {
      terminal.line(`${name}: ${available ? 'available' : `not available (${reason ?? 'unknown reason'})`}`);
    }
  }
  return ExitCode.done;
}
