/** @file One piece of work at a time, what somebody waits for first: a hover never stands behind a document's heatmap. */
import { setImmediate } from 'node:timers/promises';

/**
 * `now`: somebody waits for it at the caret. `background`: it may take seconds, and gives way. `long`: it may take minutes, and gives
 * way to both.
 */
export type Urgency = 'now' | 'background' | 'long';

type Job = () => Promise<void>;

/** Runs work one after the other, urgent work first; work that was cancelled before its turn is never started. */
export class WorkQueue {
  readonly #waiting: Record<Urgency, Job[]> = { now: [], background: [], long: [] };
  #isBusy = false;

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
        return running.then(noop, noop);
      });
      void this.#drain();
    });
  }

  /** For work between two steps: messages arrive, and all work that is more urgent is done. */
  async giveWay(urgency: 'background' | 'long' = 'background'): Promise<void> {
    await setImmediate();
    const next = () => this.#waiting.now.shift() ?? (urgency === 'long' ? this.#waiting.background.shift() : undefined);
    for (let job = next(); job !== undefined; job = next()) await job();
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
