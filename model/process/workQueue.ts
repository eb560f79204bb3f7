/** @file One piece of work at a time, what the user waits for first: a hover never stands behind a document's heatmap. */
import { setImmediate } from 'node:timers/promises';

/**
 * `now`: the user waits for it at the caret. `background`: it may take seconds, and gives way. `long`: it may take minutes, gives
 * way to both, and rests for as long as the user is at the caret.
 */
export type Urgency = 'now' | 'background' | 'long';

type Job = () => Promise<void>;

/** Milliseconds without urgent work before long work goes on: until then the processor draws what was asked for at the caret. */
const REST = 250;

/** Runs work one after the other, urgent work first; work that was cancelled before its turn is never started. */
export class WorkQueue {
  readonly #waiting: Record<Urgency, Job[]> = { now: [], background: [], long: [] };
  #isBusy = false;
  /** When urgent work ended last. */
  #urgentAt = -Infinity;
  /** Ends a rest of long work, while there is one. */
  #wake: (() => void) | undefined;

  /**
   * Runs `work` when its turn comes.
   * @throws what `work` throws, or the signal's reason where it is aborted before it was started
   */
  run<T>(urgency: Urgency, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return new Promise<T>((resolve) => {
      this.#waiting[urgency].push(() => {
        const running = start(signal, work);
        resolve(running);
        // Its error belongs to whoever asked for it.
        return running.then(noop, noop).then(() => {
          if (urgency === 'now') this.#urgentAt = performance.now();
        });
      });
      this.#wake?.();
      void this.#drain();
    });
  }

  /** For work between two steps: messages arrive, and all work that is more urgent is done; long work also rests. */
  async giveWay(urgency: 'background' | 'long' = 'background'): Promise<void> {
    await setImmediate();
    for (;;) {
      const job = this.#waiting.now.shift() ?? (urgency === 'long' ? this.#waiting.background.shift() : undefined);
      const rest = urgency === 'long' ? this.#urgentAt + REST - performance.now() : 0;
      if (job !== undefined) await job();
      else if (rest > 0) await this.#rest(rest);
      else return;
    }
  }

  /** Until the time is over, or there is work. */
  #rest(milliseconds: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        clearTimeout(timer);
        this.#wake = undefined;
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      this.#wake = end;
    });
  }

  async #drain(): Promise<void> {
    if (this.#isBusy) return;
    this.#isBusy = true;
    // Messages that arrived together are all seen before the first is worked on.
    await setImmediate();
    for (let job = this.#next(); job !== undefined; job = this.#next()) await job();
    this.#isBusy = false;
  }

  #next(): Job | undefined {
    return this.#waiting.now.shift() ?? this.#waiting.background.shift() ?? this.#waiting.long.shift();
  }
}

async function start<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  return work();
}

function noop(): void {
  // Nothing to do when work ends but to go on to the next.
}
