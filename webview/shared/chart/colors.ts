/** @file Colour scales as tables of pixels: cividis for amounts, blue–neutral–orange around a middle. Both can be read by colour-blind people. */
import { scaleLinear } from 'd3-scale';
import { interpolateCividis } from 'd3-scale-chromatic';

/** Entries of a table. */
export const COLOR_STEPS = 256;

/** A pixel as ImageData holds it, read as a little-endian 32-bit number. */
function pixel(red: number, green: number, blue: number): number {
  return ((255 << 24) | (Math.round(blue) << 16) | (Math.round(green) << 8) | Math.round(red)) >>> 0;
}

type Rgb = [number, number, number];

/** [256] pixels, dark to light for values 0 to 1. */
export function sequentialColors(): Uint32Array {
  const pixels = new Uint32Array(COLOR_STEPS);
  for (let step = 0; step < COLOR_STEPS; step++) {
    const [red = 0, green = 0, blue = 0] = interpolateCividis(step / (COLOR_STEPS - 1))
      .match(/\d+/g)!
      .map(Number);
    pixels[step] = pixel(red, green, blue);
  }
  return pixels;
}

/** [256] pixels, blue for 0, near the background for ½, orange for 1. */
export function divergingColors(dark: boolean): Uint32Array {
  const anchors: Rgb[] = dark
    ? [
        [92, 178, 255],
        [36, 84, 138],
        [52, 52, 52],
        [150, 82, 16],
        [255, 176, 84],
      ]
    : [
        [10, 68, 140],
        [106, 158, 214],
        [240, 240, 238],
        [232, 160, 84],
        [156, 70, 0],
      ];
  const scale = scaleLinear<Rgb>().domain([0, 0.25, 0.5, 0.75, 1]).range(anchors);
  const pixels = new Uint32Array(COLOR_STEPS);
  for (let step = 0; step < COLOR_STEPS; step++) pixels[step] = pixel(...scale(step / (COLOR_STEPS - 1)));
  return pixels;
}

/** Entry of a table for a position in [0, 1]; outside it is clamped, NaN is transparent. */
export function colorAt(pixels: Uint32Array, position: number): number {
  if (Number.isNaN(position)) return 0;
  const step = Math.round(position * (COLOR_STEPS - 1));
  return pixels[step < 0 ? 0 : step >= COLOR_STEPS ? COLOR_STEPS - 1 : step]!;
}
