/** @file Reads a text on behind what a memory knows, without learning: for whatever is decided bit by bit. */
import type { ContextTable } from './contextTable';
import type { Memory } from './memory';
import type { MixedBit } from './mixer';
import { VOTES } from './mixer';
import { Place } from './place';
import type { TextBefore } from './voters';
import { EVIDENCE } from './weighing';

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
