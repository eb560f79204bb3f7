/** @file The role that trains: one run at a time. */
import type {
  CorpusContents,
  CorpusParams,
  PresetSummary,
  TrainingProgress,
  TrainParams,
  TrainResult,
} from '../protocol/training';
import { ErrorCode } from '../measures/errorCodes';
import { readCorpus } from '../text/corpus';
import { contentsOf } from '../text/languages';
import { PRESETS } from '../training/presets';
import { train } from '../training/train';
import { requireTrainingDevice } from './loadedModel';
import { RequestError } from './requestErrors';

/** How a training is carried out. */
export interface TrainingRun {
  readonly signal: AbortSignal;
  readonly onProgress: (progress: TrainingProgress) => void;
}

export class Trainings {
  #running: { readonly stopping: AbortController; readonly ended: Promise<unknown> } | undefined;

  /**
   * Trains a model folder. Aborting stops it at the next step, with everything saved, and the outcome is 'stopped'.
   * @throws RequestError, TrainingError, CorpusError, ModelFolderError, FileSystemError, DeviceError
   */
  run(params: TrainParams, { signal, onProgress }: TrainingRun): Promise<TrainResult> {
    if (this.#running !== undefined) {
      throw new RequestError(ErrorCode.badRequest, 'A training is running already; stop it, or wait for its end.');
    }
    const device = requireTrainingDevice(params.device);
    const stopping = new AbortController();
    const training = train(
      { ...params, device },
      {
        signal: AbortSignal.any([signal, stopping.signal]),
        onCorpus: (corpus) => {
          onProgress({ kind: 'corpus', corpus });
        },
        onReport: (report) => {
          onProgress({ kind: 'report', report });
        },
        onSaved: (step) => {
          onProgress({ kind: 'saved', step });
        },
        onWarning: (message) => {
          onProgress({ kind: 'warning', message });
        },
      },
    ).finally(() => {
      this.#running = undefined;
    });
    this.#running = { stopping, ended: training };
    return training;
  }

  /** Stops what is running as if its request had been cancelled; resolves when it has saved. */
  async stop(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    running.stopping.abort();
    // However it ends, it has ended.
    await running.ended.catch(() => undefined);
  }
}

/** What a training would read. @throws CorpusError, the signal's reason */
export async function corpusContents(
  { text, exclude, maxFileBytes }: CorpusParams,
  signal: AbortSignal,
): Promise<CorpusContents> {
  return contentsOf(await readCorpus(text, { exclude, maxFileBytes, signal }));
}

/** The presets as the palette shows them. */
export function presetSummaries(): readonly PresetSummary[] {
  return PRESETS.map(({ name, description, parameters, steps, batch, config }) => ({
    name,
    description,
    parameters,
    steps,
    batch,
    config,
  }));
}
