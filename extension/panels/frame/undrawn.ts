/** @file What was sent to a page and is not drawn yet, so that no more is sent meanwhile. */

/**
 * A page that has said nothing for so many milliseconds is sent the next message all the same: it says `drawn` of every
 * message, also of one that it fails to draw, but a message can be lost.
 */
const MOST_DRAWING = 5000;

export class Undrawn {
  /** The version that was sent last; null where the page has drawn it. */
  #version: number | null = null;
  #timer: NodeJS.Timeout | undefined;

  /** @param onNone the next message can be sent */
  constructor(private readonly onNone: () => void) {}

  /** Whether something that was sent is not drawn yet. */
  get isAny(): boolean {
    return this.#version !== null;
  }

  sent(version: number): void {
    this.#version = version;
    this.#wait();
  }

  /** The page has drawn a version, and with it all before. */
  drawn(version: number): void {
    if (this.#version === null) return;
    // Of one that came late, the page is slow but still there.
    if (version < this.#version) this.#wait();
    else this.#end();
  }

  /** There is no page any more that could answer. */
  forget(): void {
    clearTimeout(this.#timer);
    this.#version = null;
  }

  #wait(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#end();
    }, MOST_DRAWING);
  }

  #end(): void {
    this.forget();
    this.onNone();
  }
}
