/** @file The places of which B is less surprised than A, or more, and those that only A has right, only B, or neither, the largest difference first; each goes to the text. */
import { surpriseDifference } from '../../model/measures/surpriseDifference';
import type { ComparisonWithBytes } from '../../model/protocol/panels/comparison';
import { dropdown, element } from '../shared/dom';
import { formatBits, formatCount, formatEffect } from '../shared/text';
import { chunkTexts } from './describe';

export type PlaceList = 'better' | 'worse' | 'onlyA' | 'onlyB' | 'bothWrong';

/** What there is of one list: how many chunks in all, and the first of them. */
interface ListOfPlaces {
  readonly value: PlaceList;
  readonly label: string;
  readonly caption: string;
  readonly total: (result: ComparisonWithBytes) => number;
  readonly places: (result: ComparisonWithBytes) => Uint32Array;
}

export const PLACE_LISTS: readonly ListOfPlaces[] = [
  {
    value: 'better',
    label: 'B is better',
    caption: 'Chunks of which B is less surprised than A, the largest gain first',
    total: ({ changed }) => changed[0],
    places: ({ places }) => places[3],
  },
  {
    value: 'worse',
    label: 'B is worse',
    caption: 'Chunks of which B is more surprised than A, the largest loss first',
    total: ({ changed }) => changed[1],
    places: ({ places }) => places[4],
  },
  {
    value: 'onlyA',
    label: 'only A is right',
    caption: 'Chunks that only A has right, the largest advantage first',
    total: ({ chunks }) => chunks[1]!,
    places: ({ places }) => places[0],
  },
  {
    value: 'onlyB',
    label: 'only B is right',
    caption: 'Chunks that only B has right, the largest advantage first',
    total: ({ chunks }) => chunks[2]!,
    places: ({ places }) => places[1],
  },
  {
    value: 'bothWrong',
    label: 'both are wrong',
    caption: 'Chunks that neither has right, the largest difference first',
    total: ({ chunks }) => chunks[3]!,
    places: ({ places }) => places[2],
  },
];

export function isPlaceList(name: string): name is PlaceList {
  return PLACE_LISTS.some(({ value }) => value === name);
}

/** Rows of a list at first; a button shows the rest. */
const FIRST = 100;

export class Places {
  readonly node: HTMLElement;
  readonly #caption = element('p', { class: 'places-caption' });
  readonly #pane = element('div', { class: 'table-pane', tabindex: '0', role: 'region', 'aria-label': 'Places' });
  readonly #more = element('button', { type: 'button', class: 'more-places' });
  readonly #buttons = new Map<number, HTMLButtonElement>();
  #shown: { readonly result: ComparisonWithBytes; readonly list: PlaceList; readonly all: boolean } | null = null;

  /**
   * @param onList another list is wanted
   * @param onPlace a chunk is to be shown in the text
   */
  constructor(
    list: PlaceList,
    onList: (list: PlaceList) => void,
    private readonly onPlace: (chunk: number) => void,
  ) {
    this.#more.addEventListener('click', () => {
      const shown = this.#shown;
      if (shown === null) return;
      this.#fill(shown.result, shown.list, true);
      this.#pane.focus();
    });
    this.node = element(
      'section',
      { class: 'places', 'aria-label': 'Places' },
      element('div', { class: 'controls' }, dropdown('Where', PLACE_LISTS, list, onList)),
      this.#caption,
      this.#pane,
      this.#more,
    );
  }

  draw(result: ComparisonWithBytes, list: PlaceList, selected: number | null): void {
    if (this.#shown?.result !== result || this.#shown.list !== list) this.#fill(result, list, false);
    for (const [chunk, button] of this.#buttons) {
      if (chunk === selected) button.setAttribute('aria-current', 'true');
      else button.removeAttribute('aria-current');
    }
  }

  #fill(result: ComparisonWithBytes, list: PlaceList, all: boolean): void {
    this.#shown = { result, list, all };
    const { caption, ...of } = PLACE_LISTS.find(({ value }) => value === list)!;
    const found = of.places(result);
    const total = of.total(result);
    const rows = all ? found : found.subarray(0, FIRST);
    const count = total > rows.length ? `${formatCount(rows.length)} of ${formatCount(total)}` : formatCount(total);
    this.#caption.textContent = total === 0 ? 'There is no such chunk.' : `${caption}: ${count}.`;
    this.#more.hidden = rows.length === found.length;
    this.#more.textContent = `Show ${formatCount(found.length)}`;
    this.#buttons.clear();
    this.#pane.hidden = total === 0;
    const columns = ['Place', 'Byte', 'A, bits', 'B, bits', 'A−B'];
    this.#pane.replaceChildren(
      element(
        'table',
        {},
        element('caption', { class: 'visually-hidden' }, caption),
        element('thead', {}, element('tr', {}, ...columns.map((name) => element('th', { scope: 'col' }, name)))),
        element('tbody', {}, ...Array.from(rows, (chunk) => this.#row(result, chunk))),
      ),
    );
  }

  #row(result: ComparisonWithBytes, chunk: number): HTMLTableRowElement {
    const { before, text, after } = chunkTexts(result.bytesA, chunk);
    const other = result.bytesB === null ? text : chunkTexts(result.bytesB, chunk).text;
    const button = element(
      'button',
      { type: 'button', class: 'place', title: `Go to byte ${formatCount(4 * chunk)}` },
      element('span', { class: 'context' }, before),
      element('mark', {}, text),
      element('span', { class: 'context' }, after),
      ...(other === text ? [] : [element('span', { class: 'context' }, '  B: '), element('mark', {}, other)]),
    );
    button.addEventListener('click', () => {
      this.onPlace(chunk);
    });
    this.#buttons.set(chunk, button);
    const [a, b] = [result.surpriseA[chunk]!, result.surpriseB[chunk]!];
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, button),
      ...[formatCount(4 * chunk), formatBits(a), formatBits(b), formatEffect(surpriseDifference(a, b))].map((cell) =>
        element('td', {}, cell),
      ),
    );
  }
}
