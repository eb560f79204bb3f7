/** @file The controls above the map: bit, colour, order, texts, and what is switched on. */
import { CHUNK_BITS } from '../../model/measures/chunk';
import { dropdown, element, ToggleButton } from '../shared/dom';
import type { MapFace, MapScope, SpecializationReady } from '../../model/protocol/panels/specialization';
import type { MapOrder, MapValue, VoterFilter } from './order';
import { MAP_ORDERS, MAP_VALUES, VOTER_FILTERS, votersShown } from './order';

const FILTERS = Object.keys(VOTER_FILTERS) as readonly VoterFilter[];

export interface MapControlHandlers {
  onBit(bit: number): void;
  onMostWrong(): void;
  onFilter(filter: VoterFilter): void;
  onValue(value: MapValue): void;
  onOrder(order: MapOrder): void;
  onScope(scope: MapScope): void;
  onMeasure(): void;
  onSearch(): void;
  onTable(): void;
  onFace(face: MapFace): void;
}

export class MapControls {
  readonly node: HTMLElement;
  readonly #face: ToggleButton;
  /** What the table of all voters has no use for. */
  readonly #ofMap: readonly HTMLElement[];
  readonly #table: ToggleButton;
  readonly #bit: HTMLLabelElement;
  readonly #voters: HTMLLabelElement;
  readonly #scope: HTMLLabelElement;
  readonly #measure = element('button', { type: 'button', class: 'measure', 'data-live': '' }, 'Measure Again');

  /** @param lock the button that locks the selection */
  constructor(
    chosen: { readonly value: MapValue; readonly order: MapOrder; readonly filter: VoterFilter },
    lock: HTMLElement,
    handlers: MapControlHandlers,
  ) {
    this.#table = new ToggleButton({ on: 'Table', off: 'Table' }, 'table-toggle', () => {
      handlers.onTable();
    });
    this.#face = new ToggleButton({ on: 'Find Voters', off: 'Find Voters' }, 'face', () => {
      handlers.onFace(this.#face.node.getAttribute('aria-pressed') === 'true' ? 'map' : 'voters');
    });
    this.#face.node.title = 'All voters of all bits in one table, or the map of one bit';
    this.#face.node.dataset['live'] = '';
    this.#bit = dropdown(
      'Bit',
      Array.from({ length: CHUNK_BITS }, (_, bit) => ({
        value: String(bit),
        label: `${bit} (byte ${bit >> 3}, ${2 ** (7 - (bit & 7))})`,
      })),
      '0',
      (bit) => {
        handlers.onBit(Number(bit));
      },
    );
    this.#voters = dropdown<VoterFilter>(
      'Voters',
      FILTERS.map((value) => ({ value, label: VOTER_FILTERS[value].words })),
      chosen.filter,
      (filter) => {
        handlers.onFilter(filter);
      },
    );
    const mostWrong = element(
      'button',
      {
        type: 'button',
        class: 'most-wrong',
        title: 'Select the bit whose real value the model expected least at the selected chunk',
        'data-live': '',
      },
      'Most Wrong',
    );
    mostWrong.addEventListener('click', () => {
      handlers.onMostWrong();
    });
    this.#scope = dropdown<MapScope>(
      'Text',
      [
        { value: 'text', label: 'this document' },
        { value: 'workspace', label: 'the workspace' },
      ],
      'text',
      (scope) => {
        handlers.onScope(scope);
      },
    );
    this.#measure.addEventListener('click', () => {
      handlers.onMeasure();
    });
    const search = element(
      'button',
      { type: 'button', title: 'Which voters know about a pattern or context?' },
      'Search…',
    );
    search.addEventListener('click', () => {
      handlers.onSearch();
    });
    for (const label of [this.#bit, this.#scope]) label.querySelector('select')!.setAttribute('data-live', '');
    this.#ofMap = [
      this.#bit,
      mostWrong,
      this.#voters,
      dropdown('Colour', MAP_VALUES, chosen.value, (value) => {
        handlers.onValue(value);
      }),
      dropdown('Order', MAP_ORDERS, chosen.order, (order) => {
        handlers.onOrder(order);
      }),
      this.#scope,
      this.#measure,
    ];
    this.node = element('div', { class: 'controls' }, ...this.#ofMap, search, this.#table.node, this.#face.node, lock);
  }

  /** Shows what was chosen elsewhere: the bit by the selection, the texts by the host. */
  set(data: SpecializationReady, isMeasuring: boolean, isTable: boolean): void {
    this.#bit.querySelector('select')!.value = String(data.bit);
    this.#scope.querySelector('select')!.value = data.scope;
    const isFinder = data.finder !== undefined;
    this.#face.set(isFinder);
    for (const control of [...this.#ofMap, this.#table.node]) control.hidden = isFinder;
    if (!data.hasWorkspace) this.#scope.hidden = true;
    if (isMeasuring) this.#measure.hidden = true;
    this.#table.set(isTable);
    const { map } = data;
    FILTERS.forEach((filter, index) => {
      const count = map === null ? '' : `: ${votersShown(map, filter)} of ${map.maxVotes.length}`;
      this.#voters.querySelectorAll('option')[index]!.textContent = `${VOTER_FILTERS[filter].words}${count}`;
    });
  }
}
