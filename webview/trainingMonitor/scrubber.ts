/** @file Back through the run: a slider over its points, and the way back to the newest. */
import { element, ToggleButton } from '../shared/dom';

export class Scrubber {
  readonly node: HTMLElement;
  readonly #slider = element('input', {
    type: 'range',
    min: '0',
    step: '1',
    'aria-label': 'Look at',
    'data-live': '',
  });
  readonly #place = element('span', { class: 'place' });
  readonly #live: ToggleButton;

  /** `onLook` gets the number of a point, null for the newest, whatever comes. */
  constructor(onLook: (point: number | null) => void) {
    this.#live = new ToggleButton({ on: 'Newest', off: 'To Newest' }, 'live', () => {
      onLook(null);
    });
    this.#live.node.dataset['live'] = '';
    this.#slider.addEventListener('input', () => {
      const point = Number(this.#slider.value);
      onLook(point === Number(this.#slider.max) ? null : point);
    });
    this.node = element('div', { class: 'scrubber' }, this.#slider, this.#place, this.#live.node);
  }

  /** @param point null for the newest; @param words what the point is, for users */
  set(points: number, point: number | null, words: string): void {
    const last = Math.max(0, points - 1);
    this.#slider.max = String(last);
    this.#slider.value = String(point ?? last);
    this.#slider.disabled = points === 0;
    this.#slider.setAttribute('aria-valuetext', words);
    this.#place.textContent = words;
    this.#live.set(point === null);
  }
}
