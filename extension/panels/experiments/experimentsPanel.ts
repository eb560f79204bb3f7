/** @file The Experiments panel: experiments of the workspace and what they found, and the one that runs. */
import * as vscode from 'vscode';
import type { StoredExperiment } from '../../../model/protocol/experiments';
import type { ExperimentsAsk, ShownModel } from '../../../model/protocol/panels/experiments';
import { documentName } from '../../editor/documentName';
import { findExperimentFolders } from '../../modelFolders';
import type { ExperimentService } from '../../modelProcess/experimentService';
import { errorSentence } from '../../modelProcess/errors';
import { currentPlaceholder } from '../frame/currentPlaceholder';
import type { EditorPanel } from '../frame/definePanel';
import { definePanel } from '../frame/definePanel';
import type { PanelServices } from '../frame/exportablePanels';
import { Pacer } from '../frame/pacer';
import type { PanelContent, PanelFrame } from '../frame/panelFrame';
import { provenance } from '../frame/provenance';
import { shownExperiments } from './shownExperiments';

/** Milliseconds between two states. */
const POST_EVERY = 120;

class Experiments implements PanelContent<'experiments'> {
  #stored: readonly StoredExperiment[] = [];
  #isRunning = false;
  #model: ShownModel = { provenance: null, measurement: null, isMeasuring: false, message: null };
  readonly #pacer = new Pacer(POST_EVERY, () => {
    this.#post();
  });

  constructor(
    private readonly frame: PanelFrame<'experiments'>,
    private readonly services: PanelServices,
    private readonly experiments: ExperimentService,
  ) {
    frame.keep(
      experiments.onDidChange(() => {
        const isRunning = experiments.run !== null;
        this.#pacer.soon();
        // What it found is read once it has ended.
        if (this.#isRunning && !isRunning) frame.refresh();
        this.#isRunning = isRunning;
      }),
    );
  }

  async show(): Promise<void> {
    const folders = new Set([...(await findExperimentFolders()), ...this.experiments.ends.keys()]);
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
        void this.#measure();
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
    const placeOf = (folder: string): string => vscode.workspace.asRelativePath(folder);
    const shown = shownExperiments({ stored: this.#stored, run, ends, placeOf });
    this.frame.post({ kind: 'ready', experiments: shown, model: this.#model });
  }

  /** Measures the loaded model on the text that is looked at; what was measured before is shown until then. */
  async #measure(): Promise<void> {
    const { client, models, selection } = this.services;
    if (this.#model.isMeasuring) return;
    const show = (change: Partial<ShownModel>): void => {
      this.#model = { ...this.#model, isMeasuring: false, message: null, ...change };
      this.#post();
    };
    show({ isMeasuring: true });
    try {
      const model = await models.ensure();
      const { document } = selection;
      const empty = currentPlaceholder(this.services);
      if (document === null || model === null || empty !== null) {
        show({ message: empty?.message ?? 'There is no text to measure on: open a text file.' });
        return;
      }
      const measurement = await client.askAbout([document], 'experiment/model', (ref) => ref);
      const none =
        'The text has under two chunks of 4 bytes, or the model has one voter per bit: there is nothing to count.';
      if (measurement === null) show({ message: none });
      else show({ measurement, provenance: provenance(model, documentName(document), undefined) });
    } catch (error) {
      show({ message: errorSentence(error) });
    }
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
