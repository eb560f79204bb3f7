/** @file The role that trains: one run at a time, its progress as notifications. */
import type {
  CorpusContents,
  CorpusSummary,
  PresetSummary,
  TrainingReport,
  TrainParams,
  TrainResult,
} from '../protocol/training';
import { ErrorCode } from '../protocol/errors';
import { readCorpus } from '../text/corpus';
import { contentsOf } from '../text/languages';
import { PRESETS } from '../training/presets';
import { train } from '../training/trainer';
import { requireTrainingDevice } from './loadedModel';
import { RequestError } from './requestErrors';

/** What a run tells while it goes on. */
export interface TrainingEvents {
  readonly corpus: (summary: CorpusSummary) => void;
  readonly report: (report: TrainingReport) => void;
  readonly saved: (step: number) => void;
  readonly warning: (message: string) => void;
}

export class Trainings {
  #running: { readonly stopping: AbortController; readonly ended: Promise<unknown> } | undefined;

  /**
   * Trains a model folder. Aborting stops it at the next step, with everything saved, and the outcome is 'stopped'.
   * @throws RequestError, TrainingError, CorpusError, ModelFolderError, FileSystemError, DeviceError
   */
  run(params: TrainParams, signal: AbortSignal, events: TrainingEvents): Promise<TrainResult> {
    if (this.#running !== undefined) {
      throw new RequestError(ErrorCode.badRequest, 'A training is running already; stop it, or wait for its end.');
    }
    const device = requireTrainingDevice(params.device);
    const stopping = new AbortController();
    const training = train(
      { ...params, device },
      {
        signal: AbortSignal.any([signal, stopping.signal]),
        onCorpus: events.corpus,
        onReport: events.report,
        onSaved: events.saved,
        onWarning: events.warning,
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
  { text, exclude, maxFileBytes }: Pick<TrainParams, 'text' | 'exclude' | 'maxFileBytes'>,
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
