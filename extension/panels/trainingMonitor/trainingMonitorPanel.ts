/** @file The Training Monitor: the curves of training runs as their logs grow, in an editor panel. */
import * as vscode from 'vscode';
import type { MonitorLook, MonitorAsk, MonitorState } from '../../../model/protocol/panels/trainingMonitor';
import { errorSentence } from '../../modelProcess/errors';
import type { PanelServices } from '../frame/exportablePanels';
import type { TrainingMonitorService } from './trainingMonitorService';
import type { EditorPanel } from '../frame/definePanel';
import { definePanel } from '../frame/definePanel';
import type { PanelContent, PanelFrame } from '../frame/panelFrame';
import { Pacer } from '../frame/pacer';
import { showError } from '../../notifications';

/** Milliseconds between two states: twice as often as was promised, at least. */
const POST_EVERY = 120;

class Monitor implements PanelContent<'trainingMonitor'> {
  readonly #pacer = new Pacer(POST_EVERY, () => {
    this.#post();
  });
  #look: MonitorLook = { axis: 'step', at: null };

  constructor(
    private readonly frame: PanelFrame<'trainingMonitor'>,
    private readonly monitor: TrainingMonitorService,
    private readonly counts: MonitorCounts,
  ) {
    frame.keep(
      monitor.onDidChange(() => {
        this.#pacer.soon();
      }),
    );
  }

  show(): void {
    // What was there before is shown at once; what is new follows.
    this.#post();
    this.monitor.watch(true);
  }

  drawn(): void {
    this.counts.drawn++;
  }

  hidden(): void {
    this.monitor.watch(false);
  }

  dispose(): void {
    this.#pacer.cancel();
    this.monitor.watch(false);
  }

  #post(): void {
    this.#pacer.cancel();
    if (!this.frame.ready) return;
    this.frame.post(this.#state(), performance.now());
  }

  #state(): MonitorState {
    const runs = this.monitor.shown(this.#look);
    if (runs.length > 0) return { kind: 'ready', runs, look: this.#look };
    return {
      kind: 'empty',
      message: 'No training run is shown: train a model, or add a run that was made before.',
      action: { label: 'Add Run…', command: 'smuggler.addTrainingRun' },
    };
  }

  /** A request names runs, and only those that are shown are taken for one. */
  answer(request: MonitorAsk): void {
    switch (request.kind) {
      case 'look':
        this.#look = request.look;
        this.#post();
        break;
      case 'add':
        void vscode.commands.executeCommand('smuggler.addTrainingRun');
        break;
      case 'remove':
        void this.monitor.remove(request.run);
        break;
      case 'stop':
        void vscode.commands.executeCommand('smuggler.stopTraining');
        break;
      case 'resume':
        if (this.monitor.has(request.run)) {
          vscode.commands.executeCommand('smuggler.resumeTraining', { out: request.run }).then(undefined, tell);
        }
        break;
    }
  }
}

function tell(error: unknown): void {
  void showError(errorSentence(error));
}

/** How often a state was on the screen. */
export interface MonitorCounts {
  drawn: number;
}

export function trainingMonitorPanel(
  services: PanelServices,
  monitor: TrainingMonitorService,
  counts: MonitorCounts,
): EditorPanel {
  return definePanel(services, {
    page: 'trainingMonitor',
    title: 'Training Monitor',
    timing: null,
    content: (frame) => new Monitor(frame, monitor, counts),
  });
}
