/** @file Places in a text with what stood there, so that they are found again when the text has been edited since. */

import type { FindablePlace } from '../protocol/documents';

/** Bytes kept on either side: enough to tell most repeated words apart. */
export const NEIGHBOUR_BYTES = 8;

/** The place of `length` bytes from `offset` on. */
export function placeIn(text: Uint8Array, offset: number, length: number): FindablePlace {
  return {
    offset,
    bytes: text.slice(offset, offset + length),
    before: text.slice(Math.max(0, offset - NEIGHBOUR_BYTES), offset),
    after: text.slice(offset + length, offset + length + NEIGHBOUR_BYTES),
  };
}

/**
 * Where a place is in a text that may have been edited since: with both its sides the same, or with one of them, the nearest
 * to where it was; or where it was, when its bytes still stand there.
 * @returns its offset, or null where the text no longer has it
 */
export function findAgain(text: Uint8Array, { offset, bytes, before, after }: FindablePlace): number | null {
  const both = nearest(text, [before, bytes, after], offset - before.length);
  if (both !== null) return both + before.length;
  const left = before.length > 0 ? nearest(text, [before, bytes], offset - before.length) : null;
  const right = after.length > 0 ? nearest(text, [bytes, after], offset) : null;
  const found = [...(left === null ? [] : [left + before.length]), ...(right === null ? [] : [right])];
  found.sort((a, b) => Math.abs(a - offset) - Math.abs(b - offset));
  if (found.length > 0) return found[0]!;
  return Buffer.from(bytes).equals(text.subarray(offset, offset + bytes.length)) ? offset : null;
}

/** The start nearest to `offset` of the parts, one after the other. */
function nearest(text: Uint8Array, parts: readonly Uint8Array[], offset: number): number | null {
  const wanted = Buffer.concat(parts);
  if (wanted.length === 0) return null;
  const buffer = Buffer.from(text.buffer, text.byteOffset, text.byteLength);
  const before = offset < 0 ? -1 : buffer.lastIndexOf(wanted, offset);
  const after = buffer.indexOf(wanted, Math.max(0, offset));
  if (before < 0 || after < 0) return before < 0 && after < 0 ? null : Math.max(before, after);
  return offset - before <= after - offset ? before : after;
}
