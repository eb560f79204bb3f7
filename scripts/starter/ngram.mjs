/** @file An order-5 n-gram model of bytes with Witten and Bell's interpolation, to compare the starter model with. */

export const ORDER = 5;
/** Slots of the hash table, a power of two: one a context, and one a byte after a context. */
const SLOTS = 1 << 25;

function mixed(hash, value) {
  let x = Math.imul(hash ^ value, 0x9e3779b1);
  x ^= x >>> 15;
  x = Math.imul(x, 0x85ebca6b);
  return (x ^ (x >>> 13)) >>> 0;
}

/**
 * p_k(s | the k bytes before it) = (c(context, s) + t(context)·p_{k−1}(s)) / (c(context) + t(context)), with t the number of
 * different bytes that were seen after the context, down to 1/256.
 */
export class NGram {
  /** To whom a slot belongs, 32 bits of another hash than its place; 0 is free. */
  #keys = new Uint32Array(SLOTS);
  #counts = new Uint32Array(SLOTS);
  /** t of a context. */
  #kinds = new Uint16Array(SLOTS);
  /** Hashes of the contexts of orders 0 … 5 before a byte: where they stand, and who they are. */
  #places = new Uint32Array(ORDER + 1);
  #owners = new Uint32Array(ORDER + 1);

  /** The slot of an owner: a free one becomes its own where `claim`, else −1. */
  #slot(place, owner, claim) {
    for (let at = place & (SLOTS - 1); ; at = (at + 1) & (SLOTS - 1)) {
      const found = this.#keys[at];
      if (found === owner) return at;
      if (found !== 0) continue;
      if (!claim) return -1;
      this.#keys[at] = owner;
      return at;
    }
  }

  /** Hashes the contexts before byte i; returns the longest order there is. */
  #hashContexts(bytes, i) {
    const longest = Math.min(ORDER, i);
    let place = 0x12345;
    let owner = 0x6789a;
    for (let order = 0; order <= longest; order++) {
      if (order > 0) {
        place = mixed(place, bytes[i - order] + 1);
        owner = mixed(owner, bytes[i - order] + 7919);
      }
      this.#places[order] = place;
      this.#owners[order] = (owner | 1) >>> 0;
    }
    return longest;
  }

  #pair(order, byte, claim) {
    return this.#slot(mixed(this.#places[order], byte + 1), (mixed(this.#owners[order], byte + 257) | 1) >>> 0, claim);
  }

  /** @param {Uint8Array} bytes one text */
  train(bytes) {
    for (let i = 0; i < bytes.length; i++) {
      const longest = this.#hashContexts(bytes, i);
      for (let order = 0; order <= longest; order++) {
        const context = this.#slot(this.#places[order], this.#owners[order], true);
        const pair = this.#pair(order, bytes[i], true);
        this.#counts[context]++;
        if (this.#counts[pair]++ === 0) this.#kinds[context]++;
      }
    }
  }

  /** Σ −log2 of the probability of every byte of a text. */
  bits(bytes) {
    let bits = 0;
    for (let i = 0; i < bytes.length; i++) {
      const longest = this.#hashContexts(bytes, i);
      let p = 1 / 256;
      for (let order = 0; order <= longest; order++) {
        const context = this.#slot(this.#places[order], this.#owners[order], false);
        if (context < 0) break;
        const pair = this.#pair(order, bytes[i], false);
        const kinds = this.#kinds[context];
        p = ((pair < 0 ? 0 : this.#counts[pair]) + kinds * p) / (this.#counts[context] + kinds);
      }
      bits -= Math.log2(p);
    }
    return bits;
  }
}
