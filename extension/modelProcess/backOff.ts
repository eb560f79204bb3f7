/** @file How long to wait before a crashed process is started again, and when to stop trying. */

export interface BackOffOptions {
  /** Milliseconds before the first restart; doubled for each crash in a row. */
  readonly first: number;
  readonly longest: number;
  /** Crashes in a row after which nothing is restarted any more. */
  readonly attempts: number;
  /** Milliseconds of life after which a crash counts as the first again. */
  readonly healthyAfter: number;
}

export const RESTART: BackOffOptions = { first: 100, longest: 5_000, attempts: 5, healthyAfter: 60_000 };

/** Counts crashes in a row. Times are milliseconds of any monotonic clock. */
export class BackOff {
  #crashes = 0;

  constructor(private readonly options: BackOffOptions) {}

  /** Whether so many crashes came in a row that another start is pointless. */
  get exhausted(): boolean {
    return this.#crashes >= this.options.attempts;
  }

  /** Notes that a process that lived `lifetime` milliseconds has crashed. */
  crashed(lifetime: number): void {
    this.#crashes = lifetime >= this.options.healthyAfter ? 1 : this.#crashes + 1;
  }

  /** Milliseconds to wait before the next start. */
  get delay(): number {
    if (this.#crashes === 0) return 0;
    return Math.min(this.options.longest, this.options.first * 2 ** (this.#crashes - 1));
  }

  reset(): void {
    this.#crashes = 0;
  }
}
