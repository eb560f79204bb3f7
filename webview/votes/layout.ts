/** @file Where the three parts of the picture of votes stand, in CSS pixels, and what its first title says. */
import type { BitRows } from '../shared/rows';
import type { CellColor } from './cells';
import { votersPerPixel } from './cells';
import type { VoterOrder } from './order';

export const TOP = 17;
export const BOTTOM = 17;
export const BYTE_GAP = 3;
/** Where the labels of bytes end: one of four characters, `\xE2`, is whole. */
export const LABELS = 30;
/** Below this width bars and titles are short. */
const NARROW = 560;
/** Pixels between two titles, at least. */
export const TITLE_GAP = 8;
/** About so many pixels has a character of a title. */
const CHARACTER = 5.3;

export interface Columns {
  readonly narrow: boolean;
  /** Rows are high enough for the number of the bit. */
  readonly tall: boolean;
  readonly left: number;
  readonly matrix: number;
  readonly probabilityLeft: number;
  readonly probability: number;
  readonly effectiveLeft: number;
  readonly effective: number;
}

/** The columns of a picture of this width; `rowHeight` decides whether bits are numbered. */
export function columnsOf(width: number, rowHeight: number): Columns {
  const narrow = width < NARROW;
  const tall = rowHeight >= 8.8;
  const left = LABELS + 11 + (tall ? 18 : 0) + 18;
  const part = narrow ? 52 : Math.min(190, Math.max(110, width * 0.17));
  const gap = narrow ? 12 : 26;
  const crosses = narrow ? 10 : 12;
  const matrix = Math.max(40, width - left - 2 * part - 2 * gap - crosses - 4);
  const probabilityLeft = left + matrix + gap;
  const effectiveLeft = probabilityLeft + part + crosses + gap;
  return { narrow, tall, left, matrix, probabilityLeft, probability: part, effectiveLeft, effective: part };
}

/** Names the order and, where cells share pixels, what a pixel then shows; as long as there is room before the next title. */
export function matrixTitle(voters: number, order: VoterOrder, color: CellColor, columns: Columns): string {
  const names = {
    vote: 'by vote',
    weight: 'by weight',
    contribution: 'by w·v',
    effect: 'by effect',
    effectSize: 'by |effect|',
    index: 'by number',
  };
  const short = { vote: 'v', weight: 'w', effect: 'effect' };
  if (columns.narrow) return `${short[color]} ${names[order]}`;
  const shared = votersPerPixel(voters, columns.matrix);
  const note = shared > 1 ? `, each pixel the largest of ${Math.ceil(shared)}` : '';
  const direction = order === 'index' ? '' : ', largest first';
  const long = { vote: 'Vote v', weight: 'Weight w', effect: 'Effect' };
  const what = `${long[color]} of ${voters} voters per bit`;
  const titles = [`${what}, ${names[order]}${direction}${note}`, `${what}, ${names[order]}${note}`];
  const room = (columns.probabilityLeft - columns.left - TITLE_GAP) / CHARACTER;
  return titles.find(({ length }) => length <= room) ?? `${long[color]}, ${names[order]}${note}`;
}

/** Top of a bit's row in the picture. */
export function rowTop(rows: BitRows, bit: number): number {
  return TOP + rows.tops[bit]!;
}

export function rowHeight(rows: BitRows, bit: number): number {
  return rows.bottoms[bit]! - rows.tops[bit]!;
}

export function rowMiddle(rows: BitRows, bit: number): number {
  return rowTop(rows, bit) + rowHeight(rows, bit) / 2;
}
