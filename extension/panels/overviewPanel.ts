/** @file The Model overview: the loaded model's blocks, configuration and card, and its activity for the selected chunk, in an editor panel. */
import type * as vscode from 'vscode';
import type { ModelActivity, ModelOverview, ModelSummary } from '../../model/protocol/models';
import type { OverviewReady, OverviewState } from '../../model/protocol/panels/overview';
import { errorSentence, isModelProcessExitError } from '../modelProcess/errors';
import { Channel } from './channel';
import { showPage } from './html';
import { documentName } from '../editor/documentName';
import { currentPlaceholder, failureState } from './currentPlaceholder';
import type { PanelServices } from './exportablePanels';
import { NewestWins } from '../newestWins';
import { placeholder } from './placeholder';
import { provenance } from './provenance';
import { PanelWatch } from './panelWatch';
import type { PanelContent } from './singlePanel';
import { SinglePanel } from './singlePanel';

const OVERVIEW_PANEL = 'smuggler.overview';
const TITLE = 'Model Overview';

/** The overview needs no text: what a placeholder is to know of one. */
const ANY_TEXT = { byteLength: 1, tooLarge: null } as const;

/** What there is to say of the selected chunk. */
interface ActivityNow {
  readonly activity: ModelActivity | null;
  readonly activityProblem: string | null;
  readonly document: string;
}

const NO_TEXT: ActivityNow = {
  activity: null,
  activityProblem: 'Open a text file to see the activity for its text.',
  document: 'no text',
};

/** The configuration as rows of keys and values, as they stand in `config.json`. */
function configRows(model: ModelSummary): [string, string][] {
  return Object.entries(model.config).map(([key, value]) => [key, JSON.stringify(value)]);
}

function overviewReady(model: ModelSummary, overview: ModelOverview, now: ActivityNow): OverviewReady {
  const { activity, activityProblem, document } = now;
  return {
    ...overview,
    kind: 'ready',
    provenance: provenance(model, document),
    folder: model.folder,
    steps: model.steps,
    stages: model.config.stages,
    config: configRows(model),
    activity,
    activityProblem,
  };
}

/** One open panel. */
class OverviewPanel implements PanelContent {
  readonly #channel: Channel<OverviewState>;
  readonly #work = new NewestWins();
  readonly #subscriptions: vscode.Disposable[];
  /** What was measured of the model that was loaded then. */
  #overview: { readonly model: ModelSummary; readonly overview: ModelOverview } | null = null;
  /** What the page shows: checkpoint, document, version and chunk. */
  #shown = '';
  readonly #watch: PanelWatch;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly services: PanelServices,
  ) {
    const { extensionUri, models, selection } = services;
    const refresh = () => {
      this.#refresh();
    };
    this.#channel = new Channel<OverviewState>(panel.webview, {
      onReady: () => {
        this.#shown = '';
        this.#refresh();
      },
      onDrawn: (milliseconds) => {
        services.timings.record('caretToOverview', milliseconds);
      },
    });
    this.#watch = new PanelWatch(panel, selection, this.#channel);
    this.#subscriptions = [
      services.exports.add({ page: 'overview', title: TITLE, channel: this.#channel, panel }),
      models.onDidChange(refresh),
      selection.onDidChange(refresh),
    ];
    showPage(panel, extensionUri, 'overview');
  }

  dispose(): void {
    this.#work.dispose();
    this.#watch.dispose();
    this.#channel.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #refresh(): void {
    this.#work.run(() => this.#show());
  }

  async #show(): Promise<void> {
    if (!this.#channel.ready) return;
    const { client, models, selection } = this.services;
    if (models.state.kind === 'idle') void models.ensure();
    const empty = placeholder(models.state, ANY_TEXT, models.engineProblem);
    if (empty !== null || models.state.kind !== 'ready') {
      this.#shown = '';
      if (empty !== null) this.#channel.postState(empty, selection.selection);
      return;
    }
    const { model } = models.state;
    try {
      if (this.#overview?.model !== model) {
        this.#channel.postState({ kind: 'loading', message: `Measuring ${model.name}…` }, selection.selection);
        this.#overview = { model, overview: await client.modelOverview() };
        this.#shown = '';
      }
      await this.#showActivity(model, this.#overview.overview);
    } catch (error) {
      this.#shown = '';
      // The model is loaded again by then, and the panel told of it.
      if (isModelProcessExitError(error)) return;
      this.#channel.postState(failureState(error), selection.selection);
    }
  }

  async #showActivity(model: ModelSummary, overview: ModelOverview): Promise<void> {
    const { selection } = this.services;
    const movedAt = this.#watch.takeMoveTime();
    const { document, selection: selected } = selection;
    const text = document === null ? '' : `${document.uri.toString()} ${document.version} ${selected?.offset ?? ''}`;
    const key = `${model.checkpoint} ${text}`;
    if (key === this.#shown) {
      this.#channel.postSelection(selected, movedAt);
      return;
    }
    const now = await this.#activity();
    this.#shown = key;
    this.#channel.postState(overviewReady(model, overview, now), selection.selection, movedAt);
  }

  /** The selected chunk's activity, or a sentence why there is none. */
  async #activity(): Promise<ActivityNow> {
    const { client, selection } = this.services;
    const { document, selection: selected } = selection;
    if (document === null) return NO_TEXT;
    const name = documentName(document);
    const empty = currentPlaceholder(this.services);
    if (empty !== null) return { activity: null, activityProblem: empty.message, document: name };
    // The caret's chunk is not settled yet: the next change tells it.
    if (selected === null) return { activity: null, activityProblem: null, document: name };
    try {
      const activity = await client.modelActivity(document, selected.offset);
      return { activity, activityProblem: null, document: name };
    } catch (error) {
      if (isModelProcessExitError(error)) throw error;
      return { activity: null, activityProblem: errorSentence(error), document: name };
    }
  }
}

/** The overview's panel, of which there is at most one. */
export function overviewPanel(services: PanelServices): SinglePanel {
  return new SinglePanel(OVERVIEW_PANEL, TITLE, services.extensionUri, (panel) => new OverviewPanel(panel, services));
}
