/** @file What the pointer is on, beside it; the box of a chosen voter, which stays and has buttons; and what the keyboard is on, for a screen reader. */
import type { VoterAtChunk } from '../../../model/protocol/panels/voterActions';
import { element } from '../dom';
import type { VoterActions } from './voterActions';

/** So near a box that is kept, the pointer may be on its way to the buttons: it gives way only where the pointer rests. */
const NEAR = 40;
const REST_MILLISECONDS = 400;

/** Lines of text beside the pointer, kept inside the window. */
export class Tooltip {
  readonly node: HTMLElement;
  readonly #lines = element('div', { class: 'tooltip-lines' });
  /** What a box that is kept says; null where none is. */
  #kept: (() => readonly string[]) | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;

  /** @param actions none where nothing in the picture can be done anything with */
  constructor(private readonly actions: VoterActions | null = null) {
    this.node = element(
      'div',
      { class: 'tooltip', tabindex: '-1', hidden: '', 'data-export': 'skip' },
      this.#lines,
      ...(actions === null ? [] : [actions.node]),
    );
    this.node.addEventListener('pointerenter', () => {
      clearTimeout(this.#timer);
    });
  }

  /** The pointer is on something, at a point in client coordinates; the first line is the title. */
  show(lines: readonly string[], x: number, y: number): void {
    clearTimeout(this.#timer);
    const show = (): void => {
      this.#kept = null;
      this.actions?.set(null);
      this.#place(lines, x, y);
    };
    if (this.#kept !== null && this.#isNear(x, y)) this.#timer = setTimeout(show, REST_MILLISECONDS);
    else show();
  }

  get isShown(): boolean {
    return !this.node.hidden;
  }

  /** Stays there until it is hidden, with buttons for the voter where it is about one. */
  keep(tell: () => readonly string[], x: number, y: number, voter: VoterAtChunk | null): void {
    clearTimeout(this.#timer);
    this.#kept = voter === null ? null : tell;
    this.actions?.set(voter);
    this.#place(tell(), x, y);
  }

  /** Says again what it says: its numbers may have changed. */
  retell(): void {
    if (this.#kept !== null) this.#say(this.#kept());
  }

  /** The pointer is on nothing: a box that is kept stays. */
  unpoint(): void {
    clearTimeout(this.#timer);
    if (this.#kept === null) this.node.hidden = true;
  }

  hide(): void {
    clearTimeout(this.#timer);
    this.#kept = null;
    this.node.hidden = true;
  }

  #isNear(x: number, y: number): boolean {
    const { left, top, right, bottom } = this.node.getBoundingClientRect();
    return x > left - NEAR && x < right + NEAR && y > top - NEAR && y < bottom + NEAR;
  }

  #say(lines: readonly string[]): void {
    this.#lines.replaceChildren(...lines.map((line) => element('div', {}, line)));
  }

  #place(lines: readonly string[], x: number, y: number): void {
    this.#say(lines);
    this.node.classList.toggle('is-kept', this.#kept !== null);
    this.node.hidden = false;
    const { offsetWidth, offsetHeight } = this.node;
    const left = x + 14 + offsetWidth > window.innerWidth ? x - 10 - offsetWidth : x + 14;
    const top = y + 14 + offsetHeight > window.innerHeight ? y - 10 - offsetHeight : y + 14;
    this.node.style.left = `${Math.max(2, left)}px`;
    this.node.style.top = `${Math.max(2, top)}px`;
  }
}

/** A region that a screen reader reads out when its text changes. */
export class LiveRegion {
  readonly node = element('div', { class: 'visually-hidden', 'aria-live': 'polite', role: 'status' });

  say(text: string): void {
    this.node.textContent = text;
  }
}
