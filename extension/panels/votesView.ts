/** @file The Voter votes view: the votes for the chunk under the caret, in the panel area. */
import * as vscode from 'vscode';
import type { ChunkInspection, ModelSummary } from '../../model/protocol';
import type { VotesReady, VotesState } from '../../webview/shared/messages';
import { isModelProcessExitError } from '../modelProcess/errors';
import { Channel } from './channel';
import { pageHtml, webviewOptions } from './html';
import { currentPlaceholder, documentName, failureState } from './inspector';
import type { Inspector } from './inspector';
import { NewestWins } from './newestWins';
import { provenance } from './provenance';

export const VOTES_VIEW = 'smuggler.votes';

/** The model's own chunks that the view lists. */
const ALTERNATIVES = 8;

function votesReady(inspection: ChunkInspection, model: ModelSummary, document: string): VotesReady {
  return { kind: 'ready', provenance: provenance(model, document), ...inspection };
}

export class VotesView implements vscode.WebviewViewProvider, vscode.Disposable {
  #view: vscode.WebviewView | undefined;
  #channel: Channel<VotesState> | undefined;
  #watch: vscode.Disposable | undefined;
  /** Document, version, checkpoint and chunk that the page shows. */
  #shown = '';
  readonly #work = new NewestWins();
  readonly #subscriptions: vscode.Disposable[];

  constructor(private readonly inspector: Inspector) {
    const refresh = () => {
      this.#refresh();
    };
    this.#subscriptions = [
      vscode.window.registerWebviewViewProvider(VOTES_VIEW, this),
      inspector.models.onDidChange(refresh),
      inspector.selection.onDidChange(refresh),
    ];
  }

  resolveWebviewView(view: vscode.WebviewView): void {
    const { extensionUri, selection, timings } = this.inspector;
    view.webview.options = webviewOptions(extensionUri);
    const channel = new Channel<VotesState>(view.webview, {
      onReady: () => {
        this.#shown = '';
        // Where the caret came before there was a page is no latency.
        selection.takeMoveTime();
        this.#refresh();
      },
      onSelect: (chosen, reveal) => {
        selection.select(chosen, this.#votersPerBit(), reveal);
      },
      onViewport: () => undefined,
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
    view.onDidDispose(() => {
      this.#watch?.dispose();
      channel.dispose();
      this.#view = undefined;
      this.#channel = undefined;
    });
    view.webview.html = pageHtml(view.webview, extensionUri, 'votes', 'Voter Votes');
  }

  dispose(): void {
    this.#work.dispose();
    this.#watch?.dispose();
    this.#channel?.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  #votersPerBit(): number {
    const { state } = this.inspector.models;
    return state.kind === 'ready' ? state.model.votersPerBit : 0;
  }

  #refresh(): void {
    this.#work.run(() => this.#show());
  }

  async #show(): Promise<void> {
    const channel = this.#channel;
    if (channel?.ready !== true) return;
    const { models, selection, client } = this.inspector;
    const movedAt = selection.takeMoveTime();
    const empty = currentPlaceholder(this.inspector);
    const { document, selection: selected } = selection;
    if (this.#view !== undefined) this.#view.description = selected?.locked === true ? 'locked' : '';
    if (empty !== null || document === null || models.state.kind !== 'ready') {
      this.#shown = '';
      if (empty !== null) channel.postState(empty, selected);
      return;
    }
    // The caret's chunk is not settled yet: the next change tells it.
    if (selected === null) return;
    const { model } = models.state;
    const key = `${document.uri.toString()} ${document.version} ${model.checkpoint} ${selected.offset}`;
    if (key === this.#shown) {
      channel.postSelection(selected);
      return;
    }
    try {
      const inspection = await client.inspectChunk(document, selected.offset, ALTERNATIVES);
      this.#shown = key;
      channel.postState(votesReady(inspection, model, documentName(document)), selection.selection, movedAt);
    } catch (error) {
      this.#shown = '';
      // The model is loaded again by then, and the view told of it.
      if (isModelProcessExitError(error)) return;
      channel.postState(failureState(error), selected);
    }
  }
}
