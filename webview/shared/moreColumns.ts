/** @file How many columns of a table are out of sight at its right: a button that says so and brings them into sight. */
import { element } from './dom';

/** Of the pane's width, so that no column passes by behind those that stay at the left. */
const STEP = 0.4;

export class MoreColumns {
  readonly node = element('button', {
    type: 'button',
    class: 'more-columns',
    'data-export': 'skip',
    title: 'Scroll the table sideways',
  });

  /** @param pane scrolls, and holds the table with its heads */
  constructor(private readonly pane: HTMLElement) {
    const update = (): void => {
      this.#update();
    };
    const sizes = new ResizeObserver(update);
    sizes.observe(pane);
    sizes.observe(pane.firstElementChild!);
    pane.addEventListener('scroll', update);
    this.node.addEventListener('click', () => {
      if (this.#hidden() === 0) pane.scrollLeft = 0;
      else pane.scrollLeft += STEP * pane.clientWidth;
    });
    this.node.hidden = true;
  }

  /** Columns that end beyond the pane. */
  #hidden(): number {
    const end = this.pane.getBoundingClientRect().left + this.pane.clientLeft + this.pane.clientWidth;
    const heads = Array.from(this.pane.querySelectorAll('thead th'));
    return heads.filter((head) => head.getBoundingClientRect().right > end + 1).length;
  }

  #update(): void {
    const hidden = this.#hidden();
    this.node.hidden = hidden === 0 && this.pane.scrollLeft === 0;
    this.node.textContent =
      hidden === 0 ? '◂ First columns' : `${hidden} more ${hidden === 1 ? 'column' : 'columns'} ▸`;
  }
}
