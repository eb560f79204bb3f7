/** @file How picture and editor follow each other's scrolling without chasing one another. Pure. */
import type { ChunkWindow } from './window';

/** Chunks that the editor shows. */
export interface EditorRange {
  readonly firstChunk: number;
  readonly count: number;
}

/**
 * Where the editor comes nearer to what it was asked for within this time, that is its answer: it scrolls by lines, may do so smoothly,
 * and on a busy machine takes seconds. Where it has come once, only what is as near is still the answer.
 */
const ECHO_MILLISECONDS = 10_000;

/** The start of an interval moved as little as possible, so that the smaller of it and `other` lies within the larger. */
export function nestedStart(start: number, length: number, other: { start: number; length: number }): number {
  const slack = other.start + other.length - length;
  return Math.min(Math.max(start, Math.min(other.start, slack)), Math.max(other.start, slack));
}

/** What the editor shows and what the picture shows: the smaller part stays within the larger, whichever of the two moved. */
export class ScrollLink {
  /** What the editor was asked for, when, and how far it is still from there. */
  #asked = { firstChunk: 0, at: -Infinity, distance: 0 };

  /** The user moved the picture: the chunk that the editor is to show first, or null where it need not move. */
  windowMoved({ start, span }: ChunkWindow, editor: EditorRange, now: number): number | null {
    if (editor.count === 0) return null;
    const first = Math.round(nestedStart(editor.firstChunk, editor.count, { start, length: span }));
    if (first === editor.firstChunk) return null;
    this.#asked = { firstChunk: first, at: now, distance: Math.abs(editor.firstChunk - first) };
    return Math.max(0, first);
  }

  /** The editor scrolled: where the picture is to be. */
  editorMoved(window: ChunkWindow, { firstChunk, count }: EditorRange, now: number): ChunkWindow {
    if (count === 0) return window;
    const distance = Math.abs(firstChunk - this.#asked.firstChunk);
    if (now - this.#asked.at < ECHO_MILLISECONDS && distance <= this.#asked.distance) {
      this.#asked = { ...this.#asked, distance };
      return window;
    }
    return { ...window, start: nestedStart(window.start, window.span, { start: firstChunk, length: count }) };
  }
}
