/** @file Exporting the loaded model over the real channel: ONNX and safetensors, whole or not at all. */
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { decodeHalf, encodeHalf } from '../../../model/checkpoint/float16';
import { readModelFolder, writeModelFolder } from '../../../model/checkpoint/modelFolder';
import type { ModelExportFormat } from '../../../model/protocol/models';
import { exportOnnx } from '../../../model/runtime/exportOnnx';
import { goldenFolder } from '../inspection/goldenModel';
import type { HostProcess } from './childProcess';
import { bundleHost, forkHost } from './childProcess';

let bundle: Awaited<ReturnType<typeof bundleHost>>;
let host: HostProcess;
const folder = mkdtempSync(join(tmpdir(), 'export-model-'));
const model = join(folder, 'model');

beforeAll(async () => {
  cpSync(goldenFolder('chained'), model, { recursive: true });
  writeFileSync(join(model, 'card.md'), '# Card\n');
  bundle = await bundleHost();
  host = forkHost(bundle.program, 'answer');
});
afterAll(() => {
  host.child.kill('SIGKILL');
  bundle.remove();
  rmSync(folder, { recursive: true });
});

const load = () => host.ask('model/load', { folder: model, device: 'cpu', threads: 1 });
const exported = (format: ModelExportFormat, place: string) => host.ask('model/export', { format, place });

test('without a model nothing is written', async () => {
  await expect(exported('onnx', join(folder, 'none.onnx'))).rejects.toThrow(/No model is loaded/);
  expect(existsSync(join(folder, 'none.onnx'))).toBe(false);
});

test('ONNX is what the command line writes', async () => {
  const { checkpoint } = await load();
  const place = join(folder, 'deep/model.onnx');
  const { config, parameters } = await readModelFolder(model);
  const result = await exported('onnx', place);
  expect(result).toEqual({ checkpoint, bytes: readFileSync(place).length });
  expect(Buffer.compare(readFileSync(place), exportOnnx(config, parameters))).toBe(0);
  expect(readdirSync(join(folder, 'deep'))).toEqual(['model.onnx']);
});

test('float32 is the same model, with its card', async () => {
  await load();
  const place = join(folder, 'float32');
  await exported('float32', place);
  const [before, after] = await Promise.all([readModelFolder(model), readModelFolder(place)]);
  expect(after.config).toEqual(before.config);
  expect(after.parameters).toEqual(before.parameters);
  expect(readFileSync(join(place, 'card.md'), 'utf8')).toBe('# Card\n');
  expect(readdirSync(place).sort()).toEqual(['card.md', 'config.json', 'model.safetensors']);
});

test('float16 rounds to the nearest half, into an empty folder too', async () => {
  await load();
  const place = join(folder, 'float16');
  mkdirSync(place);
  const { bytes } = await exported('float16', place);
  const [before, after] = await Promise.all([readModelFolder(model), readModelFolder(place)]);
  for (const [name, { data }] of before.parameters) {
    expect(after.parameters.get(name)!.data, name).toEqual(data.map((value) => decodeHalf(encodeHalf(value))));
  }
  expect(bytes).toBeLessThan(0.6 * readFileSync(join(model, 'model.safetensors')).length);
});

test('a folder that holds something is left as it is', async () => {
  await load();
  const place = join(folder, 'full');
  mkdirSync(place);
  writeFileSync(join(place, 'notes.txt'), 'mine');
  await expect(exported('float16', place)).rejects.toThrow(/full is not empty; choose a folder/);
  expect(readdirSync(place)).toEqual(['notes.txt']);
});

test('a place that cannot be written is one sentence, and leaves nothing', async () => {
  await load();
  writeFileSync(join(folder, 'file'), '');
  await expect(exported('onnx', join(folder, 'file/model.onnx'))).rejects.toThrow(/^Cannot write .*file.*folder/);
  await expect(exported('float32', join(folder, 'file/model'))).rejects.toThrow(/^Cannot (read|write) .*folder/);
  expect(readdirSync(folder).filter((name) => name.startsWith('.saving'))).toEqual([]);
});

test('a format that there is not is refused', async () => {
  await load();
  const format = 'gguf' as ModelExportFormat;
  await expect(exported(format, join(folder, 'x'))).rejects.toThrow(
    /model\/export: parameter "format" is "gguf", expected one of onnx, float32, float16/,
  );
});

test('a folder that has another checkpoint by now is not exported in the loaded one’s name', async () => {
  await load();
  const { config, parameters } = await readModelFolder(model);
  await writeModelFolder(model, { config, parameters, steps: 77 });
  await expect(exported('onnx', join(folder, 'late.onnx'))).rejects.toThrow(/holds checkpoint .* by now.*reload/);
  expect(existsSync(join(folder, 'late.onnx'))).toBe(false);
  await load();
  await exported('onnx', join(folder, 'late.onnx'));
  expect(existsSync(join(folder, 'late.onnx'))).toBe(true);
});
