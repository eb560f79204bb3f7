/** @file Trials: whatever a device does to its process, the answer is a measurement or one sentence. */
import { mkdtempSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { DeviceMeasurement, DeviceReport } from '../../../model/protocol/devices';
import { AGREEMENT, largestDifference, measureDevice } from '../../../model/runtime/measureDevice';
import { isTrialError, tryDevice, tryPreset, tryProduct } from '../../../model/runtime/trial';
import { isDeviceError } from '../../../model/runtime/onnxSession';
import { timeInProducts } from '../../../model/runtime/referenceProduct';
import { median, timeRuns } from '../../../model/runtime/timing';
import { softwareVulkan } from '../../golden/softwareVulkan';

const ROOT = path.join(import.meta.dirname, '../../..');
const FAKE = { program: path.join(import.meta.dirname, 'fakeTrial.mjs'), args: ['--trial'] };

function reasonOf(report: DeviceReport): string {
  return report.available ? 'available' : report.reason;
}

describe('a trial whose process misbehaves', () => {
  it('answers with what was measured, on the device and with the threads asked for', async () => {
    expect(await tryDevice('cpu', 3, FAKE)).toMatchObject({
      name: 'cpu',
      available: true,
      agrees: true,
      trial: { kind: 'device', device: 'cpu', threads: 3 },
    });
  });

  it.each([
    ['missing', /^There is no adapter\.$/],
    ['crashing', /^The trial of crashing crashed \(SIGSEGV\)\.$/],
    ['aborting', /^The trial of aborting crashed \(SIGABRT\)\.$/],
    ['exiting', /^The trial of exiting crashed \(exit code 3\)\.$/],
  ])('%s', async (device, expected) => {
    const report = await tryDevice(device, 1, FAKE);
    expect(report).toMatchObject({ name: device, available: false });
    expect(reasonOf(report)).toMatch(expected);
  });

  it('hanging', async () => {
    const report = await tryDevice('hanging', 1, { ...FAKE, seconds: 1 });
    expect(reasonOf(report)).toBe('The trial of hanging did not end within 1 s.');
  });

  it('slow: what it showed by then is the answer, but not where it crashes', async () => {
    const report = await tryDevice('slow', 1, { ...FAKE, seconds: 1 });
    expect(report).toMatchObject({ name: 'slow', available: true, agrees: true, large: null });
    const crashed = await tryDevice('slow and crashing', 1, FAKE);
    expect(reasonOf(crashed)).toBe('The trial of slow and crashing crashed (SIGSEGV).');
  });

  it('a program that is not there', async () => {
    expect(reasonOf(await tryDevice('cpu', 1, { program: '/nowhere/modelProcess.js', args: [] }))).toMatch(/crashed/);
  });

  it('a preset rejects with the sentence', async () => {
    const error: unknown = await tryPreset('tiny', 'crashing', 1, FAKE).catch((reason: unknown) => reason);
    expect(isTrialError(error) && error.message).toBe('The trial of tiny on crashing crashed (SIGSEGV).');
  });

  it('ends when it is not waited for any longer', async () => {
    const controller = new AbortController();
    const waiting = tryDevice('hanging', 1, { ...FAKE, signal: controller.signal });
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
  });
});

describe('what is measured', () => {
  it('the largest relative difference; what is missing or not finite differs infinitely', () => {
    const theirs = new Map([
      ['a', [3, 4]],
      ['b', [1]],
    ]);
    const ours = (a: number[], b: number[]) =>
      new Map([
        ['a', a],
        ['b', b],
      ]);
    expect(largestDifference(ours([3, 4], [1]), theirs)).toBe(0);
    expect(largestDifference(ours([3, 4.5], [1.01]), theirs)).toBeCloseTo(0.1, 10);
    expect(largestDifference(ours([3, NaN], [1]), theirs)).toBe(Infinity);
    expect(largestDifference(ours([3], [1]), theirs)).toBe(Infinity);
    expect(largestDifference(new Map([['a', [3, 4]]]), theirs)).toBe(Infinity);
  });

  it('the median of the runs after the first', async () => {
    expect(median([3, 1, 2])).toBe(2);
    expect(median([4, 1, 2, 3])).toBe(2);
    let runs = 0;
    const time = await timeRuns(async () => {
      await new Promise((done) => setTimeout(done, runs++ === 0 ? 300 : 5));
    });
    expect(runs).toBeGreaterThan(1);
    expect(time).toBeGreaterThan(1);
    expect(time).toBeLessThan(150);
  });

  it('a time in products of the same load: a machine that is three times as slow gives the same figure', async () => {
    const relative = async (slowness: number) => {
      const take = (milliseconds: number) => () => new Promise((done) => setTimeout(done, slowness * milliseconds));
      return timeInProducts(take(60), { run: take(20), dispose: () => Promise.resolve() });
    };
    const [quick, slow] = [await relative(1), await relative(3)];
    expect(slow.productMilliseconds / quick.productMilliseconds).toBeGreaterThan(2);
    expect(slow.products / quick.products).toBeGreaterThan(0.8);
    expect(slow.products / quick.products).toBeLessThan(1.25);
  });

  it('the CPU agrees with itself, and is fast enough for a model of the default size', async () => {
    const measured = await measureDevice('cpu', 1);
    expect(measured).toMatchObject({ difference: 0, agrees: true });
    expect(measured.small.stepMilliseconds).toBeGreaterThan(0);
    expect(measured.small.stepMilliseconds).toBeLessThan(measured.large!.stepMilliseconds);
    const preliminary: DeviceMeasurement[] = [];
    await measureDevice('cpu', 1, (told) => {
      preliminary.push(told);
      return Promise.resolve();
    });
    expect(preliminary).toMatchObject([{ large: null, difference: 0, agrees: true }]);
  });

  it('a device that this build of ONNX Runtime does not have', async () => {
    const other = process.platform === 'win32' ? 'coreml' : 'dml';
    const error: unknown = await measureDevice(other, 1).catch((reason: unknown) => reason);
    expect(isDeviceError(error) && error.message).toMatch(new RegExp(`^ONNX Runtime for \\S+ has no "${other}"\\.$`));
  });
});

describe('the real program', () => {
  let folder: string;
  let real: { program: string; args: readonly string[] };

  beforeAll(async () => {
    folder = mkdtempSync(path.join(ROOT, 'out/trial-'));
    real = { program: path.join(folder, 'modelProcess.js'), args: ['--trial'] };
    await build({
      entryPoints: [path.join(ROOT, 'model/modelProcess.ts')],
      bundle: true,
      platform: 'node',
      target: 'node20',
      external: ['onnxruntime-node'],
      tsconfigRaw: {},
      outfile: real.program,
    });
  });
  afterAll(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  it('measures a preset: a step and the memory of its process', async () => {
    const estimate = await tryPreset('tiny', 'cpu', 1, real);
    expect(estimate.stepProducts * estimate.productMilliseconds).toBeGreaterThan(0.1);
    expect(estimate.memoryBytes).toBeGreaterThan(30e6);
    expect(estimate.memoryBytes).toBeLessThan(1e9);
  });

  it('times the reference product', async () => {
    expect((await tryProduct('cpu', 1, real)).productMilliseconds).toBeGreaterThan(0.5);
  });

  it('WebGPU without an adapter is one sentence', async () => {
    const before = { ...process.env };
    // No driver: on Linux the Vulkan loader then finds nothing, whatever the machine has.
    Object.assign(process.env, { VK_DRIVER_FILES: '/nowhere', VK_ICD_FILENAMES: '/nowhere' });
    try {
      const report = await tryDevice('webgpu', 1, real);
      if (process.platform === 'linux') {
        expect(reasonOf(report)).toBe(
          'The device "webgpu" cannot run the model: Failed to get a WebGPU adapter: No supported adapters.',
        );
      } else expect(report.name).toBe('webgpu');
    } finally {
      process.env = before;
    }
  });

  it('WebGPU on a software device agrees with the CPU, and is too slow for more than the small model', async () => {
    const before = process.env;
    process.env = softwareVulkan();
    try {
      const report = await tryDevice('webgpu', 1, { ...real, seconds: 150 });
      expect(reasonOf(report)).toBe('available');
      const { difference, agrees, small, large } = report as DeviceMeasurement;
      expect(agrees).toBe(true);
      expect(difference).toBeGreaterThan(0);
      expect(difference).toBeLessThan(AGREEMENT);
      expect(small.stepMilliseconds).toBeGreaterThan(0);
      if (process.platform === 'linux') expect(large).toBeNull();
    } finally {
      process.env = before;
    }
  }, 170_000);
});
