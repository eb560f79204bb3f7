/** @file A memory of text: voters beside the trained ones that learn each bit after it was scored. Ours, not the paper's. */
import { NEXT_STATE } from './bitHistory';
import { ContextTable } from './contextTable';
import type { MixedBit } from './mixer';
import { VOTES } from './mixer';
import { EVIDENCE, matchEvidence, Weighing } from './weighing';
import type { TextBefore } from './voters';
import { CONTEXTS, hashContexts, LinePosition, secondHalf } from './voters';

/** log2 of the half bytes in contexts that are kept, unless another is given: 18 MB, enough for some hundred kilobytes of text. */
const PLACE_BITS = 20;
/** The same for a workspace's files: 36 MB. */
export const WORKSPACE_PLACE_BITS = 21;
/** Text that is kept to find matches in; a power of two. */
const MOST_KEPT = 2 ** 22;
const FIRST_KEPT = 2 ** 16;
/** Bytes that must agree for a match to begin, and those that are compared at most. */
const LEAST_MATCH = 6;
const MOST_COMPARED = 80;
const MATCH_TABLE_BITS = 18;
const MOST_MATCH = 65535;

/** A memory of a bounded size that sees every byte once. The same text gives the same memory. */
export class Memory implements TextBefore {
  #table: ContextTable;
  #weighing = new Weighing();
  #kept = new Uint8Array(FIRST_KEPT);
  readonly #ends = new Int32Array(2 ** MATCH_TABLE_BITS);
  #length = 0;
  readonly #place = new Place();
  readonly #evidence = new Uint8Array(EVIDENCE);

  /** @param placeBits log2 of the half bytes in contexts that it keeps, 18 bytes each */
  constructor(placeBits = PLACE_BITS) {
    this.#table = new ContextTable(placeBits);
    this.#place.begin(this, this, true);
  }

  /** Bytes learned. */
  get length(): number {
    return this.#length;
  }

  /** How far its voters are trusted now. */
  get weighing(): Weighing {
    return this.#weighing;
  }

  set weighing(weighing: Weighing) {
    this.#weighing = weighing.copy();
  }

  /** Where what was learned goes on as the text does now; 0 where nothing matches. */
  get matchPosition(): number {
    return this.#place.matchPosition;
  }

  byteAt(position: number): number {
    if (position < 0 || position < this.#length - this.#kept.length || position >= this.#length) return 0;
    return this.#kept[position & (this.#kept.length - 1)]!;
  }

  /**
   * Scores a bit, then learns it.
   * @param logit log-odds of the trained model; 0 where there is none
   * @param evidence out: [EVIDENCE] from `at` on, what the voters had seen
   * @returns p of a 1 before it was learned
   */
  scoreBit(bit: number, logit: number, evidence: Uint8Array, at: number): number {
    const place = this.#place;
    place.gather(this.#table, evidence, at);
    const probability = this.#weighing.weigh(evidence, at, logit, place);
    this.#weighing.learn(evidence, at, bit);
    this.#learn(bit);
    return probability;
  }

  /** Learns text without scoring it: what is seen in each context, and what such evidence is worth, but not how votes are mixed. */
  learn(bytes: Uint8Array): void {
    for (const byte of bytes) {
      for (let shift = 7; shift >= 0; shift--) {
        const bit = (byte >> shift) & 1;
        this.#place.gather(this.#table, this.#evidence, 0);
        this.#weighing.count(this.#evidence, 0, bit);
        this.#learn(bit);
      }
    }
  }

  /** Reads on behind a text, which may be another than was learned last. @param tail its last lines suffice */
  readerBehind(tail: Uint8Array): MemoryReader {
    return new MemoryReader(this, this.#table, tail);
  }

  /** An independent memory that stands where this one does. */
  copy(): Memory {
    const copy = new Memory(0);
    copy.#table = this.#table.copy();
    copy.#weighing = this.#weighing.copy();
    copy.#kept = this.#kept.slice();
    copy.#ends.set(this.#ends);
    copy.#length = this.#length;
    copy.#place.set(this.#place);
    return copy;
  }

  /** Where a text that ends alike goes on in what was learned; 0 where none is known. */
  matchEnd(text: TextBefore): number {
    const end = text.length < LEAST_MATCH ? 0 : this.#ends[endSlot(text)]!;
    return end > this.#length - this.#kept.length ? end : 0;
  }

  /** Where the half byte of a context stands. */
  place(hash: number, claim: boolean): number {
    return claim ? this.#table.claim(hash) : this.#table.find(hash);
  }

  #learn(bit: number): void {
    const place = this.#place;
    place.update(this.#table, bit);
    if (!place.add(bit)) {
      if (place.isHalf) place.beginHalf(this, true);
      return;
    }
    this.#keep(place.previous);
    place.begin(this, this, true);
    if (this.#length >= LEAST_MATCH) this.#ends[endSlot(this)] = this.#length;
  }

  #keep(byte: number): void {
    if (this.#length === this.#kept.length && this.#kept.length < MOST_KEPT) {
      const larger = new Uint8Array(2 * this.#kept.length);
      larger.set(this.#kept);
      this.#kept = larger;
    }
    this.#kept[this.#length & (this.#kept.length - 1)] = byte;
    this.#length++;
  }
}

/** The place of a text's last bytes in the table of matches. */
function endSlot(text: TextBefore): number {
  let hash = 0;
  for (let back = 1; back <= LEAST_MATCH; back++) {
    hash = Math.imul(hash + text.byteAt(text.length - back) + 1, 0x2f0b4c47);
  }
  return Math.imul(hash ^ (hash >>> 15), 0x9e3779b1) >>> (32 - MATCH_TABLE_BITS);
}

/** Where a text stands for the voters: contexts of its next byte, the bits of it so far, and what goes on as it does. */
class Place {
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

/** Reads a text on, bit for bit, without learning from it. Valid until the memory learns more. */
export class MemoryReader implements TextBefore {
  readonly #place = new Place();
  readonly #added: number[] = [];
  readonly #evidence = new Uint8Array(EVIDENCE);

  constructor(
    private readonly memory: Memory,
    private readonly table: ContextTable,
    private readonly tail: Uint8Array,
    from?: MemoryReader,
  ) {
    if (from === undefined) {
      this.#place.readTo(memory, this, tail);
    } else {
      this.#place.set(from.#place);
      this.#added.push(...from.#added);
    }
  }

  get length(): number {
    return this.tail.length + this.#added.length;
  }

  byteAt(position: number): number {
    if (position < 0) return 0;
    return position < this.tail.length ? this.tail[position]! : this.#added[position - this.tail.length]!;
  }

  /**
   * What is said of the next bit.
   * @param trained log-odds of the trained model; 0 where there is none
   */
  read(trained: number): MixedBit {
    this.#place.gather(this.table, this.#evidence, 0);
    const { weighing } = this.memory;
    const probability = weighing.weigh(this.#evidence, 0, trained, this.#place);
    const weights = new Float32Array(VOTES);
    weighing.weights(weights);
    return { probability, votes: weighing.votes, weights };
  }

  /** Goes on by a bit. */
  add(bit: number): void {
    const place = this.#place;
    if (!place.add(bit)) {
      if (place.isHalf) place.beginHalf(this.memory, false);
      return;
    }
    this.#added.push(place.previous);
    place.begin(this.memory, this, false);
  }

  /** Another reader that stands where this one does. */
  copy(): MemoryReader {
    return new MemoryReader(this.memory, this.table, this.tail, this);
  }
}
