/** @file A place in the picture that can be pointed at and selected. */

/** A chunk, and one of its bits or voters; the bit is null over the strip. */
export interface HeatmapCell {
  readonly chunk: number;
  readonly bit: number | null;
  readonly voter: number | null;
}
