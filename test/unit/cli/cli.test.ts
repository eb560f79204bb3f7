/** @file The command line as scripts use it: exit codes, JSON lines, one sentence an error, and the golden vectors. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModelFolder } from '../../../model/checkpoint/modelFolder';
import { readSafetensors } from '../../../model/checkpoint/safetensors';
import type { TrainingReport } from '../../../model/protocol';
import type { Ended } from './bundle';
import { BundledCli, jsonLines } from './bundle';

const GOLDEN = resolve(__dirname, '../../golden');
const TEXT = 'The quick brown fox jumps over the lazy dog. ';
const CONFIG = {
  embedding_dim: 8,
  stages: 1,
  bottleneck_layers: 1,
  attention_heads: 2,
  voters_per_bit: 4,
  bit_decoding: 'chained',
  context_chunks: 8,
};

let cli: BundledCli;
let text: string;
let model: string;

beforeAll(async () => {
  cli = await BundledCli.create();
  text = cli.path('text.txt');
  model = cli.path('model');
  writeFileSync(text, TEXT.repeat(100));
  writeFileSync(cli.path('config.json'), JSON.stringify(CONFIG));
  const { code, stderr } = await train(model, '--steps', '100', '--learning-rate', '0.01');
  if (code !== 0) throw new Error(stderr);
});
afterAll(() => {
  cli.dispose();
});

function train(out: string, ...more: readonly string[]): Promise<Ended> {
  return cli.run('train', '--text', text, '--out', out, '--config', cli.path('config.json'), '--json', ...more);
}

/** A failure says one sentence and no stack. */
function expectOneSentence({ stderr, stdout }: Ended, pattern: RegExp): void {
  expect(stderr.trim().split('\n')).toHaveLength(1);
  expect(stderr).toMatch(pattern);
  expect(stderr).not.toMatch(/\bat .*:\d+:\d+/);
  expect(stdout).toBe('');
}

function relativeError(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(found.length).toBe(expected.length);
  let difference = 0;
  let norm = 0;
  for (let i = 0; i < expected.length; i++) {
    difference += (found[i]! - expected[i]!) ** 2;
    norm += expected[i]! ** 2;
  }
  return Math.sqrt(difference / Math.max(norm, 1e-30));
}

async function tensors(file: string): Promise<Map<string, { shape: readonly number[]; data: Float32Array }>> {
  const { tensors: all } = await readSafetensors(file);
  return new Map(
    [...all].map(([name, { shape, data }]) => [name, { shape, data: Float32Array.from(data as Float32Array) }]),
  );
}

describe('usage', () => {
  for (const args of [
    [],
    ['bogus'],
    ['train'],
    ['train', '--out', 'nowhere'],
    ['train', '--out', 'nowhere', '--text', 'x', '--steps', '0'],
    ['train', '--out', 'nowhere', '--text', 'x', '--steps', '1.5'],
    ['train', '--out', 'nowhere', '--text', 'x', '--preset', 'huge'],
    ['train', '--out', 'nowhere', '--text', 'x', '--clip-norm', '1'],
    ['train', '--out', 'nowhere', '--batches', 'x'],
    ['train', '--out', 'nowhere', '--text', 'x', '--device', 'abacus'],
    ['evaluate', '--model', 'nowhere'],
    ['complete', '--model', 'nowhere'],
    ['complete', '--model', 'nowhere', '--file', 'text.txt'],
    ['inspect', 'text.txt'],
    ['forward', '--model', 'nowhere'],
  ]) {
    it(`exits with 2: ${args.join(' ')}`, async () => {
      const { code, stdout, stderr } = await cli.run(...args);
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).not.toBe('');
      expect(existsSync(cli.path('nowhere'))).toBe(false);
    });
  }

  for (const command of ['', 'forward', 'train', 'evaluate', 'inspect', 'complete', 'export', 'devices']) {
    it(`has help for "${command}"`, async () => {
      const { code, stdout } = await cli.run(...(command === '' ? [] : [command]), '--help');
      expect(code).toBe(0);
      expect(stdout).toContain(`Usage: smuggler ${command}`.trim());
    });
  }
});

describe('failures', () => {
  it('names the file that a model lacks', async () => {
    const ended = await cli.run('evaluate', '--model', cli.path('none'), text);
    expect(ended.code).toBe(1);
    expectOneSentence(ended, /none.*config\.json/);
  });

  it('names the text that is not there', async () => {
    const ended = await cli.run('train', '--text', cli.path('none.txt'), '--out', cli.path('unmade'));
    expect(ended.code).toBe(1);
    expectOneSentence(ended, /none\.txt/);
    expect(existsSync(cli.path('unmade'))).toBe(false);
  });

  it('says what is wrong with a configuration', async () => {
    writeFileSync(cli.path('bad.json'), '{"stages": -1}');
    const ended = await cli.run('train', '--text', text, '--out', cli.path('unmade'), '--config', cli.path('bad.json'));
    expect(ended.code).toBe(1);
    expectOneSentence(ended, /bad\.json: "stages" is -1, expected an integer of at least 0/);
  });

  it('does not write over a model', async () => {
    const ended = await train(model, '--steps', '1');
    expect(ended.code).toBe(1);
    expectOneSentence(ended, /model is not empty/);
  });

  it('says that a file has no bytes to run on', async () => {
    const file = join(GOLDEN, 'paper/model.safetensors');
    const ended = await cli.run('forward', '--model', join(GOLDEN, 'paper'), '--bytes', file, '--out', cli.path('o'));
    expect(ended.code).toBe(2);
    expectOneSentence(ended, /expected one named "bytes"/);
  });

  it('names the input that is not there', async () => {
    const ended = await cli.run('inspect', '--model', cli.path('none'), cli.path('none.txt'));
    expect(ended.code).toBe(1);
    expectOneSentence(ended, /Cannot read .*none\.txt: no such file/);
  });

  for (const [name, size] of [
    ['empty', 0],
    ['cut', 1000],
  ] as const) {
    it(`names the file of a model that is ${name}`, async () => {
      const folder = cli.path(`model-${name}`);
      mkdirSync(folder);
      writeFileSync(join(folder, 'config.json'), readFileSync(join(model, 'config.json')));
      writeFileSync(
        join(folder, 'model.safetensors'),
        readFileSync(join(model, 'model.safetensors')).subarray(0, size),
      );
      const ended = await cli.run('inspect', '--model', folder, text);
      expect(ended.code).toBe(1);
      expectOneSentence(ended, /model\.safetensors/);
    });
  }
});

describe('train', () => {
  it('prints an object a step, and what was held out at the end', async () => {
    const { code, stdout, stderr } = await train(cli.path('lines'), '--steps', '12', '--batch', '2', '--seed', '5');
    expect(code).toBe(0);
    const reports = jsonLines<TrainingReport>(stdout);
    expect(reports.map(({ step }) => step)).toEqual(Array.from({ length: 12 }, (_, i) => i + 1));
    for (const report of reports) {
      for (const key of ['loss', 'bitsPerByte', 'gradientNorm', 'learningRate', 'stepMilliseconds'] as const) {
        expect(report[key]).toBeGreaterThan(0);
      }
      expect(report.bitsPerByte).toBeCloseTo((report.loss * 32) / (4 * Math.LN2), 10);
    }
    expect(reports.at(-1)!.heldOutBitsPerByte).toBeGreaterThan(0);
    expect(stderr).toContain('Read 1 file, 4.50 kB');
  });

  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    it(`saves on ${signal}, exits with 130 and resumes as if never stopped`, async () => {
      const args = ['--steps', '400', '--seed', '9'];
      const out = cli.path(`stopped-${signal}`);
      const running = cli.start(
        'train',
        '--text',
        text,
        '--out',
        out,
        '--config',
        cli.path('config.json'),
        '--json',
        ...args,
      );
      await running.sawOutput('"step":20,');
      running.signal(signal);
      const first = await running.ended;
      expect(first.code).toBe(130);
      expect(first.stderr).toContain('Stopped at step');
      const done = jsonLines<TrainingReport>(first.stdout).at(-1)!.step;
      expect((await readModelFolder(out)).steps).toBe(done);
      expect(done).toBeLessThan(400);

      const rest = await cli.run('train', '--text', text, '--out', out, '--json', '--resume', '--steps', '400');
      expect(rest.code).toBe(0);
      const whole = await train(cli.path(`whole-${signal}`), ...args);
      const losses = (stdout: string) => jsonLines<TrainingReport>(stdout).map(({ step, loss }) => [step, loss]);
      expect(losses(first.stdout + rest.stdout)).toEqual(losses(whole.stdout));
      const weights = (folder: string) => readFileSync(join(folder, 'model.safetensors'));
      expect(weights(out).equals(weights(cli.path(`whole-${signal}`)))).toBe(true);
    });
  }

  for (const name of ['chained', 'confidence', 'dendritic'] as const) {
    it(`takes the golden steps of "${name}"`, async () => {
      const golden = join(GOLDEN, name);
      const out = cli.path(`golden-${name}`);
      const { code, stdout } = await cli.run(
        ...['train', '--init', golden, '--batches', join(golden, 'training.safetensors')],
        ...['--constant-learning-rate', '0.003', '--clip-norm', '0.12', '--threads', '1', '--out', out, '--json'],
      );
      expect(code).toBe(0);
      const steps = await tensors(join(golden, 'training.safetensors'));
      const reports = jsonLines<TrainingReport>(stdout);
      expect(reports).toHaveLength(5);
      reports.forEach(({ loss, gradientNorm }, i) => {
        expect(Math.abs(loss - steps.get('losses')!.data[i]!)).toBeLessThan(1e-4);
        expect(Math.abs(gradientNorm / steps.get('gradient_norms')!.data[i]! - 1)).toBeLessThan(1e-3);
      });
      const trained = await tensors(join(out, 'model.safetensors'));
      for (const [tensor, expected] of await tensors(join(golden, 'trained.safetensors'))) {
        expect(relativeError(trained.get(tensor)!.data, expected.data), tensor).toBeLessThan(1e-3);
      }
    });
  }
});

describe('forward', () => {
  for (const name of ['paper', 'chained'] as const) {
    it(`gives the golden votes and gradients of "${name}"`, async () => {
      const golden = join(GOLDEN, name);
      const out = cli.path(`forward-${name}.safetensors`);
      const bytes = join(golden, 'forward.safetensors');
      const { code } = await cli.run('forward', '--model', golden, '--bytes', bytes, '--out', out, '--gradients');
      expect(code).toBe(0);
      const found = await tensors(out);
      const forward = await tensors(bytes);
      for (const tensor of ['hidden', 'votes', 'weights', 'probabilities', 'loss']) {
        expect(found.get(tensor)!.shape).toEqual(forward.get(tensor)!.shape);
        expect(relativeError(found.get(tensor)!.data, forward.get(tensor)!.data), tensor).toBeLessThan(1e-5);
      }
      const gradients = await tensors(join(golden, 'gradients.safetensors'));
      expect([...found.keys()].filter((key) => key.startsWith('gradient.')).sort()).toEqual(
        [...gradients.keys()].map((key) => `gradient.${key}`).sort(),
      );
      for (const [tensor, { shape, data }] of gradients) {
        expect(found.get(`gradient.${tensor}`)!.shape).toEqual(shape);
        expect(relativeError(found.get(`gradient.${tensor}`)!.data, data), tensor).toBeLessThan(1e-4);
      }
    });
  }
});

describe('evaluate, inspect, complete, export, devices', () => {
  it('evaluates every complete chunk, and inspect agrees with it', async () => {
    const evaluated = await cli.run('evaluate', '--model', model, text, '--json');
    expect(evaluated.code).toBe(0);
    const [result] = jsonLines<{ bitsPerByte: number; bytes: number; chunks: number }>(evaluated.stdout);
    const chunks = Math.floor((TEXT.length * 100) / 4);
    expect(result).toEqual({ bitsPerByte: result!.bitsPerByte, bytes: 4 * chunks, chunks });

    const inspected = await cli.run('inspect', '--model', model, text, '--json');
    expect(inspected.code).toBe(0);
    const rows = jsonLines<{ offset: number; text: string; surprise: number; bits: number[]; probabilities: number[] }>(
      inspected.stdout,
    );
    expect(rows).toHaveLength(Math.ceil((TEXT.length * 100) / 4));
    expect(rows[1]).toMatchObject({ offset: 4, text: 'quic' });
    const complete = rows.filter(({ bits }) => bits.length === 32);
    expect(complete).toHaveLength(chunks);
    const surprise = complete.reduce((sum, row) => sum + row.surprise, 0);
    expect(surprise / (4 * chunks)).toBeCloseTo(result!.bitsPerByte, 4);
    for (const row of rows.slice(0, 50)) {
      const bits = row.probabilities.reduce((sum, p, b) => sum - Math.log2(row.bits[b] === 1 ? p : 1 - p), 0);
      expect(bits).toBeCloseTo(row.surprise, 3);
    }
  });

  it('prints a table without --json', async () => {
    const { code, stdout } = await cli.run('inspect', '--model', model, text);
    expect(code).toBe(0);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/offset +text +surprise/);
    expect(lines[2]).toMatch(/^ +4 quic /);
  });

  it('completes a text, and a file from its middle', async () => {
    const { code, stdout } = await cli.run(
      'complete',
      '--model',
      model,
      '--text',
      'The quick ',
      '--max-bytes',
      '8',
      '--json',
    );
    expect(code).toBe(0);
    const [completion] = jsonLines<{ text: string; confidence: number }>(stdout);
    expect(Buffer.byteLength(completion!.text)).toBeLessThanOrEqual(8);
    expect(completion!.confidence).toBeGreaterThanOrEqual(0);
    const middle = await cli.run('complete', '--model', model, '--file', text, '--offset', '100', '--json');
    expect(middle.code).toBe(0);
    expect(jsonLines(middle.stdout)).toHaveLength(1);
    const beyond = await cli.run('complete', '--model', model, '--file', text, '--offset', '99999');
    expect(beyond.code).toBe(2);
    expectOneSentence(beyond, /--offset is 99999, expected at most 4500/);
  });

  it('exports an ONNX file', async () => {
    const { code } = await cli.run('export', '--model', model, '--onnx', cli.path('model.onnx'));
    expect(code).toBe(0);
    expect(readFileSync(cli.path('model.onnx')).length).toBeGreaterThan(1000);
  });

  it('knows that the processor can compute', async () => {
    const { code, stdout } = await cli.run('devices', '--json');
    expect(code).toBe(0);
    const [result] = jsonLines<{ devices: { name: string; available: boolean; reason?: string }[] }>(stdout);
    expect(result!.devices).toContainEqual({ name: 'cpu', available: true });
    for (const device of result!.devices.filter(({ available }) => !available)) expect(device.reason).not.toBe('');
  });
});
