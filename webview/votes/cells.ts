/** @file The colour of a voter's cell, and how many voters share a pixel where the view is narrow. */
import { colorAt } from '../shared/chart/colors';

export type CellColor = 'vote' | 'weight' | 'effect';

export const CELL_COLORS: readonly { readonly value: CellColor; readonly label: string }[] = [
  { value: 'vote', label: 'vote v' },
  { value: 'weight', label: 'weight w' },
  { value: 'effect', label: 'effect' },
];

/** Weights from 1/(32M) to 32/M have their own colour, those beyond have the last one. */
export const WEIGHT_FACTOR = 32;

/** Place of a weight in the scale: log2(w·M), ½ at the equal share 1/M. */
export function weightPosition(weight: number, voters: number): number {
  return 0.5 + Math.log2(Math.max(weight * voters, 1e-30)) / (2 * Math.log2(WEIGHT_FACTOR));
}

/** This share of the cells lies within the scale of effects: few voters do most, and would leave the others without colour. */
const WITHIN = 0.99;

/**
 * The end of the scale of effects, whose middle is 0: the least of 1, 2, 5 times a power of ten that is not below 99 % of
 * the effects, so that the scale stays the same from chunk to chunk where it can. Effects beyond have the last colour.
 */
export function effectLimit(effects: Float32Array): number {
  const sizes = effects.map(Math.abs).sort();
  const size = sizes[Math.ceil(WITHIN * sizes.length) - 1] ?? 0;
  // Float32 numbers lie beside the decimal ones.
  const least = Math.max((size < Infinity ? size : 1) * (1 - 1e-6), 1e-6);
  const power = 10 ** Math.floor(Math.log10(least));
  return [1, 2, 5].map((factor) => factor * power).find((limit) => limit >= least) ?? 10 * power;
}

/** Place of an effect in a scale from −`limit` to `limit`: ½ at 0. */
export function effectPosition(effect: number, limit: number): number {
  return 0.5 + effect / (2 * limit);
}

/** Voters that one pixel of a row stands for; the value that stands out among them is shown, never their mean. */
export function votersPerPixel(voters: number, width: number): number {
  return Math.max(1, voters / width);
}

/**
 * Fills a row: `values` [·] holds the bit's votes, weights or effects from `start`, `places` its order. Where voters share a
 * pixel the largest is shown, of effects the one farthest from 0. Cells of eight pixels or more get a gap of one.
 * @param limit the end of the scale of effects
 */
export function fillVoterRow(
  line: Uint32Array,
  values: Float32Array,
  places: Uint16Array,
  start: number,
  voters: number,
  color: CellColor,
  pixels: Uint32Array,
  limit = 1,
): void {
  const width = line.length;
  const position = (value: number): number => {
    if (color === 'effect') return effectPosition(value, limit);
    return color === 'vote' ? value : weightPosition(value, voters);
  };
  if (voters >= width) {
    for (let x = 0; x < width; x++) {
      const end = Math.max(Math.floor(((x + 1) * voters) / width), Math.floor((x * voters) / width) + 1);
      let largest = 0;
      for (let place = Math.floor((x * voters) / width); place < end; place++) {
        const value = values[start + places[start + place]!]!;
        if (Math.abs(value) > Math.abs(largest)) largest = value;
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
