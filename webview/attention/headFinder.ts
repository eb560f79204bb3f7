/** @file The head finder: every head with what it looks at over the document, as a table that is sorted by any column. */
import type { HeadRow } from '../../model/measures/attentionText';
import {
  ALL_ALIKE,
  ATTENTION_KINDS,
  headName,
  headRows,
  KIND_TEXTS,
  lookedAtText,
} from '../../model/measures/attentionText';
import { percent } from '../../model/measures/numberText';
import type { HeadFindings } from '../../model/protocol/attention';
import type { AttentionAsk, AttentionReady } from '../../model/protocol/panels/attention';
import { element } from '../shared/dom';
import { MoreColumns } from '../shared/moreColumns';
import { formatCount } from '../shared/text';
import type { ChosenHead } from './describe';
import { describeFindings, NO_KIND, NO_KIND_HINT, percentOrNone, shortOrNone } from './describe';

interface Column {
  readonly id: string;
  readonly title: string;
  readonly hint: string;
  /** What a row is sorted by; NaN comes last. */
  readonly value: (row: HeadRow) => number;
  readonly text: (row: HeadRow) => string;
  /** Of a head that reads all places alike. */
  readonly even: (findings: HeadFindings) => string;
}

const COLUMNS: readonly Column[] = [
  {
    id: 'head',
    title: 'Head',
    hint: 'Block and head, counted from 1',
    value: ({ block, head }) => -(block * 1e6 + head),
    text: ({ block, head }) => `block ${block + 1} head ${head + 1}`,
    even: () => ALL_ALIKE,
  },
  {
    id: 'looksAt',
    title: `Looks at, most above “${ALL_ALIKE}”`,
    hint: `The kind of place whose weight is most above what it would be if all places were read alike (row “${ALL_ALIKE}”); sorted by that difference`,
    value: ({ looksAt }) => (looksAt === null ? NaN : looksAt.share - looksAt.even),
    text: ({ looksAt }) => (looksAt === null ? NO_KIND : lookedAtText(looksAt)),
    even: () => '',
  },
  {
    id: 'entropy',
    title: 'Entropy, bits',
    hint: 'Of the weights: 0 where all is on one place',
    value: ({ entropy }) => entropy,
    text: ({ entropy }) => shortOrNone(entropy),
    even: ({ evenEntropy }) => shortOrNone(evenEntropy),
  },
  {
    id: 'distance',
    title: 'Distance, bytes',
    hint: 'How far back a head reads, each place by its weight',
    value: ({ distance }) => distance,
    text: ({ distance }) => shortOrNone(distance),
    even: ({ evenDistance }) => shortOrNone(evenDistance),
  },
  ...ATTENTION_KINDS.map((kind, at): Column => ({
    id: kind,
    title: KIND_TEXTS[kind].name,
    hint: KIND_TEXTS[kind].hint,
    value: ({ shares }) => shares[kind],
    text: ({ shares }) => percentOrNone(shares[kind]),
    even: ({ evenShares }) => percentOrNone(evenShares[at]!),
  })),
];

/** What a column's header shows beside its title. */
const ARROWS = { none: '', ascending: ' ▲', descending: ' ▼' } as const;

/** Rows in the order of a column, the largest first; what has no value comes last. */
export function sortedRows(rows: readonly HeadRow[], id: string, ascending: boolean): HeadRow[] {
  const { value } = COLUMNS.find((column) => column.id === id) ?? COLUMNS[0]!;
  const sign = ascending ? 1 : -1;
  return rows.toSorted((a, b) => {
    const [x, y] = [value(a), value(b)];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y));
    return sign * (x - y);
  });
}

export interface HeadSorting {
  readonly sort: string;
  readonly ascending: boolean;
}

export interface HeadFinderHandlers {
  readonly onAsk: (ask: AttentionAsk) => void;
  readonly onChoose: (head: ChosenHead) => void;
  readonly onSort: (sorting: HeadSorting) => void;
}

export class HeadFinder {
  readonly node: HTMLElement;
  readonly #status = element('span', { class: 'finder-status' });
  readonly #bar = element('progress', { max: '1', 'aria-label': 'Progress' });
  readonly #button = element('button', { type: 'button', 'data-live': '', 'data-export': 'skip' });
  readonly #measured = element('p', { class: 'finder-measured' });
  readonly #body = element('tbody');
  readonly #headers: ReadonlyMap<string, { readonly cell: HTMLElement; readonly arrow: HTMLElement }>;
  readonly #pane: HTMLElement;
  readonly #noKind = element('p', { class: 'finder-measured' }, `${NO_KIND_HINT}.`);
  #isWorking = false;
  #sorting: HeadSorting = { sort: 'looksAt', ascending: false };

  constructor(private readonly handlers: HeadFinderHandlers) {
    this.#button.addEventListener('click', () => {
      handlers.onAsk(this.#isWorking ? 'cancel' : 'measure');
    });
    this.#headers = new Map(
      COLUMNS.map(({ id, title, hint }) => {
        const arrow = element('span', { 'aria-hidden': 'true' });
        const button = element('button', { type: 'button', class: 'sort', title: hint }, title, arrow);
        button.addEventListener('click', () => {
          const { sort, ascending } = this.#sorting;
          handlers.onSort({ sort: id, ascending: sort === id && !ascending });
        });
        return [id, { cell: element('th', { scope: 'col' }, button), arrow }];
      }),
    );
    const cells = Array.from(this.#headers.values(), ({ cell }) => cell);
    this.#pane = element(
      'div',
      { class: 'table-pane', tabindex: '0', role: 'region', 'aria-label': 'Heads by what they look at' },
      element('table', {}, element('thead', {}, element('tr', {}, ...cells)), this.#body),
    );
    this.node = element(
      'section',
      { class: 'finder', 'aria-label': 'Head finder' },
      element('h2', {}, 'What heads look at over the document'),
      element('div', { class: 'finder-line' }, this.#bar, this.#status, this.#button, new MoreColumns(this.#pane).node),
      this.#measured,
      this.#noKind,
      this.#pane,
    );
  }

  draw(data: AttentionReady, chosen: ChosenHead, sorting: HeadSorting): void {
    const { findings, work, failure, outdated } = data;
    this.#sorting = sorting;
    this.#isWorking = work !== null;
    this.#bar.hidden = work === null;
    if (work?.share == null) this.#bar.removeAttribute('value');
    else this.#bar.value = work.share;
    this.#status.textContent = statusOf(data);
    this.#button.textContent = work === null ? 'Measure Again' : 'Cancel';
    this.#button.hidden = work === null && failure === null && !outdated;
    this.#pane.hidden = findings === null;
    this.#measured.hidden = findings === null;
    this.#noKind.hidden = true;
    if (findings === null) return;
    this.#measured.textContent = describeFindings(findings);
    for (const [id, { cell, arrow }] of this.#headers) {
      const direction = id !== sorting.sort ? 'none' : sorting.ascending ? 'ascending' : 'descending';
      cell.setAttribute('aria-sort', direction);
      arrow.textContent = ARROWS[direction];
    }
    const rows = sortedRows(headRows(findings), sorting.sort, sorting.ascending);
    this.#noKind.hidden = rows.every(({ looksAt }) => looksAt !== null);
    const focused = document.activeElement?.closest('tr')?.dataset['head'];
    const even = element(
      'tr',
      { class: 'even' },
      ...COLUMNS.map(({ even: text }, at) => tableCell(at, text(findings))),
    );
    this.#body.replaceChildren(even, ...rows.map((row) => this.#row(findings, row, chosen)));
    if (focused !== undefined) this.#body.querySelector<HTMLElement>(`tr[data-head="${focused}"] button`)?.focus();
  }

  #row(findings: HeadFindings, row: HeadRow, chosen: ChosenHead): HTMLTableRowElement {
    const number = row.block * findings.heads + row.head;
    const node = element('tr', { 'data-head': String(number) });
    COLUMNS.forEach(({ id, text }, at) => {
      const cell = tableCell(at, at === 0 ? '' : text(row));
      if (at === 0) {
        const button = element(
          'button',
          { type: 'button', class: 'place', title: 'Show where it reads' },
          headName(findings, number),
        );
        button.addEventListener('click', () => {
          this.handlers.onChoose(number);
        });
        cell.append(button);
      }
      if (id === row.looksAt?.kind) cell.classList.add('is-most');
      node.append(cell);
    });
    if (number === chosen) node.setAttribute('aria-current', 'true');
    return node;
  }
}

function tableCell(column: number, text: string): HTMLElement {
  return column === 0 ? element('th', { scope: 'row' }, text) : element('td', {}, text);
}

function statusOf({ findings, work, failure, outdated }: AttentionReady): string {
  if (work !== null) return `${work.words}…${work.share === null ? '' : ` ${percent(work.share)}`}`;
  if (failure !== null) return failure;
  if (findings === null) return 'The document is too short: no place has another one before it.';
  return outdated
    ? 'The document has changed since.'
    : `${formatCount(findings.blocks * findings.heads)} heads; a click on one shows where it reads.`;
}
