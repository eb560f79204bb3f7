/** @file The part of the document that is on the screen, in chunks: zooming, panning, following. Pure. */

/** Fewest chunks that the picture shows. */
export const LEAST_SPAN = 8;
/** Most chunks that the picture shows: what one request may ask for. No cell is ever narrower than a pixel. */
export const MOST_SPAN = 1024;

export interface ChunkWindow {
  /** First chunk, not necessarily whole while zooming. */
  readonly start: number;
  /** Chunks across. */
  readonly span: number;
}

/** Most chunks that fit `width` pixels with a pixel each. */
export function mostSpan(width: number, chunkCount: number): number {
  return Math.max(1, Math.min(MOST_SPAN, Math.floor(width), chunkCount));
}

/** The window moved and sized so that it lies within the document. */
export function clampWindow(window: ChunkWindow, width: number, chunkCount: number): ChunkWindow {
  const most = mostSpan(width, chunkCount);
  const span = Math.min(most, Math.max(Math.min(LEAST_SPAN, most), window.span));
  return { span, start: Math.min(Math.max(0, window.start), Math.max(0, chunkCount - span)) };
}

/** Zooms by `factor` (above 1: closer) around a chunk, which stays where it is. */
export function zoomWindow(window: ChunkWindow, factor: number, around: number): ChunkWindow {
  const span = window.span / factor;
  return { span, start: around - ((around - window.start) * span) / window.span };
}

/** The window unchanged where it shows the chunk, else moved so that the chunk stands in its middle. */
export function followChunk(window: ChunkWindow, chunk: number): ChunkWindow {
  if (chunk >= window.start && chunk + 1 <= window.start + window.span) return window;
  return { ...window, start: chunk + 0.5 - window.span / 2 };
}

/** Whole chunks that can be seen, also in part. */
export function visibleChunks(window: ChunkWindow, chunkCount: number): { first: number; count: number } {
  const first = Math.max(0, Math.floor(window.start + 1e-9));
  const end = Math.min(chunkCount, Math.ceil(window.start + window.span - 1e-9));
  return { first, count: Math.max(0, end - first) };
}

/** A first window: somewhat more than the editor shows. */
export function openingWindow(visible: { readonly firstChunk: number; readonly count: number }): ChunkWindow {
  const span = Math.min(320, Math.max(64, visible.count * 1.5));
  return { span, start: visible.firstChunk + visible.count / 2 - span / 2 };
}
