/** @file Train Model…, Resume Training…, Stop Training. */
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import type { TrainParams, TrainResult } from '../../model/protocol/training';
import { excludedPatterns, readSettings } from '../configuration';
import { makeUnversioned } from '../files';
import { isRequestCancelledError } from '../modelProcess/errors';
import type { ModelClient } from '../modelProcess/modelClient';
import type { DeviceService } from '../modelProcess/deviceService';
import type { ModelMemory } from '../modelProcess/modelMemory';
import type { ModelService } from '../modelProcess/modelService';
import type { TrainingRun, TrainingService } from '../modelProcess/trainingService';
import { reportFailure, requireTrust } from './report';
import type { CommandFailure } from './report';
import { askResume, askTraining, modelsFolder } from './trainingQuestions';
import type { TrainingAnswers, TrainingPlaces } from './trainingQuestions';
import { corpusText, progressIncrement, reportLine, reportText, resultText } from './trainingText';
import { showInformation, showWarning, withoutLinks } from '../notifications';

export interface TrainingCommandsOptions {
  readonly models: ModelService;
  readonly client: ModelClient;
  readonly training: TrainingService;
  readonly devices: DeviceService;
  readonly memory: ModelMemory;
  readonly log: vscode.LogOutputChannel;
  /** Folder of the bundled sample text. */
  readonly sample: string;
  /** Where models go when no folder is open. */
  readonly storage: string;
}

/** Arguments that skip the questions, for scripts and tests. Paths are absolute. */
export interface TrainArguments {
  readonly text: readonly string[];
  readonly out: string;
  readonly preset: string;
  readonly steps?: number;
  readonly seconds?: number;
  readonly seed?: number;
}

export interface ResumeArguments {
  readonly out: string;
  /** In place of the text that the run has read so far. */
  readonly text?: readonly string[];
  /** Steps in all. */
  readonly steps?: number;
}

type Outcome = TrainResult | CommandFailure | undefined;

const SEED = 1;
const STOPPING = 'stopping at its next step, saving what is trained…';

/** Seconds of training that must be left for a model that is not finished to be offered. */
const WORTH_WAITING = 60;

export class TrainingCommands {
  constructor(private readonly options: TrainingCommandsOptions) {}

  /** Train Model… */
  async train(given?: TrainArguments): Promise<Outcome> {
    const refusal = this.#refusal();
    if (refusal !== null) return refusal;
    try {
      const answers = given === undefined ? await this.#ask() : { ...given, steps: given.steps ?? null };
      if (answers === undefined) return undefined;
      await this.#prepare(answers.out);
      return await this.#run({
        ...this.#params(),
        ...answers,
        resume: false,
        seconds: given?.seconds ?? null,
        seed: given?.seed ?? SEED,
      });
    } catch (error) {
      return this.#failure(error);
    }
  }

  /** Resume Training… */
  async resume(given?: ResumeArguments): Promise<Outcome> {
    const refusal = this.#refusal();
    if (refusal !== null) return refusal;
    try {
      const answers = given ?? (await askResume(this.options.memory.recent));
      if (answers === undefined) return undefined;
      return await this.#run({
        ...this.#params(),
        // No text means the text that the run has read so far.
        text: given?.text ?? [],
        out: answers.out,
        preset: 'default',
        resume: true,
        steps: answers.steps ?? null,
        seconds: null,
        seed: SEED,
      });
    } catch (error) {
      return this.#failure(error);
    }
  }

  /** Stop Training: the run saves and ends. */
  stop(): void {
    this.options.training.stop();
  }

  /** Stopping before there was anything to save is no failure. */
  #failure(error: unknown): CommandFailure | undefined {
    if (!isRequestCancelledError(error)) return reportFailure(error, this.options.log);
    this.options.log.info('Training was stopped before its first step.');
    return undefined;
  }

  #refusal(): CommandFailure | null {
    const { training, models, log } = this.options;
    const distrust = requireTrust('Training reads and writes files of the workspace');
    if (distrust !== null) return distrust;
    if (models.engineProblem !== null) return reportFailure(new Error(models.engineProblem), log);
    if (training.run === null) return null;
    const name = basename(training.run.folder);
    return reportFailure(
      new Error(`${name} is being trained already: stop it first, or wait until it has finished.`),
      log,
    );
  }

  #places(): TrainingPlaces {
    const { sample, storage } = this.options;
    return { sample, storage, trainingFolder: readSettings().trainingFolder };
  }

  #ask(): Promise<TrainingAnswers | undefined> {
    const { client, devices, training } = this.options;
    const { exclude, maxFileBytes } = this.#params();
    return askTraining(
      this.#places(),
      () => client.ask('train/presets', {}),
      devices,
      (text, token) => training.contents({ text, exclude, maxFileBytes }, token),
    );
  }

  #params(): Pick<TrainParams, 'device' | 'threads' | 'exclude' | 'maxFileBytes'> {
    const { threads, trainingMaxFileKilobytes } = readSettings();
    const device = this.options.devices.device('training');
    return { device, threads, exclude: excludedPatterns(), maxFileBytes: trainingMaxFileKilobytes * 1024 };
  }

  /** Keeps models in the workspace out of version control, where their folder is one that is made for them here. */
  async #prepare(out: string): Promise<void> {
    const folder = modelsFolder(this.#places());
    if (dirname(out) !== folder || vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder)) === undefined) return;
    try {
      await makeUnversioned(folder);
    } catch (error) {
      // What is wrong with the folder the training says in its own words.
      this.options.log.warn(String(error));
    }
  }

  async #run(params: TrainParams): Promise<TrainResult> {
    const { training, log, memory } = this.options;
    const name = basename(params.out);
    log.info(
      `Training ${params.out}${params.resume ? ', resumed' : `, preset ${params.preset}`}: ${params.text.join(', ')}`,
    );
    const result = await vscode.window.withProgress(
      {
        location: vscode.ProgressLocation.Notification,
        title: withoutLinks(`SMUGGLER: training ${name}`),
        cancellable: true,
      },
      async (progress, token) => {
        const follow = this.#follow(progress);
        const offer = this.#offerWhileTraining(params.out);
        const warnings = training.onDidWarn((sentence) => {
          log.warn(sentence);
          void showWarning(sentence);
        });
        try {
          return await training.train(params, token);
        } finally {
          follow.dispose();
          offer.dispose();
          warnings.dispose();
        }
      },
    );
    const sentence = resultText(result, name);
    log.info(sentence);
    await memory.addRecent(result.folder);
    await this.#loadResult(result.folder, sentence);
    return result;
  }

  /** Offers the model once it has been saved, where its training goes on for long enough that this is of use. */
  #offerWhileTraining(folder: string): vscode.Disposable {
    let offered = false;
    return this.options.training.onDidSave(({ report }) => {
      if (offered || (report?.remainingSeconds ?? Infinity) < WORTH_WAITING) return;
      offered = true;
      this.#offer(folder, `${basename(folder)} can be used already, while its training goes on.`);
    });
  }

  /** Writes the run's reports to the notification and the log. */
  #follow(progress: vscode.Progress<{ message?: string; increment?: number }>): vscode.Disposable {
    const { training, log } = this.options;
    let done = 0;
    let last: TrainingRun | null = null;
    return training.onDidChange((run) => {
      if (run === null) return;
      if (run.corpus !== null && run.corpus !== last?.corpus) {
        log.info(`Text: ${corpusText(run.corpus)}`);
        for (const { path, reason } of run.corpus.skipped) log.debug(`Skipped ${path}: ${reason}`);
        progress.report({ message: corpusText(run.corpus) });
      }
      if (run.report !== null && run.report !== last?.report) {
        const increment = progressIncrement(done, run.report);
        done += increment;
        log.info(reportLine(run.report));
        progress.report({ message: run.isStopping ? STOPPING : reportText(run.report), increment });
      }
      if (run.isStopping && last?.isStopping !== true) progress.report({ message: STOPPING });
      last = run;
    });
  }

  /** At the end the model is loaded where it is in use already; else the user is asked. */
  async #loadResult(folder: string, sentence: string): Promise<void> {
    const { models, log } = this.options;
    const { state } = models;
    if (state.kind !== 'none' && state.folder === folder) {
      await models.load(folder).catch((error: unknown) => reportFailure(error, log));
      void showInformation(sentence);
    } else this.#offer(folder, sentence);
  }

  #offer(folder: string, sentence: string): void {
    const { models, log } = this.options;
    const load = 'Load Model';
    void showInformation(sentence, load).then(async (choice) => {
      if (choice !== load) return;
      await models.use(folder).catch((error: unknown) => reportFailure(error, log));
    });
  }
}
