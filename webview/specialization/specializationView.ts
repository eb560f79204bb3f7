/** @file The Specialization map: puts map, dashboard and search together, and holds what the person chose. */
import { divergingColors } from '../shared/colors';
import { dropdown, element, ToggleButton } from '../shared/dom';
import type { Host } from '../shared/host';
import { HoverSelect } from '../shared/hover';
import { Legend } from '../shared/legend';
import type { Selection } from '../shared/messages';
import { Page, provenanceText } from '../shared/page';
import { BITS } from '../shared/rows';
import { SharedSelection } from '../shared/selection';
import type {
  MapScope,
  SpecializationReady,
  SpecializationRequest,
  SpecializationState,
} from '../shared/specializationMessages';
import { readTheme, watchTheme } from '../shared/theme';
import { LiveRegion, Tooltip } from '../shared/tooltip';
import { Dashboard } from './dashboard';
import type { DashboardSettings } from './dashboard';
import type { MapCell } from './describe';
import { describeCell, describeSamples, voterTitle } from './describe';
import { mapAction } from './keys';
import { MapPlot } from './mapPlot';
import { MapTable } from './mapTable';
import type { MapOrder, MapValue } from './order';
import { MAP_ORDERS, MAP_VALUES, placesOf } from './order';
import type { Ranking } from './search';
import { Search } from './search';
import { WorkLine } from './work';

/** What a reload restores. */
export interface SpecializationSaved extends DashboardSettings {
  readonly value: MapValue;
  readonly order: MapOrder;
  readonly ranking: Ranking;
  readonly table: boolean;
}

const DEFAULTS: SpecializationSaved = {
  value: 'auroc',
  order: 'grouped',
  ranking: 'auroc',
  table: false,
  logarithmic: false,
  examples: 'top',
};
/** A pointer that rests this long on a voter selects it in the other views too. */
const HOVER_MILLISECONDS = 200;

const TITLES: Readonly<Record<MapValue, readonly [title: string, low: string, middle: string, high: string]>> = {
  auroc: [
    'AUROC of the vote for being in the context',
    '0 lower there',
    'middle ½: the vote does not tell',
    '1 higher there',
  ],
  meanVote: ['mean vote in the context', '0', 'middle ½', '1'],
};

export class SpecializationView {
  #saved: SpecializationSaved;
  #data: SpecializationReady | null = null;
  #hovered: MapCell | null = null;
  /** Column that the keyboard or the last click is on. */
  #column = 0;
  #colors = divergingColors(readTheme().dark);
  readonly #hoverSelect = new HoverSelect(HOVER_MILLISECONDS);
  readonly #selection = new SharedSelection(() => {
    this.#mark();
  });
  readonly #plot: MapPlot;
  readonly #table = new MapTable();
  readonly #dashboard: Dashboard;
  readonly #search: Search;
  readonly #legend = new Legend();
  readonly #work: WorkLine;
  readonly #outdated = element('span', { class: 'outdated' }, 'The text has changed since.');
  readonly #measure: HTMLButtonElement;
  readonly #provenance = element('p', { class: 'provenance' });
  readonly #tooltip = new Tooltip();
  readonly #live = new LiveRegion();
  readonly #lock: ToggleButton;
  readonly #tableButton: ToggleButton;
  readonly #bit: HTMLLabelElement;
  readonly #scope: HTMLLabelElement;
  readonly #page: Page;

  constructor(private readonly host: Host<SpecializationState, SpecializationSaved>) {
    this.#saved = host.restore(DEFAULTS);
    const request = (asked: SpecializationRequest): void => {
      host.post({ type: 'specialization', request: asked });
    };
    const selectVoter = (bit: number, voter: number): void => {
      this.#choose(bit, voter, this.#selection.locked);
    };
    this.#plot = new MapPlot({
      onHover: (cell, event) => {
        this.#hover(cell, event);
      },
      onClick: (cell) => {
        this.#click(cell);
      },
      onKey: (event) => {
        this.#key(event);
      },
    });
    this.#dashboard = new Dashboard({
      request,
      selectVoter,
      change: (settings) => {
        this.#change(settings);
      },
    });
    this.#search = new Search({
      request,
      selectVoter,
      changeRanking: (ranking) => {
        this.#change({ ranking });
      },
    });
    this.#work = new WorkLine('map', (work) => {
      request({ kind: 'cancel', work });
    });
    this.#measure = element('button', { type: 'button', class: 'measure' }, 'Measure Again');
    this.#measure.addEventListener('click', () => {
      if (this.#data !== null) request({ kind: 'measure', scope: this.#data.scope });
    });
    this.#lock = new ToggleButton({ on: 'Locked', off: 'Lock' }, 'lock', () => {
      this.#toggleLock();
    });
    this.#tableButton = new ToggleButton({ on: 'Table', off: 'Table' }, 'table-toggle', () => {
      this.#change({ table: !this.#saved.table });
    });
    this.#bit = dropdown(
      'Bit',
      Array.from({ length: BITS }, (_, bit) => ({
        value: String(bit),
        label: `${bit} (byte ${bit >> 3}, ${2 ** (7 - (bit & 7))})`,
      })),
      '0',
      (bit) => {
        this.#choose(Number(bit), null, this.#selection.locked);
      },
    );
    this.#scope = dropdown<MapScope>(
      'Text',
      [
        { value: 'text', label: 'this document' },
        { value: 'workspace', label: 'the workspace' },
      ],
      'text',
      (scope) => {
        request({ kind: 'measure', scope });
      },
    );
    const content = element(
      'main',
      { class: 'content' },
      element('header', {}, this.#controls()),
      element(
        'div',
        { class: 'figure' },
        element('div', { class: 'status-line' }, this.#work.node, this.#outdated),
        this.#plot.node,
        this.#table.node,
      ),
      element('aside', {}, this.#dashboard.node, this.#search.node),
      element('footer', {}, this.#legend.node, this.#provenance),
    );
    this.#page = new Page(
      content,
      (command) => {
        host.post({ type: 'command', command });
      },
      this.#tooltip.node,
      this.#live.node,
    );
  }

  /** Listens to the host, the theme, the size and Escape. */
  start(): void {
    watchTheme((theme) => {
      this.#colors = divergingColors(theme.dark);
      this.#draw();
    });
    new ResizeObserver(() => {
      this.#draw();
    }).observe(this.#plot.node);
    document.addEventListener('keydown', (event) => {
      if (event.key !== 'Escape') return;
      this.#tooltip.hide();
      if (this.#selection.locked) this.#toggleLock();
    });
    this.host.connect({
      onState: (state, selection) => {
        this.#receive(state, selection);
      },
      onSelection: (selection) => {
        if (selection?.offset !== this.#selection.value?.offset) this.#hoverSelect.cancel();
        if (this.#selection.receive(selection)) this.#mark();
      },
      onFailure: (error) => {
        this.#data = null;
        this.#page.showMessage({
          kind: 'error',
          message: `The map could not be drawn: ${error instanceof Error ? error.message : String(error)}.`,
          action: { label: 'Show Log', command: 'smuggler.showLog' },
        });
      },
    });
  }

  #controls(): HTMLElement {
    const search = element(
      'button',
      { type: 'button', title: 'Which voters know about a pattern or context?' },
      'Search…',
    );
    search.addEventListener('click', () => {
      this.#search.focus();
    });
    return element(
      'div',
      { class: 'controls' },
      this.#bit,
      dropdown('Colour', MAP_VALUES, this.#saved.value, (value) => {
        this.#change({ value });
      }),
      dropdown('Order', MAP_ORDERS, this.#saved.order, (order) => {
        this.#change({ order });
      }),
      this.#scope,
      this.#measure,
      search,
      this.#tableButton.node,
      this.#lock.node,
    );
  }

  #receive(state: SpecializationState, selection: Selection | null): void {
    this.#selection.receive(selection);
    if (state.kind !== 'ready') {
      this.#data = null;
      this.#tooltip.hide();
      this.#page.showMessage(state);
      return;
    }
    const isFirst = this.#data === null;
    this.#data = state;
    if (isFirst) this.#page.showContent();
    this.#draw();
  }

  #change(change: Partial<SpecializationSaved>): void {
    this.#saved = { ...this.#saved, ...change };
    this.host.save(this.#saved);
    this.#draw();
  }

  #draw(): void {
    const data = this.#data;
    if (data === null) return;
    const { value, order, table, ranking } = this.#saved;
    const { map, names, work, failures } = data;
    const isMeasuring = work.some(({ kind }) => kind === 'map');
    this.#bit.querySelector('select')!.value = String(data.bit);
    const scope = this.#scope.querySelector('select')!;
    scope.value = data.scope;
    this.#scope.hidden = !data.hasWorkspace;
    this.#measure.hidden = isMeasuring;
    this.#work.set(work, failures.map);
    this.#outdated.hidden = map?.outdated !== true || isMeasuring;
    this.#tableButton.set(table);
    this.#plot.node.hidden = table || map === null;
    this.#table.node.hidden = !table || map === null;
    if (map !== null) {
      // Another text can have other contexts.
      if (this.#column >= map.columns.length) this.#column = 0;
      if (table) this.#table.set({ map, names, order, value });
      else this.#plot.draw({ map, order, value, pixels: this.#colors });
    }
    const [title, low, middle, high] = TITLES[value];
    this.#legend.set(title, this.#colors, low, high, middle);
    this.#provenance.textContent = provenanceText(
      map === null ? data.provenance : { ...data.provenance, document: map.measuredOn },
      map === null ? 'N = 0 chunks' : describeSamples(map),
    );
    this.#dashboard.draw(data, this.#saved);
    this.#search.draw(data, ranking);
    this.#mark();
  }

  /** What follows the selection alone. */
  #mark(): void {
    const data = this.#data;
    if (data === null) return;
    const selected = this.#selected();
    if (!this.#plot.node.hidden) {
      this.#plot.mark(selected, this.#hovered);
      if (selected !== null) this.#plot.reveal(selected.voter);
    }
    this.#lock.set(this.#selection.locked);
    this.#lock.node.title = this.#selection.locked
      ? 'The selection stays on this chunk. Click or press Escape to follow the caret again.'
      : 'The selection follows the caret. Click to stay on this chunk.';
    this.#page.markReady(this.#selection.value?.offset ?? null);
    document.body.dataset['map'] = data.map === null ? '' : String(data.map.bit);
    document.body.dataset['voter'] = data.voter === null ? '' : `${data.voter.bit} ${data.voter.voter}`;
  }

  /** The selected voter where it is one of the map's. */
  #selected(): MapCell | null {
    const value = this.#selection.value;
    const map = this.#data?.map;
    if (value?.voter == null || map == null || value.bit !== map.bit) return null;
    return { voter: value.voter, column: this.#column };
  }

  #hover(cell: MapCell | null, event: PointerEvent): void {
    const map = this.#data?.map;
    if (map == null) return;
    this.#hovered = cell;
    this.#plot.mark(this.#selected(), cell);
    if (cell === null) {
      this.#hoverSelect.cancel();
      this.#tooltip.hide();
      return;
    }
    this.#tooltip.show(describeCell(map, this.#data!.names, cell), event.clientX, event.clientY);
    if (this.#selection.locked) return;
    this.#hoverSelect.at(event, () => {
      this.#choose(map.bit, cell.voter, false);
    });
  }

  #click(cell: MapCell): void {
    const map = this.#data?.map;
    if (map == null) return;
    this.#hoverSelect.cancel();
    if (cell.column !== null) this.#column = cell.column;
    const { value, locked } = this.#selection;
    const isAgain = locked && value?.bit === map.bit && value.voter === cell.voter;
    this.#choose(map.bit, cell.voter, !isAgain);
  }

  #toggleLock(): void {
    const { value } = this.#selection;
    if (value !== null) this.#select({ ...value, locked: !value.locked });
  }

  #choose(bit: number, voter: number | null, locked: boolean): void {
    const { value } = this.#selection;
    if (value !== null) this.#select({ ...value, bit, voter, locked });
  }

  #select(selection: Selection): void {
    this.#selection.choose(selection);
    this.host.post({ type: 'select', selection, reveal: false });
    this.#mark();
  }

  #key(event: KeyboardEvent): void {
    const map = this.#data?.map;
    if (map == null || event.ctrlKey || event.altKey || event.metaKey) return;
    const selected = this.#selected();
    const row = selected === null ? null : this.#plot.rowOf(selected.voter);
    const at = { row, column: Math.max(0, this.#plot.columnPlaceOf(this.#column)) };
    const action = mapAction(event.key, at, map.voterOrder.length, placesOf(map, this.#saved.order).columns.length);
    if (action === null) return;
    event.preventDefault();
    this.#hovered = null;
    this.#tooltip.hide();
    switch (action.kind) {
      case 'move': {
        const cell = this.#plot.cellAtPlaces(action.row, action.column);
        this.#column = cell.column ?? 0;
        this.#choose(map.bit, cell.voter, this.#selection.locked);
        const { x, y } = this.#plot.clientPoint(cell);
        const lines = describeCell(map, this.#data!.names, cell);
        this.#tooltip.show(lines, x, y);
        this.#live.say(lines.join(', '));
        break;
      }
      case 'bit':
        this.#choose((map.bit + action.by + BITS) % BITS, null, this.#selection.locked);
        break;
      case 'lock':
      case 'toggleLock':
        if (action.kind === 'toggleLock' || !this.#selection.locked) this.#toggleLock();
        this.#live.say(
          `${this.#selection.locked ? 'Locked' : 'Unlocked'}${selected === null ? '' : `: ${voterTitle(map.bit, selected.voter, this.#data!.names)}`}.`,
        );
        break;
    }
  }
}
