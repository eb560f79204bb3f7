/** @file The Training Monitor: the curves of training runs as their logs grow, in an editor panel. */
import * as vscode from 'vscode';
import type { MonitorLook, MonitorRequest, MonitorState } from '../../model/protocol/panels/trainingMonitor';
import { errorSentence } from '../modelProcess/errors';
import { Channel } from './channel';
import { showPage } from './html';
import type { PanelServices } from './exportablePanels';
import type { PanelContent } from './singlePanel';
import { SinglePanel } from './singlePanel';
import type { TrainingMonitorService } from './trainingMonitorService';

const TRAINING_MONITOR_PANEL = 'smuggler.trainingMonitor';
const TITLE = 'Training Monitor';
/** Milliseconds between two states: twice as often as was promised, at least. */
const POST_EVERY = 120;

/** One open panel. */
class TrainingMonitorPanel implements PanelContent {
  readonly #channel: Channel<MonitorState>;
  readonly #subscriptions: vscode.Disposable[];
  #look: MonitorLook = { axis: 'step', at: null };
  #timer: NodeJS.Timeout | undefined;

  constructor(
    readonly panel: vscode.WebviewPanel,
    services: Pick<PanelServices, 'extensionUri' | 'exports'>,
    private readonly monitor: TrainingMonitorService,
    private readonly counts: MonitorCounts,
  ) {
    const { extensionUri } = services;
    this.#channel = new Channel<MonitorState>(panel.webview, {
      onReady: () => {
        // What was there before is shown at once; what is new follows.
        this.#post();
        monitor.watch(true);
      },
      onMonitor: (request) => {
        this.#answer(request);
      },
      onDrawn: () => {
        counts.drawn++;
      },
    });
    this.#subscriptions = [
      services.exports.add({ page: 'trainingMonitor', title: TITLE, channel: this.#channel, panel }),
      monitor.onDidChange(() => {
        this.#postSoon();
      }),
      panel.onDidChangeViewState(() => {
        if (panel.visible) return;
        this.#channel.hidden();
        monitor.watch(false);
      }),
    ];
    showPage(panel, extensionUri, 'trainingMonitor');
  }

  dispose(): void {
    clearTimeout(this.#timer);
    this.monitor.watch(false);
    this.#channel.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #postSoon(): void {
    this.#timer ??= setTimeout(() => {
      this.#post();
    }, POST_EVERY);
  }

  #post(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    if (!this.#channel.ready) return;
    this.counts.posted++;
    this.#channel.postState(this.#state(), null, performance.now());
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
  #answer(request: MonitorRequest): void {
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
  void vscode.window.showErrorMessage(errorSentence(error));
}

/** How often a state was sent to the page, and how often one was on the screen. */
export interface MonitorCounts {
  posted: number;
  drawn: number;
}

/** The monitor's panel, of which there is at most one. */
export function trainingMonitorPanel(
  services: Pick<PanelServices, 'extensionUri' | 'exports'>,
  monitor: TrainingMonitorService,
  counts: MonitorCounts,
): SinglePanel {
  return new SinglePanel(
    TRAINING_MONITOR_PANEL,
    TITLE,
    services.extensionUri,
    (panel) => new TrainingMonitorPanel(panel, services, monitor, counts),
  );
}
