/** @file Where a text stands for the memory voters: contexts of its next byte, the bits of it so far, and what goes on as it does. */
import { NEXT_STATE } from './bitHistory';
import type { ContextTable } from './contextTable';
import type { Memory } from './memory';
import type { TextBefore } from './voters';
import { CONTEXTS, hashContexts, LinePosition, secondHalf } from './voters';
import { matchEvidence } from './weighing';

/** Bytes that must agree for a match to begin, and those that are compared at most. */
export const LEAST_MATCH = 6;
const MOST_COMPARED = 80;
const MOST_MATCH = 65535;

/** One place, which moves on by a bit at a time. */
export class Place {
  /** Bits of the byte so far behind a 1. */
  partial = 1;
  /** The byte before; 0 at the beginning. */
  previous = 0;
  readonly #line = new LinePosition();
  /** [CONTEXTS] of the next byte, and where their half byte's states stand. */
  readonly #hashes = new Uint32Array(CONTEXTS);
  readonly #at = new Int32Array(CONTEXTS);
  /** Bits of the half byte so far behind a 1. */
  #node = 1;
  #matchAt = 0;
  #matchLength = 0;
  /** The byte that the match expects, behind a 1; 0 where there is none or it was wrong. */
  #expected = 0;
  #depth = 0;

  get isHalf(): boolean {
    return this.#depth === 4;
  }

  get matchPosition(): number {
    return this.#expected === 0 ? 0 : this.#matchAt;
  }

  /** Writes what the voters have seen of the next bit. @param evidence out, [EVIDENCE] from `at` on */
  gather({ states }: ContextTable, evidence: Uint8Array, at: number): void {
    for (let voter = 0; voter < CONTEXTS; voter++) evidence[at + voter] = states[this.#at[voter]! + this.#node]!;
    evidence[at + CONTEXTS] =
      this.#expected === 0 ? 0 : matchEvidence(this.#matchLength, (this.#expected >> (7 - this.#depth)) & 1);
  }

  /** Counts the next bit in the states of its contexts. */
  update({ states }: ContextTable, bit: number): void {
    for (let voter = 0; voter < CONTEXTS; voter++) {
      const at = this.#at[voter]! + this.#node;
      states[at] = NEXT_STATE[2 * states[at]! + bit]!;
    }
  }

  /** Goes on by a bit. @returns whether that ends a byte, which is `previous` then */
  add(bit: number): boolean {
    if (this.#expected !== 0 && ((this.#expected >> (7 - this.#depth)) & 1) !== bit) this.#expected = 0;
    this.partial = (this.partial << 1) | bit;
    this.#node = (this.#node << 1) | bit;
    this.#depth++;
    if (this.#depth < 8) return false;
    this.previous = this.partial & 0xff;
    return true;
  }

  /** Contexts of the second half of a byte. */
  beginHalf(memory: Memory, claim: boolean): void {
    this.#node = 1;
    for (let voter = 0; voter < CONTEXTS; voter++) {
      this.#at[voter] = memory.place(secondHalf(this.#hashes[voter]!, this.partial), claim);
    }
  }

  /** Contexts of the byte after a text, whose last byte was added. */
  begin(memory: Memory, text: TextBefore, claim: boolean): void {
    this.partial = 1;
    this.#node = 1;
    this.#depth = 0;
    if (text.length > 0) this.#line.add(this.previous, text.length - 1);
    hashContexts(text, this.#line, this.#hashes);
    for (let voter = 0; voter < CONTEXTS; voter++) this.#at[voter] = memory.place(this.#hashes[voter]!, claim);
    this.#match(memory, text);
  }

  /** Stands behind a text. */
  readTo(memory: Memory, text: TextBefore, bytes: Uint8Array): void {
    for (let at = 0; at < bytes.length - 1; at++) this.#line.add(bytes[at]!, at);
    this.previous = bytes.at(-1) ?? 0;
    this.begin(memory, text, false);
  }

  set(other: Place): void {
    this.partial = other.partial;
    this.previous = other.previous;
    this.#line.set(other.#line);
    this.#hashes.set(other.#hashes);
    this.#at.set(other.#at);
    this.#node = other.#node;
    this.#matchAt = other.#matchAt;
    this.#matchLength = other.#matchLength;
    this.#expected = other.#expected;
    this.#depth = other.#depth;
  }

  #match(memory: Memory, text: TextBefore): void {
    if (this.#expected !== 0) {
      this.#matchAt++;
      this.#matchLength = Math.min(MOST_MATCH, this.#matchLength + 1);
    } else {
      this.#matchAt = memory.matchEnd(text);
      this.#matchLength = this.#matchAt === 0 ? 0 : commonEnd(memory, this.#matchAt, text);
    }
    const goesOn = this.#matchLength >= LEAST_MATCH && this.#matchAt < memory.length;
    this.#expected = goesOn ? 256 | memory.byteAt(this.#matchAt) : 0;
  }
}

/** Bytes before a position of the memory that equal the text's last ones. */
function commonEnd(memory: Memory, position: number, text: TextBefore): number {
  let length = 0;
  while (
    length < Math.min(MOST_COMPARED, position) &&
    memory.byteAt(position - 1 - length) === text.byteAt(text.length - 1 - length)
  ) {
    length++;
  }
  return length;
}
