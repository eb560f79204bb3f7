/** @file The rows of the voter finder as a table of which only what is seen is made; sorted by its heads, chosen by pointer and keys. */
import type { TableScope } from '../../../model/protocol/panels/specialization';
import { element } from '../../shared/dom';
import type { ColumnKey, FinderRows, Sorting } from './columns';
import { COLUMN_KEYS, COLUMNS } from './columns';

/** Pixels of a row; main.css has the same. */
export const ROW_HEIGHT = 20;
/** Rows that are made beyond those that are seen. */
const BEYOND = 8;

/** Columns whose texts may not fit. */
const CUT: ReadonlySet<ColumnKey> = new Set(['name', 'evidence', 'classes']);

/** What becomes of the chosen rows where another is gone to: it alone, all up to it, it beside or no more beside the others, or as before. */
export type Choice = 'alone' | 'extend' | 'toggle' | 'keep';

export interface TableHandlers {
  onSort(key: ColumnKey): void;
  /** A row was clicked. */
  onChoose(row: number, how: Choice): void;
  onKey(event: KeyboardEvent): void;
}

/** What is shown of which rows. */
export interface TableContent {
  readonly rows: FinderRows;
  /** Row numbers in the order that is shown. */
  readonly shown: Uint32Array;
  readonly sorting: Sorting;
  readonly chosen: ReadonlySet<number>;
  /** The selected voter's row; null where none is. */
  readonly current: number | null;
}

export class FinderTable {
  readonly node: HTMLElement;
  readonly #heads: ReadonlyMap<ColumnKey, HTMLTableCellElement>;
  readonly #above = element('td', { colspan: String(COLUMN_KEYS.length) });
  readonly #below = element('td', { colspan: String(COLUMN_KEYS.length) });
  readonly #body = element('tbody');
  readonly #table: HTMLTableElement;
  #content: TableContent | null = null;
  #frame = 0;

  constructor(handlers: TableHandlers) {
    this.#heads = new Map(
      COLUMN_KEYS.map((key) => {
        const { title, unit, hint } = COLUMNS[key];
        const button = element(
          'button',
          { type: 'button', title: hint },
          element('span', { class: 'head-title' }, title),
          ...(unit === '' ? [] : [element('span', { class: 'head-unit' }, unit)]),
        );
        button.addEventListener('click', () => {
          handlers.onSort(key);
        });
        return [key, element('th', { scope: 'col', class: `column-${key}` }, button)];
      }),
    );
    this.#table = element(
      'table',
      { role: 'grid', tabindex: '0', 'aria-multiselectable': 'true', 'aria-label': 'Voters', class: 'voters' },
      element('thead', {}, element('tr', {}, ...this.#heads.values())),
      this.#body,
    );
    this.node = element('div', { class: 'voters-pane' }, this.#table);
    this.node.addEventListener('scroll', () => {
      cancelAnimationFrame(this.#frame);
      this.#frame = requestAnimationFrame(() => {
        this.#drawRows();
      });
    });
    this.#body.addEventListener('click', (event) => {
      const row = (event.target as Element).closest('tr')?.dataset['row'];
      if (row === undefined) return;
      this.focus();
      const isAdded = event.ctrlKey || event.metaKey;
      handlers.onChoose(Number(row), event.shiftKey ? 'extend' : isAdded ? 'toggle' : 'alone');
    });
    this.#table.addEventListener('keydown', (event) => {
      if (event.target === this.#table) handlers.onKey(event);
    });
  }

  /** Rows that fit. */
  get page(): number {
    return Math.max(1, Math.floor((this.node.clientHeight - this.#headHeight) / ROW_HEIGHT) - 1);
  }

  focus(): void {
    this.#table.focus({ preventScroll: true });
  }

  draw(content: TableContent): void {
    this.#content = content;
    const { key, descending } = content.sorting;
    for (const [column, head] of this.#heads) {
      if (column === key) head.setAttribute('aria-sort', descending ? 'descending' : 'ascending');
      else head.removeAttribute('aria-sort');
    }
    this.#table.setAttribute('aria-rowcount', String(content.shown.length + 1));
    this.#drawRows();
  }

  scrollUp(): void {
    this.node.scrollTop = 0;
  }

  /** Scrolls so that the row at a place is seen. */
  reveal(place: number): void {
    const top = place * ROW_HEIGHT;
    const seen = this.node.clientHeight - this.#headHeight;
    if (top < this.node.scrollTop) this.node.scrollTop = top;
    else if (top + ROW_HEIGHT > this.node.scrollTop + seen) this.node.scrollTop = top + ROW_HEIGHT - seen;
  }

  get #headHeight(): number {
    return this.#table.tHead!.offsetHeight;
  }

  #drawRows(): void {
    const content = this.#content;
    if (content === null) return;
    const { shown, current } = content;
    const fit = Math.ceil(this.node.clientHeight / ROW_HEIGHT);
    const first = Math.max(0, Math.min(Math.floor(this.node.scrollTop / ROW_HEIGHT), shown.length - fit) - BEYOND);
    const last = Math.min(shown.length, first + fit + 2 * BEYOND);
    this.#above.style.height = `${first * ROW_HEIGHT}px`;
    this.#below.style.height = `${(shown.length - last) * ROW_HEIGHT}px`;
    const spacer = (cell: HTMLTableCellElement): HTMLTableRowElement =>
      element('tr', { 'aria-hidden': 'true', class: 'spacer' }, cell);
    this.#body.replaceChildren(
      spacer(this.#above),
      ...Array.from(shown.subarray(first, last), (row, at) => this.#row(content, row, first + at)),
      spacer(this.#below),
    );
    const place = current === null ? -1 : shown.indexOf(current);
    if (place >= first && place < last) this.#table.setAttribute('aria-activedescendant', `voter-${current!}`);
    else this.#table.removeAttribute('aria-activedescendant');
  }

  #row({ rows, chosen, current }: TableContent, row: number, place: number): HTMLTableRowElement {
    const state = rows.state(row);
    const marks = [
      row === current ? 'is-current' : '',
      state === '' ? '' : 'is-changed',
      rows.here(row) > 0.5 ? 'votes-here' : '',
    ];
    return element(
      'tr',
      {
        id: `voter-${row}`,
        class: marks.filter((mark) => mark !== '').join(' '),
        'data-row': String(row),
        'aria-rowindex': String(place + 2),
        'aria-selected': String(chosen.has(row)),
      },
      ...COLUMN_KEYS.map((key) => {
        const text = COLUMNS[key].text(rows, row);
        const attributes = { class: `column-${key}`, ...(CUT.has(key) ? { title: text } : {}) };
        if (key === 'voter') {
          const notes = [
            ...(state === '' ? [] : [state]),
            ...(rows.here(row) > 0.5 ? ['votes at the selected chunk'] : []),
          ];
          return element(
            'th',
            { ...attributes, scope: 'row', title: [text, ...notes].join(', ') },
            text,
            ...(state === '' ? [] : [element('span', { class: 'voter-state' }, state)]),
            ...(rows.here(row) > 0.5
              ? [element('span', { class: 'visually-hidden' }, ', votes at the selected chunk')]
              : []),
          );
        }
        const isAutomatic = key === 'name' && text !== '' && rows.ownName(row) === '';
        return element('td', attributes, ...(isAutomatic ? [automaticMark(rows.finder.scope)] : []), text);
      }),
    );
  }
}

/** Marks an automatic name, and says where it is other than the one that hover and panels have. */
function automaticMark(scope: TableScope): HTMLElement {
  if (scope === 'gathered') return element('span', { class: 'automatic' }, 'auto');
  const title = 'Named after the text of this table. Hover and other panels name it after the gathered statistics.';
  return element('span', { class: 'automatic', title }, 'auto here');
}
