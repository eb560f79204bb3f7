/** @file The Experiments panel: experiments of the workspace and what they found, and the one that runs. */
import * as vscode from 'vscode';
import { CAME_WITH_EXTENSION, EXPERIMENT_NAMES } from '../../../model/measures/experimentText';
import type { ModelMeasurement, StoredExperiment } from '../../../model/protocol/experiments';
import type { ModelSummary } from '../../../model/protocol/models';
import type { ExperimentsAsk, ShownModel } from '../../../model/protocol/panels/experiments';
import { documentName } from '../../editor/documentName';
import { findExperimentFolders } from '../../modelFolders';
import type { ExperimentService } from '../../modelProcess/experimentService';
import { modelKey } from '../../modelProcess/modelState';
import { currentPlaceholder } from '../frame/currentPlaceholder';
import type { EditorPanel } from '../frame/definePanel';
import { definePanel } from '../frame/definePanel';
import type { PanelServices } from '../frame/exportablePanels';
import { Pacer } from '../frame/pacer';
import type { PanelContent, PanelFrame } from '../frame/panelFrame';
import { progressWords } from '../frame/progressWords';
import { provenance as provenanceOf } from '../frame/provenance';
import { PanelTask } from '../frame/panelTask';
import { shownExperiments } from './shownExperiments';

/** Milliseconds between two states. */
const POST_EVERY = 120;
const NOTHING_TO_COUNT =
  'The text has under two chunks of 4 bytes, or the model has one voter per bit: there is nothing to count.';

interface Measured {
  readonly model: ModelSummary;
  readonly document: string;
  readonly measurement: ModelMeasurement;
}

class Experiments implements PanelContent<'experiments'> {
  #stored: readonly StoredExperiment[] = [];
  /** Folders of the results that came with the extension. */
  readonly #published: readonly string[];
  #isRunning = false;
  /** What was measured, and of which model. */
  #measured: { readonly key: string; readonly shown: Pick<ShownModel, 'provenance' | 'measurement'> } | null = null;
  readonly #measuring = new PanelTask<Measured, 'measure'>('measure', () => {
    this.#pacer.soon();
  });
  readonly #pacer = new Pacer(POST_EVERY, () => {
    this.#post();
  });

  constructor(
    private readonly frame: PanelFrame<'experiments'>,
    private readonly services: PanelServices,
    private readonly experiments: ExperimentService,
  ) {
    this.#published = EXPERIMENT_NAMES.map(
      (name) => vscode.Uri.joinPath(services.extensionUri, 'media/experiments', name).fsPath,
    );
    frame.keep(
      experiments.onDidChange(() => {
        const isRunning = experiments.run !== null;
        this.#pacer.soon();
        // What it found is read once it has ended.
        if (this.#isRunning && !isRunning) frame.refresh();
        this.#isRunning = isRunning;
      }),
      services.models.onDidChange(() => {
        // Another model is not the one that was measured.
        const { state } = services.models;
        if (this.#measured === null || (state.kind === 'ready' && modelKey(state.model) === this.#measured.key)) return;
        this.#measured = null;
        this.#pacer.soon();
      }),
      this.#measuring,
    );
  }

  async show(): Promise<void> {
    const folders = new Set([...(await findExperimentFolders()), ...this.experiments.ends.keys(), ...this.#published]);
    this.#stored = await this.services.client.ask('experiment/read', { folders: [...folders] });
    this.#post();
  }

  /** A request names folders, and only those that are shown are taken for one. */
  answer(ask: ExperimentsAsk): void {
    switch (ask.kind) {
      case 'run':
        void vscode.commands.executeCommand('smuggler.runExperiment');
        break;
      case 'measure':
        this.#measure();
        break;
      case 'cancelMeasuring':
        this.#measuring.cancel();
        break;
      case 'cancel':
        this.experiments.cancel();
        break;
      case 'resume': {
        const stored = this.#stored.find(({ folder }) => folder === ask.experiment);
        const begun = stored?.begunWith ?? null;
        if (stored === undefined || begun === null) return;
        const { experiment, folder } = stored;
        const { quick, seeds, texts } = begun;
        void vscode.commands.executeCommand('smuggler.runExperiment', {
          experiment,
          quick,
          seeds,
          text: texts,
          out: folder,
        });
        break;
      }
    }
  }

  dispose(): void {
    this.#pacer.cancel();
  }

  #post(): void {
    this.#pacer.cancel();
    if (!this.frame.ready) return;
    const { run, ends } = this.experiments;
    const published = this.#published;
    const placeOf = (folder: string): string =>
      published.includes(folder) ? CAME_WITH_EXTENSION : vscode.workspace.asRelativePath(folder);
    const shown = shownExperiments({ stored: this.#stored, run, ends, placeOf, published });
    const { work, failure } = this.#measuring;
    const { provenance = null, measurement = null } = this.#measured?.shown ?? {};
    const model = { provenance, measurement, work, message: failure };
    this.frame.post({ kind: 'ready', experiments: shown, model });
  }

  /** Measures the loaded model on the text that is looked at; what was measured before is shown until then. */
  #measure(): void {
    const { client, models, selection } = this.services;
    this.#measuring.run(
      'Measuring',
      async (token, report) => {
        const model = await models.ensure();
        const { document } = selection;
        const empty = currentPlaceholder(this.services);
        if (document === null || model === null || empty !== null) {
          throw new Error(empty?.message ?? 'There is no text to measure on: open a text file.');
        }
        const measurement = await client.askAbout([document], 'experiment/model', (ref) => ref, {
          token,
          onProgress: (progress) => {
            report(...progressWords(progress));
          },
        });
        if (measurement === null) throw new Error(NOTHING_TO_COUNT);
        return { model, document: documentName(document), measurement };
      },
      ({ model, document, measurement }) => {
        this.#measured = {
          key: modelKey(model),
          shown: { measurement, provenance: provenanceOf(model, document, undefined) },
        };
      },
    );
  }
}

export function experimentsPanel(services: PanelServices, experiments: ExperimentService): EditorPanel {
  return definePanel(services, {
    page: 'experiments',
    title: 'Experiments',
    timing: null,
    content: (frame) => new Experiments(frame, services, experiments),
  });
}
