/** @file The key of a colour scale: its gradient, ticks with units, and what it means. */
import { COLOR_STEPS } from './colors';
import { element } from '../dom';

export class Legend {
  readonly node: HTMLElement;
  readonly #title = element('span', { class: 'legend-title' });
  readonly #low = element('span', { class: 'legend-label' });
  readonly #middle = element('span', { class: 'legend-label legend-middle' });
  readonly #high = element('span', { class: 'legend-label' });
  readonly #canvas = element('canvas', {
    class: 'legend-gradient',
    width: String(COLOR_STEPS),
    height: '1',
    'aria-hidden': 'true',
  });

  constructor() {
    const scale = element('span', { class: 'legend-scale' }, this.#low, this.#canvas, this.#high);
    this.node = element('div', { class: 'legend' }, this.#title, scale, this.#middle);
  }

  /** Ends and, where there is one, the meaning of the middle. */
  set(title: string, pixels: Uint32Array, low: string, high: string, middle: string | null): void {
    this.#title.textContent = title;
    this.#low.textContent = low;
    this.#high.textContent = high;
    this.#middle.textContent = middle ?? '';
    this.#middle.hidden = middle === null;
    const image = new ImageData(COLOR_STEPS, 1);
    new Uint32Array(image.data.buffer).set(pixels);
    this.#canvas.getContext('2d')!.putImageData(image, 0, 0);
  }
}
