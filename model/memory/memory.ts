/** @file A memory of text: voters beside the trained ones that learn each bit after it was scored. Ours, not the paper's. */
import { ContextTable } from './contextTable';
import { MemoryReader } from './memoryReader';
import { LEAST_MATCH, Place } from './place';
import { EVIDENCE, Weighing } from './weighing';
import type { TextBefore } from './voters';

/** log2 of the half bytes in contexts that are kept, unless another is given: 18 MB, enough for some hundred kilobytes of text. */
const PLACE_BITS = 20;
/** The same for a workspace's files: 36 MB. */
export const WORKSPACE_PLACE_BITS = 21;
/** Text that is kept to find matches in; a power of two. */
const MOST_KEPT = 2 ** 22;
const FIRST_KEPT = 2 ** 16;
const MATCH_TABLE_BITS = 18;

/** A memory of a bounded size that sees every byte once. The same text gives the same memory. */
export class Memory implements TextBefore {
  readonly #table: ContextTable;
  #weighing: Weighing;
  #kept: Uint8Array;
  readonly #ends = new Int32Array(2 ** MATCH_TABLE_BITS);
  #length = 0;
  readonly #place = new Place();
  readonly #evidence = new Uint8Array(EVIDENCE);

  /**
   * @param placeBits log2 of the half bytes in contexts that it keeps, 18 bytes each
   * @param other stands where this one does, in place of an empty one
   */
  constructor(placeBits = PLACE_BITS, other?: Memory) {
    this.#table = other === undefined ? new ContextTable(placeBits) : other.#table.copy();
    this.#weighing = other === undefined ? new Weighing() : other.#weighing.copy();
    this.#kept = other === undefined ? new Uint8Array(FIRST_KEPT) : other.#kept.slice();
    if (other === undefined) {
      this.#place.begin(this, this, true);
    } else {
      this.#ends.set(other.#ends);
      this.#length = other.#length;
      this.#place.set(other.#place);
    }
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
    return new Memory(undefined, this);
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
