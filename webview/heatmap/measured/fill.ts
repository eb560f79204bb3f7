/** @file In which order a document is measured that nobody looks at: first coarsely all over, then finer, so that the minimap has a shape soon. Pure. */

/** Tiles that are measured at most: a 128 KB document as a whole, of longer ones tiles spread evenly. */
export const MOST_FILLED = 128;

/** @returns numbers of tiles, each one far from those before it (van der Corput's sequence) */
export function fillOrder(tiles: number): Uint32Array {
  const count = Math.min(tiles, MOST_FILLED);
  const bits = Math.ceil(Math.log2(Math.max(1, count)));
  const order: number[] = [];
  for (let index = 0; index < 2 ** bits; index++) {
    let place = 0;
    for (let bit = 0; bit < bits; bit++) place |= ((index >> bit) & 1) << (bits - 1 - bit);
    if (place < count) order.push(Math.floor(((place + 0.5) * tiles) / count));
  }
  return Uint32Array.from(order);
}
