/** @file The device "tensorflow" of the command line: tried out, trained on, and told in one sentence where it is not installed. */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import { readModelFolder } from '../../../model/checkpoint/modelFolder';
import { tryDevice } from '../../../model/runtime/trial';
import type { BatchReport } from '../../../model/training/batches';
import { GOLDEN_OPTIMIZER } from '../../../model/training/batches';
import { floats, GOLDEN_FOLDER, relativeError, tensorsOf } from '../../golden/golden';
import { BundledCli, jsonLines, SENTENCE, SMALL_CONFIG } from '../cli/bundle';
import { installPackage, installTensorflow } from './installation';

let cli: BundledCli;
let home: string | undefined;
beforeAll(async () => {
  cli = await BundledCli.create();
  writeFileSync(cli.path('text.txt'), SENTENCE.repeat(100));
  writeFileSync(cli.path('config.json'), JSON.stringify(SMALL_CONFIG));
  installTensorflow(cli.path('with/.smuggler'));
  installPackage(cli.path('broken/.smuggler'), "throw new Error('The native library cannot be opened');");
  mkdirSync(cli.path('without'));
});
afterAll(() => {
  cli.dispose();
});
beforeEach(() => {
  home = process.env['HOME'];
});
afterEach(() => {
  process.env['HOME'] = home;
});

/** Has programs that are started from now on find this home. */
function moveTo(name: string): void {
  process.env['HOME'] = cli.path(name);
}

/** Without a GPU it may be too slow for the model of the default size, which is not waited for. */
function trial() {
  return tryDevice('tensorflow', 1, { program: cli.path('out/cli.js'), args: ['devices', '--trial'], seconds: 15 });
}

it('is not in what ships', () => {
  expect(readFileSync(cli.path('out/cli.js'), 'utf8')).not.toContain('node_modules/@tensorflow/');
});

it('is tried out: its speed, and that its numbers agree with the CPU', async () => {
  moveTo('with');
  const report = await trial();
  expect(report).toMatchObject({ name: 'tensorflow', available: true, agrees: true });
  if (!report.available) return;
  expect(report.small.stepMilliseconds).toBeGreaterThan(0);
  expect(report.difference).toBeGreaterThan(0);
});

it('is said to be missing, or not to load, in one sentence', async () => {
  moveTo('without');
  expect(await trial()).toEqual({
    name: 'tensorflow',
    available: false,
    reason: expect.stringMatching(
      /needs @tensorflow\/tfjs-node-gpu, which is not installed: run "npm install/,
    ) as string,
  });
  moveTo('broken');
  expect(await trial()).toMatchObject({
    available: false,
    reason: expect.stringMatching(/does not load: The native library cannot be opened\.$/) as string,
  });
});

it('makes the golden steps', async () => {
  moveTo('with');
  const golden = (file: string) => join(GOLDEN_FOLDER, 'chained', file);
  const { code, stdout, stderr } = await cli.run(
    ...['train', '--batches', golden('training.safetensors'), '--init', join(GOLDEN_FOLDER, 'chained')],
    ...['--constant-learning-rate', '0.003', '--clip-norm', `${GOLDEN_OPTIMIZER.clipNorm}`],
    ...['--out', cli.path('golden'), '--device', 'tensorflow', '--json'],
  );
  expect(code, stderr).toBe(0);
  const losses = floats(tensorsOf('chained/training.safetensors'), 'losses');
  const reports = jsonLines<BatchReport>(stdout);
  expect(reports).toHaveLength(losses.length);
  reports.forEach(({ loss }, i) => {
    expect(Math.abs(loss - losses[i]!)).toBeLessThan(1e-4);
  });
  const trained = tensorsOf('chained/trained.safetensors');
  for (const [name, { data }] of (await readModelFolder(cli.path('golden'))).parameters) {
    expect(relativeError(data, floats(trained, name)), name).toBeLessThan(2e-3);
  }
});

/** Trains on text; what came of it. */
async function train(out: string, ...more: readonly string[]) {
  const { code, stdout, stderr } = await cli.run(
    ...['train', '--text', cli.path('text.txt'), '--out', cli.path(out), '--config', cli.path('config.json')],
    ...['--batch', '4', '--device', 'tensorflow', '--json', ...more],
  );
  expect(code, stderr).toBe(0);
  const reports = jsonLines<{ step: number; loss: number; heldOutBitsPerByte?: number }>(stdout);
  return { reports, stderr };
}

it('trains a folder by the default recipe, which the CPU goes on with', async () => {
  moveTo('with');
  const { reports } = await train('trained', '--steps', '8');
  expect(reports.at(-1)).toMatchObject({ step: 8, heldOutBitsPerByte: expect.any(Number) as number });
  const onCpu = await cli.run('train', '--out', cli.path('trained'), '--resume', '--steps', '12', '--json');
  expect(onCpu.code, onCpu.stderr).toBe(0);
  const whole = await train('whole', '--device', 'cpu', '--steps', '12');
  const resumed = jsonLines<{ step: number; loss: number }>(onCpu.stdout);
  expect(resumed.map(({ step }) => step)).toEqual([9, 10, 11, 12]);
  [...reports, ...resumed].forEach(({ loss }, i) => {
    expect(Math.abs(loss - whole.reports[i]!.loss)).toBeLessThan(0.02);
  });
});

it('is replaced by the CPU where it is missing, and says so', async () => {
  moveTo('without');
  const { reports, stderr } = await train('replaced', '--steps', '3');
  expect(reports).toHaveLength(3);
  expect(stderr).toMatch(
    /"tensorflow" needs @tensorflow\/tfjs-node-gpu, which is not installed: .*; the CPU is used instead\./,
  );
});
