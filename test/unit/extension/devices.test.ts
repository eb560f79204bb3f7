/** @file Devices as the extension sees them: which one `auto` takes, what is kept of measurements, and what is said of them. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { autoDetail, expectedTime, presetDescription, reportDetail } from '../../../extension/commands/deviceText';
import { fastestDevice } from '../../../extension/modelProcess/fastestDevice';
import { machineName, Measurements } from '../../../extension/modelProcess/measurements';
import { Watchdog } from '../../../extension/modelProcess/watchdog';
import { DEFAULT_CONFIG } from '../../../model/network/config';
import type { DeviceReport } from '../../../model/protocol/devices';

const speed = (forwardMilliseconds: number, stepMilliseconds: number) => ({ forwardMilliseconds, stepMilliseconds });
const found = (name: string, forward: number, step: number, difference = 1e-6): DeviceReport => ({
  name,
  available: true,
  small: speed(forward / 10, step / 10),
  large: speed(forward, step),
  difference,
  agrees: difference < 1e-3,
});
const slow: DeviceReport = {
  name: 'webgpu',
  available: true,
  small: speed(100, 500),
  large: null,
  difference: 2e-6,
  agrees: true,
};
const missing: DeviceReport = { name: 'cuda', available: false, reason: 'There is no GPU.' };
const cpu = found('cpu', 2, 60, 0);

describe('auto', () => {
  test('is the CPU where nothing is known, or nothing else can be used', () => {
    expect(fastestDevice([], 'training')).toBe('cpu');
    expect(fastestDevice([missing, slow, cpu], 'training')).toBe('cpu');
  });

  test('is the fastest for what it is wanted for', () => {
    const gpu = found('webgpu', 3, 20);
    expect(fastestDevice([gpu, cpu], 'training')).toBe('webgpu');
    expect(fastestDevice([gpu, cpu], 'answering')).toBe('cpu');
  });

  test('not one that only trains, for anything else', () => {
    const tensorflow = found('tensorflow', 1, 20);
    expect(fastestDevice([tensorflow, cpu], 'training')).toBe('tensorflow');
    expect(fastestDevice([tensorflow, cpu], 'answering')).toBe('cpu');
  });

  test('never one whose numbers do not agree, and the CPU where another is only as fast', () => {
    expect(fastestDevice([found('webgpu', 1, 1, 0.2), cpu], 'training')).toBe('cpu');
    expect(fastestDevice([found('webgpu', 2, 60), cpu], 'training')).toBe('cpu');
  });
});

describe('measurements', () => {
  const estimate = { stepProducts: 2, productMilliseconds: 4, memoryBytes: 1e8 };
  let folder: string;
  let file: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'smuggler-measurements-'));
    file = path.join(folder, 'storage', 'measurements.json');
  });
  afterEach(() => {
    rmSync(folder, { recursive: true, force: true });
  });

  test('are kept, the latest of each device', async () => {
    const first = await Measurements.read(file, 'here');
    expect(first.devices).toEqual([]);
    await Promise.all([first.setDevice(cpu), first.setDevice(missing), first.setDevice(found('cuda', 1, 1))]);
    await first.setPreset('tiny', estimate);
    await first.setProduct('cpu', estimate);
    const again = await Measurements.read(file, 'here');
    expect(again.devices).toEqual([cpu, found('cuda', 1, 1)]);
    expect(again.preset('tiny')).toEqual(estimate);
    expect(again.product('cpu')).toEqual({ productMilliseconds: 4 });
    expect(again.preset('small')).toBeUndefined();
  });

  test('of another machine or another ONNX Runtime count as none, and so does a broken file', async () => {
    const first = await Measurements.read(file, machineName('1.30.0'));
    await first.setDevice(cpu);
    expect((await Measurements.read(file, machineName('1.30.0'))).devices).toHaveLength(1);
    expect((await Measurements.read(file, machineName('1.31.0'))).devices).toEqual([]);
    for (const text of [
      '{"machine":',
      '[]',
      'null',
      '{"machine":"here"}',
      // As it was before products were kept.
      JSON.stringify({ machine: 'here', devices: [cpu], presets: {} }),
      JSON.stringify({ machine: 'there', devices: [cpu], presets: {}, products: {} }),
    ]) {
      writeFileSync(file, text);
      expect((await Measurements.read(file, 'here')).devices).toEqual([]);
    }
    writeFileSync(file, JSON.stringify({ machine: 'here', devices: [cpu], presets: {}, products: {} }));
    expect((await Measurements.read(file, 'here')).devices).toEqual([cpu]);
  });

  test('that cannot be written are still there for this session', async () => {
    writeFileSync(path.join(folder, 'storage'), 'a file where the folder would be');
    const measurements = await Measurements.read(file, 'here');
    await measurements.setDevice(cpu);
    expect(measurements.devices).toEqual([cpu]);
  });
});

describe('words', () => {
  test('of a device: its speed, its distance from the CPU, or why it cannot be used', () => {
    expect(reportDetail(cpu)).toBe('60 ms per training step and 2 ms per window of the default model');
    expect(reportDetail(found('webgpu', 3, 20))).toBe(
      '20 ms per training step and 3 ms per window of the default model · differs by at most 1e-6 from the CPU: agrees',
    );
    expect(reportDetail({ ...found('webgpu', 3, 20, Infinity) })).toMatch(/ differs from the CPU: does not agree$/);
    expect(reportDetail(slow)).toMatch(/^500 ms per training step .* of a small model, too slow for a larger one/);
    expect(reportDetail(missing)).toBe('Cannot be used: There is no GPU.');
    expect(reportDetail({ ...missing, reason: 'The device "cuda" cannot run the model: No driver.' })).toBe(
      'Cannot be used: No driver.',
    );
  });

  test('of auto', () => {
    expect(autoDetail('cpu', 'cpu', false)).toMatch(/^Not measured yet/);
    expect(autoDetail('cpu', 'cpu', true)).toBe('Now cpu.');
    expect(autoDetail('cpu', 'webgpu', true)).toBe('Now cpu for hovers and views, webgpu for training.');
  });

  test('of a preset: parameters, time and memory', () => {
    const preset = {
      name: 'default',
      description: 'The balanced model.',
      parameters: 2_816_000,
      steps: 6000,
      batch: 16,
      config: DEFAULT_CONFIG,
    };
    expect(presetDescription(preset, undefined)).toBe('2.82 M parameters · measuring…');
    expect(presetDescription(preset, null)).toBe('2.82 M parameters · 6000 steps');
    expect(presetDescription(preset, { stepMilliseconds: 70, memoryBytes: 394e6 })).toBe(
      '2.82 M parameters · about 7 min · 394 MB of memory',
    );
    expect([0.2, 22, 99.6, 420, 10_200].map(expectedTime)).toEqual([
      'about 1 s',
      'about 22 s',
      'about 2 min',
      'about 7 min',
      'about 2 h 50 min',
    ]);
  });
});

describe('watchdog', () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test('tells once of a process that does not answer, after as many looks as it was given', async () => {
    const onHang = vi.fn();
    const watchdog = new Watchdog(() => new Promise(() => undefined), onHang, { every: 10, misses: 3 });
    await vi.advanceTimersByTimeAsync(30);
    expect(onHang).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(100);
    expect(onHang).toHaveBeenCalledOnce();
    watchdog.dispose();
  });

  test('forgets misses when the answer comes, and ends with its owner', async () => {
    const onHang = vi.fn();
    const slowly = () => new Promise((done) => setTimeout(done, 25));
    const watchdog = new Watchdog(slowly, onHang, { every: 10, misses: 3 });
    await vi.advanceTimersByTimeAsync(1000);
    expect(onHang).not.toHaveBeenCalled();
    watchdog.dispose();
    expect(vi.getTimerCount()).toBeLessThanOrEqual(1);
  });
});
