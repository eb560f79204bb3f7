/** @file The controls above the comparison. */
import { element, ToggleButton } from '../shared/dom';

export interface ComparisonControlHandlers {
  onZoom(direction: 1 | -1): void;
  onWhole(): void;
  onTable(): void;
  /** Another model or text is to be compared. */
  onChoose(): void;
}

export class ComparisonControls {
  readonly node: HTMLElement;
  readonly #table: ToggleButton;
  readonly #whole: HTMLButtonElement;

  /** @param lock the button that locks the selection */
  constructor(lock: HTMLElement, handlers: ComparisonControlHandlers) {
    const button = (text: string, label: string, onClick: () => void): HTMLButtonElement => {
      const node = element('button', { type: 'button', 'aria-label': label, title: label }, text);
      node.addEventListener('click', onClick);
      return node;
    };
    this.#whole = button('Whole Text', 'Show the whole text', () => {
      handlers.onWhole();
    });
    this.#table = new ToggleButton({ on: 'Table', off: 'Table' }, 'table-toggle', () => {
      handlers.onTable();
    });
    const choose = button('Compare With…', 'Compare with another model or text', () => {
      handlers.onChoose();
    });
    choose.setAttribute('data-live', '');
    this.node = element(
      'div',
      { class: 'controls' },
      button('−', 'Zoom out', () => {
        handlers.onZoom(-1);
      }),
      button('+', 'Zoom in', () => {
        handlers.onZoom(1);
      }),
      this.#whole,
      this.#table.node,
      lock,
      choose,
    );
  }

  set(isTable: boolean, isZoomed: boolean): void {
    this.#table.set(isTable);
    this.#whole.disabled = !isZoomed;
  }
}
