/** @file What a training run will do: settled once from what was asked for, stored beside the weights, and read back to resume. */
import { createHash } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import type { ModelConfig } from '../network/config';
import type { Parameters } from '../network/parameters';
import type { TrainParams } from '../protocol/training';
import type { TrainingDevice } from '../runtime/device';
import type { OptimizerOptions } from '../network/optimizer';
import type { CorpusFile } from '../text/corpus';
import { TrainingError } from './errors';
import { presetNamed } from './presets';
import type { LearningRateSchedule } from './schedule';
import { createSchedule } from './schedule';

/** What a caller asks for; what is left out takes the preset's value. */
export interface TrainingRequest extends Omit<TrainParams, 'device'> {
  readonly device: TrainingDevice;
  /** In place of the preset's configuration. */
  readonly config?: ModelConfig | undefined;
  /** Start from these weights and their configuration in place of fresh ones. */
  readonly init?: { readonly config: ModelConfig; readonly parameters: Parameters } | undefined;
  /** B, windows a step. */
  readonly batch?: number | undefined;
  /** T, chunks a window; becomes the model's `context_chunks`. */
  readonly context?: number | undefined;
  /** The peak of the schedule. */
  readonly learningRate?: number | undefined;
}

/** A settled run. Plain JSON: it is stored as `TrainingState.schedule`. */
export interface TrainingPlan {
  readonly text: readonly string[];
  readonly exclude: readonly string[];
  readonly maxFileBytes: number;
  readonly heldOutShare: number;
  /** SHA-256 of the text that was trained on and held out. */
  readonly corpus: string;
  readonly seed: number;
  readonly batch: number;
  readonly context: number;
  /** Steps and seconds in all; the run ends at whichever comes first, and at least one is set. */
  readonly steps: number | null;
  readonly seconds: number | null;
  readonly schedule: LearningRateSchedule;
  readonly optimizer: OptimizerOptions;
  /** Seconds trained up to the save that holds this. */
  readonly trainedSeconds: number;
}

/**
 * The optimizer of the default recipe: the golden one with Muon for the matrices inside the processor (README.md beside this file
 * says what that gained). Clipping is tight on purpose; norms here stay under 0.1 once warm, so that this only cuts spikes.
 */
export const DEFAULT_OPTIMIZER: OptimizerOptions = {
  beta1: 0.9,
  beta2: 0.99,
  epsilon: 1e-8,
  weightDecay: 0.01,
  clipNorm: 0.25,
  muon: { momentum: 0.85, scale: 0.1 },
  ngramRate: 3,
};

const HELD_OUT_SHARE = 0.05;
const MOST_OWN_THREADS = 8;

/** Threads where none are asked for: half of what there is, so that the editor keeps the rest. */
export function chooseThreads(threads: number): number {
  return threads > 0 ? threads : Math.min(MOST_OWN_THREADS, Math.max(1, Math.floor(availableParallelism() / 2)));
}

/** The configuration that a request starts from. */
export function requestedConfig(request: TrainingRequest): ModelConfig {
  const config = request.init?.config ?? request.config ?? presetNamed(request.preset).config;
  return request.context === undefined ? config : { ...config, context_chunks: request.context };
}

/** Settles a new run. The corpus is read later, with what the plan says; `corpus` is empty until then. */
export function planTraining(request: TrainingRequest): TrainingPlan {
  const preset = presetNamed(request.preset);
  const steps = request.steps ?? (request.seconds === null ? preset.steps : null);
  return {
    text: request.text.map((path) => resolve(path)),
    exclude: request.exclude,
    maxFileBytes: request.maxFileBytes,
    heldOutShare: HELD_OUT_SHARE,
    corpus: '',
    seed: request.seed,
    batch: request.batch ?? preset.batch,
    context: requestedConfig(request).context_chunks,
    steps,
    seconds: request.seconds,
    schedule: createSchedule(request.learningRate ?? preset.learningRate, steps),
    optimizer: DEFAULT_OPTIMIZER,
    trainedSeconds: 0,
  };
}

/**
 * The plan of a run that goes on. Text and length may be given anew; batch, context and learning rate may be repeated but not
 * changed, and everything else is as it was.
 * @throws TrainingError (`settings`) naming what cannot change
 */
export function resumePlan(stored: TrainingPlan, request: TrainingRequest): TrainingPlan {
  const fixed = [
    ['batch', request.batch, stored.batch],
    ['context', request.context, stored.context],
    ['learning rate', request.learningRate, stored.schedule.peak],
  ] as const;
  for (const [name, asked, was] of fixed) {
    if (asked !== undefined && asked !== was) {
      throw new TrainingError(
        'settings',
        `${request.out} was trained with ${name} ${was}, which cannot become ${asked} when training is resumed.`,
      );
    }
  }
  const text = request.text.length > 0 ? request.text.map((path) => resolve(path)) : stored.text;
  if (request.steps === null && request.seconds === null) return { ...stored, text };
  const { steps, seconds } = request;
  return { ...stored, text, steps, seconds, schedule: createSchedule(stored.schedule.peak, steps) };
}

/** SHA-256 over the files' lengths and bytes in order, names aside. */
export function corpusFingerprint(files: readonly CorpusFile[]): string {
  const hash = createHash('sha256');
  for (const { bytes } of files) hash.update(`${bytes.length}\n`).update(bytes);
  return hash.digest('hex');
}

type Shape = { readonly [key: string]: 'number' | 'number or null' | 'string' | 'strings' | Shape };

const PLAN_SHAPE = {
  text: 'strings',
  exclude: 'strings',
  maxFileBytes: 'number',
  heldOutShare: 'number',
  corpus: 'string',
  seed: 'number',
  batch: 'number',
  context: 'number',
  steps: 'number or null',
  seconds: 'number or null',
  schedule: { peak: 'number', warmup: 'number', floor: 'number' },
  optimizer: { beta1: 'number', beta2: 'number', epsilon: 'number', weightDecay: 'number', clipNorm: 'number' },
  trainedSeconds: 'number',
} as const satisfies Record<keyof TrainingPlan, Shape[string]>;

const MUON_SHAPE = { momentum: 'number', scale: 'number' } as const satisfies Shape;

/** The first key whose value is not of the expected shape, or null. */
function misshapen(value: unknown, shape: Shape, prefix: string): string | null {
  if (typeof value !== 'object' || value === null) return prefix;
  for (const [key, expected] of Object.entries(shape)) {
    const found: unknown = (value as Record<string, unknown>)[key];
    const path = prefix === '' ? key : `${prefix}.${key}`;
    if (typeof expected === 'object') {
      const inner = misshapen(found, expected, path);
      if (inner !== null) return inner;
      continue;
    }
    const fits =
      expected === 'strings'
        ? Array.isArray(found) && found.every((entry) => typeof entry === 'string')
        : expected === 'number or null'
          ? found === null || typeof found === 'number'
          : typeof found === expected;
    if (!fits) return path;
  }
  return null;
}

/**
 * Checks a plan read back from a model folder.
 * @param folder names it in the error
 * @throws TrainingError (`folder`) naming the first value that is missing or not of its kind
 */
export function parsePlan(value: unknown, folder: string): TrainingPlan {
  let wrong = misshapen(value, PLAN_SHAPE, '');
  // Runs from before them, and runs without them, have none.
  const { muon, ngramRate } = wrong === null ? (value as TrainingPlan).optimizer : {};
  if (muon !== undefined) wrong = misshapen(muon, MUON_SHAPE, 'optimizer.muon');
  if (ngramRate !== undefined && typeof ngramRate !== 'number') wrong = 'optimizer.ngramRate';
  if (wrong !== null) {
    throw new TrainingError(
      'folder',
      `${folder}: the stored training state has no usable "${wrong}", so training cannot be resumed; start a new run with these weights.`,
    );
  }
  return value as TrainingPlan;
}
