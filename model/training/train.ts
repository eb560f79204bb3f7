/** @file Training a model folder from text: what `smuggler train` and Train Model… do. */
import { existsSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { resolve } from 'node:path';
import { errorCode, fileSystemError } from '../files/fileSystemError';
import { lockFolder, requireNoTrainer } from '../checkpoint/lock';
import { readModelFolder, readTrainingState, saveCheckpoint } from '../checkpoint/modelFolder';
import { appendReport, dropReportsAfter } from '../checkpoint/trainingLog';
import type { ModelConfig } from '../network/config';
import { initializeParameters } from '../network/initialize';
import type { Parameters } from '../network/parameters';
import type { CorpusSummary, TrainingEnd, TrainingReport, TrainResult } from '../protocol/training';
import type { OptimizerState } from '../runtime/trainingSession';
import type { TrainingDevice } from '../runtime/device';
import { answeringDevice } from '../runtime/device';
import { isDeviceError } from '../runtime/onnxSession';
import { createTrainingEngine } from '../runtime/trainingEngine';
import type { Corpus, CorpusFile, Split } from '../text/corpus';
import { readCorpus, splitCorpus } from '../text/corpus';
import { contentsOf } from '../text/languages';
import type { RandomState } from '../text/random';
import { Random } from '../text/random';
import { bitRates, WindowSampler } from '../text/sampler';
import { isTrainingError, TrainingError } from './errors';
import type { LoopTimes } from './loop';
import { runLoop } from './loop';
import type { TrainingPlan, TrainingRequest } from './plan';
import { RunWatch } from './probeRun';
import { corpusFingerprint, parsePlan, planTraining, requestedConfig, resumePlan, chooseThreads } from './plan';

const DEFAULT_TIMES: LoopTimes = { reportMilliseconds: 250, saveSeconds: 30, measure: true };

export interface TrainingCallbacks {
  /** The corpus has been read and split. */
  readonly onCorpus?: (summary: CorpusSummary) => void;
  /** Files and bytes read so far. */
  readonly onReadProgress?: (files: number, bytes: number) => void;
  readonly onReport?: (report: TrainingReport) => void;
  /** The folder holds this step and can be loaded. Not told of the untrained model that is saved first. */
  readonly onSaved?: (step: number) => void;
  /** One sentence that a user should read although training goes on. */
  readonly onWarning?: (message: string) => void;
}

export interface TrainingOptions extends TrainingCallbacks {
  /** Stops at the next step, saves, and ends with outcome 'stopped'. */
  readonly signal?: AbortSignal;
  readonly times?: Partial<LoopTimes>;
}

/** Where a run begins: fresh, or where a save left off. */
interface Start {
  readonly plan: TrainingPlan;
  readonly config: ModelConfig;
  readonly parameters: Parameters | null;
  readonly optimizer: OptimizerState | null;
  readonly sampler: RandomState | null;
}

/**
 * Checks that a folder can take a new model.
 * @throws TrainingError (`folder`) where it holds something, FolderLockedError where that is a model in training,
 *   FileSystemError where it cannot be read
 */
export async function requireFreeFolder(folder: string): Promise<void> {
  if (await isFree(folder)) return;
  await requireNoTrainer(folder);
  throw notEmptyError(folder);
}

async function isFree(folder: string): Promise<boolean> {
  let names: string[];
  try {
    names = await readdir(folder);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return true;
    throw errorCode(error) === 'ENOTDIR'
      ? new TrainingError('folder', `${folder} is a file, expected a folder for the model.`)
      : fileSystemError(error, 'read', folder);
  }
  // Hidden files are no one's model: a desktop's, or what a killed process left.
  return names.every((name) => name.startsWith('.'));
}

function notEmptyError(folder: string): TrainingError {
  return new TrainingError(
    'folder',
    `${folder} is not empty; choose another folder for the new model, or resume its training (--resume).`,
  );
}

function freshStart(request: TrainingRequest): Start {
  return {
    plan: planTraining(request),
    config: requestedConfig(request),
    parameters: request.init?.parameters ?? null,
    optimizer: null,
    sampler: null,
  };
}

/** Checks that there is something to resume before a lock makes the folder. */
function requireModel(folder: string): void {
  if (!existsSync(folder)) {
    throw new TrainingError('folder', `${folder} does not exist, so there is no training to resume in it.`);
  }
}

async function resumedStart(request: TrainingRequest): Promise<Start> {
  // The state first: reading it completes a save that was cut off, and only then do the weights belong to it.
  const state = await readTrainingState(request.out);
  const { config, parameters } = await readModelFolder(request.out);
  const plan = resumePlan(parsePlan(state.schedule, request.out), request);
  const { step } = state.optimizer;
  const isDone =
    (plan.steps !== null && step >= plan.steps) || (plan.seconds !== null && plan.trainedSeconds >= plan.seconds);
  if (isDone) {
    throw new TrainingError(
      'settings',
      `${request.out} has already been trained to its end, ${step} steps; ask for more steps or seconds in all to go on.`,
    );
  }
  return { plan, config, parameters, optimizer: state.optimizer, sampler: state.sampler };
}

function byteSum(files: readonly CorpusFile[]): number {
  return files.reduce((sum, { bytes }) => sum + bytes.length, 0);
}

function summarize(corpus: Corpus, split: Split): CorpusSummary {
  return {
    ...contentsOf(corpus),
    trainBytes: byteSum(split.train),
    heldOutBytes: byteSum(split.heldOut),
  };
}

async function readText(plan: TrainingPlan, options: TrainingOptions): Promise<Split> {
  const corpus = await readCorpus(plan.text, {
    exclude: plan.exclude,
    maxFileBytes: plan.maxFileBytes,
    ...(options.onReadProgress === undefined ? {} : { onProgress: options.onReadProgress }),
    ...(options.signal === undefined ? {} : { signal: options.signal }),
  });
  const split = splitCorpus(corpus, plan.heldOutShare, plan.seed);
  options.onCorpus?.(summarize(corpus, split));
  if (byteSum(split.train) === 0) {
    const skipped = corpus.skipped.length > 0 ? `; ${corpus.skipped.length} files were skipped` : '';
    throw new TrainingError('corpus', `There is no text to train on in ${plan.text.join(', ')}${skipped}.`);
  }
  return split;
}

/** @throws TrainingError (`diverged`): such weights must not replace those of an earlier save */
function requireFinite(parameters: Parameters, step: number): void {
  for (const [name, { data }] of parameters) {
    if (!data.every(Number.isFinite)) {
      throw new TrainingError(
        'diverged',
        `Training cannot go on at step ${step}: ${name} holds a value that is not finite; nothing was written over the last save.`,
        step,
      );
    }
  }
}

/**
 * Trains and saves a model folder. The folder holds a loadable model from before the first step on, so that a full disk or a
 * missing permission shows at once. With `resume` everything goes on as if the run had never stopped: on the CPU the losses are
 * the same bit for bit. A corpus that has changed since is no reason to refuse, since the text of a workspace always changes;
 * `onWarning` says so.
 * @throws TrainingError, FolderLockedError, and the errors of the corpus, of the model folder and of the device
 */
export async function train(request: TrainingRequest, options: TrainingOptions = {}): Promise<TrainResult> {
  const absolute = { ...request, out: resolve(request.out) };
  if (request.resume) {
    requireModel(absolute.out);
    return withLock(absolute.out, async () => {
      const start = await resumedStart(absolute);
      return runFrom(start, await readText(start.plan, options), absolute, options);
    });
  }
  await requireFreeFolder(absolute.out);
  const start = freshStart(absolute);
  // The folder is made by its lock: not before there is something to train on.
  const split = await readText(start.plan, options);
  return withLock(absolute.out, async () => {
    // While the text was read, another process may have trained a model there, to its end.
    if (!(await isFree(absolute.out))) throw notEmptyError(absolute.out);
    return runFrom(start, split, absolute, options);
  });
}

async function withLock<T>(folder: string, work: () => Promise<T>): Promise<T> {
  const lock = await lockFolder(folder);
  try {
    return await work();
  } finally {
    await lock.release();
  }
}

async function runFrom(
  start: Start,
  { train: files, heldOut }: Split,
  { out, resume, device: deviceAsked, threads: threadsAsked }: TrainingRequest,
  options: TrainingOptions,
): Promise<TrainResult> {
  const { config } = start;
  const corpus = corpusFingerprint([...files, ...heldOut]);
  if (start.plan.corpus !== '' && start.plan.corpus !== corpus) {
    options.onWarning?.(
      'The text has changed since the last save: training goes on with the text as it is now, and will differ from a run that was never stopped.',
    );
  }
  const plan = { ...start.plan, corpus };
  const random = start.sampler === null ? Random.fromSeed(plan.seed) : Random.fromState(start.sampler);
  const parameters = start.parameters ?? initializeParameters(config, bitRates(files), random);
  requireFinite(parameters, start.optimizer?.step ?? 0);
  const sampler = new WindowSampler(files, plan.context, random);
  const threads = chooseThreads(threadsAsked);
  const create = (on: TrainingDevice) =>
    createTrainingEngine(config, parameters, {
      batch: plan.batch,
      context: plan.context,
      optimizer: plan.optimizer,
      ...(start.optimizer === null ? {} : { state: start.optimizer }),
      device: on,
      threads,
    });
  let device = deviceAsked;
  const session = await create(device).catch((error: unknown) => {
    if (device === 'cpu' || !isDeviceError(error)) throw error;
    options.onWarning?.(`${error.message.replace(/\.?\s*$/, '')}; the CPU is used instead.`);
    device = 'cpu';
    return create(device);
  });

  const watch = new RunWatch(
    config,
    session,
    { train: files, heldOut },
    {
      runtime: { device: answeringDevice(device), threads },
      signal: options.signal,
      onWarning: options.onWarning,
    },
  );
  const save = async (step: number, trainedSeconds: number): Promise<void> => {
    const current = await session.read();
    requireFinite(current.parameters, step);
    await saveCheckpoint(
      out,
      { config, parameters: current.parameters, steps: step },
      { optimizer: current.state, sampler: sampler.state(), schedule: { ...plan, trainedSeconds } },
    );
  };

  const firstStep = start.optimizer?.step ?? 0;
  let lastStep = firstStep;
  const logEnd = (step: number, end: TrainingEnd, message: string) => appendReport(out, { step, end, message });
  try {
    if (!resume) await save(0, 0);
    await dropReportsAfter(out, firstStep);
    const result = await runLoop({
      plan,
      session,
      sampler,
      firstStep,
      times: { ...DEFAULT_TIMES, ...options.times },
      signal: options.signal,
      measureHeldOut: (last) => watch.measureHeldOut(last),
      probe: () => watch.probe(),
      sample: () => watch.sample(),
      save: async (step, trainedSeconds) => {
        await save(step, trainedSeconds);
        options.onSaved?.(step);
      },
      report: async (report) => {
        lastStep = report.step;
        await appendReport(out, report);
        options.onReport?.(report);
      },
    });
    const outcome = result.stopped ? 'stopped' : 'finished';
    await logEnd(
      result.step,
      outcome,
      `Training ${result.stopped ? 'was stopped' : 'has finished'} at step ${result.step}.`,
    );
    return {
      outcome,
      folder: out,
      step: result.step,
      bitsPerByte: result.bitsPerByte,
      heldOutBitsPerByte: result.heldOutBitsPerByte,
    };
  } catch (error) {
    const diverged = isTrainingError(error) && error.reason === 'diverged';
    const step = (isTrainingError(error) ? error.step : undefined) ?? lastStep;
    const message = error instanceof Error ? error.message : String(error);
    // The log may be what has failed: then the error alone says so.
    await logEnd(step, diverged ? 'diverged' : 'failed', message).catch(() => undefined);
    throw error;
  } finally {
    await watch.dispose();
    await session.dispose();
  }
}
