/** @file A hashed table of bounded size: 15 bit histories per context and half byte, with a check of 16 bits. */
import { UNSEEN } from './bitHistory';

/** Histories of one half byte stand together, at its nodes 1..15 of the binary tree of its bits. */
const NODES = 16;

/** A context takes one of three neighbouring places, and when all are taken that of the one that was met least. */
export class ContextTable {
  /** [(2^placeBits + 1)·16] states; the last 16 are never written. */
  readonly states: Uint8Array;
  readonly #checks: Uint16Array;
  readonly #mask: number;

  /** @param placeBits log2 of the half bytes in contexts that it holds */
  constructor(private readonly placeBits: number) {
    const places = 2 ** placeBits;
    this.states = new Uint8Array((places + 1) * NODES);
    this.#checks = new Uint16Array(places);
    this.#mask = places - 1;
  }

  /** Where the states of a context stand; places for one that is not there are taken from others. */
  claim(hash: number): number {
    const check = checkOf(hash);
    const place = this.#place(hash);
    let least = place;
    for (let i = 0; i < 3; i++) {
      const at = place ^ i;
      const there = this.#checks[at]!;
      if (there === check) return at * NODES;
      if (there === 0) {
        this.#checks[at] = check;
        return at * NODES;
      }
      // A state's number grows with what was counted in it.
      if (this.states[at * NODES + 1]! < this.states[least * NODES + 1]!) least = at;
    }
    this.#checks[least] = check;
    this.states.fill(UNSEEN, least * NODES, (least + 1) * NODES);
    return least * NODES;
  }

  /** The same without taking a place: states that say nothing where the context is not there. */
  find(hash: number): number {
    const check = checkOf(hash);
    const place = this.#place(hash);
    for (let i = 0; i < 3; i++) {
      const at = place ^ i;
      if (this.#checks[at] === check) return at * NODES;
    }
    return this.#checks.length * NODES;
  }

  copy(): ContextTable {
    const copy = new ContextTable(this.placeBits);
    copy.states.set(this.states);
    copy.#checks.set(this.#checks);
    return copy;
  }

  #place(hash: number): number {
    return (Math.imul(hash, 0x2c1b3c6d) >>> (32 - this.placeBits)) & this.#mask;
  }
}

/** 1..65535 */
function checkOf(hash: number): number {
  return (hash >>> 16) | 1;
}
