/** @file Where rows and columns of the lens stand. Pure. */
import { signsOf } from '../../model/measures/visibleText';

/** Pixels of the depths' names. */
export const LABELS = 124;
/** Pixels of the chunks' texts above the cells. */
export const HEAD = 20;
/** Pixels of a row of the grid. */
export const ROW = 28;
/** Pixels of the bars at the right. */
export const BARS = 150;

const LEAST_CELL = 48;
const MOST_CELL = 72;
/** Bars stand beside the grid where it keeps so many columns. */
const COLUMNS_BEFORE_BARS = 7;

export interface LensColumns {
  /** The first chunk that is shown, of those that there are, and how many. */
  readonly first: number;
  readonly count: number;
  /** Pixels of one. */
  readonly width: number;
  readonly hasBars: boolean;
  /** Pixels of the whole picture. */
  readonly total: number;
}

/**
 * As many of n chunks as there is room for, `own` among them and in the middle where it can be.
 * @param kept the first one to show if `own` is in sight then: what was clicked stays under the pointer
 */
export function lensColumns(available: number, n: number, own: number, kept: number | null = null): LensColumns {
  const hasBars = available >= LABELS + COLUMNS_BEFORE_BARS * LEAST_CELL + BARS;
  const room = available - LABELS - (hasBars ? BARS : 0);
  const count = Math.max(1, Math.min(n, Math.floor(room / LEAST_CELL)));
  const width = Math.min(MOST_CELL, Math.max(LEAST_CELL, Math.floor(room / count)));
  const isInSight = kept !== null && kept >= 0 && kept <= n - count && own >= kept && own < kept + count;
  const first = isInSight ? kept : Math.max(0, Math.min(n - count, own - Math.floor(count / 2)));
  return { first, count, width, hasBars, total: LABELS + count * width + (hasBars ? BARS : 0) };
}

/** Columns that a wide character takes in a font of one width. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]|\p{Extended_Pictographic}/u;
/** Pixels of a character. */
const CHARACTER = 7.3;

/** A text as it fits into so many pixels; what does not ends with an ellipsis. */
export function fitted(text: string, pixels: number): string {
  const room = Math.floor(pixels / CHARACTER);
  let used = 0;
  let short = '';
  for (const sign of signsOf(text)) {
    used += WIDE.test(sign) ? 2 : Array.from(sign).length;
    if (used <= room - 1) short += sign;
    if (used > room) return `${short}…`;
  }
  return text;
}
