/**
 * @file Time to quality: held-out bits per byte of the default recipe after given times on one thread of this CPU, against a byte-level
 * transformer of as many parameters at the best of nine settings. Both learn the same text by the same optimizer, in pairs by seed.
 *
 * What is compared is steps that take equal time, not a wall clock: a step of each is timed first, in turn, and the fastest
 * round counts, so that other work on the machine does not decide. SMUGGLER_LEARNING_SECONDS lists the times ("60"),
 * SMUGGLER_LEARNING_SEEDS is the number of seeds (3). Every run is a row of `out/bench/learning.jsonl`; a run that has its row
 * there is not made again, so that hours of them may be stopped and go on with the step times that were measured first
 * (`out/bench/learning-times.json`). Remove both files after changing a model.
 */
import { appendFileSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { initializeParameters } from '../../model/network/initialize';
import { parameterCount } from '../../model/network/parameters';
import { Inference } from '../../model/runtime/inference';
import { TrainingSession } from '../../model/runtime/trainingSession';
import type { CorpusFile, Split } from '../../model/text/corpus';
import { readCorpus, splitCorpus } from '../../model/text/corpus';
import { Random } from '../../model/text/random';
import { bitRates, WindowSampler } from '../../model/text/sampler';
import { evaluate, sampleFiles } from '../../model/training/evaluate';
import { DEFAULT_OPTIMIZER } from '../../model/training/plan';
import { DEFAULT_PRESET, presetNamed } from '../../model/training/presets';
import { createSchedule, learningRateAt } from '../../model/training/schedule';
import type { ByteTransformerConfig } from './byteTransformer';
import { byteTransformerSize } from './byteTransformer';
import { ByteTransformerTraining } from './byteTraining';
import { bounded, figure, finish, spread } from './report';

const SECONDS = (process.env['SMUGGLER_LEARNING_SECONDS'] ?? '60').split(',').map(Number);
const SEEDS = Number(process.env['SMUGGLER_LEARNING_SEEDS'] ?? 3);
/** Declarations of packages that this project is built with. */
const TEXTS = ['typescript/lib', '@types/node', '@types/vscode'];
const NOT_DECLARATIONS = ['**/*.js', '**/*.json', '**/*.md', '**/*.txt', '**/LICENSE', '**/_*'];
const HELD_OUT_SHARE = 0.05;
const HELD_OUT_BYTES = 128 * 1024;
const ROUNDS = 8;
const STEPS = 5;

const PRESET = presetNamed(DEFAULT_PRESET);
const CONTEXT = PRESET.config.context_chunks;

/** What the time is asked to. */
const TARGET = 2;
const ROWS = path.join(__dirname, '../../out/bench/learning.jsonl');
const TIMES = path.join(__dirname, '../../out/bench/learning-times.json');

/** As many parameters and as many bytes of context as the default model had without a byte stage. */
const BYTE_CONFIG: ByteTransformerConfig = { width: 160, layers: 6, heads: 5, context: 4 * CONTEXT };
/** Tried for {@link TRIED_SECONDS} with one seed; the best of them is compared. */
const BYTE_SETTINGS: readonly ByteSetting[] = [2, 4, 8].flatMap((batch) =>
  [8e-3, 1.6e-2, 3.2e-2].map((learningRate) => ({ batch, learningRate })),
);
const TRIED_SECONDS = 60;

interface ByteSetting {
  readonly batch: number;
  readonly learningRate: number;
}

/** One run. */
interface Row {
  readonly arm: string;
  readonly seed: number;
  readonly seconds: number;
  readonly steps: number;
  readonly bitsPerByte: number;
  /** [4] of the chunks' first to last bytes, of the chunk model alone. */
  readonly byPlace: readonly number[] | null;
}

/** One model while it is trained. */
interface Learner {
  readonly batch: number;
  readonly learningRate: number;
  /** @returns nats, before the update */
  step(bytes: Uint8Array, rate: number, scored: Uint8Array): Promise<number>;
  /** On held-out text. */
  measure(files: readonly CorpusFile[]): Promise<Pick<Row, 'bitsPerByte' | 'byPlace'>>;
  dispose(): Promise<void>;
}

type MakeLearner = (split: Split, seed: number) => Promise<Learner>;

const makeChunkLearner: MakeLearner = async ({ train }, seed) => {
  const { config, batch, learningRate } = PRESET;
  const parameters = initializeParameters(config, bitRates(train), Random.fromSeed(seed));
  const options = { batch, context: CONTEXT, optimizer: DEFAULT_OPTIMIZER, device: 'cpu', threads: 1 } as const;
  const session = await TrainingSession.create(config, parameters, options);
  return {
    batch,
    learningRate,
    step: async (bytes, rate, scored) => (await session.step(bytes, rate, scored)).loss,
    measure: async (files) => {
      const inference = await Inference.create(config, await session.readParameters(), { device: 'cpu', threads: 1 });
      const { bitsPerByte, bitsPerByteByPlace } = await evaluate(inference, files);
      await inference.dispose();
      return { bitsPerByte, byPlace: bitsPerByteByPlace };
    },
    dispose: () => session.dispose(),
  };
};

function byteLearner({ batch, learningRate }: ByteSetting): MakeLearner {
  return async (_split, seed) => {
    const training = await ByteTransformerTraining.create(BYTE_CONFIG, batch, DEFAULT_OPTIMIZER, Random.fromSeed(seed));
    return {
      batch,
      learningRate,
      step: (bytes, rate, scored) => training.step(bytes, rate, scored),
      measure: async (files) => ({ bitsPerByte: await training.evaluate(files), byPlace: null }),
      dispose: () => training.dispose(),
    };
  };
}

/** Milliseconds per step of each: those of the runs that are there, for all runs must be of one length. */
async function stepTimes(makers: readonly MakeLearner[], split: Split): Promise<readonly number[]> {
  if (existsSync(TIMES)) return JSON.parse(readFileSync(TIMES, 'utf8')) as number[];
  const times = await timeSteps(makers, split);
  mkdirSync(path.dirname(TIMES), { recursive: true });
  writeFileSync(TIMES, JSON.stringify(times));
  return times;
}

/** Milliseconds per step of each, timed in turn; the fastest round of each. */
async function timeSteps(makers: readonly MakeLearner[], split: Split): Promise<number[]> {
  const learners = await Promise.all(makers.map((make) => make(split, 0)));
  const sampler = new WindowSampler(split.train, CONTEXT, Random.fromSeed(0));
  const times: number[][] = learners.map(() => []);
  for (let round = 0; round <= ROUNDS; round++) {
    for (const [i, learner] of learners.entries()) {
      const batches = Array.from({ length: STEPS }, () => sampler.next(learner.batch));
      const start = performance.now();
      for (const { bytes, scored } of batches) await learner.step(bytes, 1e-3, scored);
      if (round > 0) times[i]!.push((performance.now() - start) / STEPS);
    }
  }
  for (const learner of learners) await learner.dispose();
  return times.map((samples) => spread(samples).min);
}

async function learn(
  make: MakeLearner,
  split: Split,
  seed: number,
  steps: number,
): Promise<Pick<Row, 'bitsPerByte' | 'byPlace'>> {
  const learner = await make(split, seed);
  const sampler = new WindowSampler(split.train, CONTEXT, Random.fromSeed(1000 + seed));
  const schedule = createSchedule(learner.learningRate, steps);
  for (let step = 1; step <= steps; step++) {
    const { bytes, scored } = sampler.next(learner.batch);
    const loss = await learner.step(bytes, learningRateAt(schedule, step / steps), scored);
    if (!Number.isFinite(loss)) throw new Error(`The loss is ${loss} at step ${step} of seed ${seed}.`);
  }
  const result = await learner.measure(sampleFiles(split.heldOut, HELD_OUT_BYTES));
  await learner.dispose();
  return result;
}

/** The rows of earlier runs, and those that are added. */
class Rows {
  readonly #rows: Row[] = existsSync(ROWS)
    ? readFileSync(ROWS, 'utf8')
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Row)
    : [];

  /** The row of a run, which is made where there is none. */
  async get(
    run: Pick<Row, 'arm' | 'seed' | 'seconds' | 'steps'>,
    make: () => Promise<Pick<Row, 'bitsPerByte' | 'byPlace'>>,
  ): Promise<Row> {
    const found = this.#rows.find(
      ({ arm, seed, seconds }) => arm === run.arm && seed === run.seed && seconds === run.seconds,
    );
    if (found !== undefined) return found;
    const row = { ...run, ...(await make()) };
    this.#rows.push(row);
    mkdirSync(path.dirname(ROWS), { recursive: true });
    appendFileSync(ROWS, `${JSON.stringify(row)}\n`);
    figure(`${row.arm}, seed ${row.seed}, ${row.seconds} s (${row.steps} steps)`, row.bitsPerByte.toFixed(3));
    return row;
  }
}

/** Student's t for a two-sided 95 % interval, by degrees of freedom. */
const STUDENT = [NaN, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/** Mean and half the width of its 95 % interval over seeds; NaN of one seed. */
function interval(values: readonly number[]): { mean: number; half: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (values.length - 1));
  return { mean, half: (STUDENT[values.length - 1]! * deviation) / Math.sqrt(values.length) };
}

function text(values: readonly number[]): string {
  const { mean, half } = interval(values);
  if (values.length === 1) return `${mean.toFixed(3)}, one seed: no interval`;
  return `${mean.toFixed(3)} ± ${half.toFixed(3)}  (${values.map((value) => value.toFixed(3)).join(', ')})`;
}

/** Seconds at which the means over the seeds fall below the target, between two measured times on a logarithmic scale. */
function secondsToTarget(times: readonly number[], means: readonly number[]): string {
  const at = means.findIndex((mean) => mean <= TARGET);
  if (at < 0) return `more than ${times.at(-1)} s`;
  if (at === 0) return `at most ${times[0]} s`;
  const share = (means[at - 1]! - TARGET) / (means[at - 1]! - means[at]!);
  return `${(times[at - 1]! * (times[at]! / times[at - 1]!) ** share).toFixed(0)} s`;
}

async function main(): Promise<void> {
  const modules = path.join(__dirname, '../../node_modules');
  const corpus = await readCorpus(
    TEXTS.map((name) => path.join(modules, name)),
    { exclude: NOT_DECLARATIONS, maxFileBytes: 1 << 24 },
  );
  const split = splitCorpus(corpus, HELD_OUT_SHARE, 0);
  const byteMakers = BYTE_SETTINGS.map(byteLearner);
  const [chunkTime, ...byteTimes] = (await stepTimes([makeChunkLearner, ...byteMakers], split)) as [
    number,
    ...number[],
  ];
  figure(
    'text',
    `${(corpus.bytes * 1e-6).toFixed(1)} MB of TypeScript declarations, ${HELD_OUT_SHARE * 100} % held out`,
  );
  const sizes = [parameterCount(PRESET.config), byteTransformerSize(BYTE_CONFIG)];
  figure('parameters: default preset, byte transformer', sizes.join(', '));
  figure(`a step of the default preset, ${PRESET.batch} windows, fastest round`, `${chunkTime.toFixed(1)} ms`);

  const rows = new Rows();
  const byteRun = (i: number, seed: number, seconds: number) => {
    const { batch, learningRate } = BYTE_SETTINGS[i]!;
    const steps = Math.round((1000 * seconds) / byteTimes[i]!);
    const run = { arm: `byte transformer, batch ${batch}, rate ${learningRate}`, seed, seconds, steps };
    return rows.get(run, () => learn(byteMakers[i]!, split, seed, steps));
  };
  const tried: number[] = [];
  for (const i of BYTE_SETTINGS.keys()) tried.push((await byteRun(i, 0, TRIED_SECONDS)).bitsPerByte);
  const best = tried.indexOf(Math.min(...tried));
  figure(
    'best setting of the byte transformer',
    `batch ${BYTE_SETTINGS[best]!.batch}, rate ${BYTE_SETTINGS[best]!.learningRate}`,
  );

  const means: { chunk: number[]; byte: number[] } = { chunk: [], byte: [] };
  for (const seconds of SECONDS) {
    const steps = Math.round((1000 * seconds) / chunkTime);
    const chunkRows: Row[] = [];
    const byteRows: Row[] = [];
    for (let seed = 0; seed < SEEDS; seed++) {
      const run = { arm: 'default preset', seed, seconds, steps };
      chunkRows.push(await rows.get(run, () => learn(makeChunkLearner, split, seed, steps)));
      byteRows.push(await byteRun(best, seed, seconds));
    }
    const chunkBits = chunkRows.map(({ bitsPerByte }) => bitsPerByte);
    const byteBits = byteRows.map(({ bitsPerByte }) => bitsPerByte);
    means.chunk.push(interval(chunkBits).mean);
    means.byte.push(interval(byteBits).mean);
    figure(`${seconds} s: default preset, bits per byte held out`, text(chunkBits));
    figure(`${seconds} s: byte transformer`, text(byteBits));
    const gaps = chunkRows.map(({ byPlace }) => byPlace!.at(-1)! - byPlace![0]!);
    bounded(`${seconds} s: a chunk's last byte against its first`, interval(gaps).mean, { below: 0.15 }, 'bits');
    const differences = chunkBits.map((value, i) => value - byteBits[i]!);
    figure(`${seconds} s: difference, seed by seed`, text(differences));
    const { mean, half } = interval(differences);
    if (SEEDS > 1) {
      bounded(`${seconds} s: upper end of its 95 % interval`, mean + half, { below: 0 }, 'bits per byte');
    }
  }
  figure(`to ${TARGET} bits per byte: default preset`, secondsToTarget(SECONDS, means.chunk));
  figure(`to ${TARGET} bits per byte: byte transformer`, secondsToTarget(SECONDS, means.byte));
  finish();
}

void main();
