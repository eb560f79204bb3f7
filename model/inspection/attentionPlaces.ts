/** @file Places that attention reads: which text each of a window stands for, and what it is to the position that reads. Pure. */
import { CHUNK_BYTES } from '../measures/chunk';
import type { AttentionKind } from '../protocol/attention';

/** A window's places in a document. */
export interface WindowPlaces {
  /** The document. */
  readonly bytes: Uint8Array;
  /** Chunk that the window predicts first. */
  readonly firstTarget: number;
  /** 2^S, chunks from one place to the next. */
  readonly chunks: number;
}

/** Bytes of the document, half-open. */
export interface Span {
  readonly from: number;
  readonly to: number;
}

export interface ReadPlaces {
  /** Numbers of the places of each kind, ascending; none is after the position. */
  readonly kinds: Readonly<Record<AttentionKind, readonly number[]>>;
  /** The longest text that the position's text ends with and that ends earlier, too: its bytes, and where it ended, nearest first. */
  readonly repeated: { readonly length: number; readonly ends: readonly number[] } | null;
}

/** Shorter repetitions are everywhere. */
const LEAST_REPETITION = 4;
const LINE_FEED = 0x0a;

/**
 * The text that a place is the first to have seen: place j knows the window's chunks up to 2^S·j. The first one knows its window's first
 * chunk alone, and where that is the zeros before a document, no text.
 */
export function placeSpan({ firstTarget, chunks }: WindowPlaces, place: number): Span {
  const to = CHUNK_BYTES * (firstTarget + chunks * place);
  return { from: Math.max(0, to - CHUNK_BYTES * (place === 0 ? 1 : chunks)), to };
}

/** The place that is the first to have seen a byte of the window. */
function placeOf({ firstTarget, chunks }: WindowPlaces, byte: number): number {
  return Math.max(0, Math.floor((byte - CHUNK_BYTES * firstTarget) / (CHUNK_BYTES * chunks)) + 1);
}

/**
 * What the places of a window are to one of them.
 *
 * - `itself`, `previous`: the position and the one before it.
 * - `same`: where the longest text that the position's text ends with, of at least four bytes, ended earlier in the window (what a
 *   duplicate-token head looks at).
 * - `after`: the place after that one, where what followed stands (what an induction head looks at).
 * - `lineStart`: where a line begins.
 * - `first`: the window's first place.
 */
export function readPlaces(window: WindowPlaces, position: number): ReadPlaces {
  const { bytes, firstTarget } = window;
  const start = Math.max(0, CHUNK_BYTES * (firstTarget - 1));
  const repeated = longestRepetition(bytes, start, placeSpan(window, position).to);
  const earlier = (shift: number): number[] => {
    const found = (repeated?.ends ?? []).map((end) => placeOf(window, end - 1) + shift);
    return [...new Set(found)].filter((place) => place < position).sort((a, b) => a - b);
  };
  const all = Array.from({ length: position + 1 }, (_, place) => place);
  return {
    kinds: {
      itself: [position],
      previous: position > 0 ? [position - 1] : [],
      same: earlier(0),
      after: earlier(1),
      lineStart: all.filter((place) => beginsLine(bytes, placeSpan(window, place))),
      first: [0],
    },
    repeated,
  };
}

function beginsLine(bytes: Uint8Array, { from, to }: Span): boolean {
  for (let at = from; at < to; at++) if (at === 0 || bytes[at - 1] === LINE_FEED) return true;
  return false;
}

/** The longest text that ends at `end` and, between `start` and there, also earlier; null where it is too short. */
function longestRepetition(bytes: Uint8Array, start: number, end: number): ReadPlaces['repeated'] {
  let length = LEAST_REPETITION;
  let ends: number[] = [];
  for (let at = end - 1; at - start >= length; at--) {
    let same = 0;
    while (at - same > start && bytes[at - same - 1] === bytes[end - same - 1]) same++;
    if (same > length) ends = [];
    if (same >= length) ends.push(at);
    length = Math.max(length, same);
  }
  return ends.length === 0 ? null : { length, ends };
}
