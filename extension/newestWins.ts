/** @file At most one piece of work at a time; of what was asked for meanwhile only the newest is done. */

export class NewestWins {
  #running = false;
  #next: (() => Promise<void>) | undefined;
  #disposed = false;

  /**
   * Runs `work`, now or when what runs has ended; whatever else was waiting is dropped. What runs is not cancelled:
   * under a stream of requests nothing would ever be finished. `work` must not reject.
   */
  run(work: () => Promise<void>): void {
    if (this.#disposed) return;
    if (this.#running) {
      this.#next = work;
      return;
    }
    this.#running = true;
    void work().finally(() => {
      this.#running = false;
      const next = this.#next;
      this.#next = undefined;
      if (next !== undefined) this.run(next);
    });
  }

  dispose(): void {
    this.#disposed = true;
    this.#next = undefined;
  }
}
