/** @file What the pointer is on, beside it; and what the keyboard is on, for a screen reader. */
import { element } from '../dom';

/** Lines of text beside the pointer, kept inside the window. */
export class Tooltip {
  readonly node = element('div', { class: 'tooltip', role: 'tooltip', hidden: '' });

  /** Shows the lines near a point in client coordinates; the first line is the title. */
  show(lines: readonly string[], x: number, y: number): void {
    this.node.replaceChildren(...lines.map((line) => element('div', {}, line)));
    this.node.hidden = false;
    const { offsetWidth, offsetHeight } = this.node;
    const left = x + 14 + offsetWidth > window.innerWidth ? x - 10 - offsetWidth : x + 14;
    const top = y + 14 + offsetHeight > window.innerHeight ? y - 10 - offsetHeight : y + 14;
    this.node.style.left = `${Math.max(2, left)}px`;
    this.node.style.top = `${Math.max(2, top)}px`;
  }

  hide(): void {
    this.node.hidden = true;
  }
}

/** A region that a screen reader reads out when its text changes. */
export class LiveRegion {
  readonly node = element('div', { class: 'visually-hidden', 'aria-live': 'polite', role: 'status' });

  say(text: string): void {
    this.node.textContent = text;
  }
}
