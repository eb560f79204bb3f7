/** @file The Sparsity heatmap: measurements of every chunk of the document, tile by tile, in an editor panel. */
import * as vscode from 'vscode';
import { CHUNK_BYTES } from '../../../model/measures/chunk';
import { changesNote } from '../../../model/measures/changesText';
import type { HeatmapAsk, HeatmapReady } from '../../../model/protocol/panels/heatmap';
import type { MemoryReading, MemoryScope, MemoryVoter } from '../../../model/protocol/memory';
import type { VoterChange, VoterQuantity } from '../../../model/protocol/inspection';
import type { ChunkSpan } from '../../editor/chunkSpan';
import { chunksOfBytes } from '../../editor/chunkSpan';
import { clampViewport, Generation, voterQuantity } from './heatmapTiles';
import { isRead } from '../../../model/measures/memoryText';
import { documentName } from '../../editor/documentName';
import { currentPlaceholder } from '../frame/currentPlaceholder';
import type { PanelServices } from '../frame/exportablePanels';
import { NewestWins } from '../../newestWins';
import { provenance } from '../frame/provenance';
import type { Services } from '../../editor/services';
import type { EditorPanel } from '../frame/definePanel';
import { definePanel } from '../frame/definePanel';
import type { PanelContent, PanelFrame } from '../frame/panelFrame';
import { modelKey } from '../../modelProcess/modelState';

/** What the webview asked for. */
type Measured = Pick<HeatmapReady, 'tile' | 'voters'>;

const NOTHING: Measured = { tile: null, voters: null };

/** Rows of bits are those of the changed voters; a row of a voter is its own vote, whoever else is silenced. */
function heatmapNote(changes: readonly VoterChange[], memory: readonly MemoryVoter[]): string | undefined {
  const note = changesNote(changes, true, memory);
  return note === undefined ? undefined : `${note}; rows of voters show how each votes by itself`;
}

class Heatmap implements PanelContent<'heatmap'> {
  readonly #generation = new Generation();
  /** Measurements of bits, and of voters. */
  readonly #work = new NewestWins();
  readonly #voterWork = new NewestWins();
  /** Whether the page shows a measure of memory. */
  #hasMemory = false;
  /** What memory was to read when the page was told last. */
  #chosen: MemoryScope | null = null;

  constructor(
    private readonly frame: PanelFrame<'heatmap'>,
    private readonly services: Services,
  ) {
    frame.keep(
      services.voters.onDidChange(() => {
        frame.refresh();
      }),
      services.documentMemory.onDidChange(() => {
        if (this.#hasMemory || services.documentMemory.chosen !== this.#chosen) frame.refresh();
      }),
      vscode.window.onDidChangeTextEditorVisibleRanges(({ textEditor }) => {
        if (textEditor.document === services.selection.document) frame.refresh();
      }),
    );
  }

  /** What the page waits for is not answered any more. */
  forget(): void {
    this.#generation.end();
  }

  show(): void {
    this.#post();
  }

  showSelection(): void {
    this.frame.postSelection(this.frame.takeMoveTime());
  }

  answer(ask: HeatmapAsk): void {
    const { generation, firstChunk } = ask;
    if (ask.kind === 'scroll') this.#scroll(generation, firstChunk);
    else if (ask.memory !== this.#hasMemory) {
      this.#hasMemory = ask.memory;
      // What was measured with or without memory is void; the page asks for it anew.
      this.#post();
    } else this.#measure(generation, firstChunk, ask.count, voterQuantity(ask.voters));
  }

  dispose(): void {
    this.#work.dispose();
    this.#voterWork.dispose();
  }

  /** Posts what is known, with what was asked for. */
  #post(measured: Measured = NOTHING): void {
    if (!this.frame.ready) return;
    const empty = currentPlaceholder(this.services);
    // A request that is open now may never be answered, so what follows is a generation of its own.
    if (empty !== null) this.#generation.end();
    const state = empty ?? this.#ready(measured);
    if (state === null) return;
    if (measured === NOTHING) this.frame.post(state);
    else this.frame.postPart(state);
  }

  /** Null where model or document have gone. */
  #ready(measured: Measured = NOTHING): HeatmapReady | null {
    const { documentMemory, models, selection, texts, voters } = this.services;
    const { document } = selection;
    if (document === null || models.state.kind !== 'ready') return null;
    const { model } = models.state;
    const byteLength = texts.get(document).bytes.length;
    const memory = documentMemory.of(document);
    this.#chosen = documentMemory.chosen;
    return {
      kind: 'ready',
      provenance: provenance(
        model,
        documentName(document),
        heatmapNote(voters.changes, this.#hasMemory ? voters.memory : []),
      ),
      generation: this.#generation.of(
        `${document.uri.toString()} ${document.version} ${modelKey(model)} ${voters.revision}${this.#hasMemory ? memoryKey(memory) : ''}`,
      ),
      memory,
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
      const { client, documentMemory, models, selection, voters } = this.services;
      const { document } = selection;
      const wanted = this.#current(generation);
      if (document === null || wanted === null) return;
      const span = clampViewport(firstChunk, count, wanted.chunkCount);
      if (span === null) return;
      const reading = this.#hasMemory ? documentMemory.of(document) : null;
      // Another generation begins once it is read.
      if (quantity === null && this.#hasMemory && (reading === null || !isRead(reading))) return;
      const { changes, memory: silenced } = voters;
      try {
        const measured: Measured =
          quantity === null
            ? {
                tile: {
                  ...(await client.askAbout([document], 'inspect/range', (ref) => ({ ...ref, ...span, changes }))),
                  memory:
                    reading === null
                      ? undefined
                      : await client.askAbout([document], 'memory/range', (ref) => ({
                          ...ref,
                          ...span,
                          scope: reading.scope,
                          changes,
                          silenced,
                        })),
                },
                voters: null,
              }
            : {
                tile: null,
                voters: await client.askAbout([document], 'inspect/voters', (ref) => ({ ...ref, ...span, quantity })),
              };
        // What was measured on a text or by a model that is gone is void; a new state has been posted.
        if (this.#ready()?.generation === generation) this.#post(measured);
      } catch (error) {
        if (models.state.kind === 'ready') this.frame.fail(error);
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

/** Names what memory knows of the document: tiles are measured with all of it or not at all. */
function memoryKey(reading: MemoryReading | null): string {
  return reading === null ? ' off' : ` ${reading.scope} ${isRead(reading)}`;
}

export function heatmapPanel(services: PanelServices): EditorPanel {
  return definePanel(services, {
    page: 'heatmap',
    title: 'Sparsity Heatmap',
    timing: 'caretToHeatmap',
    content: (frame) => new Heatmap(frame, services),
  });
}
