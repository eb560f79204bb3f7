/** @file The window of chunks that a completion is decoded in: it ends at the cursor and leaves room for what is generated. */
import { CHUNK_BYTES } from '../measures/chunk';
import { completionGrid } from '../text/chunks';

/** The T input chunks of a window that is filled from the left; what is not filled is zero, which causality makes harmless. */
export class DecodingWindow {
  /** [4·T] the inputs. */
  readonly inputs: Uint8Array;
  /** Chunks that stay when the window is full and moves on. */
  readonly #kept: number;
  #used: number;

  /**
   * @param prefix UTF-8 of the text before the cursor; where it is shorter than the window, the zero start chunk stands before it
   * @param context T
   * @param generated chunks that are going to be generated, for which up to half the window is left free
   */
  constructor(
    prefix: Uint8Array,
    private readonly context: number,
    generated: number,
  ) {
    this.#kept = Math.max(1, context - Math.min(generated, Math.floor(context / 2)));
    this.inputs = new Uint8Array(CHUNK_BYTES * context);
    const room = CHUNK_BYTES * this.#kept;
    const grid = completionGrid(prefix.subarray(Math.max(0, prefix.length - room)));
    // A prefix that fills the window is a window from the middle of a text; any other begins where the text begins.
    const startChunk = grid.length < room ? CHUNK_BYTES : 0;
    this.inputs.set(grid, startChunk);
    this.#used = (startChunk + grid.length) / CHUNK_BYTES;
  }

  /** The position that predicts the next chunk. */
  get position(): number {
    return this.#used - 1;
  }

  /** Appends the chunk that was decided; a full window first moves on to its last chunks. */
  append(chunk: Uint8Array): void {
    if (this.#used === this.context) {
      this.inputs.copyWithin(0, CHUNK_BYTES * (this.context - this.#kept + 1));
      this.#used = this.#kept - 1;
      this.inputs.fill(0, CHUNK_BYTES * this.#used);
    }
    this.inputs.set(chunk, CHUNK_BYTES * this.#used);
    this.#used++;
  }
}
