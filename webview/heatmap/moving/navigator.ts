/** @file Where in the document the picture is: moved by the user, following selection and editor, within the document. */
import type { HeatmapReady } from '../../../model/protocol/panels/heatmap';
import type { EditorRange } from './scrolling';
import { ScrollLink } from './scrolling';
import type { ChunkWindow } from './window';
import { clampWindow, followChunk, openingWindow, zoomWindow } from './window';

export interface NavigatorHandlers {
  /** The user moved the window: it is to be drawn. */
  onMove(): void;
  /** The editor is to show the text from this chunk on. */
  onScroll(firstChunk: number): void;
}

export class Navigator {
  #window: ChunkWindow = { start: 0, span: 1 };
  #width = 1;
  #chunkCount = 1;
  #editor: EditorRange = { firstChunk: 0, count: 0 };
  #followed: number | null = null;
  /** The window was restored: it stays where it was, whatever is selected. */
  #isRestored = false;
  #asked: number | null = null;
  readonly #link = new ScrollLink();

  constructor(private readonly handlers: NavigatorHandlers) {}

  get window(): ChunkWindow {
    return this.#window;
  }

  /** Pixels across have changed. */
  resize(width: number): void {
    this.#width = width;
    this.#clamp();
  }

  /**
   * Where the window is after a state: where it was, unless the document is another one or the editor has scrolled away.
   * @param before the state before it
   * @param saved where the user was in this document before a reload
   */
  place(state: HeatmapReady, before: HeatmapReady | null, saved: ChunkWindow | null): void {
    const { visible, chunkCount } = state;
    this.#chunkCount = chunkCount;
    this.#editor = visible;
    if (before?.provenance.document !== state.provenance.document) {
      this.#window = saved ?? openingWindow(visible);
      this.#followed = null;
      this.#isRestored = saved !== null;
    } else if (visible.firstChunk !== before.visible.firstChunk || visible.count !== before.visible.count) {
      this.#asked = null;
      this.#window = this.#link.editorMoved(this.#window, visible, performance.now());
    }
    this.#clamp();
  }

  /** Scrolls to the selected chunk when another was selected, not when the user scrolled away from it. */
  follow(chunk: number | null): void {
    if (chunk !== null && chunk !== this.#followed && !this.#isRestored)
      this.#window = followChunk(this.#window, chunk);
    this.#followed = chunk;
    this.#isRestored = false;
    this.#clamp();
  }

  /** The user moved the window: the editor comes along. */
  moveTo(window: ChunkWindow): void {
    this.#window = window;
    this.#clamp();
    const first = this.#link.windowMoved(this.#window, this.#editor, performance.now());
    if (first !== null && first !== this.#asked) {
      this.#asked = first;
      this.handlers.onScroll(first);
    }
    this.handlers.onMove();
  }

  /** Moves by so many chunks. */
  moveBy(chunks: number): void {
    this.moveTo({ ...this.#window, start: Math.floor(this.#window.start) + chunks });
  }

  /** Goes to what the editor shows. */
  goToEditor(): void {
    this.moveTo(openingWindow(this.#editor));
  }

  /** Zooms around a chunk where it is on the screen, else around the middle. */
  zoom(factor: number, chunk: number | null): void {
    const { start, span } = this.#window;
    const isSeen = chunk !== null && chunk + 1 > start && chunk < start + span;
    this.moveTo(zoomWindow(this.#window, factor, isSeen ? chunk + 0.5 : start + span / 2));
  }

  #clamp(): void {
    this.#window = clampWindow(this.#window, this.#width, this.#chunkCount);
  }
}
