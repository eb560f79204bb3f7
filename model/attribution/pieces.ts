/** @file The pieces that the text before a target is cut into: bytes, chunks of the grid, words, lines. Pure. */
import { CHUNK_BYTES } from '../measures/chunk';
import { isWordByte } from '../measures/words';
import type { CauseUnit } from '../protocol/causes';

/** Bytes from `start` up to `end`, offsets in the document. */
export interface Piece {
  readonly start: number;
  readonly end: number;
}

const [BLANK, WORD, MARK] = [0, 1, 2];

/** What a byte belongs to: blanks, words (letters, digits, _ $ and all of non-ASCII characters), or marks. */
function kind(byte: number): number {
  if (byte <= 0x20) return BLANK;
  return isWordByte(byte) ? WORD : MARK;
}

/** Whether a piece ends before byte `at`. */
const ENDS: Readonly<Record<CauseUnit, (bytes: Uint8Array, at: number) => boolean>> = {
  byte: () => true,
  chunk: (_, at) => at % CHUNK_BYTES === 0,
  word: (bytes, at) => kind(bytes[at]!) !== kind(bytes[at - 1]!),
  line: (bytes, at) => bytes[at - 1] === 0x0a,
};

/** Cuts bytes `from` … `to` − 1 of a document, in order. */
export function pieces(bytes: Uint8Array, from: number, to: number, unit: CauseUnit): Piece[] {
  const found: Piece[] = [];
  let start = from;
  for (let at = from + 1; at <= to; at++) {
    if (at < to && !ENDS[unit](bytes, at)) continue;
    found.push({ start, end: at });
    start = at;
  }
  return found;
}
