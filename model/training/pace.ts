/** @file When something that costs time during training is due again: never so often that it takes more than its share. */

export interface PaceOptions {
  /** Least seconds before the first time. */
  readonly first: number;
  /** Least seconds between two. */
  readonly least: number;
  /** Most of the time that it may take, 0 … 1. */
  readonly share: number;
}

export class Pace {
  #last: number;
  #pause: number;
  #isFirst = true;

  constructor(
    private readonly options: PaceOptions,
    private readonly now: () => number = () => performance.now(),
  ) {
    this.#last = now();
    this.#pause = options.first;
  }

  /** What the first time will cost, about, so that it is paid for before. */
  expect(milliseconds: number): void {
    if (this.#isFirst) this.#pause = Math.max(this.options.first, milliseconds / 1000 / this.options.share);
  }

  get isDue(): boolean {
    return this.now() - this.#last >= 1000 * this.#pause;
  }

  /**
   * Does it; the longer it takes, the longer the pause behind it. The first time also compiles what it runs: that does not come
   * again, and a run's first steps are where most happens.
   */
  async run<T>(work: () => Promise<T>): Promise<T> {
    const begun = this.now();
    const result = await work();
    this.#last = this.now();
    const byShare = this.#isFirst ? 0 : (this.#last - begun) / 1000 / this.options.share;
    this.#isFirst = false;
    this.#pause = Math.max(this.options.least, byShare);
    return result;
  }
}
