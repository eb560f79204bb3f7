/** @file The one training run: in a process of its own, so that it never makes a hover wait. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type {
  CorpusContents,
  CorpusParams,
  CorpusSummary,
  TrainingProgress,
  TrainingReport,
  TrainParams,
  TrainResult,
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
  /** It was asked to end, and does so at its next step. */
  readonly isStopping: boolean;
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
  ) {}

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
  async contents(params: CorpusParams, token: vscode.CancellationToken): Promise<CorpusContents> {
    this.process.reset();
    try {
      return await this.process.ask('train/contents', params, { token });
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
    // Whoever asks for it sees at once that it was heard.
    stop.token.onCancellationRequested(() => {
      this.#update({ isStopping: true });
    });
    this.#stop = stop;
    this.process.reset();
    this.#set({ folder: params.out, report: null, corpus: null, saved: null, isStopping: false });
    try {
      // Stopping is not a failure: the process answers with what it saved. So the token only carries the wish.
      const { device } = params;
      this.process.use(device);
      return await this.#ask(params, stop.token).catch(async (error: unknown) => {
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
    return this.#ask({ ...params, device: 'cpu', resume }, token);
  }

  #ask(params: TrainParams, token: vscode.CancellationToken): Promise<TrainResult> {
    return this.process.ask('train/run', params, {
      token,
      onProgress: (progress) => {
        this.#follow(progress);
      },
    });
  }

  #follow(progress: TrainingProgress): void {
    switch (progress.kind) {
      case 'corpus':
        this.#update({ corpus: progress.corpus });
        break;
      case 'report':
        this.#update({ report: progress.report });
        break;
      case 'saved':
        this.#update({ saved: progress.step });
        if (this.#run !== null) this.#didSave.fire(this.#run);
        break;
      case 'warning':
        this.#didWarn.fire(progress.message);
        break;
    }
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
