/** @file Text ⇄ chunks ⇄ bits (SPEC section 1): 4-byte chunks, 32 bits each, most significant bit first. */
import { utf8Prefix } from './utf8';

export const CHUNK_BYTES = 4;
export const CHUNK_BITS = 32;

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

// Controls without a picture of their own, and what would be invisible or reorder the text around it.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/**
 * Bytes as a person can read them: control characters as control pictures (␀ ␊ ␉ ␡), other invisible or
 * text-reordering characters as "\u202E", bytes that are not whole UTF-8 characters as "\xE2", the rest as it is.
 */
export function visibleText(bytes: Uint8Array): string {
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
  let text = '';
  let rest = bytes;
  while (rest.length > 0) {
    const { length } = utf8Prefix(rest);
    for (const character of decoder.decode(rest.subarray(0, length))) text += visibleCharacter(character);
    if (length < rest.length) text += `\\x${hex(rest[length]!, 2)}`;
    rest = rest.subarray(length + 1);
  }
  return text;
}

/** A string in the same form; what a chunk shows as a control picture is one here too. */
export function visibleString(text: string): string {
  return Array.from(text, visibleCharacter).join('');
}

function visibleCharacter(character: string): string {
  const code = character.codePointAt(0)!;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  if (!INVISIBLE.test(character)) return character;
  return code > 0xffff ? `\\u{${hex(code, 1)}}` : `\\u${hex(code, 4)}`;
}

function hex(value: number, digits: number): string {
  return value.toString(16).toUpperCase().padStart(digits, '0');
}
