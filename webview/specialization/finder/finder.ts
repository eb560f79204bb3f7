/** @file The voter finder: every voter of the model in one table, with what is looked for above it and what is done with the chosen ones. */
import { dropdown, element, ToggleButton } from '../../shared/dom';
import { tableCsv } from '../../shared/export/csv';
import type { ExportTable } from '../../shared/export/panel';
import type { LiveRegion } from '../../shared/page/tooltip';
import { isPlainKey } from '../../shared/page/panelFrame';
import { MoreColumns } from '../../shared/moreColumns';
import { formatCount } from '../../shared/text';
import { VOTER_CLASS_MEANINGS } from '../../../model/measures/voterClasses';
import type { VoterPlace } from '../../../model/protocol/inspection';
import type { SpecializationAsk, TableScope, VoterFinder } from '../../../model/protocol/panels/specialization';
import type { ColumnKey, Sorting } from './columns';
import { COLUMNS, CSV_COLUMNS, csvRow, FinderRows, sorted } from './columns';
import type { Choice } from './finderTable';
import { FinderTable } from './finderTable';
import { matching, parseQuery, QUERY_HELP } from './query';
import { Spread } from './spread';

/** What a reload restores. */
export interface FinderSettings {
  readonly query: string;
  readonly sorting: Sorting;
}

export const FINDER_DEFAULTS: FinderSettings = { query: 'alive', sorting: { key: 'effect', descending: true } };

export interface FinderHandlers {
  request(request: SpecializationAsk): void;
  selectVoter(bit: number, voter: number): void;
  change(settings: Partial<FinderSettings>): void;
}

const SCOPES: readonly { readonly value: TableScope; readonly label: string }[] = [
  { value: 'text', label: 'this document' },
  { value: 'workspace', label: 'the workspace' },
  { value: 'gathered', label: 'gathered statistics' },
];

/** What is done with all chosen voters; undefined lets them vote by themselves. */
const ACTIONS: readonly { readonly label: string; readonly vote: number | null | undefined }[] = [
  { label: 'Silence', vote: null },
  { label: 'Hold at 1', vote: 1 },
  { label: 'Hold at 0', vote: 0 },
  { label: 'Restore', vote: undefined },
];

export class Finder {
  readonly node: HTMLElement;
  readonly #scope = dropdown('Text', SCOPES, 'text', (scope) => {
    this.handlers.request({ kind: 'table', scope });
  });
  readonly #measure = element('button', { type: 'button', class: 'measure', 'data-live': '' }, 'Measure Again');
  readonly #query = element('input', {
    type: 'search',
    class: 'query',
    'aria-label': 'Find voters',
    placeholder: 'Find: words, dead, alive, bit:6, name:vowel, wins>10 …',
    title: QUERY_HELP,
  });
  readonly #problem = element('p', { class: 'query-problem', role: 'alert' });
  readonly #count = element('span', { class: 'count', role: 'status' });
  readonly #all = element(
    'button',
    { type: 'button', class: 'show-all', title: 'Clear what is looked for' },
    'Show All',
  );
  /** What the marks of rows mean. */
  readonly #marks = element('span', { class: 'row-key' });
  readonly #chosenCount = element('span', { class: 'chosen-count' });
  readonly #actions = ACTIONS.map(({ label, vote }) => {
    const node = element('button', { type: 'button', 'data-live': '' }, label);
    node.addEventListener('click', () => {
      this.#act(vote);
    });
    return node;
  });
  readonly #compare = new ToggleButton({ on: 'Compare', off: 'Compare' }, 'compare-voters', () => {
    this.#toggleCompare();
  });
  readonly #copy = element('button', { type: 'button', 'data-live': '' });
  readonly #note = element('p', { class: 'none' });
  readonly #outdated = element('span', { class: 'outdated' }, 'The text has changed since.');
  readonly #spread = new Spread();
  readonly #table = new FinderTable({
    onSort: (key) => {
      this.#sort(key);
    },
    onChoose: (row, how) => {
      this.#choose(row, how);
    },
    onKey: (event) => {
      this.#key(event);
    },
  });
  readonly #more = new MoreColumns(this.#table.node);
  #rows: FinderRows | null = null;
  #finder: VoterFinder | null = null;
  #settings: FinderSettings = FINDER_DEFAULTS;
  /** Rows in the order that is shown. */
  #shown: Uint32Array = new Uint32Array();
  /** Rows that were chosen here, shown or not; null where what is chosen follows the selected voter. */
  #chosenHere: ReadonlySet<number> | null = null;
  /** Where the next extension begins. */
  #anchor: number | null = null;
  /** Row of the selected voter. */
  #current: number | null = null;
  /** The table begins at its top, whichever voter is selected then. */
  #isDrawn = false;

  constructor(
    private readonly live: LiveRegion,
    private readonly handlers: FinderHandlers,
  ) {
    this.#scope.querySelector('select')!.setAttribute('data-live', '');
    this.#compare.node.setAttribute('data-live', '');
    this.#compare.node.title = 'Show the two chosen voters side by side';
    this.#measure.addEventListener('click', () => {
      if (this.#finder !== null) handlers.request({ kind: 'table', scope: this.#finder.scope });
    });
    this.#query.addEventListener('input', () => {
      handlers.change({ query: this.#query.value });
    });
    this.#query.addEventListener('keydown', (event) => {
      if (event.key === 'Enter' || event.key === 'ArrowDown') {
        event.preventDefault();
        this.#table.focus();
        this.#move(0);
      }
    });
    this.#all.addEventListener('click', () => {
      this.#query.value = '';
      handlers.change({ query: '' });
      this.#query.focus();
    });
    this.#copy.addEventListener('click', () => {
      const table = this.exported();
      handlers.request({ kind: 'copy', text: tableCsv(table) });
      live.say(`${formatCount(table.rows.length)} voters copied as CSV.`);
    });
    this.node = element(
      'div',
      { class: 'finder' },
      element(
        'div',
        { class: 'controls' },
        this.#scope,
        this.#measure,
        this.#outdated,
        this.#query,
        this.#count,
        this.#all,
      ),
      this.#problem,
      element(
        'div',
        { class: 'controls chosen', role: 'group', 'aria-label': 'For the chosen voters' },
        this.#chosenCount,
        ...this.#actions,
        this.#compare.node,
        this.#copy,
      ),
      this.#note,
      this.#spread.node,
      element('div', { class: 'table-line' }, this.#marks, this.#more.node),
      this.#table.node,
    );
  }

  /** How many of how many are shown, what was looked for, since a figure has no field that says it, and another N where there is one. */
  get provenance(): string {
    const { query } = this.#settings;
    const found = query === '' ? this.#counts : `${this.#counts} (“${query}”)`;
    const table = this.#rows?.table;
    const counted = table?.contributions?.chunks ?? 0;
    return counted === 0 || counted === table!.chunks
      ? found
      : `${found} · wins, effects and bytes on N = ${formatCount(counted)} chunks`;
  }

  get #counts(): string {
    return `${formatCount(this.#shown.length)} of ${formatCount(this.#rows?.count ?? 0)} voters shown`;
  }

  /** Finds and sorts anew; `mark` then draws the rows. */
  take(finder: VoterFinder, settings: FinderSettings, isMeasuring: boolean): void {
    this.#finder = finder;
    this.#scope.querySelector('select')!.value = finder.scope;
    this.#scope.querySelector<HTMLOptionElement>('option[value=gathered]')!.disabled = !finder.hasGathered;
    this.#measure.hidden = isMeasuring || finder.scope === 'gathered';
    this.#outdated.hidden = finder.table?.outdated !== true || isMeasuring;
    if (document.activeElement !== this.#query) this.#query.value = settings.query;
    const { table } = finder;
    if (table === null) {
      this.#rows = null;
      this.#shown = new Uint32Array();
      this.#chosenHere = null;
    } else {
      if (this.#rows?.finder !== finder) this.#rows = new FinderRows(finder, table);
      const isOtherQuery = settings.query !== this.#settings.query;
      const isOther = isOtherQuery || settings.sorting !== this.#settings.sorting;
      const before = this.#chosenText;
      this.#settings = settings;
      this.#find();
      if (isOther) this.#table.scrollUp();
      // What is done next is done with these, which is not seen where their rows are not.
      if (isOtherQuery && this.#chosenText !== before) this.live.say(this.#chosenText);
    }
  }

  /** Draws the rows, with the selected voter marked. */
  mark(place: VoterPlace | null): void {
    const rows = this.#rows;
    this.#table.node.hidden = rows === null;
    this.#spread.node.hidden = rows === null;
    this.#marks.hidden = rows === null;
    if (rows === null) {
      this.#drawActions();
      return;
    }
    const current = place === null ? null : place.bit * rows.table.votersPerBit + place.voter;
    if (current !== this.#current) {
      this.#current = current;
      // What was selected elsewhere ends what was chosen here.
      if (current !== null && this.#chosenHere?.has(current) !== true) {
        this.#chosenHere = null;
        this.#anchor = current;
      }
      this.#drawRows();
      const at = current === null ? -1 : this.#shown.indexOf(current);
      if (at >= 0 && this.#isDrawn) this.#table.reveal(at);
    } else this.#drawRows();
    this.#isDrawn = true;
  }

  /** The rows that are shown with every column, numbers not rounded. */
  exported(): ExportTable {
    const rows = this.#rows;
    return { columns: CSV_COLUMNS, rows: rows === null ? [] : Array.from(this.#shown, (row) => csvRow(rows, row)) };
  }

  /** Puts the keyboard where voters are looked for. */
  focus(): void {
    this.#query.focus();
  }

  /** What buttons act on. A voter that was selected elsewhere is chosen only where its row says so. */
  get #chosen(): ReadonlySet<number> {
    if (this.#chosenHere !== null) return this.#chosenHere;
    const current = this.#current;
    return new Set(current !== null && this.#shown.includes(current) ? [current] : []);
  }

  get #chosenText(): string {
    const chosen = this.#chosen;
    const hidden = chosen.size - this.#shown.filter((row) => chosen.has(row)).length;
    return `${formatCount(chosen.size)} chosen${hidden === 0 ? '' : `, ${formatCount(hidden)} not shown`}`;
  }

  #find(): void {
    const rows = this.#rows!;
    const { query: text, sorting } = this.#settings;
    const query = parseQuery(text);
    this.#shown = sorted(rows, matching(rows, query), sorting);
    this.#problem.hidden = query.problem === null;
    this.#problem.textContent = query.problem;
    this.#count.textContent = text === '' ? this.#counts : `${this.#counts}: ${text}`;
    this.#count.title = `alive: not dead, which ${VOTER_CLASS_MEANINGS.dead}`;
    this.#all.hidden = text === '';
    this.#drawMarks(rows);
    const { contributions } = rows.table;
    this.#note.hidden = contributions !== null && this.#shown.length > 0;
    this.#note.textContent =
      contributions === null
        ? 'Wins, effects and promoted bytes were not counted when these statistics were gathered: choose this document, or gather statistics again.'
        : 'No voter is like that.';
    this.#spread.draw(rows, this.#shown, sorting.key);
  }

  #drawMarks({ finder }: FinderRows): void {
    this.#marks.replaceChildren(
      ...(finder.here === null
        ? []
        : [element('span', { class: 'votes-here-key' }), 'votes above ½ at the selected chunk']),
      ...(finder.here === null || finder.changes.length === 0 ? [] : [' · ']),
      ...(finder.changes.length === 0 ? [] : [element('s', {}, 'struck through'), ': silenced or held']),
    );
  }

  #drawRows(): void {
    const rows = this.#rows;
    if (rows === null) return;
    const { sorting } = this.#settings;
    this.#table.draw({ rows, shown: this.#shown, sorting, chosen: this.#chosen, current: this.#current });
    this.#drawActions();
  }

  #drawActions(): void {
    const count = this.#chosen.size;
    const isComparing = this.#finder?.compared != null;
    this.#chosenCount.textContent = this.#chosenText;
    for (const button of this.#actions) button.disabled = count === 0;
    this.#compare.set(isComparing);
    this.#compare.node.disabled = !isComparing && count !== 2;
    this.#copy.textContent = `Copy ${formatCount(this.#shown.length)} rows as CSV`;
    this.#copy.disabled = this.#shown.length === 0;
  }

  #sort(key: ColumnKey): void {
    const { sorting } = this.#settings;
    // Words begin with a, numbers with the largest.
    const isWords = key === 'voter' || COLUMNS[key].unit === '';
    const descending = sorting.key === key ? !sorting.descending : !isWords;
    this.handlers.change({ sorting: { key, descending } });
    this.live.say(`Sorted by ${COLUMNS[key].title}, ${descending ? 'descending' : 'ascending'}.`);
  }

  #choose(row: number, how: Choice): void {
    const rows = this.#rows!;
    const chosen = new Set(this.#chosen);
    const place = this.#shown.indexOf(row);
    // From a row that is not shown nothing can be extended.
    const from = this.#anchor === null ? -1 : this.#shown.indexOf(this.#anchor);
    if (how === 'extend' && from >= 0) {
      this.#chosenHere = new Set(this.#shown.subarray(Math.min(from, place), Math.max(from, place) + 1));
    } else if (how === 'keep') {
      this.#chosenHere = chosen;
    } else {
      if (how !== 'toggle') this.#chosenHere = new Set([row]);
      else {
        if (!chosen.delete(row)) chosen.add(row);
        this.#chosenHere = chosen;
      }
      this.#anchor = row;
    }
    this.#current = row;
    this.#table.reveal(place);
    this.#drawRows();
    this.handlers.selectVoter(rows.bit(row), rows.voter(row));
    const name = rows.name(row);
    this.live.say(
      `Voter ${rows.id(row)}${name === '' ? '' : `, ${name}`}, row ${place + 1} of ${this.#shown.length}, ${this.#chosenText}`,
    );
  }

  /** To the row so many below the selected one. */
  #move(by: number, how: Choice = 'alone'): void {
    const { length } = this.#shown;
    if (length === 0) return;
    const at = this.#current === null ? -1 : this.#shown.indexOf(this.#current);
    const place = at < 0 ? 0 : Math.min(length - 1, Math.max(0, at + by));
    this.#choose(this.#shown[place]!, how);
  }

  #key(event: KeyboardEvent): void {
    if ((event.ctrlKey || event.metaKey) && event.key === 'a') {
      event.preventDefault();
      this.#chosenHere = new Set(this.#shown);
      this.#drawRows();
      this.live.say(this.#chosenText);
      return;
    }
    const { page } = this.#table;
    const steps: Readonly<Record<string, number>> = {
      ArrowDown: 1,
      ArrowUp: -1,
      PageDown: page,
      PageUp: -page,
      Home: -Infinity,
      End: Infinity,
    };
    const by = steps[event.key];
    if (by !== undefined && isPlainKey(event)) this.#move(by, event.shiftKey ? 'extend' : 'alone');
    else if (by !== undefined && event.ctrlKey) this.#move(by, 'keep');
    else if (event.key === ' ') {
      if (this.#current !== null && this.#shown.includes(this.#current)) this.#choose(this.#current, 'toggle');
    } else return;
    event.preventDefault();
  }

  #places(): VoterPlace[] {
    const rows = this.#rows!;
    return Array.from(this.#chosen, (row) => ({ bit: rows.bit(row), voter: rows.voter(row) }));
  }

  #act(vote: number | null | undefined): void {
    const voters = this.#places();
    if (vote === undefined) this.handlers.request({ kind: 'restoreVoters', voters });
    else this.handlers.request({ kind: 'changeVoters', changes: voters.map((place) => ({ ...place, vote })) });
  }

  #toggleCompare(): void {
    const rows = this.#rows!;
    const isComparing = this.#finder!.compared !== null;
    const other = this.#places().find(({ bit, voter }) => bit * rows.table.votersPerBit + voter !== this.#current);
    this.handlers.request({ kind: 'compare', voter: isComparing || other === undefined ? null : other });
  }
}
