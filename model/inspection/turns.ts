/** @file How a loop over texts lets other work go first: after every few milliseconds of its own, and while it waits for a thread. */
import { setImmediate, setTimeout } from 'node:timers/promises';

/** Milliseconds of work between two turns of others. */
const SLICE = 10;

/** What a loop is given by its caller. */
export interface TurnOptions {
  /** Ends the loop at its next turn; the promise is rejected with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Awaited so that messages arrive and other work is done; a turn of the event loop unless given. */
  readonly giveWay?: (() => Promise<unknown>) | undefined;
}

/** The turns that one loop gives to others: `if (turns.isDue) await turns.give();`. */
export class Turns {
  #since = performance.now();

  constructor(private readonly options: TurnOptions = {}) {}

  /** Whether the loop has worked for long enough, or need not go on. */
  get isDue(): boolean {
    return this.options.signal?.aborted === true || performance.now() - this.#since >= SLICE;
  }

  /** @throws the signal's reason when it is aborted */
  async give(): Promise<void> {
    await (this.options.giveWay ?? setImmediate)();
    this.options.signal?.throwIfAborted();
    this.#since = performance.now();
  }

  /**
   * Gives turns until something that happens elsewhere is there.
   * @throws what it throws, or the signal's reason when it is aborted
   */
  async giveUntil<T>(promise: Promise<T>): Promise<T> {
    const settled = promise.then(
      () => true,
      () => true,
    );
    // A timer of its own each time, since whoever waits for others may be asked for something at any moment.
    while (!(await Promise.race([settled, setTimeout(SLICE, false)]))) await this.give();
    return promise;
  }
}
