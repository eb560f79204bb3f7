/** @file The memory voters: which context each of them looks at, and where a text stands for them. */
import { MEMORY_VOTERS } from '../measures/memoryVoters';
import { isWordByte } from '../measures/words';

/** Voters that count bits in a context: all but the match voter. */
export const CONTEXTS = MEMORY_VOTERS.length - 1;
/** Bytes that each of the first voters looks at. */
export const ORDERS = [1, 2, 3, 4, 5, 6, 8] as const;
const WORD = MEMORY_VOTERS.indexOf('word');
const INDENTATION = MEMORY_VOTERS.indexOf('indentation');
/** What a voter looks at is at most this far before a byte, but for words and lines. */
export const MOST_ORDER = 8;

/** A text up to some byte, as far as contexts need it. */
export interface TextBefore {
  /** Bytes of it. */
  readonly length: number;
  /** 0 before the beginning, and where it is no longer kept. */
  byteAt(position: number): number;
}

/** Where a text stands: the word and the line that its end is in. */
export class LinePosition {
  /** Hash of the word's bytes so far; 0 outside of one. */
  word = 0;
  /** Blanks and tabs before the line's first other byte. */
  indentation = 0;
  /** Of the line, and of the one before. */
  start = 0;
  previousStart = 0;
  #indenting = true;

  /** @param position of the byte */
  add(byte: number, position: number): void {
    this.word = isWordByte(byte) ? Math.imul(this.word + byte + 1, 0x2f0b4c47) | 0 || 1 : 0;
    if (byte === 0x0a) {
      this.previousStart = this.start;
      this.start = position + 1;
      this.indentation = 0;
      this.#indenting = true;
    } else if (this.#indenting && (byte === 0x20 || byte === 0x09)) {
      this.indentation++;
    } else {
      this.#indenting = false;
    }
  }

  set(other: LinePosition): void {
    this.word = other.word;
    this.indentation = other.indentation;
    this.start = other.start;
    this.previousStart = other.previousStart;
    this.#indenting = other.#indenting;
  }
}

/** The byte above the next one; 0 where the line before is shorter, or there is none. */
function byteAbove(text: TextBefore, line: LinePosition): number {
  const above = line.previousStart + text.length - line.start;
  return above < line.start ? text.byteAt(above) : 0;
}

/** Hashes of the contexts of the byte that comes next. @param hashes [CONTEXTS] out */
export function hashContexts(text: TextBefore, line: LinePosition, hashes: Uint32Array): void {
  const end = text.length;
  let hash = 0;
  let voter = 0;
  for (let back = 1; back <= MOST_ORDER; back++) {
    hash = (Math.imul(hash + text.byteAt(end - back) + 1, 0x2f0b4c47) + back) | 0;
    hash ^= hash >>> 15;
    if (ORDERS[voter] === back) hashes[voter] = salted(hash, voter++);
  }
  hashes[WORD] = salted(Math.imul(line.word, 0x6f4f2a35), WORD);
  const layout = (line.indentation << 16) | (byteAbove(text, line) << 8) | text.byteAt(end - 1);
  hashes[INDENTATION] = salted(Math.imul(layout, 0x6f4f2a35), INDENTATION);
}

function salted(hash: number, voter: number): number {
  return (hash + Math.imul(voter + 1, 0x9e3779b1)) >>> 0;
}

/** The hash of a context's second half byte. @param half the first one's bits behind a 1, 16..31 */
export function secondHalf(hash: number, half: number): number {
  return (Math.imul(hash ^ Math.imul(half, 0x85ebca6b), 0xc2b2ae35) ^ (hash >>> 7)) >>> 0;
}
