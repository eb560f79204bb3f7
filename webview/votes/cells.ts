/** @file The colour of a voter's cell, and how many voters share a pixel where the view is narrow. */
import { colorAt } from '../shared/colors';

export type CellColor = 'vote' | 'weight';

export const CELL_COLORS: readonly { readonly value: CellColor; readonly label: string }[] = [
  { value: 'vote', label: 'vote v' },
  { value: 'weight', label: 'weight w' },
];

/** Weights from 1/(32M) to 32/M have their own colour, those beyond have the last one. */
export const WEIGHT_FACTOR = 32;

/** Place of a weight in the scale: log2(w·M), ½ at the equal share 1/M. */
export function weightPosition(weight: number, voters: number): number {
  return 0.5 + Math.log2(Math.max(weight * voters, 1e-30)) / (2 * Math.log2(WEIGHT_FACTOR));
}

/** Voters that one pixel of a row stands for; the largest value among them is shown, never their mean. */
export function votersPerPixel(voters: number, width: number): number {
  return Math.max(1, voters / width);
}

/**
 * Fills a row: `values` [·] holds the bit's votes or weights from `start`, `places` its order.
 * Cells of eight pixels or more get a gap of one.
 */
export function fillVoterRow(
  line: Uint32Array,
  values: Float32Array,
  places: Uint16Array,
  start: number,
  voters: number,
  color: CellColor,
  pixels: Uint32Array,
): void {
  const width = line.length;
  const position = (value: number): number => (color === 'vote' ? value : weightPosition(value, voters));
  if (voters >= width) {
    for (let x = 0; x < width; x++) {
      const end = Math.max(Math.floor(((x + 1) * voters) / width), Math.floor((x * voters) / width) + 1);
      let largest = 0;
      for (let place = Math.floor((x * voters) / width); place < end; place++) {
        largest = Math.max(largest, values[start + places[start + place]!]!);
      }
      line[x] = colorAt(pixels, position(largest));
    }
    return;
  }
  const gap = width / voters >= 8 ? 1 : 0;
  for (let place = 0; place < voters; place++) {
    const value = values[start + places[start + place]!]!;
    line.fill(
      colorAt(pixels, position(value)),
      Math.round((place * width) / voters),
      Math.round(((place + 1) * width) / voters) - gap,
    );
  }
}
