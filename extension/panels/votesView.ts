/** @file The Voter votes view: the votes for the chunk under the caret, in the panel area. */
import * as vscode from 'vscode';
import type { ChunkInspection } from '../../model/protocol/inspection';
import type { ModelSummary } from '../../model/protocol/models';
import type { PinnedChunk, VotesReady, VotesState } from '../../model/protocol/panels/votes';
import type { Pin } from '../editor/pinnedChunk';
import type { SelectionWatch } from '../editor/selectionService';
import type { SilencedVoters } from '../editor/silencedVoters';
import { validChanges, validPlaces } from '../editor/voterChanges';
import { isModelProcessExitError } from '../modelProcess/errors';
import { Channel } from './channel';
import { ChunkLesions } from './chunkLesions';
import type { LesionSubject } from './chunkLesions';
import { pageHtml, webviewOptions } from './html';
import { documentName } from '../editor/documentName';
import { currentPlaceholder, failureState } from './currentPlaceholder';
import type { PanelServices } from './exportablePanels';
import { NewestWins } from '../newestWins';
import { provenance } from './provenance';

export const VOTES_VIEW = 'smuggler.votes';

/** The model's own chunks that the view lists. */
const ALTERNATIVES = 8;

/** A chunk's votes, without what is changed or pinned beside them. */
type Votes = Omit<VotesReady, 'lesion' | 'pinned'>;

/** What the page shows: a chunk, and its votes. */
interface Shown extends LesionSubject {
  readonly votes: Votes;
}

function votesOf(inspection: ChunkInspection, model: ModelSummary, document: string): Votes {
  return { kind: 'ready', provenance: provenance(model, document), ...inspection };
}

function pinOf(votes: Votes): PinnedChunk {
  const { provenance, index, offset, text, bits, scored, probabilities, effectiveVoters, surprise } = votes;
  return { provenance, index, offset, text, bits, scored, probabilities, effectiveVoters, surprise };
}

export class VotesView implements vscode.WebviewViewProvider, vscode.Disposable {
  #view: vscode.WebviewView | undefined;
  #channel: Channel<VotesState> | undefined;
  #watch: SelectionWatch | undefined;
  #shown: Shown | null = null;
  readonly #work = new NewestWins();
  readonly #lesions: ChunkLesions;
  readonly #subscriptions: readonly { dispose(): unknown }[];

  constructor(
    private readonly services: PanelServices,
    private readonly voters: SilencedVoters,
    private readonly pin: Pin,
  ) {
    const post = () => {
      this.#post();
    };
    this.#lesions = new ChunkLesions(services.client, post);
    const refresh = () => {
      this.#refresh();
    };
    this.#subscriptions = [
      vscode.window.registerWebviewViewProvider(VOTES_VIEW, this),
      services.models.onDidChange(refresh),
      services.selection.onDidChange(refresh),
      voters.onDidChange(post),
      pin.onDidChange(post),
      this.#lesions,
    ];
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { extensionUri, selection, timings } = this.services;
    const { voters } = this;
    view.webview.options = webviewOptions(extensionUri);
    const channel = new Channel<VotesState>(view.webview, {
      onReady: () => {
        this.#shown = null;
        // Where the caret came before there was a page is no latency.
        this.#watch?.takeMoveTime();
        this.#refresh();
      },
      onSelect: (chosen, reveal) => {
        selection.select(chosen, this.#votersPerBit(), reveal);
      },
      onChangeVoters: (changes) => {
        voters.change(validChanges(changes, this.#votersPerBit()));
      },
      onRestoreVoters: (places) => {
        voters.restore(validPlaces(places, this.#votersPerBit()));
      },
      onDrawn: (milliseconds) => {
        timings.record('caretToDrawn', milliseconds);
      },
    });
    this.#view = view;
    this.#channel = channel;
    this.#watch = selection.watch();
    view.onDidChangeVisibility(() => {
      this.#watch?.dispose();
      this.#watch = view.visible ? selection.watch() : undefined;
      if (!view.visible) channel.hidden();
    });
    const exported = this.services.exports.add({ page: 'votes', title: 'Voter Votes', channel, panel: view });
    view.onDidDispose(() => {
      exported.dispose();
      this.#watch?.dispose();
      channel.dispose();
      this.#view = undefined;
      this.#channel = undefined;
    });
    view.webview.html = pageHtml(view.webview, extensionUri, 'votes', 'Voter Votes');
  }

  /**
   * Pins the chunk that the view shows, or the one that holds byte `offset` of the document that is looked at.
   * @returns whether there was one
   * @throws ModelRequestError, ModelProcessExitError with a sentence for the person
   */
  async pinChunk(offset?: number): Promise<boolean> {
    const { models, selection, client, texts } = this.services;
    const { document } = selection;
    const { editor } = selection;
    const model = await models.ensure();
    if (document === null || model === null) return false;
    const caret = editor === null ? undefined : texts.byteOffset(document, editor.selection.active);
    const at = offset ?? selection.selection?.offset ?? caret;
    if (at === undefined || texts.get(document).bytes.length === 0) return false;
    const inspection = await client.inspectChunk(document, at, 0);
    this.pin.set(pinOf(votesOf(inspection, model, documentName(document))));
    return true;
  }

  dispose(): void {
    this.#work.dispose();
    this.#watch?.dispose();
    this.#channel?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #votersPerBit(): number {
    const { state } = this.services.models;
    return state.kind === 'ready' ? state.model.votersPerBit : 0;
  }

  #refresh(): void {
    this.#work.run(() => this.#show());
  }

  async #show(): Promise<void> {
    const channel = this.#channel;
    if (channel?.ready !== true) return;
    const { models, selection, client } = this.services;
    const movedAt = this.#watch?.takeMoveTime() ?? null;
    const empty = currentPlaceholder(this.services);
    const { document, selection: selected } = selection;
    if (this.#view !== undefined) this.#view.description = selected?.locked === true ? 'locked' : '';
    if (empty !== null || document === null || models.state.kind !== 'ready') {
      this.#shown = null;
      if (empty !== null) channel.postState(empty, selected);
      return;
    }
    // The caret's chunk is not settled yet: the next change tells it.
    if (selected === null) return;
    const { model } = models.state;
    const key = `${document.uri.toString()} ${document.version} ${model.checkpoint} ${selected.offset}`;
    if (key === this.#shown?.key) {
      channel.postSelection(selected);
      return;
    }
    this.#lesions.leave(key);
    try {
      const inspection = await client.inspectChunk(document, selected.offset, ALTERNATIVES);
      const votes = votesOf(inspection, model, documentName(document));
      this.#shown = { key, document, offset: inspection.offset, votes };
      this.#post(movedAt);
    } catch (error) {
      this.#shown = null;
      // The model is loaded again by then, and the view told of it.
      if (isModelProcessExitError(error)) return;
      channel.postState(failureState(error), selected);
    }
  }

  /** Sends what is shown, with what is changed and pinned now. */
  #post(movedAt: number | null = null): void {
    const shown = this.#shown;
    if (shown === null || this.#channel?.ready !== true) return;
    const lesion = this.#lesions.of(shown, this.voters.changes);
    const state = { ...shown.votes, lesion, pinned: this.pin.chunk };
    this.#channel.postState(state, this.services.selection.selection, movedAt);
  }
}
