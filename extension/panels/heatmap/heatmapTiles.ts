/** @file Which chunks of a document a heatmap asks for, and when what it has is void. */

import type { VoterQuantity } from '../../../model/protocol/inspection';
import type { ChunkSpan } from '../../editor/chunkSpan';

/** Chunks measured in one request at most: a fraction of a second of work, half a megabyte of numbers. */
export const MAX_TILE_CHUNKS = 1024;

/**
 * The part of a wish from a webview that can be answered at once; null where nothing of it is in the document.
 * @param chunkCount chunks of the document
 */
export function clampViewport(firstChunk: number, count: number, chunkCount: number): ChunkSpan | null {
  if (!Number.isFinite(firstChunk) || !Number.isFinite(count)) return null;
  const first = Math.max(0, Math.floor(firstChunk));
  const end = Math.min(chunkCount, Math.ceil(firstChunk + count), first + MAX_TILE_CHUNKS);
  return end > first ? { firstChunk: first, count: end - first } : null;
}

/** What a webview may ask of voters; null for anything else. */
export function voterQuantity(asked: unknown): VoterQuantity | null {
  return asked === 'vote' || asked === 'weight' ? asked : null;
}

/** A number that changes whenever text or model do. */
export class Generation {
  #key = '';
  #number = 0;

  /** The generation of this key: a new one where the key is not the last one. */
  of(key: string): number {
    if (key !== this.#key) {
      this.#key = key;
      this.#number++;
    }
    return this.#number;
  }

  /** The next generation is a new one, whatever its key. */
  end(): void {
    this.#key = '';
  }
}
