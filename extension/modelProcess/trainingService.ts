/** @file The one training run: in a process of its own, so that it never makes a hover wait. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type {
  CorpusContents,
  CorpusSummary,
  TrainingReport,
  TrainParams,
  TrainResult,
} from '../../model/protocol/training';
import {
  CorpusContentsRequest,
  CorpusNotification,
  TrainingReportNotification,
  TrainingSavedNotification,
  TrainingWarningNotification,
  TrainRequest,
} from '../../model/protocol/training';
import { setContext } from '../configuration';
import { isModelProcessExitError, ModelProcessExitError } from './errors';
import type { DeviceService } from './deviceService';
import type { ModelProcess } from './modelProcess';

/** A run as it stands. */
export interface TrainingRun {
  readonly folder: string;
  readonly report: TrainingReport | null;
  readonly corpus: CorpusSummary | null;
  /** Step of the last save of this run, null before the first. */
  readonly saved: number | null;
}

export class TrainingService implements vscode.Disposable {
  #run: TrainingRun | null = null;
  #stop: vscode.CancellationTokenSource | null = null;
  readonly #didChange = new vscode.EventEmitter<TrainingRun | null>();
  readonly #didSave = new vscode.EventEmitter<TrainingRun>();
  readonly #didWarn = new vscode.EventEmitter<string>();

  constructor(
    private readonly process: ModelProcess,
    private readonly devices: DeviceService,
  ) {
    process.onNotification(CorpusNotification, (corpus) => {
      this.#update({ corpus });
    });
    process.onNotification(TrainingReportNotification, (report) => {
      this.#update({ report });
    });
    process.onNotification(TrainingWarningNotification, ({ message }) => {
      this.#didWarn.fire(message);
    });
    process.onNotification(TrainingSavedNotification, ({ step }) => {
      this.#update({ saved: step });
      if (this.#run !== null) this.#didSave.fire(this.#run);
    });
  }

  /** The run has a new report, or there is none any more. */
  readonly onDidChange = this.#didChange.event;
  /** The run's folder holds its latest weights. */
  readonly onDidSave = this.#didSave.event;
  /** One sentence that the user should read although training goes on. */
  readonly onDidWarn = this.#didWarn.event;

  get run(): TrainingRun | null {
    return this.#run;
  }

  /**
   * What a training of these would read.
   * @throws ModelRequestError, ModelProcessExitError with a sentence for the user
   */
  async contents(
    params: Pick<TrainParams, 'text' | 'exclude' | 'maxFileBytes'>,
    token: vscode.CancellationToken,
  ): Promise<CorpusContents> {
    this.process.reset();
    try {
      return await this.process.request(CorpusContentsRequest, params, token);
    } finally {
      if (this.#run === null) this.process.stop();
    }
  }

  /**
   * Trains until the end, or until `stop` or `token` say so; what is trained by then is saved.
   * @throws ModelRequestError, ModelProcessExitError with a sentence for the user
   */
  async train(params: TrainParams, token?: vscode.CancellationToken): Promise<TrainResult> {
    const stop = new vscode.CancellationTokenSource();
    const subscription = token?.onCancellationRequested(() => {
      stop.cancel();
    });
    this.#stop = stop;
    this.process.reset();
    this.#set({ folder: params.out, report: null, corpus: null, saved: null });
    try {
      // Stopping is not a failure: the process answers with what it saved. So the token only carries the wish.
      const { device } = params;
      this.process.use(device);
      return await this.process.request(TrainRequest, params, stop.token).catch(async (error: unknown) => {
        if (!isModelProcessExitError(error) || device === 'cpu' || stop.token.isCancellationRequested) throw error;
        return this.#goOnWithoutDevice(params, stop.token);
      });
    } catch (error) {
      if (!isModelProcessExitError(error)) throw error;
      const saved = this.#run?.saved ?? null;
      throw new ModelProcessExitError(
        saved === null
          ? `The training process ended unexpectedly before anything of ${params.out} was saved; the log says more.`
          : `The training process ended unexpectedly; ${params.out} holds step ${saved}, and Resume Training… goes on from there.`,
        { cause: error },
      );
    } finally {
      subscription?.dispose();
      stop.dispose();
      this.#stop = null;
      this.#set(null);
      this.process.stop();
    }
  }

  /** Ends the run at its next step; what is trained is saved. */
  stop(): void {
    this.#stop?.cancel();
  }

  dispose(): void {
    this.#didChange.dispose();
    this.#didSave.dispose();
    this.#didWarn.dispose();
  }

  /** A device has taken the process down, or was lost, or hung: the CPU goes on from the last save, or begins where there is none. */
  async #goOnWithoutDevice(params: TrainParams, token: vscode.CancellationToken): Promise<TrainResult> {
    const { device, out } = params;
    const saved = this.#run?.saved ?? null;
    this.devices.fail(device);
    this.#didWarn.fire(
      `The training process ended unexpectedly on ${device}: the CPU goes on${saved === null ? '' : ` from step ${saved}`}.`,
    );
    this.process.use('cpu');
    this.#update({ report: null });
    const resume = params.resume || existsSync(join(out, 'optimizer.safetensors'));
    return this.process.request(TrainRequest, { ...params, device: 'cpu', resume }, token);
  }

  #update(change: Partial<TrainingRun>): void {
    if (this.#run !== null) this.#set({ ...this.#run, ...change });
  }

  #set(run: TrainingRun | null): void {
    if ((run === null) !== (this.#run === null)) setContext('smuggler.training', run !== null);
    this.#run = run;
    this.#didChange.fire(run);
  }
}
