/** @file Where the 32 bits of a chunk stand in a picture: one row a bit, a gap between bytes. */
import { CHUNK_BITS, CHUNK_BYTES } from '../../model/measures/chunk';

export interface BitRows {
  /** [32] first pixel of each row. */
  readonly tops: Int32Array;
  /** [32] pixel after the last of each row. */
  readonly bottoms: Int32Array;
  readonly height: number;
}

/** Rows on whole pixels in `height` pixels, bytes parted by `gap` pixels. */
export function bitRows(height: number, gap: number): BitRows {
  const row = (height - gap * (CHUNK_BYTES - 1)) / CHUNK_BITS;
  const tops = new Int32Array(CHUNK_BITS);
  const bottoms = new Int32Array(CHUNK_BITS);
  for (let bit = 0; bit < CHUNK_BITS; bit++) {
    const offset = gap * (bit >> 3);
    tops[bit] = Math.round(offset + bit * row);
    bottoms[bit] = Math.round(offset + (bit + 1) * row);
  }
  return { tops, bottoms, height };
}

/** The bit whose row is at or nearest to a pixel, so that a pointer in a gap is not lost. */
export function bitAt(rows: BitRows, y: number): number {
  let nearest = 0;
  let distance = Infinity;
  for (let bit = 0; bit < CHUNK_BITS; bit++) {
    const away = Math.max(rows.tops[bit]! - y, y - rows.bottoms[bit]! + 1, 0);
    if (away < distance) {
      distance = away;
      nearest = bit;
    }
  }
  return nearest;
}
