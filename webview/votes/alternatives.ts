/** @file What else the model thought of: the most probable chunks, and which bits each would flip. */
import { CHUNK_BITS } from '../../model/measures/chunk';
import { element, svgElement } from '../shared/dom';
import type { VotesReady } from '../../model/protocol/panels/votes';
import { rectangle } from '../shared/chart/path';
import { formatShare } from '../shared/text';

/** Size of a bit in the strip of flips, and the gap between bytes, in CSS pixels. */
const BIT_WIDTH = 2.5;
const BYTE_GAP = 2;
const STRIP_HEIGHT = 10;

/** The 32 bits as a line, those that the alternative would flip as bars on it. */
function flipStrip(flips: readonly number[]): SVGSVGElement {
  const x = (bit: number): number => bit * BIT_WIDTH + (bit >> 3) * BYTE_GAP;
  const width = x(CHUNK_BITS - 1) + BIT_WIDTH;
  const strip = svgElement('svg', {
    class: 'flips',
    width: String(width),
    height: String(STRIP_HEIGHT),
    'aria-hidden': 'true',
  });
  const bytes = [0, 8, 16, 24].map((bit) => rectangle(x(bit), STRIP_HEIGHT / 2 - 0.5, 8 * BIT_WIDTH, 1));
  const bars = flips.map((bit) => rectangle(x(bit), 0.5, BIT_WIDTH - 0.5, STRIP_HEIGHT - 1));
  strip.append(
    svgElement('path', { class: 'flips-line', d: bytes.join('') }),
    svgElement('path', { class: 'flips-bars', d: bars.join('') }),
  );
  return strip;
}

export class Alternatives {
  readonly node: HTMLElement;
  readonly #body = element('tbody');
  readonly #none = element('p', { class: 'none' }, 'The model lists no alternatives here.');
  readonly #table: HTMLTableElement;
  readonly #title: HTMLElement;

  /** `onPoint` gets the bits that differ from the text while a row is pointed at or focused, and none after. */
  constructor(private readonly onPoint: (bits: readonly number[]) => void) {
    const columns = ['Alternative', 'p', 'flips'].map((name) => element('th', { scope: 'col' }, name));
    this.#title = columns[0]!;
    this.#table = element('table', {}, element('thead', {}, element('tr', {}, ...columns)), this.#body);
    this.node = element(
      'div',
      { class: 'alternatives', tabindex: '0', role: 'region', 'aria-label': 'Most probable chunks' },
      this.#table,
      this.#none,
    );
  }

  set(data: VotesReady): void {
    this.#title.textContent = data.lesion === null ? 'Alternative' : 'Alternative, if all voters vote';
    this.#table.hidden = data.alternatives.length === 0;
    this.#none.hidden = data.alternatives.length > 0;
    this.#body.replaceChildren(
      ...data.alternatives.map((alternative) => {
        const flips = Array.from(alternative.flippedBits);
        const label = flips.length === 0 ? 'the text itself' : `flips bits ${flips.join(', ')}`;
        const text = element('button', { type: 'button', class: 'alternative', title: label }, alternative.text);
        const cell = element('th', { scope: 'row' }, text);
        if (flips.length === 0) cell.append(element('span', { class: 'badge' }, '= text'));
        if (!alternative.validUtf8) cell.append(element('span', { class: 'badge invalid' }, '⚠ invalid UTF-8'));
        const row = element(
          'tr',
          {},
          cell,
          element('td', {}, formatShare(alternative.probability)),
          element('td', { title: label }, flipStrip(flips), String(flips.length)),
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
