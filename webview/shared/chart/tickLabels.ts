/** @file Labels of the ticks of a horizontal axis, kept off what stands beside it. */
import { select } from 'd3-selection';

/** Half a label is not longer, in CSS pixels. */
const HALF = 60;
/** A label may reach so many pixels beyond the axis's beginning, as that of a 0 does. */
const BEYOND = 4;

/**
 * Moves the label of a tick to the axis's beginning where it would reach beyond it, into the axis's name, and away from the edge
 * of the picture.
 * @param place of a tick, in CSS pixels from the axis's beginning
 * @param end of the picture, likewise
 */
export function keepTicksInside(axis: SVGGElement, place: (tick: number) => number, end: number): void {
  select(axis)
    .selectAll<SVGTextElement, number>('.tick text')
    .attr('x', function (tick) {
      const at = place(tick);
      if (at > HALF && at < end - HALF) return null;
      const half = this.getComputedTextLength() / 2;
      if (at - half < -BEYOND) return half - at;
      return at + half > end ? end - half - at : null;
    });
}
