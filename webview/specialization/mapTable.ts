/** @file The map as a table that a screen reader reads, some voters at a time. */
import { voterName } from '../../model/measures/voterName';
import { element, table } from '../shared/dom';
import type { VoterMap } from '../../model/protocol/panels/specialization';
import type { VoterNames } from '../../model/protocol/voterNotes';
import { formatCount, formatShare } from '../shared/text';
import { columnTitle } from './describe';
import type { MapOrder, MapValue, VoterFilter } from './order';
import { placesOf, valuesOf } from './order';

/** Voters that are listed at a time. */
export const TABLE_ROWS = 64;

export interface MapTableContent {
  readonly map: VoterMap;
  readonly names: VoterNames;
  readonly order: MapOrder;
  readonly value: MapValue;
  readonly filter: VoterFilter;
}

export class MapTable {
  readonly node: HTMLElement;
  readonly #rows = element('div', {
    class: 'table-pane',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Voters as a table',
  });
  readonly #earlier = element('button', { type: 'button' }, `Previous ${TABLE_ROWS}`);
  readonly #later = element('button', { type: 'button' }, `Next ${TABLE_ROWS}`);
  #content: MapTableContent | null = null;
  #first = 0;

  constructor() {
    this.#earlier.addEventListener('click', () => {
      this.#move(-TABLE_ROWS);
    });
    this.#later.addEventListener('click', () => {
      this.#move(TABLE_ROWS);
    });
    this.node = element(
      'div',
      { class: 'tables' },
      element('div', { class: 'pager' }, this.#earlier, this.#later),
      this.#rows,
    );
  }

  set(content: MapTableContent): void {
    this.#content = content;
    const { map, names, order, value, filter } = content;
    const { voters, columns } = placesOf(map, order, filter);
    this.#first = Math.min(this.#first, Math.max(0, Math.floor((voters.length - 1) / TABLE_ROWS) * TABLE_ROWS));
    const shown = voters.subarray(this.#first, this.#first + TABLE_ROWS);
    this.#earlier.disabled = this.#first === 0;
    this.#later.disabled = this.#first + shown.length >= voters.length;
    const values = valuesOf(map, value);
    this.#rows.replaceChildren(
      table(
        `${value === 'auroc' ? 'AUROC of the vote for being in the context' : 'Mean vote in the context'}: ` +
          `voters ${Math.min(this.#first + 1, voters.length)} to ${this.#first + shown.length} of the ${voters.length} that are shown of bit ${map.bit}`,
        [
          'Voter',
          ...Array.from(columns, (column) => {
            const context = map.contexts[column]!;
            return `${columnTitle(context)} (N = ${formatCount(context.count)})`;
          }),
        ],
        Array.from(shown, (voter) => {
          const name = voterName(names, map.bit, voter);
          return [
            name === '' ? String(voter) : `${voter} ${name}`,
            ...Array.from(columns, (column) => formatShare(values[voter * map.contexts.length + column]!)),
          ];
        }),
      ),
    );
  }

  #move(by: number): void {
    this.#first = Math.max(0, this.#first + by);
    if (this.#content !== null) this.set(this.#content);
  }
}
