/** @file The golden cases on WebGPU, on a software Vulkan device, with every node and all state on the device. */
import { fork } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BITS } from '../../model/network/network';
import { STEP_INPUTS } from '../../model/network/trainingStep';
import { expectBelow, expectTraining } from './bounds';
import { GOLDEN_CASES, GOLDEN_FOLDER } from './golden';
import { BOUNDS } from './measure';
import { softwareVulkan } from './softwareVulkan';
import type { WebgpuReport } from './webgpuChild';

/** A driver may hang. Compiling every shader takes a few seconds of processor time, of which a busy machine gives less. */
const MOST_SECONDS = 150;

let folder: string;
let program: string;

beforeAll(async () => {
  const parent = path.join(GOLDEN_FOLDER, '../../out/test');
  mkdirSync(parent, { recursive: true });
  folder = mkdtempSync(path.join(parent, 'webgpu-'));
  program = path.join(folder, 'webgpuChild.js');
  await build({
    entryPoints: [path.join(GOLDEN_FOLDER, 'webgpuChild.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    external: ['onnxruntime-node'],
    define: { 'import.meta.dirname': JSON.stringify(GOLDEN_FOLDER) },
    tsconfigRaw: {},
    outfile: program,
  });
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** What the child reports; where it fails, crashes or hangs, that is the error. */
function runApart(name: string): Promise<WebgpuReport> {
  return new Promise((resolve, reject) => {
    const child = fork(program, [name], {
      serialization: 'advanced',
      execArgv: [],
      env: softwareVulkan(),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      timeout: MOST_SECONDS * 1000,
      killSignal: 'SIGKILL',
    });
    let report: WebgpuReport | undefined;
    let errors = '';
    child.on('message', (message) => (report = message as WebgpuReport));
    child.stderr!.setEncoding('utf8').on('data', (text: string) => (errors += text));
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (report !== undefined && code === 0) resolve(report);
      else reject(new Error(`The process of case ${name} ended with ${signal ?? code ?? 'nothing'}: ${errors.trim()}`));
    });
  });
}

describe.each(GOLDEN_CASES)('golden case %s on WebGPU', (name) => {
  let report: WebgpuReport;
  beforeAll(
    async () => {
      report = await runApart(name);
    },
    (MOST_SECONDS + 10) * 1000,
  );

  it('forward', () => {
    expectBelow(report.forward, BOUNDS.forward);
  });

  it('gradients', () => {
    expectBelow(report.gradients, BOUNDS.gradient);
  });

  it('five training steps', () => {
    expectTraining(report.training);
  });

  it('no node of a training step leaves the device', () => {
    expect(report.elsewhere).toEqual([]);
    expect(Object.keys(report.providers)).toEqual(['WebGpuExecutionProvider']);
    expect(report.providers['WebGpuExecutionProvider']).toBeGreaterThan(1000);
  });

  it('parameters and moments stay on the device from step to step', () => {
    expect(report.hostInputs.toSorted()).toEqual([BITS, ...Object.values(STEP_INPUTS)].toSorted());
    expect(report.hostOutputs.toSorted()).toEqual(['gradientNorm', 'loss']);
  });
});
