/** @file What the command line does with what it cannot do: exit codes and one sentence. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { BundledCli, expectOneSentence, SENTENCE } from './bundle';

const GOLDEN = resolve(__dirname, '../../golden');

let cli: BundledCli;
let text: string;

beforeAll(async () => {
  cli = await BundledCli.create();
  text = cli.path('text.txt');
  writeFileSync(text, SENTENCE.repeat(10));
});
afterAll(() => {
  cli.dispose();
});

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
    ['replay', '--model', 'nowhere'],
    ['replay', 'text.txt', '--model', 'nowhere', '--min-confidence', '1.5'],
    ['forward', '--model', 'nowhere'],
    ['experiment'],
    ['report', '--out', 'a.html'],
    ['report', 'no-such-folder', '--out', 'a.html'],
    ['report', 'a'],
    ['experiment', 'astrology'],
    ['experiment', 'sparsity', '--seeds', '0'],
  ]) {
    it(`exits with 2: ${args.join(' ')}`, async () => {
      const { code, stdout, stderr } = await cli.run(...args);
      expect(code).toBe(2);
      expect(stdout).toBe('');
      expect(stderr).not.toBe('');
      expect(existsSync(cli.path('nowhere'))).toBe(false);
    });
  }

  for (const command of [
    '',
    'forward',
    'train',
    'evaluate',
    'inspect',
    'complete',
    'explain',
    'replay',
    'experiment',
    'report',
    'export',
    'devices',
    'presets',
  ]) {
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
    const model = cli.path('taken');
    mkdirSync(model);
    writeFileSync(join(model, 'config.json'), '{}');
    const ended = await cli.run('train', '--text', text, '--out', model, '--steps', '1');
    expect(ended.code).toBe(1);
    expectOneSentence(ended, /taken is not empty/);
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
      writeFileSync(join(folder, 'config.json'), readFileSync(join(GOLDEN, 'chained/config.json')));
      writeFileSync(
        join(folder, 'model.safetensors'),
        readFileSync(join(GOLDEN, 'chained/model.safetensors')).subarray(0, size),
      );
      const ended = await cli.run('inspect', '--model', folder, text);
      expect(ended.code).toBe(1);
      expectOneSentence(ended, /model\.safetensors/);
    });
  }
});
