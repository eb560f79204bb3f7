/** @file What else the model thought of: the most probable chunks, and which bits each would flip. */
import { element } from '../shared/dom';
import type { VotesReady } from '../shared/messages';
import { differingBits, formatShare, legibleText, packBits } from '../shared/text';

export class Alternatives {
  readonly node: HTMLElement;
  readonly #body = element('tbody');
  readonly #none = element('p', { class: 'none' }, 'The model lists no alternatives here.');
  readonly #table: HTMLTableElement;

  /** `onPoint` gets the bits that differ from the text while a row is pointed at or focused, and none after. */
  constructor(private readonly onPoint: (bits: readonly number[]) => void) {
    const columns = ['Alternative', 'p', 'flips'].map((name) => element('th', { scope: 'col' }, name));
    this.#table = element('table', {}, element('thead', {}, element('tr', {}, ...columns)), this.#body);
    this.node = element(
      'div',
      { class: 'alternatives', tabindex: '0', role: 'region', 'aria-label': 'Most probable chunks' },
      this.#table,
      this.#none,
    );
  }

  set(data: VotesReady): void {
    const real = packBits(data.bits);
    this.#table.hidden = data.alternatives.length === 0;
    this.#none.hidden = data.alternatives.length > 0;
    this.#body.replaceChildren(
      ...data.alternatives.map((alternative) => {
        const flips = differingBits(real, alternative.bytes).filter((bit) => data.scored[bit] === 1);
        const label = flips.length === 0 ? 'the text itself' : `flips bits ${flips.join(', ')}`;
        const text = element(
          'button',
          { type: 'button', class: 'alternative', title: label },
          legibleText(alternative.text),
        );
        const cell = element('th', { scope: 'row' }, text);
        if (flips.length === 0) cell.append(element('span', { class: 'badge' }, '= text'));
        if (!alternative.validUtf8) cell.append(element('span', { class: 'badge' }, '⚠ invalid UTF-8'));
        const row = element(
          'tr',
          {},
          cell,
          element('td', {}, formatShare(alternative.probability)),
          element('td', { title: label }, String(flips.length)),
        );
        const point = (): void => {
          this.onPoint(flips);
        };
        const leave = (): void => {
          this.onPoint([]);
        };
        row.addEventListener('pointerenter', point);
        row.addEventListener('pointerleave', leave);
        text.addEventListener('focus', point);
        text.addEventListener('blur', leave);
        return row;
      }),
    );
  }
}
