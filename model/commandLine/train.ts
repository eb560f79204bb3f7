/** @file `smuggler train`: a model folder from text, or one trained on given batches for comparison. */
import { readModelFolder, writeModelFolder } from '../checkpoint/modelFolder';
import { readSafetensors } from '../checkpoint/safetensors';
import type { ModelConfig } from '../network/config';
import { ConfigError, parseConfig } from '../network/config';
import type { TrainingReport } from '../protocol/training';
import { batchesOf, GOLDEN_OPTIMIZER, trainOnBatches } from '../training/batches';
import { chooseThreads } from '../training/plan';
import { DEFAULT_PRESET } from '../training/presets';
import { requireFreeFolder, train } from '../training/train';
import { byteTensor } from './byteTensor';
import { formatCorpus, formatDuration } from './format';
import { readNamedFile } from './namedFile';
import type { TrainingRuntimeFlags } from './options';
import { hasBar, startBar } from './progressBar';
import type { Terminal } from './terminal';
import { ExitCode, UsageError } from './terminal';

export interface TrainFlags extends TrainingRuntimeFlags {
  readonly out: string;
  readonly text?: readonly string[];
  readonly preset?: string;
  readonly config?: string;
  readonly init?: string;
  readonly steps?: number;
  readonly seconds?: number;
  readonly batch?: number;
  readonly context?: number;
  readonly learningRate?: number;
  readonly seed: number;
  readonly exclude: readonly string[];
  readonly maxFileBytes: number;
  readonly batches?: string;
  readonly constantLearningRate?: number;
  readonly clipNorm?: number;
  readonly saveSeconds?: number;
  readonly resume?: true;
  readonly json?: true;
}

/** Lines between two that are printed where there is neither a bar nor `--json`. */
const LINE_SECONDS = 10;

/** What `--batches` settles by itself. */
const ONLY_WITH_TEXT = [
  'text',
  'preset',
  'config',
  'steps',
  'seconds',
  'batch',
  'context',
  'learningRate',
  'saveSeconds',
  'resume',
] as const satisfies readonly (keyof TrainFlags)[];

async function readConfig(file: string): Promise<ModelConfig> {
  const text = new TextDecoder().decode(await readNamedFile(file));
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new ConfigError(`${file} is not JSON, expected an object of configuration keys.`);
  }
  return parseConfig(value, file);
}

function reportLine(report: TrainingReport): string {
  const { step, steps, bitsPerByte, stepMilliseconds, remainingSeconds, heldOutBitsPerByte } = report;
  const parts = [
    `step ${step}${steps === null ? '' : ` of ${steps}`}`,
    `${bitsPerByte.toFixed(3)} bits per byte`,
    `${stepMilliseconds.toFixed(1)} ms a step`,
  ];
  if (heldOutBitsPerByte !== undefined) parts.push(`${heldOutBitsPerByte.toFixed(3)} held out`);
  if (remainingSeconds !== null && remainingSeconds > 0) parts.push(`${formatDuration(remainingSeconds)} left`);
  return parts.join(', ');
}

/** Says what does not go together. */
function requireForm(flags: TrainFlags): void {
  if (flags.batches !== undefined) {
    if (flags.init === undefined) throw new UsageError('--batches needs --init DIR, the weights to start from.');
    if (flags.constantLearningRate === undefined) throw new UsageError('--batches needs --constant-learning-rate X.');
    const other = ONLY_WITH_TEXT.find((name) => flags[name] !== undefined);
    if (other !== undefined) throw new UsageError(`--batches is the whole training; it does not go with "${other}".`);
    return;
  }
  if (flags.constantLearningRate !== undefined) throw new UsageError('--constant-learning-rate needs --batches F.');
  if (flags.clipNorm !== undefined) throw new UsageError('--clip-norm needs --batches F.');
  if (flags.text === undefined && flags.resume !== true) {
    throw new UsageError('train needs --text PATH…, --batches F or --resume.');
  }
  const sources = [flags.preset, flags.config, flags.init].filter((source) => source !== undefined);
  if (sources.length > 1 && (flags.config !== undefined || flags.resume === true)) {
    throw new UsageError('A new model takes its configuration from one of --preset, --config and --init.');
  }
}

/** @returns the exit code */
export async function trainModel(flags: TrainFlags, terminal: Terminal): Promise<number> {
  requireForm(flags);
  return flags.batches === undefined ? trainOnText(flags, terminal) : trainOnFile(flags.batches, flags, terminal);
}

async function trainOnFile(file: string, flags: TrainFlags, terminal: Terminal): Promise<number> {
  await requireFreeFolder(flags.out);
  const { config, parameters } = await readModelFolder(flags.init!);
  const { shape, data } = byteTensor(await readSafetensors(file), file);
  const batches = batchesOf(data, shape, file);
  const clipNorm = flags.clipNorm === 0 ? Infinity : (flags.clipNorm ?? GOLDEN_OPTIMIZER.clipNorm);
  const trained = await trainOnBatches(
    {
      config,
      parameters,
      batches,
      learningRate: flags.constantLearningRate!,
      optimizer: { ...GOLDEN_OPTIMIZER, clipNorm },
      device: flags.device,
      threads: chooseThreads(flags.threads),
    },
    (report) => {
      if (flags.json === true) terminal.json(report);
      else terminal.line(`step ${report.step}: loss ${report.loss}, gradient norm ${report.gradientNorm}`);
    },
  );
  await writeModelFolder(flags.out, { config, parameters: trained, steps: batches.count });
  return ExitCode.done;
}

async function trainOnText(flags: TrainFlags, terminal: Terminal): Promise<number> {
  const isJson = flags.json === true;
  const config = flags.config === undefined ? undefined : await readConfig(flags.config);
  const init = flags.init === undefined || flags.resume === true ? undefined : await readModelFolder(flags.init);
  terminal.finishWhenInterrupted();
  const bar = startBar(isJson, '{bar} {percentage}% {text}');
  let lastLine = 0;
  const show = (report: TrainingReport) => {
    if (isJson) {
      terminal.json(report);
    } else if (hasBar(isJson)) {
      const { step, steps, elapsedSeconds, remainingSeconds } = report;
      const total = steps ?? elapsedSeconds + (remainingSeconds ?? 0);
      bar.update(steps === null ? elapsedSeconds : step, total, { text: reportLine(report) });
    } else if (report.heldOutBitsPerByte !== undefined || report.elapsedSeconds - lastLine >= LINE_SECONDS) {
      lastLine = report.elapsedSeconds;
      terminal.line(reportLine(report));
    }
  };
  try {
    const result = await train(
      {
        text: flags.text ?? [],
        out: flags.out,
        preset: flags.preset ?? DEFAULT_PRESET,
        config,
        init,
        resume: flags.resume === true,
        steps: flags.steps ?? null,
        seconds: flags.seconds ?? null,
        batch: flags.batch,
        context: flags.context,
        learningRate: flags.learningRate,
        seed: flags.seed,
        device: flags.device,
        threads: flags.threads,
        exclude: flags.exclude,
        maxFileBytes: flags.maxFileBytes,
      },
      {
        signal: terminal.signal,
        times: {
          // A script sees every step by itself; a user sees a few lines a second.
          ...(isJson ? { reportMilliseconds: 0 } : {}),
          ...(flags.saveSeconds === undefined ? {} : { saveSeconds: flags.saveSeconds }),
        },
        onCorpus: (summary) => {
          terminal.note(formatCorpus(summary));
        },
        onReport: show,
        onWarning: (message) => {
          terminal.note(message);
        },
      },
    );
    bar.stop();
    const heldOut = result.heldOutBitsPerByte === null ? '' : `, ${result.heldOutBitsPerByte.toFixed(3)} held out`;
    const how = result.outcome === 'stopped' ? 'Stopped' : 'Finished';
    terminal.note(
      `${how} at step ${result.step}: ${result.bitsPerByte.toFixed(3)} bits per byte${heldOut}. Saved in ${result.folder}.`,
    );
    return result.outcome === 'stopped' ? ExitCode.interrupted : ExitCode.done;
  } finally {
    bar.stop();
  }
}
