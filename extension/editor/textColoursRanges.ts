/** @file Which chunks of an editor are coloured, and which stretches of text they are, without VS Code. */
import { CHUNK_BYTES } from '../../model/measures/chunk';
import { characterStart } from '../../model/measures/utf8';
import type { ChunkSpan } from './chunkSpan';

/** Chunks coloured in one editor at most: some screens of text; a long line alone can have more. */
export const MAX_COLOURED_CHUNKS = 2048;

/** The part of `spans` that is coloured, each as far as the limit lets it; spans may overlap and come in any order. */
export function limitSpans(spans: readonly ChunkSpan[], chunkCount: number): ChunkSpan[] {
  const limited: ChunkSpan[] = [];
  let left = MAX_COLOURED_CHUNKS;
  let end = 0;
  for (const { firstChunk, count } of spans.toSorted((a, b) => a.firstChunk - b.firstChunk)) {
    const first = Math.max(firstChunk, end);
    const until = Math.min(firstChunk + count, chunkCount, first + left);
    if (until <= first) continue;
    const last = limited.at(-1);
    if (last !== undefined && last.firstChunk + last.count === first) {
      limited[limited.length - 1] = { firstChunk: last.firstChunk, count: until - last.firstChunk };
    } else limited.push({ firstChunk: first, count: until - first });
    left -= until - first;
    end = until;
  }
  return limited;
}

/** True where every chunk of `wanted` is in one of `shown`. */
export function coversSpans(shown: readonly ChunkSpan[], wanted: readonly ChunkSpan[]): boolean {
  return wanted.every(({ firstChunk, count }) =>
    shown.some((span) => span.firstChunk <= firstChunk && firstChunk + count <= span.firstChunk + span.count),
  );
}

/** Line and character, both from 0, as VS Code counts them. */
export interface TextPosition {
  readonly line: number;
  readonly character: number;
}

/** Text of one step, from `start` up to `end`. */
export interface Stretch {
  readonly step: number;
  readonly start: TextPosition;
  readonly end: TextPosition;
}

/**
 * Consecutive pieces of one step as one stretch. A character belongs to the piece that holds its first byte, so that stretches never
 * overlap. Walks the bytes once, because looking up each position would take the extension host too long.
 * @param bytes the whole document, with line ends \n or \r\n
 * @param firstPiece number of the piece that `steps` begins with
 * @param at position of the character that holds the first byte of that piece
 * @param steps one per piece; −1 is left out
 * @param pieceBytes bytes of each piece: chunks unless given
 */
export function stretches(
  bytes: Uint8Array,
  firstPiece: number,
  at: TextPosition,
  steps: Int8Array,
  pieceBytes = CHUNK_BYTES,
): Stretch[] {
  const result: Stretch[] = [];
  let { line, character } = at;
  let open: { readonly step: number; readonly start: TextPosition } | null = null;
  const first = pieceBytes * firstPiece;
  const end = Math.min(bytes.length, first + pieceBytes * steps.length);
  const turn = (step: number): void => {
    if (open?.step === step) return;
    const here = { line, character };
    if (open !== null && open.step >= 0) result.push({ step: open.step, start: open.start, end: here });
    open = { step, start: here };
  };
  let byte = characterStart(bytes, first);
  for (; byte < bytes.length; byte++) {
    const value = bytes[byte]!;
    if ((value & 0xc0) === 0x80) continue;
    if (byte >= end) break;
    if (byte >= first) turn(steps[Math.floor((byte - first) / pieceBytes)]!);
    if (value === 0x0a) {
      line++;
      character = 0;
    } else if (value !== 0x0d || bytes[byte + 1] !== 0x0a) character += value >= 0xf0 ? 2 : 1;
  }
  turn(-1);
  return result;
}
