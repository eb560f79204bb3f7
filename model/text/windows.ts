/** @file Which window of the model scores which chunk of a document: one arithmetic for evaluation, inspection and heatmap, so that they show the same numbers. */
import { CHUNK_BYTES } from '../measures/chunk';

// h = max(1, ⌊T/2⌋). Window k starts at target k·h and holds T targets. Chunk i is scored by the earliest window that gives
// it at least h − 1 chunks of context beside the one just before it: window max(0, ⌊i/h⌋ − 1). With T = 1 a window has a
// single target, so chunk i is scored by window i.

/** Inputs of window k: chunks first-1 … first+context-2 (−1 is the zero start chunk); targets first … first+context-1. */
export interface DocumentWindow {
  readonly firstTarget: number;
  /** Targets scored here, in chunk numbers, half-open. */
  readonly scoreFrom: number;
  readonly scoreTo: number;
}

function stride(context: number): number {
  return Math.max(1, Math.floor(context / 2));
}

/**
 * The window that scores one chunk.
 * @param chunk its number, 0 … chunkCount − 1
 * @param chunkCount chunks in the document
 * @param context T, the targets in a window
 */
export function windowOfChunk(chunk: number, chunkCount: number, context: number): DocumentWindow {
  const h = stride(context);
  const block = Math.floor(chunk / h);
  const k = context === 1 ? block : Math.max(0, block - 1);
  const scoreFrom = k === 0 || context === 1 ? k * h : (k + 1) * h;
  const scoreTo = context === 1 ? k + 1 : (k + 2) * h;
  return { firstTarget: k * h, scoreFrom, scoreTo: Math.min(scoreTo, chunkCount) };
}

/**
 * The window that a user who goes on from a chunk comes to next: the one before or after its own, whichever is nearer; null where
 * there is none.
 */
export function nextWindow(chunk: number, chunkCount: number, context: number): DocumentWindow | null {
  const { scoreFrom, scoreTo } = windowOfChunk(chunk, chunkCount, context);
  const neighbour = chunk - scoreFrom < scoreTo - 1 - chunk ? scoreFrom - 1 : scoreTo;
  return neighbour < 0 || neighbour >= chunkCount ? null : windowOfChunk(neighbour, chunkCount, context);
}

/**
 * The windows that together score the chunks fromChunk … toChunk − 1, each once, in order. A window's scored range is cut to
 * what was asked for; its inputs are not, so that a chunk's numbers do not depend on the range.
 * @param toChunk exclusive; cut to `chunkCount`
 */
export function documentWindows(
  fromChunk: number,
  toChunk: number,
  chunkCount: number,
  context: number,
): DocumentWindow[] {
  const windows: DocumentWindow[] = [];
  const end = Math.min(toChunk, chunkCount);
  for (let chunk = Math.max(0, fromChunk); chunk < end;) {
    const window = windowOfChunk(chunk, chunkCount, context);
    const scoreTo = Math.min(window.scoreTo, end);
    windows.push({ firstTarget: window.firstTarget, scoreFrom: chunk, scoreTo });
    chunk = scoreTo;
  }
  return windows;
}

/**
 * Copies one window's T+1 chunks into `out`: the zero start chunk where the window begins at the document's start, and zeros
 * after its end.
 * @param grid the document's bytes from `inspectionGrid`
 * @param context T
 * @param out receives 4(T+1) bytes from index `at` on
 */
export function fillWindow(
  grid: Uint8Array,
  window: DocumentWindow,
  context: number,
  out: Uint8Array,
  at: number,
): void {
  const length = CHUNK_BYTES * (context + 1);
  const from = CHUNK_BYTES * (window.firstTarget - 1);
  const source = Math.max(0, from);
  const end = Math.max(source, Math.min(grid.length, from + length));
  out.fill(0, at, at + length);
  out.set(grid.subarray(source, end), at + source - from);
}

/** The same as bytes of their own, [4(T+1)]. */
export function windowBytes(grid: Uint8Array, window: DocumentWindow, context: number): Uint8Array {
  const filled = new Uint8Array(CHUNK_BYTES * (context + 1));
  fillWindow(grid, window, context, filled, 0);
  return filled;
}
