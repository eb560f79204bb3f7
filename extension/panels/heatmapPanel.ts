/** @file The Sparsity heatmap: measurements of every chunk of the document, tile by tile, in an editor panel. */
import * as vscode from 'vscode';
import { CHUNK_BYTES } from '../../model/text/chunks';
import type { HeatmapReady, HeatmapState, HeatmapTile } from '../../webview/shared/messages';
import { isModelProcessExitError } from '../modelProcess/errors';
import { Channel } from './channel';
import { chunksOfBytes, clampViewport, Generation } from './heatmapTiles';
import type { ChunkSpan } from './heatmapTiles';
import { pageHtml, webviewOptions } from './html';
import { currentPlaceholder, documentName, failureState } from './inspector';
import type { Inspector } from './inspector';
import { NewestWins } from './newestWins';
import { provenance } from './provenance';
import type { PanelContent } from './singlePanel';
import { SinglePanel } from './singlePanel';

const HEATMAP_PANEL = 'smuggler.heatmap';
const TITLE = 'Sparsity Heatmap';

/** One open panel. */
class HeatmapPanel implements PanelContent {
  readonly #channel: Channel<HeatmapState>;
  readonly #generation = new Generation();
  readonly #work = new NewestWins();
  readonly #subscriptions: vscode.Disposable[];
  #watch: vscode.Disposable;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly inspector: Inspector,
  ) {
    const { extensionUri, models, selection } = inspector;
    panel.webview.options = webviewOptions(extensionUri);
    panel.iconPath = {
      light: vscode.Uri.joinPath(extensionUri, 'media', 'smuggler-light.svg'),
      dark: vscode.Uri.joinPath(extensionUri, 'media', 'smuggler-dark.svg'),
    };
    this.#watch = selection.watch();
    this.#channel = new Channel<HeatmapState>(panel.webview, {
      onReady: () => {
        this.#post(null);
      },
      onSelect: (chosen, reveal) => {
        selection.select(chosen, models.state.kind === 'ready' ? models.state.model.votersPerBit : 0, reveal);
      },
      onViewport: (generation, firstChunk, count) => {
        this.#measure(generation, firstChunk, count);
      },
      onDrawn: () => undefined,
    });
    this.#subscriptions = [
      inspector.exports.add({ page: 'heatmap', title: TITLE, channel: this.#channel, panel }),
      models.onDidChange(() => {
        this.#post();
      }),
      selection.onDidChange(({ document }) => {
        if (document) this.#post();
        else this.#channel.postSelection(selection.selection);
      }),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        if (textEditor.document === selection.document) this.#post(null);
      }),
      panel.onDidChangeViewState(() => {
        this.#watch.dispose();
        if (panel.visible) this.#watch = selection.watch();
        else this.#channel.hidden();
      }),
    ];
    panel.webview.html = pageHtml(panel.webview, extensionUri, 'heatmap', TITLE);
  }

  dispose(): void {
    this.#work.dispose();
    this.#watch.dispose();
    this.#channel.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Posts what is known, with `tile` where one was asked for. */
  #post(tile: HeatmapTile | null): void {
    if (!this.#channel.ready) return;
    const { selection } = this.inspector.selection;
    const empty = currentPlaceholder(this.inspector);
    // A request that is open now may never be answered, so what follows is a generation of its own.
    if (empty !== null) this.#generation.end();
    const state = empty ?? this.#ready(tile);
    if (state !== null) this.#channel.postState(state, selection);
  }

  /** Null where model or document have gone. */
  #ready(tile: HeatmapTile | null): HeatmapReady | null {
    const { models, selection, texts } = this.inspector;
    const { document } = selection;
    if (document === null || models.state.kind !== 'ready') return null;
    const { model } = models.state;
    const byteLength = texts.get(document).bytes.length;
    return {
      kind: 'ready',
      provenance: provenance(model, documentName(document)),
      generation: this.#generation.of(`${document.uri.toString()} ${document.version} ${model.checkpoint}`),
      chunkCount: Math.ceil(byteLength / CHUNK_BYTES),
      byteLength,
      visible: this.#visible(document),
      tile,
    };
  }

  #visible(document: vscode.TextDocument): ChunkSpan {
    const { selection, texts } = this.inspector;
    const ranges = selection.editor?.visibleRanges ?? [];
    const first = ranges[0];
    const last = ranges.at(-1);
    if (first === undefined || last === undefined) return { firstChunk: 0, count: 0 };
    return chunksOfBytes(texts.byteOffset(document, first.start), texts.byteOffset(document, last.end), CHUNK_BYTES);
  }

  #measure(generation: number, firstChunk: number, count: number): void {
    this.#work.run(async () => {
      const { client, models, selection } = this.inspector;
      const { document } = selection;
      const wanted = currentPlaceholder(this.inspector) === null ? this.#ready(null) : null;
      if (document === null || wanted?.generation !== generation) return;
      const span = clampViewport(firstChunk, count, wanted.chunkCount);
      if (span === null) return;
      try {
        const inspection = await client.inspectRange(document, span.firstChunk, span.count);
        // What was measured on a text or by a model that is gone is void; a new state has been posted.
        if (this.#ready(null)?.generation === generation) this.#post(inspection);
      } catch (error) {
        if (isModelProcessExitError(error) || models.state.kind !== 'ready') return;
        this.#channel.postState(failureState(error), selection.selection);
      }
    });
  }
}

/** The heatmap's panel, of which there is at most one. */
export function heatmapPanel(inspector: Inspector): SinglePanel {
  return new SinglePanel(HEATMAP_PANEL, TITLE, inspector.extensionUri, (panel) => new HeatmapPanel(panel, inspector));
}
