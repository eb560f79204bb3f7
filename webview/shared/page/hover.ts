/** @file A pointer that rests somewhere selects there: after a moment, once, and only where the user moved it. */

export class HoverSelect {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #x = NaN;
  #y = NaN;

  constructor(private readonly milliseconds: number) {}

  /**
   * The pointer is at an event's place; `select` is called if it stays. Browsers also report a pointer that did not move
   * when the picture under it changed, as it does when the caret moves, by whole pixels: that selects nothing.
   */
  at(event: PointerEvent, select: () => void): void {
    const isStill = Math.abs(event.clientX - this.#x) < 1 && Math.abs(event.clientY - this.#y) < 1;
    this.#x = event.clientX;
    this.#y = event.clientY;
    if (isStill) return;
    this.cancel();
    this.#timer = setTimeout(select, this.milliseconds);
  }

  /** Forgets the wish: the pointer left, or something else was selected. */
  cancel(): void {
    clearTimeout(this.#timer);
  }
}
