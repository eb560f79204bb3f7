/** @file Colours of cells that are SVG, and of the text on them. Pure. */
import { colorAt } from '../shared/chart/colors';

export interface CellPaint {
  readonly fill: string;
  /** Whether black is read better on it than white. */
  readonly isLight: boolean;
}

/** The least luminance on which black is read better than white. */
const MIDDLE = 0.18;

/** The paint of a place in a scale, 0 to 1. */
export function cellPaint(pixels: Uint32Array, position: number): CellPaint {
  const pixel = colorAt(pixels, position);
  const channels = [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255] as const;
  const [red, green, blue] = channels.map((value) => (value / 255) ** 2.2) as [number, number, number];
  const luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  return { fill: `rgb(${channels.join(',')})`, isLight: luminance > MIDDLE };
}
