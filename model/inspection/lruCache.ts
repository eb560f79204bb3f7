/** @file A cache within a memory bound: what was not used for longest goes first. */

/** Values by string, as many as fit `capacity` bytes. */
export class LruCache<V> {
  /** In order of use, the least recently used first. */
  readonly #entries = new Map<string, { readonly value: V; readonly bytes: number }>();
  #bytes = 0;

  /** @param capacity bytes of all values and keys together */
  constructor(readonly capacity: number) {}

  /** Bytes held now. */
  get bytes(): number {
    return this.#bytes;
  }

  get(key: string): V | undefined {
    const entry = this.#entries.get(key);
    if (entry === undefined) return undefined;
    this.#entries.delete(key);
    this.#entries.set(key, entry);
    return entry.value;
  }

  /** Keeps `value`, which takes `bytes` beside its key; one that is larger than the whole cache is not kept. */
  set(key: string, value: V, bytes: number): void {
    const size = bytes + key.length;
    this.#remove(key);
    if (size > this.capacity) return;
    this.#entries.set(key, { value, bytes: size });
    this.#bytes += size;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.capacity) break;
      this.#remove(oldest);
    }
  }

  #remove(key: string): void {
    const entry = this.#entries.get(key);
    if (entry === undefined) return;
    this.#entries.delete(key);
    this.#bytes -= entry.bytes;
  }
}

/** Bytes as a string of as many characters, to look them up by. */
export function bytesKey(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1');
}
