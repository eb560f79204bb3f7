/** @file The Sparsity heatmap: measurements of every chunk of the document, tile by tile, in an editor panel. */
import * as vscode from 'vscode';
import { CHUNK_BYTES } from '../../model/text/chunks';
import type { HeatmapReady, HeatmapState } from '../../model/protocol/panels/heatmap';
import type { VoterQuantity } from '../../model/protocol/inspection';
import { isModelProcessExitError } from '../modelProcess/errors';
import { Channel } from './channel';
import { chunksOfBytes, clampViewport, Generation, voterQuantity } from './heatmapTiles';
import type { ChunkSpan } from './heatmapTiles';
import { showPage } from './html';
import { documentName } from '../editor/documentName';
import { currentPlaceholder, failureState } from './currentPlaceholder';
import type { PanelServices } from './exportablePanels';
import { NewestWins } from '../newestWins';
import { provenance } from './provenance';
import { PanelWatch } from './panelWatch';
import type { PanelContent } from './singlePanel';
import { SinglePanel } from './singlePanel';

const HEATMAP_PANEL = 'smuggler.heatmap';
const TITLE = 'Sparsity Heatmap';

/** What the webview asked for. */
type Measured = Pick<HeatmapReady, 'tile' | 'voters'>;

const NOTHING: Measured = { tile: null, voters: null };

/** One open panel. */
class HeatmapPanel implements PanelContent {
  readonly #channel: Channel<HeatmapState>;
  readonly #generation = new Generation();
  /** Measurements of bits, and of voters. */
  readonly #work = new NewestWins();
  readonly #voterWork = new NewestWins();
  readonly #subscriptions: vscode.Disposable[];
  readonly #watch: PanelWatch;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly services: PanelServices,
  ) {
    const { extensionUri, models, selection } = services;
    this.#channel = new Channel<HeatmapState>(panel.webview, {
      onReady: () => {
        this.#post();
      },
      onSelect: (chosen, reveal) => {
        selection.select(chosen, models.state.kind === 'ready' ? models.state.model.votersPerBit : 0, reveal);
      },
      onViewport: (generation, firstChunk, count, voters) => {
        this.#measure(generation, firstChunk, count, voterQuantity(voters));
      },
      onScroll: (generation, firstChunk) => {
        this.#scroll(generation, firstChunk);
      },
      onDrawn: (milliseconds) => {
        services.timings.record('caretToHeatmap', milliseconds);
      },
    });
    this.#watch = new PanelWatch(panel, selection, this.#channel);
    this.#subscriptions = [
      services.exports.add({ page: 'heatmap', title: TITLE, channel: this.#channel, panel }),
      models.onDidChange(() => {
        this.#post();
      }),
      selection.onDidChange(({ document }) => {
        if (document) this.#post();
        else this.#channel.postSelection(selection.selection, this.#watch.takeMoveTime());
      }),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        if (textEditor.document === selection.document) this.#post();
      }),
    ];
    showPage(panel, extensionUri, 'heatmap');
  }

  dispose(): void {
    this.#work.dispose();
    this.#voterWork.dispose();
    this.#watch.dispose();
    this.#channel.dispose();
    for (const subscription of this.#subscriptions) subscription.dispose();
  }

  /** Posts what is known, with what was asked for. */
  #post(measured: Measured = NOTHING): void {
    if (!this.#channel.ready) return;
    const { selection } = this.services.selection;
    const empty = currentPlaceholder(this.services);
    // A request that is open now may never be answered, so what follows is a generation of its own.
    if (empty !== null) this.#generation.end();
    const state = empty ?? this.#ready(measured);
    if (state !== null) this.#channel.postState(state, selection);
  }

  /** Null where model or document have gone. */
  #ready(measured: Measured = NOTHING): HeatmapReady | null {
    const { models, selection, texts } = this.services;
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
      ...measured,
    };
  }

  #visible(document: vscode.TextDocument): ChunkSpan {
    const { selection, texts } = this.services;
    const ranges = selection.editor?.visibleRanges ?? [];
    const first = ranges[0];
    const last = ranges.at(-1);
    if (first === undefined || last === undefined) return { firstChunk: 0, count: 0 };
    return chunksOfBytes(texts.byteOffset(document, first.start), texts.byteOffset(document, last.end), CHUNK_BYTES);
  }

  /** @param quantity of every voter; null for measurements of bits */
  #measure(generation: number, firstChunk: number, count: number, quantity: VoterQuantity | null): void {
    (quantity === null ? this.#work : this.#voterWork).run(async () => {
      const { client, models, selection } = this.services;
      const { document } = selection;
      const wanted = this.#current(generation);
      if (document === null || wanted === null) return;
      const span = clampViewport(firstChunk, count, wanted.chunkCount);
      if (span === null) return;
      try {
        const measured: Measured =
          quantity === null
            ? { tile: await client.inspectRange(document, span.firstChunk, span.count), voters: null }
            : { tile: null, voters: await client.inspectVoters(document, span.firstChunk, span.count, quantity) };
        // What was measured on a text or by a model that is gone is void; a new state has been posted.
        if (this.#ready()?.generation === generation) this.#post(measured);
      } catch (error) {
        if (isModelProcessExitError(error) || models.state.kind !== 'ready') return;
        this.#channel.postState(failureState(error), selection.selection);
      }
    });
  }

  /** Scrolls the editor, and leaves its caret where it is. */
  #scroll(generation: number, firstChunk: number): void {
    const { selection, texts } = this.services;
    const { document, editor } = selection;
    const current = this.#current(generation);
    if (document === null || editor === null || current === null || !Number.isFinite(firstChunk)) return;
    const chunk = Math.min(current.chunkCount - 1, Math.max(0, Math.floor(firstChunk)));
    const position = texts.position(document, CHUNK_BYTES * chunk);
    editor.revealRange(new vscode.Range(position, position), vscode.TextEditorRevealType.AtTop);
  }

  /** What there is to show, where that is still what the webview speaks of. */
  #current(generation: number): HeatmapReady | null {
    const state = currentPlaceholder(this.services) === null ? this.#ready() : null;
    return state?.generation === generation ? state : null;
  }
}

/** The heatmap's panel, of which there is at most one. */
export function heatmapPanel(services: PanelServices): SinglePanel {
  return new SinglePanel(HEATMAP_PANEL, TITLE, services.extensionUri, (panel) => new HeatmapPanel(panel, services));
}
