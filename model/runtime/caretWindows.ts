/** @file Windows that end at the caret: kept for each alignment, so that what is typed costs what is new of it. */
import { CHUNK_BYTES } from '../measures/chunk';
import type { GrowingTrunk, GrowingWindow } from './growingTrunk';

/** Shares of a window: what stays of it when it moves on, and what is left free for chunks that are decoded. */
const KEPT = 1 / 2;
const FREE = 1 / 8;
/** More new chunks than this share of a window are not appended one by one. */
const APPENDED = 1 / 8;

/**
 * The chunks that a window holds for the text before the caret: aligned so that the last one ends at the caret, with the zero start
 * chunk where the text begins in it. Where they begin depends on their number alone, and moves by 3 of 8 chunks of a window: as the
 * user types, most windows begin where that of four bytes ago began.
 * @param prefix UTF-8 of the text before the caret; of a long text its end, from a place on that stays the same while the user types
 * @param context T
 * @returns [4·n] with 1 ≤ n ≤ T
 */
export function caretChunks(prefix: Uint8Array, context: number): Uint8Array {
  const chunks = Math.ceil(prefix.length / CHUNK_BYTES) + 1;
  const most = context - Math.floor(context * FREE);
  const stride = Math.max(1, Math.floor(context * (1 - KEPT - FREE)));
  const skipped = chunks <= most ? 0 : stride * Math.ceil((chunks - most) / stride);
  const window = new Uint8Array(CHUNK_BYTES * (chunks - skipped));
  const end = prefix.subarray(Math.max(0, prefix.length - window.length));
  window.set(end, window.length - end.length);
  return window;
}

/** The windows at the caret of the latest four alignments, of one model. */
export class CaretWindows {
  /** By the caret's offset modulo the length of a chunk. */
  readonly #kept = new Map<number, GrowingWindow>();

  constructor(
    private readonly trunk: Pick<GrowingTrunk, 'begin' | 'append'>,
    /** T */
    private readonly context: number,
  ) {}

  /** The window of {@link caretChunks}, for the caller to go on with. */
  async at(prefix: Uint8Array): Promise<GrowingWindow> {
    const chunks = caretChunks(prefix, this.context);
    const alignment = prefix.length % CHUNK_BYTES;
    const kept = this.#kept.get(alignment);
    // Nobody else may go on with it meanwhile.
    this.#kept.delete(alignment);
    const window = kept !== undefined && this.#isWorthGoingOn(kept, chunks) ? kept : await this.trunk.begin(chunks);
    for (let at = CHUNK_BYTES * window.chunks; at < chunks.length; at += CHUNK_BYTES) {
      await this.trunk.append(window, chunks.subarray(at, at + CHUNK_BYTES));
    }
    this.#kept.set(alignment, window);
    return window.copy();
  }

  /** A window with one chunk more: the same, or where it is full another one that begins with the later half of its chunks. */
  async append(window: GrowingWindow, chunk: Uint8Array): Promise<GrowingWindow> {
    if (window.chunks < this.context) {
      await this.trunk.append(window, chunk);
      return window;
    }
    const kept = window.inputs.subarray(CHUNK_BYTES * Math.ceil(this.context * KEPT));
    return this.trunk.begin(Uint8Array.from([...kept, ...chunk]));
  }

  /** Forgets all windows: the model's parameters are others. */
  clear(): void {
    this.#kept.clear();
  }

  #isWorthGoingOn({ inputs, chunks: count }: GrowingWindow, chunks: Uint8Array): boolean {
    const length = CHUNK_BYTES * count;
    const isBeginning = length <= chunks.length && inputs.subarray(0, length).every((byte, i) => byte === chunks[i]);
    return isBeginning && chunks.length - length <= CHUNK_BYTES * Math.ceil(this.context * APPENDED);
  }
}
