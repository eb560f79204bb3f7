/**
 * @file How well the default recipe learns: held-out bits per byte after equal time on one thread of this CPU, against a byte-level
 * transformer of as many parameters. Both are trained by the same optimizer on the same text.
 *
 * What is compared is steps that take equal time, not a wall clock: a step of each is timed first, in turn, and the fastest
 * round counts, so that other work on the machine does not decide. SMUGGLER_LEARNING_SECONDS sets the time (60),
 * SMUGGLER_LEARNING_SEEDS the number of seeds (3).
 */
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

const SECONDS = Number(process.env['SMUGGLER_LEARNING_SECONDS'] ?? 60);
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

/** As many parameters and as many bytes of context as the default model; batch and rate are the best of those tried (README). */
const BYTES: { config: ByteTransformerConfig; batch: number; learningRate: number } = {
  config: { width: 160, layers: 6, heads: 5, context: 4 * CONTEXT },
  batch: Number(process.env['SMUGGLER_BYTE_BATCH'] ?? 8),
  learningRate: Number(process.env['SMUGGLER_BYTE_RATE'] ?? 1.2e-2),
};

/** One model while it is trained. */
interface Learner {
  readonly batch: number;
  readonly learningRate: number;
  /** @returns nats, before the update */
  step(bytes: Uint8Array, rate: number, scored: Uint8Array): Promise<number>;
  /** Bits per byte. */
  measure(files: readonly CorpusFile[]): Promise<number>;
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
      const { bitsPerByte } = await evaluate(inference, files);
      await inference.dispose();
      return bitsPerByte;
    },
    dispose: () => session.dispose(),
  };
};

const makeByteLearner: MakeLearner = async (_split, seed) => {
  const { config, batch, learningRate } = BYTES;
  const training = await ByteTransformerTraining.create(config, batch, DEFAULT_OPTIMIZER, Random.fromSeed(seed));
  return {
    batch,
    learningRate,
    step: (bytes, rate, scored) => training.step(bytes, rate, scored),
    measure: (files) => training.evaluate(files),
    dispose: () => training.dispose(),
  };
};

/** Milliseconds a step of each, timed in turn; the fastest round of each. */
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

async function learn(make: MakeLearner, split: Split, seed: number, steps: number): Promise<number> {
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

/** Student's t for a two-sided 95 % interval, by degrees of freedom. */
const STUDENT = [NaN, 12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262];

/** Mean and half the width of its 95 % interval over seeds. */
function interval(values: readonly number[]): { mean: number; half: number } {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
  const deviation = Math.sqrt(squares / (values.length - 1));
  return { mean, half: (STUDENT[values.length - 1]! * deviation) / Math.sqrt(values.length) };
}

function text(values: readonly number[]): string {
  const { mean, half } = interval(values);
  return `${mean.toFixed(3)} ± ${half.toFixed(3)}  (${values.map((value) => value.toFixed(3)).join(', ')})`;
}

async function main(): Promise<void> {
  const modules = path.join(__dirname, '../../node_modules');
  const corpus = await readCorpus(
    TEXTS.map((name) => path.join(modules, name)),
    { exclude: NOT_DECLARATIONS, maxFileBytes: 1 << 24 },
  );
  const split = splitCorpus(corpus, HELD_OUT_SHARE, 0);
  const makers = [makeChunkLearner, makeByteLearner] as const;
  const [chunkTime, byteTime] = (await timeSteps(makers, split)) as [number, number];
  const steps = [chunkTime, byteTime].map((milliseconds) => Math.round((1000 * SECONDS) / milliseconds));
  figure(
    'text',
    `${(corpus.bytes * 1e-6).toFixed(1)} MB of TypeScript declarations, ${HELD_OUT_SHARE * 100} % held out`,
  );
  const sizes = [parameterCount(PRESET.config), byteTransformerSize(BYTES.config)];
  figure('parameters: default preset, byte transformer', sizes.join(', '));
  figure('a step, fastest round', `${chunkTime.toFixed(1)} ms, ${byteTime.toFixed(1)} ms`);
  figure(`steps in ${SECONDS} s of one quiet thread`, steps.join(', '));
  figure(
    'windows a step, learning rate',
    `${PRESET.batch}, ${PRESET.learningRate}; ${BYTES.batch}, ${BYTES.learningRate}`,
  );

  const chunkResults: number[] = [];
  const byteResults: number[] = [];
  for (let seed = 0; seed < SEEDS; seed++) {
    chunkResults.push(await learn(makeChunkLearner, split, seed, steps[0]!));
    byteResults.push(await learn(makeByteLearner, split, seed, steps[1]!));
    figure(`seed ${seed}`, `${chunkResults.at(-1)!.toFixed(3)}, ${byteResults.at(-1)!.toFixed(3)}`);
  }
  figure('default preset, bits per byte held out', text(chunkResults));
  figure('byte transformer', text(byteResults));
  const differences = chunkResults.map((value, i) => value - byteResults[i]!);
  figure('difference, seed by seed', text(differences));
  const { mean, half } = interval(differences);
  bounded('difference, upper end of the 95 % interval', mean + half, { below: 0 }, 'bits per byte');
  finish();
}

void main();
