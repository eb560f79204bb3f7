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

/** The scale of effects: symmetric, logarithmic on either side, from where an effect is more than background to the largest. */
export interface EffectScale {
  /**
   * Bits up to which an effect says nothing of its voter: without any voter of weight 1/M the others of its bit weigh that
   * much more.
   */
  readonly background: number;
  /** The largest finite size of an effect; `background` where none is above it. */
  readonly limit: number;
}

/** The scale that ends with the largest of these effects [·], of a model with M voters a bit. */
export function effectScale(effects: Float32Array, voters: number): EffectScale {
  const background = -Math.log2(1 - 1 / voters);
  let limit = background;
  for (const effect of effects) if (Number.isFinite(effect)) limit = Math.max(limit, Math.abs(effect));
  return { background, limit };
}

/** Place of an effect in its scale: ½ at 0 and where it is background, 0 and 1 at the limits and beyond. */
export function effectPosition(effect: number, { background, limit }: EffectScale): number {
  const size = Math.abs(effect);
  if (size <= background) return 0.5;
  return 0.5 + (Math.sign(effect) * Math.log(Math.min(size, limit) / background)) / (2 * Math.log(limit / background));
}

/** Powers of ten that an axis of effects has room for between its ends and its middle, both signs, ascending. */
export function effectTicks(scale: EffectScale): number[] {
  const sizes: number[] = [];
  const first = Math.ceil(Math.log10(scale.background));
  for (let exponent = first; 10 ** exponent < scale.limit; exponent++) sizes.push(10 ** exponent);
  const isRoomy = (size: number): boolean => {
    const share = 2 * effectPosition(size, scale) - 1;
    return share > TICK_ROOM && share < 1 - TICK_ROOM;
  };
  const shown = Number.isFinite(scale.limit) ? sizes.filter(isRoomy) : [];
  return [...shown.map((size) => -size).toReversed(), 0, ...shown];
}

/** Share of half of the axis that a tick keeps clear of its ends and its middle. */
const TICK_ROOM = 0.2;

/** Place of a value in the colour scale of the cells, 0 to 1. */
export type CellPosition = (value: number) => number;

export function cellPosition(color: CellColor, effects: Float32Array, voters: number): CellPosition {
  if (color === 'vote') return (vote) => vote;
  if (color === 'weight') return (weight) => weightPosition(weight, voters);
  const scale = effectScale(effects, voters);
  return (effect) => effectPosition(effect, scale);
}

/** Voters that one pixel of a row stands for; the value that stands out among them is shown, never their mean. */
export function votersPerPixel(voters: number, width: number): number {
  return Math.max(1, voters / width);
}

/**
 * Fills a row: `values` [·] holds the bit's votes, weights or effects from `start`, `places` its order. Where voters share a
 * pixel the largest is shown, of effects the one farthest from 0. Cells of eight pixels or more get a gap of one.
 */
export function fillVoterRow(
  line: Uint32Array,
  values: Float32Array,
  places: Uint16Array,
  start: number,
  voters: number,
  position: CellPosition,
  pixels: Uint32Array,
): void {
  const width = line.length;
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
