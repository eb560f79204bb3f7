/** @file How picture and editor follow each other's scrolling without chasing one another. Pure. */
import type { ChunkWindow } from './window';

/** Chunks that the editor shows. */
export interface EditorRange {
  readonly firstChunk: number;
  readonly count: number;
}

/** After the person moved the picture, the editor's own scrolling is its answer for this long: it scrolls by lines, and may do so smoothly. */
const ECHO_MILLISECONDS = 400;

/** The start of an interval moved as little as possible, so that the smaller of it and `other` lies within the larger. */
export function nestedStart(start: number, length: number, other: { start: number; length: number }): number {
  const slack = other.start + other.length - length;
  return Math.min(Math.max(start, Math.min(other.start, slack)), Math.max(other.start, slack));
}

/** What the editor shows and what the picture shows: the smaller part stays within the larger, whichever of the two moved. */
export class ScrollLink {
  #movedAt = -Infinity;

  /** The person moved the picture: the chunk that the editor is to show first, or null where it need not move. */
  windowMoved({ start, span }: ChunkWindow, editor: EditorRange, now: number): number | null {
    if (editor.count === 0) return null;
    const first = Math.round(nestedStart(editor.firstChunk, editor.count, { start, length: span }));
    if (first === editor.firstChunk) return null;
    this.#movedAt = now;
    return Math.max(0, first);
  }

  /** The editor scrolled: where the picture is to be. */
  editorMoved(window: ChunkWindow, { firstChunk, count }: EditorRange, now: number): ChunkWindow {
    if (count === 0 || now - this.#movedAt < ECHO_MILLISECONDS) return window;
    return { ...window, start: nestedStart(window.start, window.span, { start: firstChunk, length: count }) };
  }
}
