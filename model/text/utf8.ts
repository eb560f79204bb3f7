/** @file UTF-8 at its edges: how far bytes are whole characters, and byte offsets ⇄ UTF-16 offsets of a string. */

/** How far a run of bytes is UTF-8. */
export interface Utf8Prefix {
  /** Bytes of the longest prefix that is whole, valid characters. */
  readonly length: number;
  /** What follows it: nothing, the beginning of a character that more bytes could complete, or no UTF-8 at all. */
  readonly rest: 'nothing' | 'incomplete' | 'invalid';
}

/** The longest prefix of `bytes` that is whole UTF-8 characters (RFC 3629: shortest forms, no surrogates). */
export function utf8Prefix(bytes: Uint8Array): Utf8Prefix {
  let at = 0;
  while (at < bytes.length) {
    const lead = bytes[at]!;
    if (lead < 0x80) {
      at++;
      continue;
    }
    const size =
      lead >= 0xc2 && lead <= 0xdf ? 2 : lead >= 0xe0 && lead <= 0xef ? 3 : lead >= 0xf0 && lead <= 0xf4 ? 4 : 0;
    if (size === 0) return { length: at, rest: 'invalid' };
    for (let i = 1; i < size; i++) {
      if (at + i >= bytes.length) return { length: at, rest: 'incomplete' };
      const byte = bytes[at + i]!;
      // The second byte rules out longer forms than needed, surrogates and what lies above U+10FFFF.
      const low = i > 1 ? 0x80 : lead === 0xe0 ? 0xa0 : lead === 0xf0 ? 0x90 : 0x80;
      const high = i > 1 ? 0xbf : lead === 0xed ? 0x9f : lead === 0xf4 ? 0x8f : 0xbf;
      if (byte < low || byte > high) return { length: at, rest: 'invalid' };
    }
    at += size;
  }
  return { length: at, rest: 'nothing' };
}

/** The last offset at or before `offset` where a character begins; bytes that are no UTF-8 count as characters. */
export function characterStart(bytes: Uint8Array, offset: number): number {
  if (offset >= bytes.length) return bytes.length;
  let start = Math.max(0, offset);
  for (let back = 0; back < 3 && start > 0 && (bytes[start]! & 0xc0) === 0x80; back++) start--;
  return start;
}

/** Bytes of a UTF-16 unit in UTF-8, a high surrogate counting for its whole pair and a lone one as U+FFFD. */
function encodedLength(text: string, index: number): { units: 1 | 2; bytes: number } {
  const unit = text.charCodeAt(index);
  if (unit < 0x80) return { units: 1, bytes: 1 };
  if (unit < 0x800) return { units: 1, bytes: 2 };
  if (unit >= 0xd800 && unit < 0xdc00) {
    const next = text.charCodeAt(index + 1);
    if (next >= 0xdc00 && next < 0xe000) return { units: 2, bytes: 4 };
  }
  return { units: 1, bytes: 3 };
}

const CHECKPOINT_UNITS = 1024;

/**
 * Byte offsets in a string's UTF-8 ⇄ its UTF-16 offsets, as `TextEncoder` and VS Code's `positionAt` count them.
 * Offsets inside a character give the character's start; offsets outside the text are clamped to it.
 */
export class Utf8Index {
  /** Checkpoint k: the k-th stretch's first UTF-16 unit and its byte offset. */
  private constructor(
    private readonly text: string,
    private readonly units: readonly number[],
    private readonly bytes: readonly number[],
    /** Bytes of the whole text. */
    readonly byteLength: number,
  ) {}

  /** Indexes `text`, one checkpoint every 1024 UTF-16 units. */
  static build(text: string): Utf8Index {
    const units: number[] = [];
    const bytes: number[] = [];
    let byte = 0;
    let unit = 0;
    while (unit < text.length) {
      units.push(unit);
      bytes.push(byte);
      let end = Math.min(text.length, unit + CHECKPOINT_UNITS);
      // A stretch never ends between the halves of a surrogate pair.
      const last = text.charCodeAt(end - 1);
      if (end < text.length && last >= 0xd800 && last < 0xdc00) end++;
      byte += Buffer.byteLength(text.slice(unit, end), 'utf8');
      unit = end;
    }
    return new Utf8Index(text, units, bytes, byte);
  }

  /** Byte offset of a UTF-16 offset. */
  byteOffset(utf16: number): number {
    if (utf16 >= this.text.length) return this.byteLength;
    const k = checkpoint(this.units, utf16);
    if (k < 0) return 0;
    let unit = this.units[k]!;
    let byte = this.bytes[k]!;
    while (unit < utf16) {
      const character = encodedLength(this.text, unit);
      if (unit + character.units > utf16) break;
      unit += character.units;
      byte += character.bytes;
    }
    return byte;
  }

  /** UTF-16 offset of a byte offset. */
  utf16Offset(byte: number): number {
    if (byte >= this.byteLength) return this.text.length;
    const k = checkpoint(this.bytes, byte);
    if (k < 0) return 0;
    let unit = this.units[k]!;
    let at = this.bytes[k]!;
    while (at < byte) {
      const character = encodedLength(this.text, unit);
      if (at + character.bytes > byte) break;
      unit += character.units;
      at += character.bytes;
    }
    return unit;
  }
}

/** Index of the last of the ascending `starts` that is at most `offset`, −1 where there is none. */
function checkpoint(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (starts[middle]! <= offset) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
