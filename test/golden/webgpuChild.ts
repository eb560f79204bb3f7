/** @file Runs one golden case on WebGPU in a process of its own, and tells errors, where every node ran, and what stayed on the device. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { OnnxSession } from '../../model/runtime/onnxSession';
import type { Tensors } from '../../model/runtime/onnxSession';
import type { Errors, TrainingErrors } from './measure';
import { forwardErrors, gradientErrors, trainingErrors } from './measure';

/** What the child sends for `process.argv[2]`, the name of a case. */
export interface WebgpuReport {
  readonly forward: Errors;
  readonly gradients: Errors;
  readonly training: TrainingErrors;
  /** Nodes of the training steps by execution provider, and those of another than WebGPU by operator. */
  readonly providers: Readonly<Record<string, number>>;
  readonly elsewhere: readonly string[];
  /** Names of the inputs and outputs of the last training step that were in the host's memory. */
  readonly hostInputs: readonly string[];
  readonly hostOutputs: readonly string[];
}

const WEBGPU = { device: 'webgpu', threads: 1 } as const;

interface ProfileEvent {
  readonly cat: string;
  readonly args: { readonly provider?: string; readonly op_name?: string };
}

function inHostMemory(tensors: Tensors): string[] {
  return Object.entries(tensors).flatMap(([name, { location }]) => (location === 'cpu' ? [name] : []));
}

async function measure(name: string, folder: string): Promise<WebgpuReport> {
  const forward = await forwardErrors(name, WEBGPU);
  const gradients = await gradientErrors(name, WEBGPU);

  // Of the steps, the last is the one whose inputs and outputs are told: the runs after it read parameters back.
  let hostInputs: string[] = [];
  let hostOutputs: string[] = [];
  const run = Reflect.get(OnnxSession.prototype, 'run');
  OnnxSession.prototype.run = async function (this: OnnxSession, feeds, fetches) {
    const inputs = inHostMemory(feeds);
    const results = await run.call(this, feeds, fetches);
    if ('loss' in results) {
      hostInputs = inputs;
      hostOutputs = inHostMemory(results);
    }
    return results;
  };
  const training = await trainingErrors(name, WEBGPU, path.join(folder, 'profile'));

  const [file] = readdirSync(folder);
  const events = JSON.parse(readFileSync(path.join(folder, file!), 'utf8')) as ProfileEvent[];
  const providers: Record<string, number> = {};
  const elsewhere: string[] = [];
  for (const { cat, args } of events) {
    if (cat !== 'Node') continue;
    const provider = args.provider ?? 'unknown';
    providers[provider] = (providers[provider] ?? 0) + 1;
    if (provider !== 'WebGpuExecutionProvider') elsewhere.push(`${args.op_name ?? 'unknown'} on ${provider}`);
  }
  return { forward, gradients, training, providers, elsewhere, hostInputs, hostOutputs };
}

const folder = mkdtempSync(path.join(tmpdir(), 'smuggler-webgpu-'));
measure(process.argv[2]!, folder)
  .then((report) => {
    process.send!(report);
  })
  .catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
  })
  .finally(() => {
    rmSync(folder, { recursive: true, force: true });
    process.disconnect();
  });
