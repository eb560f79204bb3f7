/** @file Notices that a process hangs: it is asked to answer now and then, and has not for long. */

export interface WatchdogOptions {
  /** Milliseconds between two looks. */
  readonly every: number;
  /** Looks in a row without an answer after which the process hangs. Looks, not time: a machine that slept has not looked. */
  readonly misses: number;
}

/** Compiling the shaders of a large model takes a GPU's driver up to a minute. */
export const WATCH: WatchdogOptions = { every: 5_000, misses: 24 };

export class Watchdog {
  #asked = false;
  #misses = 0;
  readonly #timer: NodeJS.Timeout;

  /**
   * @param ask resolves when the process answers; a process that has ended may reject
   * @param onHang called once
   */
  constructor(ask: () => Promise<unknown>, onHang: () => void, options: WatchdogOptions) {
    this.#timer = setInterval(() => {
      if (!this.#asked) {
        this.#asked = true;
        const answered = () => {
          this.#asked = false;
          this.#misses = 0;
        };
        ask().then(answered, () => undefined);
      } else if (++this.#misses >= options.misses) {
        this.dispose();
        onHang();
      }
    }, options.every);
    this.#timer.unref();
  }

  dispose(): void {
    clearInterval(this.#timer);
  }
}
