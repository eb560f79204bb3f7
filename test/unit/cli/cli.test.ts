/** @file The command line as scripts use it: training that is stopped and resumed, and what is told of a trained model. */
import { mkdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModelFolder } from '../../../model/checkpoint/modelFolder';
import type { ReplayRow } from '../../../model/commandLine/replay';
import type { Sparsity } from '../../../model/protocol/inspection';
import type { TrainingReport } from '../../../model/protocol/training';
import type { Ended } from './bundle';
import { BundledCli, expectOneSentence, jsonLines, SENTENCE, SMALL_CONFIG } from './bundle';

let cli: BundledCli;
let text: string;
let model: string;

beforeAll(async () => {
  cli = await BundledCli.create();
  text = cli.path('text.txt');
  model = cli.path('model');
  writeFileSync(text, SENTENCE.repeat(100));
  writeFileSync(cli.path('config.json'), JSON.stringify(SMALL_CONFIG));
  const { code, stderr } = await train(model, '--steps', '100', '--learning-rate', '0.01');
  if (code !== 0) throw new Error(stderr);
});
afterAll(() => {
  cli.dispose();
});

function train(out: string, ...more: readonly string[]): Promise<Ended> {
  return cli.run('train', '--text', text, '--out', out, '--config', cli.path('config.json'), '--json', ...more);
}

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
    expect(stderr).toContain('Read 1 file, 4.5 kB (Plain text 100 %), of which');
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
});

describe('train that cannot go on', () => {
  const args = ['--steps', '300', '--seed', '4'];

  it('resumes after it was killed, from its last save', async () => {
    const out = cli.path('killed');
    const running = cli.start(
      ...['train', '--text', text, '--out', out, '--config', cli.path('config.json'), '--json', ...args],
    );
    await running.sawOutput('"step":20,');
    running.signal('SIGKILL');
    await running.ended;
    expect((await readModelFolder(out)).steps).toBe(0);
    const rest = await cli.run('train', '--out', out, '--json', '--resume');
    expect(rest.code).toBe(0);
    const whole = await train(cli.path('never-killed'), ...args);
    const losses = (stdout: string) => jsonLines<TrainingReport>(stdout).map(({ step, loss }) => [step, loss]);
    expect(losses(rest.stdout)).toEqual(losses(whole.stdout));
  });

  it.skipIf(process.platform === 'win32')('keeps the last save when nothing more can be written', async () => {
    const out = cli.path('full');
    expect((await train(out, '--steps', '5')).code).toBe(0);
    const before = readFileSync(join(out, 'model.safetensors'));
    // A file may have 4 kB here, which stands for a disk that is full.
    const limited = await cli.runIn(
      'ulimit -f 4; exec "$@"',
      'train',
      '--out',
      out,
      '--resume',
      '--steps',
      '9',
      '--json',
    );
    expect(limited.code).toBe(1);
    expect(limited.stderr.trim().split('\n').at(-1)).toMatch(/^smuggler: Cannot write .*full.*\.$/);
    expect(readFileSync(join(out, 'model.safetensors')).equals(before)).toBe(true);
    expect((await cli.run('train', '--out', out, '--resume', '--steps', '9', '--json')).code).toBe(0);
  });
});

describe('evaluate, inspect, complete, devices', () => {
  it('evaluates every complete chunk, and inspect agrees with it', async () => {
    const evaluated = await cli.run('evaluate', '--model', model, text, '--json');
    expect(evaluated.code).toBe(0);
    const [result] = jsonLines<{ bitsPerByte: number; bitsPerByteByPlace: number[] }>(evaluated.stdout);
    const { bitsPerByte, bitsPerByteByPlace } = result!;
    const chunks = Math.floor((SENTENCE.length * 100) / 4);
    expect(result).toEqual({ bitsPerByte, bitsPerByteByPlace, bytes: 4 * chunks, chunks });
    expect(bitsPerByteByPlace.reduce((sum, bits) => sum + bits, 0) / 4).toBeCloseTo(bitsPerByte, 10);
    const told = (await cli.run('evaluate', '--model', model, text)).stdout;
    expect(told).toContain(bitsPerByteByPlace.map((bits) => bits.toFixed(3)).join(', '));

    const inspected = await cli.run('inspect', '--model', model, text, '--json');
    expect(inspected.code).toBe(0);
    const rows = jsonLines<{ offset: number; text: string; surprise: number; bits: number[]; probabilities: number[] }>(
      inspected.stdout,
    );
    const { sparsity } = rows.pop() as object as { sparsity: Sparsity };
    expect(sparsity.ones!.bits + sparsity.zeros!.bits).toBe(8 * SENTENCE.length * 100);
    expect(sparsity.operationalVoters).toBeGreaterThanOrEqual(1);
    expect(inspected.stderr).not.toContain('votes above');
    expect(rows).toHaveLength(Math.ceil((SENTENCE.length * 100) / 4));
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
    const { code, stdout, stderr } = await cli.run('inspect', '--model', model, text);
    expect(code).toBe(0);
    expect(stderr).toMatch(/^1-bits \(\d+\): [\d.]+ votes above ½, N [\d.]+, k \d+$/m);
    expect(stderr).toMatch(/^Counting how few voters decide\.$/m);
    expect(stderr).toMatch(/^0-bits \(\d+\): [\d.]+ votes above ½, N [\d.]+, k \d+$/m);
    const lines = stdout.trimEnd().split('\n');
    expect(lines[0]).toMatch(/offset +text +surprise/);
    expect(lines[2]).toMatch(/^ +4 quic /);
  });

  it('with --memory gives both numbers of the same chunks, and goes on with what the text repeats', async () => {
    const evaluated = await cli.run('evaluate', '--model', model, text, '--memory', '--json');
    const [result] = jsonLines<{ bitsPerByte: number; bitsPerByteWithMemory: number; chunks: number }>(
      evaluated.stdout,
    );
    // A hundred copies of one sentence.
    expect(result!.bitsPerByteWithMemory).toBeLessThan(result!.bitsPerByte / 10);
    expect((await cli.run('evaluate', '--model', model, text, '--memory')).stdout).toMatch(/^[\d.]+ with memory/m);
    const inspected = await cli.run('inspect', '--model', model, text, '--memory', '--json');
    const rows = jsonLines<{ surpriseWithMemory: number; bits: number[] }>(inspected.stdout).slice(0, result!.chunks);
    const surprise = rows.reduce((sum, row) => sum + row.surpriseWithMemory, 0);
    expect(surprise / (4 * result!.chunks)).toBeCloseTo(result!.bitsPerByteWithMemory, 2);
    const table = (await cli.run('inspect', '--model', model, text, '--memory')).stdout.split('\n');
    expect(table[0]).toMatch(/surprise +memory +N of 1s/);
    const line = 'let total = sumOf(parts);\n';
    const asked = ['--text', line.repeat(20) + line.slice(0, 9), '--max-bytes', '16', '--json'];
    const [completion] = jsonLines<{ text: string; confidence: number }>(
      (await cli.run('complete', '--model', model, '--memory', ...asked)).stdout,
    );
    expect(completion!.text).toBe(line.slice(9, 25));
    expect(completion!.confidence).toBeGreaterThan(0.5);
  });

  it('with --silence gives the bits per byte of the same chunks with voters changed', async () => {
    const run = (...args: string[]) => cli.run('evaluate', '--model', model, text, ...args);
    const [result] = jsonLines<{ bitsPerByte: number; bitsPerByteWithChanges: number }>(
      (await run('--silence', '*/*', '--json')).stdout,
    );
    // A bit without voters is the toss of a coin.
    expect(result!.bitsPerByteWithChanges).toBeCloseTo(8, 5);
    expect(result!.bitsPerByte).not.toBeCloseTo(8, 3);
    expect((await run('--silence', '3/0, 4/1=1')).stdout).toMatch(/^[\d.]+ with 1 voter silenced, 1 held$/m);
    const refused = await run('--silence', '32/0');
    expect(refused.code).toBe(2);
    expect(refused.stderr).toContain('names a bit that there is not');
  });

  it('explains a chunk: sentences from its numbers, then voters and causes, each with its own', async () => {
    const asked = ['explain', text, '--model', model, '--offset', '50'];
    const explained = await cli.run(...asked, '--json', '--method', 'integrated');
    const [found] = jsonLines<{
      sentences: string[];
      value: number;
      causes: { offset: number; text: string; contribution: number }[];
      completeness: { error: number };
      chunk: {
        text: string;
        surprise: number;
        wrongBits: number[];
        voters: { bit: number; effect: number }[];
      };
      attention: { sentence: string; places: unknown[]; heads: { entropy: number; weights: number[] }[] };
    }>(explained.stdout);
    const { sentence, heads, places } = found!.attention;
    expect(sentence).toMatch(/^Block \d head \d .* bits\b/);
    for (const { weights } of heads) {
      expect(weights).toHaveLength(places.length);
      expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
    }
    expect(found!.value).toBeCloseTo(found!.chunk.surprise, 3);
    expect(found!.completeness.error).toBeLessThan(0.01);
    expect(found!.causes.at(-1)!.offset).toBeLessThan(52);
    const lines = (await cli.run(...asked)).stdout.split('\n');
    expect(lines[0]).toContain(`“${found!.chunk.text}” took ${Number(found!.chunk.surprise.toPrecision(3))} bits`);
    // Each wrong bit has a voter that is named, or is counted among those that have none.
    const { voters, wrongBits } = found!.chunk;
    const named = wrongBits.filter((bit) => voters.some((voter) => voter.bit === bit && voter.effect < 0)).length;
    const others = lines.map((line) => /^(\d+) (?:more )?wrong bits?: .*\.$/.exec(line)?.[1]).find(Boolean) ?? '0';
    expect(wrongBits.length).toBeGreaterThan(0);
    expect(named + Number(others)).toBe(wrongBits.length);
    const head = lines.findIndex((line) => /^contribution +offset +text/.test(line));
    const numbers = lines.slice(head + 1, -1).map((line) => Math.abs(Number(line.slice(0, 12).replace('−', '-'))));
    expect(numbers.length).toBeGreaterThan(1);
    expect(numbers).toEqual(numbers.toSorted((a, b) => b - a));
    const wrong = await cli.run(...asked, '--voter', '3');
    expect(wrong.code).toBe(2);
    expectOneSentence(wrong, /--voter needs --bit/);
  });

  it('explains a chunk with memory: what that made of it, and where its voters read', async () => {
    const asked = ['explain', text, '--model', model, '--offset', '200', '--memory'];
    const [found] = jsonLines<{
      chunk: { surprise: number };
      memory: {
        surprise: number;
        sentence: string;
        voters: { voter: string; effect: number; last: number | null; line: number | null }[];
      };
    }>((await cli.run(...asked, '--json')).stdout);
    const { surprise, sentence, voters } = found!.memory;
    const rows = (await cli.run('inspect', text, '--model', model, '--memory', '--json')).stdout;
    const row = jsonLines<{ offset: number; surpriseWithMemory: number }>(rows).find(({ offset }) => offset === 200)!;
    expect(surprise).toBeCloseTo(row.surpriseWithMemory, 2);
    expect(surprise).not.toBeCloseTo(found!.chunk.surprise, 1);
    const effects = voters.map(({ effect }) => Math.abs(effect));
    expect(effects).toEqual(effects.toSorted((a, b) => b - a));
    expect(voters.some(({ last, line }) => last !== null && last < 200 && line !== null)).toBe(true);
    const { stdout } = await cli.run(...asked);
    expect(stdout).toContain(sentence);
    expect(stdout).toContain(`memory, ${voters[0]!.voter}: `);
  });

  it('explains a chunk by depth, down to the model itself', async () => {
    const asked = ['explain', text, '--model', model, '--offset', '50', '--depth', text];
    const [found] = jsonLines<{
      chunk: { surprise: number };
      depth: { sentences: string[]; depths: { name: string; readout: string; surprise: number }[] };
    }>((await cli.run(...asked, '--json')).stdout);
    const { depths, sentences } = found!.depth;
    expect(depths[0]).toMatchObject({ name: 'No trunk', readout: 'mean' });
    expect(depths.at(-1)!.readout).toBe('model');
    expect(depths.at(-1)!.surprise).toBeCloseTo(found!.chunk.surprise, 3);
    const { stdout } = await cli.run(...asked);
    for (const sentence of sentences) expect(stdout).toContain(sentence);
    expect(stdout).toContain(`${depths[0]!.surprise.toFixed(2)}  No trunk (mean only): “`);
    expectOneSentence(await cli.run(...asked.slice(0, -1), '/nowhere'), /\/nowhere/);
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

  it('refuses to continue within a character, and a file that is not UTF-8, and says what to do', async () => {
    const file = cli.path('characters.txt');
    writeFileSync(file, 'Größe\n');
    const within = await cli.run('complete', '--model', model, '--file', file, '--offset', '3');
    expect(within.code).toBe(2);
    expectOneSentence(within, /--offset 3 is inside a character .* use 2, before it, or 4, after it\./);
    writeFileSync(file, Buffer.from('\uFEFFhello', 'utf16le'));
    for (const args of [['inspect'], ['complete', '--offset', '1', '--file']]) {
      const utf16 = await cli.run(...args, file, '--model', model);
      expect(utf16.code).toBe(2);
      expectOneSentence(utf16, /characters\.txt is in UTF-16; save it in UTF-8/);
    }
  });

  it('counts offsets in the text that an editor shows, and says so', async () => {
    const file = cli.path('mixed.txt');
    writeFileSync(file, '\uFEFFone\ntwo\nthree\r\n');
    const { code, stdout, stderr } = await cli.run('inspect', '--model', model, file, '--json');
    expect(code).toBe(0);
    expect(jsonLines<{ text?: string }>(stdout).flatMap(({ text }) => text ?? [])).toEqual([
      'one↵',
      'two↵',
      'thre',
      'e↵',
    ]);
    expect(stderr).toContain('Offsets count in the text as an editor shows it');
  });

  it.skipIf(process.platform === 'win32')('reads pipes that are named in place of files', async () => {
    const inspected = await cli.runIn(
      'printf "The quick " | "$@"',
      'inspect',
      '--model',
      model,
      '/dev/stdin',
      '--json',
    );
    expect(inspected.stderr).not.toContain('Cannot read');
    expect(jsonLines<{ text?: string }>(inspected.stdout).flatMap(({ text }) => text ?? [])).toEqual([
      'The␣',
      'quic',
      'k␣',
    ]);
    const trained = await cli.runIn(
      'echo null | "$@"',
      ...['train', '--text', text, '--out', cli.path('piped'), '--config', '/dev/stdin', '--steps', '1'],
    );
    expect(trained.stderr).not.toContain('Cannot read');
    expectOneSentence(trained, /\/dev\/stdin: /);
  });

  it('uses the starter model where none is named', async () => {
    mkdirSync(cli.path('media'));
    symlinkSync(model, cli.path('media/starter'));
    try {
      for (const args of [
        ['evaluate', text, '--json'],
        ['inspect', text, '--json'],
      ]) {
        const ended = await cli.run(...args);
        expect(ended.code).toBe(0);
        expect(ended.stdout).toBe((await cli.run(...args, '--model', model)).stdout);
      }
      const completed = await cli.run('complete', '--text', 'The quick ', '--json');
      expect(jsonLines(completed.stdout)).toHaveLength(1);
      expect((await cli.run('complete', '--help')).stdout).toContain('default: the starter model');
    } finally {
      rmSync(cli.path('media'), { recursive: true });
    }
  });

  it('knows that the processor can compute', async () => {
    const { code, stdout } = await cli.run('devices', '--json');
    expect(code).toBe(0);
    const [result] = jsonLines<{ devices: { name: string; available: boolean; reason?: string }[] }>(stdout);
    expect(result!.devices[0]).toMatchObject({ name: 'cpu', available: true, agrees: true });
    expect(result!.devices.map(({ name }) => name)).toContain('tensorflow');
    for (const device of result!.devices.filter(({ available }) => !available)) expect(device.reason).not.toBe('');
  });
});

describe('replay', () => {
  it('tells what offers are worth, as a table or as an object a line', async () => {
    const args = ['replay', text, '--model', model, '--characters', '200', '--min-confidence', '0.2'];
    const shown = await cli.run(...args);
    expect(shown.stderr).toBe('');
    expect(shown.code).toBe(0);
    expect(shown.stdout).toMatch(
      /^Typed \d+ characters in 2 passages, checkpoint \w+, without memory, least confidence 0\.2\n/,
    );
    for (const name of ['nothing', 'words', '5-gram', 'model']) expect(shown.stdout).toContain(`Plain text: ${name} `);
    const { stdout } = await cli.run(...args, '--json');
    const rows = jsonLines<Partial<ReplayRow>>(stdout);
    expect(rows.filter(({ suggester }) => suggester !== 'model')).toHaveLength(4);
    const confidences = rows.filter(({ suggester }) => suggester === 'model').map(({ minConfidence }) => minConfidence);
    expect(confidences).toEqual([0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]);
    const [nothing, words] = rows;
    expect(nothing).toMatchObject({ suggester: 'nothing', saved: 0, right: null, offers: 0 });
    // The text is one sentence time and again, whose words the document has.
    expect(words!.saved).toBeGreaterThan(0.2);
    for (const { characters, keys, saved } of rows.slice(0, -1))
      expect(saved).toBe((characters! - keys!) / characters!);
    expect(Object.keys(rows.at(-1)!)).toEqual(['reliability']);
  });

  it.each(['document', 'workspace'])('with the %s in memory what was said before is offered again', async (memory) => {
    const copy = cli.path('copy.txt');
    writeFileSync(copy, readFileSync(text));
    const args = ['--model', model, '--characters', '200', '--min-confidence', '0.2', '--memory', memory, '--json'];
    const { stdout } = await cli.run('replay', text, copy, ...args);
    const [saved] = jsonLines<Partial<ReplayRow>>(stdout).filter(
      ({ suggester, minConfidence }) => suggester === 'model' && minConfidence === 0.2,
    );
    expect(saved!.saved).toBeGreaterThan(0.6);
    expect(saved!.right).toBeGreaterThan(0.6);
  });
});
