/** @file Run Experiment…, Cancel Experiment, Open Experiments. */
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';
import { EXPERIMENT_TEXTS, runsText } from '../../model/measures/experimentText';
import { roughTime } from '../../model/measures/numberText';
import type { ExperimentName, ExperimentOutcome } from '../../model/protocol/experiments';
import { readSettings } from '../configuration';
import { makeUnversioned } from '../files';
import type { ExperimentService } from '../modelProcess/experimentService';
import type { ModelService } from '../modelProcess/modelService';
import { showInformation, withoutLinks } from '../notifications';
import type { EditorPanel } from '../panels/frame/definePanel';
import type { ExperimentPlaces } from './experimentQuestions';
import { askExperiment, experimentsFolder } from './experimentQuestions';
import type { CommandFailure } from './report';
import { reportFailure, requireTrust } from './report';

export interface ExperimentCommandsOptions {
  readonly models: ModelService;
  readonly experiments: ExperimentService;
  readonly panel: EditorPanel;
  readonly places: ExperimentPlaces;
  readonly log: vscode.LogOutputChannel;
}

/** Skips the questions, for the panel, for scripts and tests. Paths are absolute; a folder with runs is gone on with. */
export interface ExperimentArguments {
  readonly experiment: ExperimentName;
  readonly quick: boolean;
  readonly text: readonly string[];
  readonly out: string;
  /** Of each arm; the experiment knows how many it needs. */
  readonly seeds?: number | null;
}

export class ExperimentCommands {
  constructor(private readonly options: ExperimentCommandsOptions) {}

  open(): void {
    this.options.panel.open();
  }

  /** Cancel Experiment: what is done stays done. */
  cancel(): void {
    this.options.experiments.cancel();
  }

  /** Run Experiment… */
  async run(given?: ExperimentArguments): Promise<ExperimentOutcome | CommandFailure | undefined> {
    const refusal = this.#refusal();
    if (refusal !== null) return refusal;
    const { places, panel, log } = this.options;
    try {
      const asked = given ?? (await askExperiment(places));
      if (asked === undefined) return undefined;
      await this.#prepare(asked.out);
      panel.open();
      return await this.#make(asked);
    } catch (error) {
      return reportFailure(error, log);
    }
  }

  #refusal(): CommandFailure | null {
    const { experiments, models, log } = this.options;
    const distrust = requireTrust('An experiment reads and writes files of the workspace');
    if (distrust !== null) return distrust;
    if (models.engineProblem !== null) return reportFailure(new Error(models.engineProblem), log);
    if (experiments.run === null) return null;
    const name = basename(experiments.run.params.out);
    return reportFailure(new Error(`${name} runs already: cancel it first, or wait until it has finished.`), log);
  }

  /** Keeps experiments in the workspace out of version control, and out of what is trained on. */
  async #prepare(out: string): Promise<void> {
    const folder = experimentsFolder(this.options.places);
    if (dirname(out) !== folder || vscode.workspace.getWorkspaceFolder(vscode.Uri.file(folder)) === undefined) return;
    try {
      await makeUnversioned(folder);
    } catch (error) {
      // What is wrong with the folder the experiment says in its own words.
      this.options.log.warn(String(error));
    }
  }

  async #make({ experiment, quick, text, out, seeds = null }: ExperimentArguments): Promise<ExperimentOutcome> {
    const { experiments, log, panel } = this.options;
    const { title } = EXPERIMENT_TEXTS[experiment];
    log.info(`Experiment ${experiment}${quick ? ', quick' : ''} in ${out}: ${text.join(', ')}`);
    const outcome = await vscode.window.withProgress(
      { location: vscode.ProgressLocation.Notification, title: `SMUGGLER: ${title}`, cancellable: true },
      async (progress, token) => {
        let told = 0;
        const follow = experiments.onDidChange(() => {
          const now = experiments.run?.progress ?? null;
          if (now === null) return;
          const share = (100 * now.done) / Math.max(1, now.planned);
          const left = now.secondsLeft === null ? '' : ` · ${roughTime(now.secondsLeft)} left`;
          const message = withoutLinks(`run ${now.done + 1} of ${now.planned} · ${now.running}${left}`);
          progress.report({ message, increment: share - told });
          told = share;
          log.info(message);
        });
        try {
          const { threads } = readSettings();
          return await experiments.make({ experiment, quick, seeds, texts: text, out, threads }, token);
        } finally {
          follow.dispose();
        }
      },
    );
    const { result, stopped } = outcome;
    const done = result === null ? 'no run is done' : `${runsText(result)} done`;
    const sentence = stopped
      ? `${title} was cancelled: ${done}; Resume in the Experiments panel goes on from there.`
      : `${title}: ${done}. ${out} holds runs, result and report.`;
    log.info(sentence);
    void showInformation(sentence, 'Open Experiments').then((choice) => {
      if (choice !== undefined) panel.open();
    });
    return outcome;
  }
}
