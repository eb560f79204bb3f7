/** @file Painting the cells of the visible chunks, and crosses on mistakes where there is room. */
import { CHUNK_BITS } from '../../../model/measures/chunk';
import type { CellCanvas } from '../../shared/chart/canvas';
import { colorAt } from '../../shared/chart/colors';
import type { Theme } from '../../shared/page/theme';
import type { Measure, MeasureRange } from '../measured/measures';
import { mistakesOf } from '../measured/measures';
import type { MeasuredChunk } from '../measured/tiles';

/** A visible chunk: its place in CSS pixels from the left edge of the cells, and its numbers. */
export interface Column {
  readonly chunk: number;
  readonly left: number;
  readonly right: number;
  readonly measured: MeasuredChunk | null;
  /** The numbers are from before the last edit. */
  readonly faded: boolean;
  readonly scored: number;
}

/** Opacity of numbers from before the last edit, as the top byte of a pixel. */
export const FADED = 0x48000000;
/** Device pixels from which cells get a gap of one. */
export const GAP_FROM = 8;
/** CSS pixels that a cell needs for a cross. */
const CROSS_SIZE = 7;
const CROSS_ARM = 2.5;

/** Fills the canvas. */
export function paintColumns(
  canvas: CellCanvas,
  columns: readonly Column[],
  measure: Measure,
  pixels: Uint32Array,
  range: MeasureRange,
): void {
  const { ratio, width } = canvas;
  const edges = columns.map(
    ({ left, right }) => [Math.round(left * ratio), Math.min(width, Math.round(right * ratio))] as const,
  );
  const gap = width / columns.length >= GAP_FROM ? 1 : 0;
  canvas.paint((bit, line) => {
    for (let index = 0; index < columns.length; index++) {
      const { measured, faded, scored } = columns[index]!;
      if (measured === null || bit >= scored) continue;
      const value = measure.value(measured.tile, CHUNK_BITS * measured.local + bit);
      const color = colorAt(pixels, measure.position(value, range));
      const [left, right] = edges[index]!;
      line.fill(faded ? ((color & 0xffffff) | FADED) >>> 0 : color, left, Math.max(left + 1, right - gap));
    }
  });
}

/** Mistakes by shape, not only by colour; nothing where cells are too small for a shape. */
export function drawCrosses(canvas: CellCanvas, columns: readonly Column[], theme: Theme): void {
  const { context, ratio, rows, width } = canvas;
  if (Math.min(width / columns.length, rows.height / CHUNK_BITS) < CROSS_SIZE * ratio) return;
  const arm = CROSS_ARM * ratio;
  context.beginPath();
  for (const { measured, faded, scored, left, right } of columns) {
    if (measured === null || faded) continue;
    for (const bit of mistakesOf(measured.tile, measured.local, scored)) {
      const x = ((left + right) / 2) * ratio;
      const y = (rows.tops[bit]! + rows.bottoms[bit]!) / 2;
      context.moveTo(x - arm, y - arm);
      context.lineTo(x + arm, y + arm);
      context.moveTo(x - arm, y + arm);
      context.lineTo(x + arm, y - arm);
    }
  }
  // Twice, so that the cross stands out from any colour.
  context.lineWidth = 3 * ratio;
  context.strokeStyle = theme.background;
  context.stroke();
  context.lineWidth = 1.25 * ratio;
  context.strokeStyle = theme.foreground;
  context.stroke();
}
