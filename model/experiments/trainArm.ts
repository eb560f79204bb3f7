/** @file An arm of an experiment: a configuration, its training in memory, and the learning rate that is best for it. */
import type { ModelConfig } from '../network/config';
import { initializeParameters } from '../network/initialize';
import { Inference } from '../runtime/inference';
import { createTrainingEngine } from '../runtime/trainingEngine';
import type { CorpusFile } from '../text/corpus';
import { Random } from '../text/random';
import { bitRates, WindowSampler } from '../text/sampler';
import { TrainingError } from '../training/errors';
import { evaluate, sampleFiles } from '../training/evaluate';
import { runLoop } from '../training/loop';
import { DEFAULT_OPTIMIZER } from '../training/plan';
import { createSchedule } from '../training/schedule';
import type { ExperimentSize, Row, Run, RunContext } from './experiment';

export interface Arm {
  /** As it stands in charts and rows. */
  readonly name: string;
  readonly config: ModelConfig;
}

/** What is the same for all arms. */
export interface Recipe {
  readonly steps: number;
  /** Windows a step. */
  readonly batch: number;
  /** Peaks of the schedule that are tried on validation text; of a single one none is tried. */
  readonly rates: readonly number[];
  /** Bytes of text on which bits per byte are measured. */
  readonly measuredBytes: number;
}

/** Of the trials of rates: none of the seeds that are measured. */
const TRIAL_SEED = 1000;
/** Weights and windows of a seed are drawn apart. */
const WINDOW_SEEDS = 1000;

function trialKey(arm: string, rate: number): string {
  return `rate ${rate}: ${arm}`;
}

/** Trials of rates, then seed by seed all arms, so that a part of the plan compares arms of the same seeds. */
export function planArms(arms: readonly Arm[], { rates }: Recipe, { seeds }: ExperimentSize): Run[] {
  const trials =
    rates.length < 2
      ? []
      : arms.flatMap(({ name: arm }) =>
          rates.map((rate) => ({ key: trialKey(arm, rate), arm, seed: TRIAL_SEED, triedRate: rate })),
        );
  const measured = Array.from({ length: seeds }, (_, seed) =>
    arms.map(({ name: arm }) => ({ key: `seed ${seed}: ${arm}`, arm, seed, triedRate: null })),
  );
  return [...trials, ...measured.flat()];
}

/** "name: value" of a recipe, for the report. */
export function describeRecipe({ steps, batch, rates, measuredBytes }: Recipe): string[] {
  return [
    `steps: ${steps}`,
    `windows a step: ${batch}`,
    rates.length === 1 ? `learning rate: ${rates[0]}` : `learning rate: the best of ${rates.join(', ')} for each arm`,
    'optimizer: Muon and AdamW, as in training',
    `bits per byte: on ${measuredBytes} bytes held out`,
  ];
}

/** The rate whose trial ended with the fewest bits per byte on validation text. @throws TrainingError where all of them diverged */
function bestRate(arm: string, { rates }: Recipe, { finished }: RunContext): number {
  if (rates.length === 1) return rates[0]!;
  const tried = rates.flatMap((rate) => {
    const bits = finished.get(trialKey(arm, rate))?.rows[0]?.['bitsPerByte'];
    return typeof bits === 'number' ? [{ rate, bits }] : [];
  });
  if (tried.length === 0) throw new TrainingError('diverged', `${arm} diverged at every learning rate that was tried.`);
  return tried.reduce((best, one) => (one.bits < best.bits ? one : best)).rate;
}

/** Bits per byte on the beginnings of files, of about `bytes` together. */
export async function bitsPerByteOn(
  inference: Inference,
  files: readonly CorpusFile[],
  bytes: number,
  signal: AbortSignal | undefined,
): Promise<number> {
  const options = signal === undefined ? {} : { signal };
  return (await evaluate(inference, sampleFiles(files, bytes), options)).bitsPerByte;
}

/** What is measured of an arm while it is trained: after these steps, 0 being before the first one. */
export interface ArmMeasurement {
  readonly at: readonly number[];
  readonly measure: (step: number, inference: Inference) => Promise<readonly Row[]>;
}

/**
 * Makes a run of {@link planArms}: a trial's row tells the bits per byte on validation text, all others are those that are measured.
 * @throws TrainingError (`diverged`), or the signal's reason
 */
export async function runArm(
  run: Run,
  arm: Arm,
  recipe: Recipe,
  context: RunContext,
  measurement: ArmMeasurement,
): Promise<Row[]> {
  const { text, signal } = context;
  const rows: Row[] = [];
  const learningRate = run.triedRate ?? bestRate(arm.name, recipe, context);
  const trial: ArmMeasurement = {
    at: [recipe.steps],
    measure: async (_step, inference) => [
      { kind: 'rate', bitsPerByte: await bitsPerByteOn(inference, text.validation, recipe.measuredBytes, signal) },
    ],
  };
  const { at, measure } = run.triedRate === null ? measurement : trial;
  await trainArm(arm.config, { ...recipe, learningRate, seed: run.seed }, context, at, async (step, inference) => {
    for (const row of await measure(step, inference)) rows.push({ ...row, step, learningRate });
  });
  return rows;
}

interface ArmTraining extends Pick<Recipe, 'steps' | 'batch'> {
  readonly learningRate: number;
  readonly seed: number;
}

/** Trains in memory. The same seed draws the same windows, and the same first weights where the shapes are the same. */
async function trainArm(
  config: ModelConfig,
  { steps, batch, learningRate, seed }: ArmTraining,
  { text, threads, signal }: RunContext,
  at: readonly number[],
  measure: (step: number, inference: Inference) => Promise<void>,
): Promise<void> {
  const parameters = initializeParameters(config, bitRates(text.train), Random.fromSeed(seed));
  const context = config.context_chunks;
  const runtime = { device: 'cpu', threads } as const;
  const session = await createTrainingEngine(config, parameters, {
    ...runtime,
    batch,
    context,
    optimizer: DEFAULT_OPTIMIZER,
  });
  try {
    const inference = await Inference.create(config, parameters, runtime);
    try {
      if (at.includes(0)) await measure(0, inference);
      await runLoop({
        plan: {
          batch,
          context,
          steps,
          seconds: null,
          schedule: createSchedule(learningRate, steps),
          trainedSeconds: 0,
        },
        session,
        sampler: new WindowSampler(text.train, context, Random.fromSeed(WINDOW_SEEDS + seed)),
        firstStep: 0,
        // Every step is reported by itself, so that a measurement comes right after its step.
        times: { reportMilliseconds: 0, saveSeconds: Infinity, measure: false },
        signal,
        measureHeldOut: () => Promise.resolve(null),
        probe: () => Promise.resolve(null),
        sample: () => Promise.resolve(null),
        save: () => Promise.resolve(),
        report: async ({ step }) => {
          if (!at.includes(step)) return;
          await inference.replaceParameters(await session.readParameters());
          await measure(step, inference);
        },
      });
      signal?.throwIfAborted();
    } finally {
      await inference.dispose();
    }
  } finally {
    await session.dispose();
  }
}
