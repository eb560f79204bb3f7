/** @file UTF-8 at its edges: how far bytes are whole characters, and where characters begin and end. */

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

/** The first offset at or after `offset` where a character begins: the end of the one that holds the byte before. */
export function characterEnd(bytes: Uint8Array, offset: number): number {
  let end = Math.min(offset, bytes.length);
  while (end < bytes.length && (bytes[end]! & 0xc0) === 0x80) end++;
  return end;
}
