/** @file The votes at a caret with memory: p of each bit, mixed from what the trained voters say and what was seen before. */
import type { BitModel } from '../inspection/chunkSearch';
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import type { BitAggregate } from '../network/aggregation';
import type { ChunkScores, TrunkWindow } from '../network/chunkScores';
import type { DecodingHead } from '../inspection/lesionState';
import type { MemoryReader } from './memoryReader';
import type { MemoryVoter } from '../protocol/memory';
import { logit, mixedWithout, silencedFlags } from './mixer';

/** Decodes as the head that it wraps, chunk after chunk from the caret on. */
export class MemoryHead implements BitModel {
  readonly chained = true;
  /** Readers by the chunk's bits so far, behind a 1. */
  #readers = new Map<number, MemoryReader>();
  #chunks = 0;

  /**
   * @param start stands at the caret
   * @param silenced memory voters that are left out
   */
  constructor(
    private readonly head: DecodingHead,
    private readonly start: MemoryReader,
    private readonly silenced: readonly MemoryVoter[] = [],
  ) {}

  /** The scores of the next chunk; the one before it is the last of the window's inputs. */
  at(window: TrunkWindow, position: number): ChunkScores {
    if (this.#chunks++ > 0) {
      const last = window.inputs.subarray(CHUNK_BYTES * position, CHUNK_BYTES * (position + 1));
      for (const byte of last) for (let i = 7; i >= 0; i--) this.start.add((byte >> i) & 1);
    }
    this.#readers = new Map([[1, this.start]]);
    return this.head.at(window, position);
  }

  aggregate(scores: ChunkScores, bit: number, code: number): BitAggregate {
    const trained = logit(this.head.aggregate(scores, bit, code).probability);
    const mixed = this.#readerAt(bit, code).read(trained);
    const probability =
      this.silenced.length === 0 ? mixed.probability : mixedWithout(mixed, silencedFlags(this.silenced)).probability;
    return {
      probability,
      logProbability: Math.log(probability),
      logComplement: Math.log1p(-probability),
    };
  }

  #readerAt(bit: number, code: number): MemoryReader {
    // Up to 32 bits and a 1 before them are exact as a double.
    const key = 2 ** bit + (bit === 0 ? 0 : code >>> (CHUNK_BITS - bit));
    const known = this.#readers.get(key);
    if (known !== undefined) return known;
    const reader = this.#readerAt(bit - 1, code).copy();
    reader.add((code >>> (CHUNK_BITS - bit)) & 1);
    this.#readers.set(key, reader);
    return reader;
  }
}
