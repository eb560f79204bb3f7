/** @file An arm of an experiment: a configuration, its training in memory, and the learning rate that is best for it. */
import { CHUNK_BYTES } from '../measures/chunk';
import type { ModelConfig } from '../network/config';
import { initializeParameters } from '../network/initialize';
import { Inference } from '../runtime/inference';
import type { TrainingEngine } from '../runtime/trainingEngine';
import { createTrainingEngine } from '../runtime/trainingEngine';
import type { CorpusFile } from '../text/corpus';
import { Random } from '../text/random';
import { bitRates, WindowSampler } from '../text/sampler';
import { TrainingError } from '../training/errors';
import type { Evaluation } from '../training/evaluate';
import { evaluate, sampleFiles } from '../training/evaluate';
import { runLoop } from '../training/loop';
import { DEFAULT_OPTIMIZER } from '../training/plan';
import type { LearningRateSchedule } from '../training/schedule';
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
  /** Of a trial of a rate. */
  readonly trialSteps: number;
  /** Bytes of text on which bits per byte are measured. */
  readonly measuredBytes: number;
}

/** Of the trials of rates: none of the seeds that are measured. */
export const TRIAL_SEED = 1000;
/** Weights and windows of a seed are drawn apart. */
const WINDOW_SEEDS = 1000;

function trialKey(arm: string, rate: number): string {
  return `rate ${rate}: ${arm}`;
}

/** A short training of every arm at every rate, where there are several. */
export function planTrials(arms: readonly Arm[], { rates }: Recipe): Run[] {
  if (rates.length < 2) return [];
  return arms.flatMap(({ name: arm }) =>
    rates.map((rate) => ({ key: trialKey(arm, rate), arm, seed: TRIAL_SEED, triedRate: rate })),
  );
}

/** Trials of rates, then seed by seed all arms, so that a part of the plan compares arms of the same seeds. */
export function planArms(arms: readonly Arm[], recipe: Recipe, { seeds }: ExperimentSize): Run[] {
  const measured = Array.from({ length: seeds }, (_, seed) =>
    arms.map(({ name: arm }) => ({ key: `seed ${seed}: ${arm}`, arm, seed, triedRate: null })),
  );
  return [...planTrials(arms, recipe), ...measured.flat()];
}

/** "name: value" of a recipe, for the report. */
export function describeRecipe({ steps, batch, rates, trialSteps, measuredBytes }: Recipe): string[] {
  return [
    `steps: ${steps}`,
    `windows a step: ${batch}`,
    rates.length === 1
      ? `learning rate: ${rates[0]}`
      : `learning rate: the best of ${rates.join(', ')} for each arm, tried for ${trialSteps} steps`,
    'optimizer: Muon and AdamW, as in training',
    `bits per byte: on ${measuredBytes} bytes held out`,
  ];
}

/**
 * The rate of a run: the one that it tries, or the one whose trial ended with the fewest bits per byte on validation text.
 * @throws TrainingError where all of its arm diverged
 */
export function learningRateOf(
  { arm, triedRate }: Pick<Run, 'arm' | 'triedRate'>,
  { rates }: Recipe,
  { finished }: RunContext,
): number {
  if (triedRate !== null) return triedRate;
  if (rates.length === 1) return rates[0]!;
  const tried = rates.flatMap((rate) => {
    const bits = finished.get(trialKey(arm, rate))?.rows[0]?.['bitsPerByte'];
    return typeof bits === 'number' ? [{ rate, bits }] : [];
  });
  if (tried.length === 0) throw new TrainingError('diverged', `${arm} diverged at every learning rate that was tried.`);
  return tried.reduce((best, one) => (one.bits < best.bits ? one : best)).rate;
}

/** Windows of a file at least, so that most of its chunks have their context. */
const FILE_WINDOWS = 4;

/** What the beginnings of files cost, of about `bytes` together. */
export function evaluateOn(
  inference: Inference,
  files: readonly CorpusFile[],
  bytes: number,
  signal: AbortSignal | undefined,
): Promise<Evaluation> {
  const least = FILE_WINDOWS * CHUNK_BYTES * inference.config.context_chunks;
  return evaluate(inference, sampleFiles(files, bytes, least), signal === undefined ? {} : { signal });
}

/** Bits per byte of {@link evaluateOn}. */
export async function bitsPerByteOn(...given: Parameters<typeof evaluateOn>): Promise<number> {
  return (await evaluateOn(...given)).bitsPerByte;
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
  const learningRate = learningRateOf(run, recipe, context);
  const trial: ArmMeasurement = {
    at: [recipe.trialSteps],
    measure: async (_step, inference) => [
      { kind: 'rate', bitsPerByte: await bitsPerByteOn(inference, text.validation, recipe.measuredBytes, signal) },
    ],
  };
  const isTrial = run.triedRate !== null;
  const { at, measure } = isTrial ? trial : measurement;
  const steps = isTrial ? recipe.trialSteps : recipe.steps;
  const model = await ArmModel.create(arm.config, recipe.batch, text.train, run.seed, context);
  try {
    const look = async (step: number) => {
      if (!at.includes(step)) return;
      for (const row of await measure(step, await model.asItStands())) rows.push({ ...row, step, learningRate });
    };
    await look(0);
    await model.train({
      steps,
      schedule: createSchedule(learningRate, steps),
      sampler: windowsOf(arm.config, text.train, run.seed),
      signal,
      onStep: look,
    });
    signal?.throwIfAborted();
  } finally {
    await model.dispose();
  }
  return rows;
}

/** The windows of a seed: the same for all arms. */
export function windowsOf(config: ModelConfig, files: readonly CorpusFile[], seed: number): WindowSampler {
  return new WindowSampler(files, config.context_chunks, Random.fromSeed(WINDOW_SEEDS + seed));
}

/** A stretch of training. */
export interface ArmPhase {
  readonly steps: number;
  readonly schedule: LearningRateSchedule;
  readonly sampler: Pick<WindowSampler, 'next'>;
  /** Ends it after the step that it is aborted in, without an error. */
  readonly signal: AbortSignal | undefined;
  /** Told after every step, which it may measure: 1 is the first. */
  readonly onStep: (step: number) => Promise<void>;
}

/** A model of an arm while it is trained, in memory. */
export class ArmModel {
  private constructor(
    private readonly batch: number,
    private readonly session: TrainingEngine,
    private readonly inference: Inference,
  ) {}

  /**
   * The same seed gives the same first weights where the shapes are the same.
   * @param batch windows a step
   * @param files text whose bits' rates the voters' biases begin with
   */
  static async create(
    config: ModelConfig,
    batch: number,
    files: readonly CorpusFile[],
    seed: number,
    { threads }: Pick<RunContext, 'threads'>,
  ): Promise<ArmModel> {
    const parameters = initializeParameters(config, bitRates(files), Random.fromSeed(seed));
    const runtime = { device: 'cpu', threads } as const;
    const context = config.context_chunks;
    const options = { ...runtime, batch, context, optimizer: DEFAULT_OPTIMIZER };
    const session = await createTrainingEngine(config, parameters, options);
    try {
      return new ArmModel(batch, session, await Inference.create(config, parameters, runtime));
    } catch (error) {
      await session.dispose();
      throw error;
    }
  }

  /** Goes on from the weights and moments that there are. @throws TrainingError (`diverged`) */
  async train({ steps, schedule, sampler, signal, onStep }: ArmPhase): Promise<void> {
    const { batch, session } = this;
    await runLoop({
      plan: { batch, context: this.inference.config.context_chunks, steps, seconds: null, schedule, trainedSeconds: 0 },
      session,
      sampler,
      firstStep: 0,
      // Every step is reported by itself, so that a measurement comes right after its step.
      times: { reportMilliseconds: 0, saveSeconds: Infinity, measure: false },
      signal,
      measureHeldOut: () => Promise.resolve(null),
      probe: () => Promise.resolve(null),
      sample: () => Promise.resolve(null),
      save: () => Promise.resolve(),
      report: ({ step }) => onStep(step),
    });
  }

  /** With the weights of now, until it is trained further. */
  async asItStands(): Promise<Inference> {
    await this.inference.replaceParameters(await this.session.readParameters());
    return this.inference;
  }

  async dispose(): Promise<void> {
    await this.inference.dispose();
    await this.session.dispose();
  }
}
