/** @file When to ask for what is missing: one request at a time, the newest wish first. Pure. */
import type { ChunkRange, Tile } from './tiles';

/** After this long without an answer a request counts as lost. */
const LOST_MILLISECONDS = 10_000;

function overlap(a: ChunkRange, b: ChunkRange): boolean {
  return a.first < b.first + b.count && b.first < a.first + a.count;
}

/** At most one request is open. The newest wish wins: an open request that the user has left behind is given up. */
export class Requests {
  #open: (ChunkRange & { readonly generation: string; readonly at: number }) | null = null;

  /**
   * What to send now, or null: nothing is wanted, or the open request is still of use.
   * @param wanted what is missing
   * @param visible what is on the screen
   */
  next(generation: string, wanted: ChunkRange | null, visible: ChunkRange, now: number): ChunkRange | null {
    if (wanted === null) return null;
    const open = this.#open;
    if (open?.generation === generation && now - open.at < LOST_MILLISECONDS) {
      if (overlap(open, visible) || !overlap(wanted, visible)) return null;
    }
    this.#open = { ...wanted, generation, at: now };
    return wanted;
  }

  /** A tile has come; true where it is what was asked for. */
  answered(generation: string, tile: Tile): boolean {
    const open = this.#open;
    if (open?.generation !== generation) return false;
    if (!overlap(open, { first: tile.firstChunk, count: tile.count })) return false;
    this.#open = null;
    return true;
  }

  /** The page was hidden: an answer may have been lost. */
  forget(): void {
    this.#open = null;
  }
}
