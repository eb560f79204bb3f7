/** @file Text ⇄ chunks ⇄ bits (SPEC section 1): 4-byte chunks, 32 bits each, most significant bit first. */
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';

/**
 * The grid of an inspection: from the text's first byte, right-padded with zeros to whole chunks.
 * The zero start chunk is not part of it.
 * @returns a copy of 4·ceil(n/4) bytes
 */
export function inspectionGrid(bytes: Uint8Array): Uint8Array {
  const grid = new Uint8Array(paddedLength(bytes.length));
  grid.set(bytes);
  return grid;
}

/**
 * The grid of a completion: it ends at the cursor, left-padded with zeros to whole chunks.
 * The zero start chunk is not part of it.
 * @param prefix UTF-8 of the text before the cursor
 * @returns a copy of 4·ceil(n/4) bytes
 */
export function completionGrid(prefix: Uint8Array): Uint8Array {
  const length = paddedLength(prefix.length);
  const grid = new Uint8Array(length);
  grid.set(prefix, length - prefix.length);
  return grid;
}

function paddedLength(length: number): number {
  return Math.ceil(length / CHUNK_BYTES) * CHUNK_BYTES;
}

/**
 * The bits of one chunk in reading order: bit b is byte b >> 3, most significant bit first.
 * @param bytes a grid of whole chunks
 * @param chunk number of the chunk in the grid
 * @param out where to write the 32 values; a new array unless given
 * @returns `out`, 32 values of 0 or 1
 * @throws RangeError where the grid has no such chunk
 */
export function chunkBits(bytes: Uint8Array, chunk: number, out = new Uint8Array(CHUNK_BITS)): Uint8Array {
  const start = chunk * CHUNK_BYTES;
  if (!Number.isInteger(chunk) || chunk < 0 || start + CHUNK_BYTES > bytes.length) {
    throw new RangeError(`Chunk ${chunk} is outside a grid of ${bytes.length} bytes.`);
  }
  for (let b = 0; b < CHUNK_BITS; b++) out[b] = (bytes[start + (b >> 3)]! >> (7 - (b & 7))) & 1;
  return out;
}
