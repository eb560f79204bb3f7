/** @file How arms are told apart: a colour and dashes (by class), and a mark. Pure. */

/** From the middle of a mark; circle, square, triangle, diamond, triangle upside down, plus, hexagon, times. */
const OUTLINES = [
  'm-3.3,0a3.3,3.3 0 1,0 6.6,0a3.3,3.3 0 1,0 -6.6,0z',
  'm-3,-3h6v6h-6z',
  'm0,-4.4l4,7.4h-8z',
  'm0,-4.6l3.8,4.6l-3.8,4.6l-3.8,-4.6z',
  'm0,4.4l4,-7.4h-8z',
  'm-1.3,-4v2.7h-2.7v2.6h2.7v2.7h2.6v-2.7h2.7v-2.6h-2.7v-2.7z',
  'm-4.2,0l2.1,-3.7h4.2l2.1,3.7l-2.1,3.7h-4.2z',
  'm-3.4,-3.4l6.8,6.8m0,-6.8l-6.8,6.8',
] as const;
/** Colours with their dashes, in base.css. */
const SLOTS = 8;

export function slotClass(slot: number): string {
  return `slot-${slot % SLOTS}`;
}

/** The outline of an arm’s mark around a point: no two of 64 arms have the same class and mark. */
export function markAt(slot: number, x: number, y: number): string {
  return `M${x},${y}${OUTLINES[(slot + Math.floor(slot / SLOTS)) % OUTLINES.length]!}`;
}
