/** @file The one selection as this webview sees it: what the user just chose here stands until the host has caught up. */
import type { Selection } from '../../../model/protocol/panels/messages';

/** While the user chooses in this webview, the host's echoes of earlier choices would move the mark back. */
const SETTLE_MILLISECONDS = 250;

function same(a: Selection | null, b: Selection | null): boolean {
  if (a === null || b === null) return a === b;
  return a.offset === b.offset && a.bit === b.bit && a.voter === b.voter && a.locked === b.locked;
}

export class SharedSelection {
  #value: Selection | null = null;
  #fromHost: Selection | null = null;
  #chosenAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** `onSettled` is called when a message of the host that had to wait takes effect. */
  constructor(
    private readonly onSettled: () => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get value(): Selection | null {
    return this.#value;
  }

  get locked(): boolean {
    return this.#value?.locked ?? false;
  }

  /** The user chose here. */
  choose(selection: Selection): void {
    this.#value = selection;
    this.#fromHost = selection;
    this.#chosenAt = this.now();
  }

  /** The host says what is selected; true where that took effect at once. */
  receive(selection: Selection | null): boolean {
    this.#fromHost = selection;
    clearTimeout(this.#timer);
    const wait = this.#chosenAt + SETTLE_MILLISECONDS - this.now();
    if (wait <= 0 || same(selection, this.#value)) {
      this.#value = selection;
      return true;
    }
    this.#timer = setTimeout(() => {
      if (same(this.#fromHost, this.#value)) return;
      this.#value = this.#fromHost;
      this.onSettled();
    }, wait);
    return false;
  }
}
