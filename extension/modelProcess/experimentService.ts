/** @file The one experiment that runs, in a process of its own: it never makes a hover wait, and a training may run beside it. */
import * as vscode from 'vscode';
import type { ExperimentOutcome, ExperimentParams, ExperimentProgress } from '../../model/protocol/experiments';
import { setContext } from '../configuration';
import { errorSentence, isModelProcessExitError, isRequestCancelledError, ModelProcessExitError } from './errors';
import type { ModelProcess } from './modelProcess';

/** An experiment as it stands. */
export interface ExperimentRun {
  readonly params: ExperimentParams;
  /** Null before its first run begins. */
  readonly progress: ExperimentProgress | null;
}

export class ExperimentService implements vscode.Disposable {
  #run: ExperimentRun | null = null;
  #stop: vscode.CancellationTokenSource | null = null;
  /** Folder → why its last run in this window ended badly; null where it did not. */
  readonly #ends = new Map<string, string | null>();
  readonly #didChange = new vscode.EventEmitter<void>();

  constructor(private readonly process: ModelProcess) {}

  /** There is progress, or another run, or none any more. */
  readonly onDidChange = this.#didChange.event;

  get run(): ExperimentRun | null {
    return this.#run;
  }

  /** Folders that were run in this window, with the sentence of why that ended badly. */
  get ends(): ReadonlyMap<string, string | null> {
    return this.#ends;
  }

  get pid(): number | null {
    return this.process.pid ?? null;
  }

  /**
   * Makes an experiment, or goes on with it, until its end, or until `cancel` or `token` say so.
   * @throws ModelRequestError, ModelProcessExitError with a sentence for the user
   */
  async make(params: ExperimentParams, token: vscode.CancellationToken): Promise<ExperimentOutcome> {
    const stop = new vscode.CancellationTokenSource();
    const subscription = token.onCancellationRequested(() => {
      stop.cancel();
    });
    this.#stop = stop;
    this.process.reset();
    this.#ends.set(params.out, null);
    this.#set({ params, progress: null });
    try {
      return await this.process.ask('experiment/run', params, {
        token: stop.token,
        onProgress: (progress) => {
          this.#set({ params, progress });
        },
      });
    } catch (error) {
      // Before its first run began.
      if (isRequestCancelledError(error)) return { result: null, stopped: true };
      const failure = isModelProcessExitError(error) ? this.#exit(error) : error;
      this.#ends.set(params.out, errorSentence(failure));
      throw failure;
    } finally {
      subscription.dispose();
      stop.dispose();
      this.#stop = null;
      this.#set(null);
      this.process.stop();
    }
  }

  /** Ends it; the runs that are done stay done. */
  cancel(): void {
    this.#stop?.cancel();
  }

  dispose(): void {
    this.#didChange.dispose();
  }

  #exit(cause: Error): ModelProcessExitError {
    const progress = this.#run?.progress ?? null;
    const done = progress === null ? 'before its first run' : `after ${progress.done} of ${progress.planned} runs`;
    return new ModelProcessExitError(
      `The process of the experiment ended unexpectedly ${done}; Resume goes on from there, and the log says more.`,
      { cause },
    );
  }

  #set(run: ExperimentRun | null): void {
    if ((run === null) !== (this.#run === null)) setContext('smuggler.experimenting', run !== null);
    this.#run = run;
    this.#didChange.fire();
  }
}
