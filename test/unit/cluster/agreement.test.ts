/** @file The PyTorch program against the library: the same random numbers, text, windows, first parameters, rates and refusals. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { decodeSafetensors } from '../../../model/checkpoint/safetensors';
import { appendReport, TRAINING_LOG } from '../../../model/checkpoint/trainingLog';
import type { ModelConfig } from '../../../model/network/config';
import { DEFAULT_CONFIG, parseConfig } from '../../../model/network/config';
import { initializeParameters } from '../../../model/network/initialize';
import { parameterShapes } from '../../../model/network/parameters';
import { TrainingSession } from '../../../model/runtime/trainingSession';
import type { Corpus, CorpusFile, Split } from '../../../model/text/corpus';
import { readCorpus, splitCorpus } from '../../../model/text/corpus';
import { excludeTest } from '../../../model/text/ignoreRules';
import { Random } from '../../../model/text/random';
import { bitRates, WindowSampler } from '../../../model/text/sampler';
import { documentWindows } from '../../../model/text/windows';
import { sampleFiles } from '../../../model/training/evaluate';
import { corpusFingerprint, DEFAULT_OPTIMIZER } from '../../../model/training/plan';
import { DEFAULT_PRESET, presetNamed } from '../../../model/training/presets';
import { createSchedule, learningRateAt } from '../../../model/training/schedule';
import { relativeError } from '../../golden/golden';
import { DOCUMENT_TEXTS } from '../text/documentTexts';
import { runPython } from './support';

const DRAWS = [0, 1, 12345, 2 ** 40 + 3].map((seed) => ({
  seed,
  bounds: [1, 2, 3, 10, 1000, 2 ** 31 + 11, 2 ** 32, 2 ** 32 + 5, 7 * 2 ** 33 + 1],
  normals: 3000,
}));

const SMALL: ModelConfig = { ...DEFAULT_CONFIG, embedding_dim: 8, attention_heads: 2, voters_per_bit: 3, stages: 1 };
const CONFIGS: readonly ModelConfig[] = [
  { ...SMALL, bit_decoding: 'chained', temperature_learned: true },
  // Wide enough that Muon cuts matrices into blocks.
  { ...SMALL, embedding_dim: 32, bottleneck: 'dendritic', aggregation: 'max', stages: 2, kernel_sizes: [3, 5] },
  { ...SMALL, aggregation: 'dense', temperature_learned: true, bottleneck_layers: 1 },
  { ...SMALL, bit_decoding: 'chained', byte_channels: 6 },
  { ...SMALL, bit_decoding: 'chained', byte_channels: 6, byte_ngram_rows: 32 },
];

const ADAMW = { beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0.01, clipNorm: 0.1 };
const STEP = {
  steps: 4,
  batch: 2,
  context: 8,
  learningRate: 0.01,
  optimizer: { ...ADAMW, muon: { momentum: 0.95, scale: 0.1 }, ngramRate: 3 },
};
const STEPS = CONFIGS.map((_, seed) => {
  const random = Random.fromSeed(seed);
  const bytes = Array.from({ length: STEP.steps * STEP.batch * 4 * (STEP.context + 1) }, () => 97 + random.integer(26));
  return { ...STEP, bytes };
});

const CONFIG_ERRORS = [
  '[]',
  'no JSON',
  '{"embeding_dim": 8}',
  '{"embedding_dim": 8.5}',
  '{"stages": true}',
  '{"bottleneck_layers": 1000000000}',
  '{"context_chunks": 900000000}',
  '{"embedding_dim": 4294967296}',
  '{"embedding_dim": 64, "stages": 16}',
  '{"kernel_sizes": [3, 257]}',
  '{"kernel_sizes": [5, 3]}',
  '{"kernel_sizes": [4]}',
  '{"temperature": -1}',
  '{"temperature_learned": 1}',
  '{"temperature_learned": true, "temperature": 0}',
  '{"attention_heads": 3}',
  '{"dendrite_active": 9}',
  '{"embedding_dim": 2, "attention_heads": 2}',
  '{"aggregation": "sum"}',
  '{"byte_channels": -1}',
  '{"byte_channels": 2}',
  '{"byte_channels": 8, "byte_ngram_rows": 48}',
  '{"byte_channels": 8, "byte_ngram_rows": 65536}',
  '{"byte_ngram_rows": 64}',
  '{}',
];

const WINDOWS = [1, 2, 3, 7, 8].flatMap((context) =>
  [0, 1, 2, 5, 8, 9, 30].map((chunks) => [chunks, context] as const),
);

const PROGRESSES = [0, 0.001, 0.01, 0.04, 0.05, 0.06, 0.3, 0.9, 1, 1.2];
const RATES = [null, 10, 2000, 100_000].map((steps) => [3e-3, steps, PROGRESSES] as const);

const PATHS = [
  'a.log',
  'b/a.log',
  'b/c/a.log',
  'dist',
  'dist/x',
  'b/dist',
  '.hidden',
  'a.ts',
  'b/a.js',
  'x[1].md',
  'ab',
  'b',
];
const EXCLUDES = [
  [],
  ['*.log'],
  ['**/*.log'],
  ['dist'],
  ['**/dist/**'],
  ['**/dist'],
  ['*.{ts,log}'],
  ['**/*.{ts,js}', '?b'],
  ['b/**'],
  ['./b/', '[.d]*'],
  ['[^a]*'],
  ['**'],
  ['b/**/*'],
  ['**/c/**/*.log'],
].map((patterns) => [patterns, PATHS] as const);

/** Logs that a report is added to: as they were left. */
const LOGS = [
  '',
  '{"step": 1}\n',
  '{"step": 1}\n{"step": 2, "loss": 0.5}',
  '{"step": 1}\n{"step": 2, "loss": NaN}',
  '{"step": 1}\n{"step": 2, "end": "stopped", "message": "é"}',
  '{"step": 2}',
  '{"step": 1}\n{"step": 2, "lo',
  '{"step": 1}\n{"step": "2"}',
  '{"step": 1}\n{"step": true}',
  '{"step": 1}\n{"step": NaN}',
  '{"step": 1}\n[2]',
  '{"step": 1}\n2',
  `{"step": 1}\n{"step": 2, "x": "${'x'.repeat(5000)}"}`,
];
const END = { step: 3, end: 'stopped', message: '' } as const;

interface Found {
  readonly recipe: { readonly optimizer: object; readonly batch: number; readonly learningRate: number };
  readonly steps: readonly { losses: readonly number[]; norms: readonly number[] }[];
  readonly draws: readonly {
    words: readonly number[];
    integers: readonly number[];
    normals: readonly number[];
    after: readonly number[];
  }[];
  readonly corpus: Readonly<
    Record<'files' | 'train' | 'heldOut' | 'sample', readonly (readonly [string, number])[]>
  > & {
    readonly skipped: Readonly<Record<string, string>>;
    readonly fingerprint: string;
    readonly bitRates: readonly number[];
    readonly bytes: readonly (readonly number[])[];
    readonly scored: readonly (readonly number[])[];
    readonly scoredInBatch: readonly number[];
  };
  readonly windows: readonly (readonly (readonly [number, number, number])[])[];
  readonly rates: readonly (readonly number[])[];
  readonly excluded: readonly (readonly boolean[])[];
  readonly logs: readonly string[];
  readonly pipeErrors: readonly (string | null)[];
  readonly configErrors: readonly (string | null)[];
}

const CORPUS = {
  exclude: ['**/*.tmp'],
  maxFileBytes: 5000,
  share: 0.1,
  seed: 7,
  context: 6,
  batch: 9,
  batches: 4,
  sample: 2500,
};

let root: string;
let text: string;
let found: Found;
let corpus: Corpus;
let split: Split;

/** A repository's subfolder with everything that is read, ignored or refused. */
function writeText(): void {
  const write = (name: string, content: string | Uint8Array): void => {
    const file = path.join(root, 'repository', name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, content);
  };
  write('.gitignore', '*.out\n/text/generated/\n!keep.out\n# a comment\nbuild\n');
  write('text/.gitignore', '/secret.txt\ndeep/**/x.md\n!deep/a/x.md\n');
  write('text/deep/b/.gitignore', '*\n!kept.txt\n');
  for (let i = 0; i < 12; i++) write(`text/many/${i}.txt`, `File ${i}: ${'naïve café — 日本 '.repeat(i + 1)}`);
  write('text/long.txt', 'The harbour was quiet — naïve and grey. '.repeat(60));
  write('text/tiny.txt', 'abcd');
  write('text/five.txt', 'abcde');
  write('text/three.txt', 'abc');
  write('text/keep.out', 'kept');
  write('text/lost.out', 'ignored');
  write('text/secret.txt', 'ignored');
  write('text/generated/a.txt', 'ignored');
  write('text/build/a.txt', 'ignored');
  write('text/deep/a/x.md', 'kept, by its second pattern');
  write('text/deep/c/x.md', 'ignored');
  write('text/deep/b/kept.txt', 'kept by the deepest');
  write('text/deep/b/other.txt', 'ignored');
  write('text/a.tmp', 'excluded');
  write('text/node_modules/a.txt', 'never');
  write('text/model/config.json', '{}');
  write('text/model/model.safetensors', 'x');
  write('text/model/training.jsonl', 'x');
  write('text/empty.txt', '');
  write('text/large.txt', 'x'.repeat(5001));
  write('text/latin1.txt', Uint8Array.of(0x63, 0x61, 0x66, 0xe9, 0x0a));
  write('text/mark.txt', `\uFEFF${'grün\n'.repeat(9)}`);
  write('text/only-mark.txt', '\uFEFF');
  DOCUMENT_TEXTS.forEach(({ file }, i) => {
    write(`text/breaks/${i}.txt`, file.repeat(5));
  });
  write('text/utf16.txt', Uint8Array.of(0xff, 0xfe, 0x61, 0x00));
  write('text/binary.bin', Uint8Array.of(0x7f, 0x45, 0x00, 0x01));
  write('text/control.bin', Uint8Array.of(0x01, 0xe9, 0xe9));
  write('text/ü/\u{1f600}.txt', 'names beyond ASCII');
  write('text/ü/\uff5e.txt', 'and their order');
  symlinkSync('tiny.txt', path.join(root, 'repository/text/link.txt'));
  write('text/linked/rules', '*\n');
  write('text/linked/a.txt', 'kept, since git does not follow a link to rules');
  symlinkSync('rules', path.join(root, 'repository/text/linked/.gitignore'));
  write('text/endless/a.txt', 'kept, likewise');
  symlinkSync('/dev/zero', path.join(root, 'repository/text/endless/.gitignore'));
  write('text/bytes/.gitignore', '?a.txt\n[äöü]b.txt\n??c.txt\nvoilà*\n');
  for (const name of ['äa.txt', 'xa.txt', 'äb.txt', 'äc.txt', 'voilà.md', 'voil.md']) write(`text/bytes/${name}`, name);
  execFileSync('git', ['init', '--quiet', path.join(root, 'repository')]);
  text = path.join(root, 'repository/text');
}

/** The folder of one of the logs, as it was left. */
function logFolder(whose: string, i: number): string {
  const folder = path.join(root, whose, String(i));
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, TRAINING_LOG), LOGS[i]!);
  return folder;
}

beforeAll(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'cluster-'));
  writeText();
  mkdirSync(path.join(root, 'pipe/deep'), { recursive: true });
  writeFileSync(path.join(root, 'pipe/.gitignore'), '*.log\n');
  writeFileSync(path.join(root, 'pipe/deep/a.txt'), 'x');
  execFileSync('mkfifo', [path.join(root, 'pipe/deep/.gitignore')]);
  const request = {
    draws: DRAWS,
    steps: STEPS,
    corpus: { ...CORPUS, paths: [text] },
    initial: { paths: [text], configs: CONFIGS.map((config) => JSON.stringify(config)) },
    windows: WINDOWS,
    rates: RATES,
    excludes: EXCLUDES,
    logs: { folders: LOGS.map((_, i) => logFolder('theirs', i)), report: END },
    pipes: [path.join(root, 'pipe')],
    configErrors: CONFIG_ERRORS,
  };
  const file = path.join(root, 'request.json');
  writeFileSync(file, JSON.stringify(request));
  found = JSON.parse(await runPython(path.join(__dirname, 'agreement.py'), file, root)) as Found;
  corpus = await readCorpus([text], CORPUS);
  split = splitCorpus(corpus, CORPUS.share, CORPUS.seed);
}, 120_000);
afterAll(() => {
  rmSync(root, { recursive: true });
});

const parts = (files: readonly CorpusFile[]) => files.map((file) => [file.path, file.bytes.length]);

describe('the PyTorch program and the library', () => {
  it('draw the same random numbers', () => {
    DRAWS.forEach(({ seed, bounds, normals }, i) => {
      const random = Random.fromSeed(seed);
      const theirs = found.draws[i]!;
      expect(theirs.words).toEqual(random.state().words);
      expect(theirs.integers).toEqual(bounds.map((bound) => random.integer(bound)));
      expect(theirs.normals).toHaveLength(normals);
      for (const value of theirs.normals) expect(value).toBeCloseTo(random.normal(), 12);
      expect(theirs.after).toEqual(random.state().words);
    });
  });

  it('read the same text and skip the same, for the same reasons', () => {
    expect(found.corpus.files).toEqual(parts(corpus.files));
    expect(Object.entries(found.corpus.skipped).sort()).toEqual(
      corpus.skipped.map(({ path: file, reason }) => [file, reason]).sort(),
    );
    // The folder really has all of that.
    expect(new Set(Object.values(found.corpus.skipped)).size).toBe(6);
    expect(found.corpus.files.map(([file]) => path.relative(text, file))).toContain('deep/a/x.md');
  });

  it('hold out the same text', () => {
    expect(found.corpus.heldOut).toEqual(parts(split.heldOut));
    expect(found.corpus.heldOut.length).toBeGreaterThan(1);
    expect(found.corpus.train).toEqual(parts(split.train));
    expect(found.corpus.fingerprint).toBe(corpusFingerprint([...split.train, ...split.heldOut]));
    expect(found.corpus.sample).toEqual(parts(sampleFiles(corpus.files, CORPUS.sample)));
  });

  it('draw the same windows', () => {
    const sampler = new WindowSampler(split.train, CORPUS.context, Random.fromSeed(CORPUS.seed));
    for (let i = 0; i < CORPUS.batches; i++) {
      const { bytes, scored } = sampler.next(CORPUS.batch);
      expect(found.corpus.bytes[i]).toEqual([...bytes]);
      expect(found.corpus.scored[i]).toEqual([...scored]);
      expect(found.corpus.scoredInBatch[i]).toBe(scored.reduce((sum, one) => sum + one, 0));
    }
  });

  it('find the same rates of the bits', () => {
    expect(found.corpus.bitRates).toEqual([...bitRates(split.train)]);
  });

  it.each(CONFIGS.map((config, i) => [i, config] as const))('begin with the same parameters, %i', async (i, config) => {
    const file = path.join(root, `${i}.safetensors`);
    const { tensors, metadata } = decodeSafetensors(readFileSync(file), file);
    const random = Random.fromSeed(i);
    const whole = await readCorpus([text], { exclude: [], maxFileBytes: 1e9 });
    const ours = initializeParameters(config, bitRates(whole.files), random);
    expect(JSON.parse(metadata.get('names')!)).toEqual([...parameterShapes(config).keys()]);
    expect(parseConfig(JSON.parse(metadata.get('config')!), 'config')).toEqual(config);
    for (const [name, { shape, data }] of ours) {
      expect(tensors.get(name)!.shape, name).toEqual(shape);
      const theirs = tensors.get(name)!.data as Float32Array;
      const furthest = data.reduce((most, value, at) => Math.max(most, Math.abs(value - theirs[at]!)), 0);
      expect(furthest, name).toBeLessThan(1e-6);
    }
    expect(JSON.parse(metadata.get('words')!)).toEqual(random.state().words);
  });

  it.each(CONFIGS.map((config, i) => [i, config] as const))(
    'take the same steps with AdamW and Muon, %i',
    async (i, config) => {
      const { tensors } = decodeSafetensors(readFileSync(path.join(root, `${i}.safetensors`)), 'initial');
      const parameters = new Map(
        [...tensors].map(([name, { shape, data }]) => [name, { shape, data: data as Float32Array }]),
      );
      const { bytes, steps, batch, context, learningRate, optimizer } = STEPS[i]!;
      const session = await TrainingSession.create(config, parameters, {
        ...{ batch, context, optimizer, device: 'cpu', threads: 1 },
      });
      const size = bytes.length / steps;
      for (let step = 0; step < steps; step++) {
        const window = Uint8Array.from(bytes.slice(step * size, (step + 1) * size));
        const { loss, gradientNorm } = await session.step(window, learningRate);
        expect(Math.abs(found.steps[i]!.losses[step]! - loss), `loss of step ${step}`).toBeLessThan(1e-5);
        expect(Math.abs(found.steps[i]!.norms[step]! / gradientNorm - 1), `norm of step ${step}`).toBeLessThan(1e-3);
      }
      const ours = await session.read();
      await session.dispose();
      const theirs = decodeSafetensors(readFileSync(path.join(root, `${i}.trained.safetensors`)), 'trained').tensors;
      for (const [name, { data }] of ours.parameters) {
        // A bias of keys has no gradient but rounding, which AdamW scales up.
        const bound = name.endsWith('.qkv.bias') ? 0.05 : 1e-3;
        expect(relativeError(theirs.get(name)!.data as Float32Array, data), name).toBeLessThan(bound);
        const moment = ours.state.firstMoments.get(name)!.data;
        expect(relativeError(theirs.get(`moment.${name}`)!.data as Float32Array, moment), name).toBeLessThan(bound);
      }
    },
  );

  it('have the same default recipe', () => {
    const { batch, learningRate } = presetNamed(DEFAULT_PRESET);
    expect(found.recipe).toEqual({ optimizer: DEFAULT_OPTIMIZER, batch, learningRate });
  });

  it('score documents in the same windows', () => {
    WINDOWS.forEach(([chunks, context], i) => {
      const ours = documentWindows(0, chunks, chunks, context);
      expect(found.windows[i]).toEqual(
        ours.map(({ firstTarget, scoreFrom, scoreTo }) => [firstTarget, scoreFrom, scoreTo]),
      );
    });
  });

  it('have the same learning rates', () => {
    RATES.forEach(([peak, steps, progresses], i) => {
      const schedule = createSchedule(peak, steps);
      progresses.forEach((progress, j) => {
        expect(found.rates[i]![j]).toBeCloseTo(learningRateAt(schedule, progress), 15);
      });
    });
  });

  it('leave out the same paths by exclude patterns', () => {
    EXCLUDES.forEach(([patterns, paths], i) => {
      const test = excludeTest(patterns);
      expect(found.excluded[i], patterns.join(' ')).toEqual(paths.map(test));
    });
  });

  it('add to a log in the same way, however it was left', async () => {
    for (let i = 0; i < LOGS.length; i++) {
      const folder = logFolder('ours', i);
      await appendReport(folder, END);
      const lines = (log: string) =>
        log.split('\n').map((line) => line.replaceAll('": ', '":').replaceAll(', "', ',"'));
      expect(lines(found.logs[i]!)).toEqual(lines(readFileSync(path.join(folder, TRAINING_LOG), 'utf8')));
    }
    // What lacks its line feed only is kept.
    expect(found.logs[2]).toContain('"loss": 0.5}\n');
    expect(found.logs[6]).not.toContain('"lo');
  });

  it('do not wait for a pipe in place of rules', () => {
    expect(found.pipeErrors).toEqual([expect.stringMatching(/deep\/\.gitignore is a pipe .*; remove it\.$/)]);
  });

  it('refuse the same configurations in the same words', () => {
    CONFIG_ERRORS.forEach((config, i) => {
      let message: string | null = null;
      try {
        parseConfig(JSON.parse(config), 'config.json');
      } catch (error) {
        // The command line tells what is no JSON.
        message =
          error instanceof SyntaxError
            ? 'config.json is not JSON, expected an object of configuration keys.'
            : (error as Error).message;
      }
      expect(found.configErrors[i]?.replaceAll(', ', ',') ?? null).toBe(message?.replaceAll(', ', ',') ?? null);
    });
  });
});
