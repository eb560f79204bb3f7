/** @file The Model overview: the loaded model's blocks, configuration and card, and its activity for the selected chunk, in an editor panel. */
import { changesNote } from '../../../model/measures/changesText';
import type { ModelActivity, ModelOverview, ModelSummary } from '../../../model/protocol/models';
import type { OverviewReady } from '../../../model/protocol/panels/overview';
import { errorSentence, isModelProcessExitError } from '../../modelProcess/errors';
import { documentName } from '../../editor/documentName';
import { currentPlaceholder } from '../frame/currentPlaceholder';
import type { PanelServices } from '../frame/exportablePanels';
import { placeholder } from '../frame/placeholder';
import { provenance } from '../frame/provenance';
import type { Services } from '../../editor/services';
import type { EditorPanel } from '../frame/definePanel';
import { definePanel } from '../frame/definePanel';
import type { PanelContent, PanelFrame } from '../frame/panelFrame';
import { modelKey } from '../../modelProcess/modelState';

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

function overviewReady(
  model: ModelSummary,
  overview: ModelOverview,
  now: ActivityNow,
  voters: string | undefined,
): OverviewReady {
  const { activity, activityProblem, document } = now;
  return {
    ...overview,
    kind: 'ready',
    provenance: provenance(model, document, voters),
    folder: model.folder,
    steps: model.steps,
    stages: model.config.stages,
    config: configRows(model),
    activity,
    activityProblem,
  };
}

class Overview implements PanelContent<'overview'> {
  /** What was measured of the model that was loaded then. */
  #overview: { readonly model: ModelSummary; readonly overview: ModelOverview } | null = null;
  /** What the page shows: model, document, version and chunk. */
  #shown = '';

  constructor(
    private readonly frame: PanelFrame<'overview'>,
    private readonly services: Services,
  ) {
    frame.keep(
      services.voters.onDidChange(() => {
        frame.refresh();
      }),
    );
  }

  forget(): void {
    this.#shown = '';
  }

  dispose(): void {
    this.forget();
  }

  async show(): Promise<void> {
    const { client, models } = this.services;
    if (models.state.kind === 'idle') void models.ensure();
    const empty = placeholder(models.state, ANY_TEXT, models.engineProblem);
    if (empty !== null || models.state.kind !== 'ready') {
      this.#shown = '';
      if (empty !== null) this.frame.post(empty);
      return;
    }
    const { model } = models.state;
    if (this.#overview?.model !== model) {
      this.frame.post({ kind: 'loading', message: `Measuring ${model.name}…` });
      this.#overview = { model, overview: await client.ask('model/overview', {}) };
      this.#shown = '';
    }
    await this.#showActivity(model, this.#overview.overview);
  }

  async #showActivity(model: ModelSummary, overview: ModelOverview): Promise<void> {
    const { selection, voters } = this.services;
    const movedAt = this.frame.takeMoveTime();
    const { document, selection: selected } = selection;
    const text = document === null ? '' : `${document.uri.toString()} ${document.version} ${selected?.offset ?? ''}`;
    const key = `${modelKey(model)} ${voters.revision} ${text}`;
    if (key === this.#shown) {
      this.frame.postSelection(movedAt);
      return;
    }
    const now = await this.#activity();
    this.#shown = key;
    this.frame.post(overviewReady(model, overview, now, changesNote(voters.changes, false)), movedAt);
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
      const { offset } = selected;
      const activity = await client.askAbout([document], 'model/activity', (ref) => ({ ...ref, offset }));
      return { activity, activityProblem: null, document: name };
    } catch (error) {
      if (isModelProcessExitError(error)) throw error;
      return { activity: null, activityProblem: errorSentence(error), document: name };
    }
  }
}

export function overviewPanel(services: PanelServices): EditorPanel {
  return definePanel(services, {
    page: 'overview',
    title: 'Model Overview',
    timing: 'caretToOverview',
    content: (frame) => new Overview(frame, services),
  });
}
