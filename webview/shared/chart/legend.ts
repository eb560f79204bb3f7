/** @file The key of a colour scale: its gradient, ticks with units, and what it means. */
import { COLOR_STEPS } from './colors';
import { element } from '../dom';

/** A number between the ends, at its place in the gradient, 0 to 1. */
export interface LegendTick {
  readonly position: number;
  readonly label: string;
}

export class Legend {
  readonly node: HTMLElement;
  readonly #title = element('span', { class: 'legend-title' });
  readonly #low = element('span', { class: 'legend-label' });
  readonly #middle = element('span', { class: 'legend-label legend-middle' });
  readonly #high = element('span', { class: 'legend-label' });
  readonly #ticks = element('span', { class: 'legend-ticks' });
  readonly #canvas = element('canvas', {
    class: 'legend-gradient',
    width: String(COLOR_STEPS),
    height: '1',
    'aria-hidden': 'true',
  });

  constructor() {
    const bar = element('span', { class: 'legend-bar' }, this.#canvas, this.#ticks);
    const scale = element('span', { class: 'legend-scale' }, this.#low, bar, this.#high);
    this.node = element('div', { class: 'legend' }, this.#title, scale, this.#middle);
  }

  /** Ends, where there is one the meaning of the middle, and ticks below the gradient. */
  set(
    title: string,
    pixels: Uint32Array,
    low: string,
    high: string,
    middle: string | null,
    ticks: readonly LegendTick[] = [],
  ): void {
    this.#title.textContent = title;
    this.#low.textContent = low;
    this.#high.textContent = high;
    this.#middle.textContent = middle ?? '';
    this.#middle.hidden = middle === null;
    this.node.classList.toggle('has-ticks', ticks.length > 0);
    this.#ticks.replaceChildren(
      ...ticks.map(({ position, label }) => {
        const tick = element('span', { class: 'legend-tick' }, label);
        tick.style.left = `${100 * position}%`;
        return tick;
      }),
    );
    const image = new ImageData(COLOR_STEPS, 1);
    new Uint32Array(image.data.buffer).set(pixels);
    this.#canvas.getContext('2d')!.putImageData(image, 0, 0);
  }
}
