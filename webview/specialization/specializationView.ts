/** @file The Specialization map: puts map, or the finder in its place, dashboard and search together, and holds what the user chose. */
import { CHUNK_BITS } from '../../model/measures/chunk';
import { divergingColors } from '../shared/chart/colors';
import { element } from '../shared/dom';
import type { PanelHost } from '../shared/page/host';
import { Legend } from '../shared/chart/legend';
import { provenanceText } from '../shared/page/page';
import { isPlainKey, PanelFrame } from '../shared/page/panelFrame';
import type { VoterPlace } from '../../model/protocol/inspection';
import type {
  AnalysisKind,
  SpecializationReady,
  SpecializationAsk,
  VoterMap,
} from '../../model/protocol/panels/specialization';
import type { VoterAtChunk } from '../../model/protocol/panels/voterActions';
import { readTheme } from '../shared/page/theme';
import { MapControls } from './controls';
import { Dashboard } from './dashboard';
import type { DashboardSettings } from './dashboard';
import type { MapCell } from './describe';
import {
  describeCell,
  describeChunks,
  describeMostWrong,
  describeNone,
  describeSamples,
  describeTree,
  voterTitle,
} from './describe';
import { specializationTable } from './exportTable';
import type { FinderSettings } from './finder/finder';
import { Finder, FINDER_DEFAULTS } from './finder/finder';
import { mapAction } from './keys';
import { MapPlot } from './mapPlot';
import { MapTable } from './mapTable';
import { todaysForm } from './olderExport';
import type { MapOrder, MapValue, VoterFilter } from './order';
import { placesOf } from './order';
import type { Ranking } from './search';
import { Search } from './search';
import { WorkLine } from './work';

/** What a reload restores. */
export interface SpecializationSaved extends DashboardSettings, FinderSettings {
  readonly value: MapValue;
  readonly order: MapOrder;
  readonly filter: VoterFilter;
  readonly ranking: Ranking;
  readonly table: boolean;
}

const DEFAULTS: SpecializationSaved = {
  value: 'auroc',
  order: 'grouped',
  filter: 'half',
  ranking: 'auroc',
  table: false,
  logarithmic: false,
  examples: 'top',
  ...FINDER_DEFAULTS,
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
  /** What stands in the panel: the map, or all voters; null before the first drawing. */
  #face: 'map' | 'voters' | null = null;
  #hovered: MapCell | null = null;
  /** Column that the keyboard or the last click is on. */
  #column = 0;
  #colors = divergingColors(readTheme().dark);
  readonly #frame: PanelFrame<SpecializationReady, SpecializationSaved>;
  readonly #plot: MapPlot;
  readonly #table = new MapTable();
  readonly #finder: Finder;
  readonly #dashboard: Dashboard;
  /** Of the voter beside the selected one. */
  readonly #compared: Dashboard;
  readonly #search: Search;
  readonly #legend = new Legend();
  readonly #work: WorkLine;
  readonly #tableWork: WorkLine;
  readonly #outdated = element('span', { class: 'outdated' }, 'The text has changed since.');
  readonly #mostWrong = element('span', { class: 'most-wrong-bit' });
  readonly #none = element('p', { class: 'none' });
  /** Beside the legend: in the picture it would scroll out of sight. */
  readonly #treeScale = element('span', { class: 'tree-scale' });
  readonly #provenance = element('p', { class: 'provenance' });
  readonly #controls: MapControls;
  readonly #content = element('main', { class: 'content' });

  constructor(private readonly host: PanelHost<'specialization', SpecializationSaved>) {
    this.#saved = host.restore(DEFAULTS);
    this.#frame = new PanelFrame(host, { name: 'The map', hoverMilliseconds: HOVER_MILLISECONDS });
    const request = (asked: SpecializationAsk): void => {
      host.ask(asked);
    };
    const selectVoter = (bit: number, voter: number): void => {
      this.#choose(bit, voter, this.#frame.isLocked);
    };
    this.#plot = new MapPlot({
      onHover: (cell, event) => {
        this.#hover(cell, event);
      },
      onClick: (cell, event) => {
        this.#click(cell, event);
      },
      onMenu: (cell, isFromKeyboard) => {
        this.#frame.offerMenu(this.#voterAt(isFromKeyboard ? this.#selected() : cell));
      },
      onKey: (event) => {
        this.#key(event);
      },
    });
    const change = (settings: Partial<SpecializationSaved>): void => {
      this.#change(settings);
    };
    this.#dashboard = new Dashboard(this.#frame.voterActions(), { request, selectVoter, change });
    this.#compared = new Dashboard(this.#frame.voterActions(), { request, selectVoter, change });
    this.#finder = new Finder(this.#frame.live, {
      request,
      selectVoter,
      change: (settings) => {
        this.#keep(settings);
        this.#takeFinder(this.#data!);
        this.#finder.mark(this.#selectedVoter());
        this.#drawProvenance(this.#data!);
      },
    });
    this.#search = new Search({
      request,
      selectVoter,
      changeRanking: (ranking) => {
        this.#change({ ranking });
      },
    });
    const cancel = (work: AnalysisKind): void => {
      request({ kind: 'cancel', work });
    };
    this.#work = new WorkLine('map', cancel);
    this.#tableWork = new WorkLine('table', cancel);
    this.#controls = new MapControls(this.#saved, this.#frame.lock.node, {
      onBit: (bit) => {
        this.#choose(bit, null, this.#frame.isLocked);
      },
      onMostWrong: () => {
        request({ kind: 'mostWrong' });
      },
      onFilter: (filter) => {
        this.#change({ filter });
      },
      onValue: (value) => {
        this.#change({ value });
      },
      onOrder: (order) => {
        this.#change({ order });
      },
      onScope: (scope) => {
        request({ kind: 'measure', scope });
      },
      onMeasure: () => {
        if (this.#data !== null) request({ kind: 'measure', scope: this.#data.scope });
      },
      onSearch: () => {
        this.#search.focus();
      },
      onTable: () => {
        this.#change({ table: !this.#saved.table });
      },
      onFace: (face) => {
        request({ kind: 'face', face });
      },
    });
    host.offerExport({
      provenance: () => this.#provenance.textContent,
      table: () =>
        this.#data!.finder === undefined
          ? specializationTable(this.#data!, this.#saved.order, this.#saved.value, this.#saved.filter)
          : this.#finder.exported(),
    });
  }

  start(): void {
    const content = this.#content;
    content.append(
      element('header', {}, this.#controls.node),
      element(
        'div',
        { class: 'figure' },
        element(
          'div',
          { class: 'status-line' },
          this.#work.node,
          this.#tableWork.node,
          this.#mostWrong,
          this.#outdated,
        ),
        this.#none,
        this.#plot.node,
        this.#table.node,
        this.#finder.node,
      ),
      element('aside', {}, element('div', { class: 'dashboards' }, this.#dashboard.node), this.#search.node),
      element('footer', {}, this.#legend.node, this.#treeScale, this.#provenance),
    );
    this.#frame.start(content, this.#plot.node, {
      onData: (data) => {
        this.#data = todaysForm(data);
        this.#draw();
      },
      onNoData: () => {
        this.#data = null;
      },
      onSelection: () => {
        this.#mark();
      },
      onTheme: ({ dark }) => {
        this.#colors = divergingColors(dark);
        this.#draw();
      },
      onResize: () => {
        this.#draw();
      },
    });
  }

  #keep(change: Partial<SpecializationSaved>): void {
    this.#saved = { ...this.#saved, ...change };
    this.host.save(this.#saved);
  }

  #change(change: Partial<SpecializationSaved>): void {
    this.#keep(change);
    this.#draw();
  }

  #draw(): void {
    const data = this.#data;
    if (data === null) return;
    const { value, order, filter, table, ranking } = this.#saved;
    const { map, mostWrong, names, work, failures, finder } = data;
    const isMeasuring = work.some(({ kind }) => kind === 'map');
    this.#controls.set(data, isMeasuring, table);
    this.#work.set(work, failures.map);
    this.#outdated.hidden = map?.outdated !== true || isMeasuring;
    this.#mostWrong.textContent = isMeasuring || finder !== undefined ? '' : describeMostWrong(mostWrong, data.bit);
    const none = map === null ? null : describeNone(map, filter);
    this.#none.hidden = none === null;
    this.#none.textContent = none;
    this.#plot.node.hidden = table || map === null;
    this.#table.node.hidden = !table || map === null;
    if (map !== null) {
      // Another text can have other contexts.
      if (this.#column >= map.contexts.length) this.#column = 0;
      if (table) this.#table.set({ map, names, order, value, filter });
      else this.#plot.draw({ map, order, value, filter, pixels: this.#colors });
    }
    this.#takeFinder(data);
    this.#showFace(finder === undefined ? 'map' : 'voters');
    const [title, low, middle, high] = TITLES[value];
    this.#legend.set(title, this.#colors, low, high, middle);
    this.#legend.node.hidden = finder !== undefined;
    // The order by number has no clusters.
    const tree = this.#plot.node.hidden || finder !== undefined || order === 'number' ? null : (map?.voterTree ?? null);
    this.#treeScale.hidden = tree === null;
    this.#treeScale.textContent = tree === null ? '' : describeTree(tree);
    this.#drawProvenance(data);
    const offset = this.#frame.selection?.offset ?? 0;
    this.#dashboard.draw(data, this.#saved, offset);
    const compared = finder?.compared ?? null;
    this.#content.classList.toggle('is-comparing', compared !== null);
    if (compared === null) this.#compared.node.remove();
    else {
      this.#dashboard.node.after(this.#compared.node);
      this.#compared.draw({ ...data, voter: compared }, this.#saved, offset);
    }
    this.#search.draw(data, ranking);
    this.#mark();
  }

  /** Where the other one stood, the panel may be scrolled down: what was asked for begins at the top. */
  #showFace(face: 'map' | 'voters'): void {
    if (this.#face !== null && this.#face !== face) window.scrollTo(0, 0);
    this.#face = face;
  }

  #drawProvenance({ provenance, finder, map }: SpecializationReady): void {
    const allVoters = finder?.table ?? null;
    this.#provenance.textContent = provenanceText(
      { ...provenance, document: (allVoters ?? map)?.measuredOn ?? provenance.document },
      allVoters !== null
        ? `${describeChunks(allVoters)} · ${this.#finder.provenance}`
        : map === null
          ? 'N = 0 chunks'
          : describeSamples(map, this.#saved.filter),
    );
  }

  /** The table of all voters in place of the map, where that is shown. */
  #takeFinder({ finder, work, failures }: SpecializationReady): void {
    this.#finder.node.hidden = finder === undefined;
    this.#tableWork.node.hidden = true;
    if (finder === undefined) return;
    this.#tableWork.set(work, failures.table);
    const isMeasuring = work.some(({ kind }) => kind === 'table');
    this.#finder.take(finder, this.#saved, isMeasuring);
  }

  /** The selected voter, of whichever bit. */
  #selectedVoter(): VoterPlace | null {
    const { selection } = this.#frame;
    return selection?.bit == null || selection.voter === null ? null : { bit: selection.bit, voter: selection.voter };
  }

  /** What follows the selection alone. */
  #mark(): void {
    const data = this.#data;
    if (data === null) return;
    if (data.finder !== undefined) this.#finder.mark(this.#selectedVoter());
    const selected = this.#selected();
    if (!this.#plot.node.hidden) {
      this.#plot.mark(selected, this.#hovered);
      if (selected !== null) this.#plot.reveal(selected.voter);
    }
    this.#frame.markReady();
    document.body.dataset['map'] = data.map === null ? '' : String(data.map.bit);
    document.body.dataset['face'] = this.#face ?? '';
    document.body.dataset['voter'] = data.voter === null ? '' : `${data.voter.bit} ${data.voter.voter}`;
  }

  /** The selected voter where it is one of the map's. */
  #selected(): MapCell | null {
    const value = this.#frame.selection;
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
      this.#frame.unpoint();
      return;
    }
    this.#frame.point(event, describeCell(map, this.#data!.names, cell), () => {
      this.#choose(map.bit, cell.voter, false);
    });
  }

  #click(cell: MapCell, event: MouseEvent): void {
    const map = this.#data?.map;
    if (map == null) return;
    if (cell.column !== null) this.#column = cell.column;
    const { selection, isLocked } = this.#frame;
    const isAgain = isLocked && selection?.bit === map.bit && selection.voter === cell.voter;
    this.#choose(map.bit, cell.voter, !isAgain);
    if (isAgain) this.#frame.leave();
    else this.#frame.keep(this.#teller(map, cell), { x: event.clientX, y: event.clientY }, this.#voterAt(cell));
  }

  /** The voter of a cell, at the selected chunk. */
  #voterAt(cell: MapCell | null): VoterAtChunk | null {
    const { selection } = this.#frame;
    const map = this.#data?.map;
    if (cell === null || map == null || selection === null) return null;
    return { offset: selection.offset, bit: map.bit, voter: cell.voter };
  }

  #teller(map: VoterMap, cell: MapCell): () => readonly string[] {
    return () => describeCell(map, this.#data?.names ?? {}, cell);
  }

  #choose(bit: number, voter: number | null, locked: boolean): void {
    const { selection } = this.#frame;
    if (selection !== null) this.#frame.select({ ...selection, bit, voter, locked }, false);
  }

  #key(event: KeyboardEvent): void {
    const map = this.#data?.map;
    if (map == null || !isPlainKey(event)) return;
    const selected = this.#selected();
    // A selected voter may be one that is not shown.
    const place = selected === null ? -1 : this.#plot.rowOf(selected.voter);
    const at = { row: place < 0 ? null : place, column: Math.max(0, this.#plot.columnPlaceOf(this.#column)) };
    const { voters, columns } = placesOf(map, this.#saved.order, this.#saved.filter);
    const action = mapAction(event.key, at, voters.length, columns.length);
    if (action === null) return;
    event.preventDefault();
    this.#hovered = null;
    this.#frame.tooltip.hide();
    switch (action.kind) {
      case 'move': {
        const cell = this.#plot.cellAtPlaces(action.row, action.column);
        this.#column = cell.column ?? 0;
        this.#choose(map.bit, cell.voter, this.#frame.isLocked);
        this.#frame.announce(this.#teller(map, cell), this.#plot.clientPoint(cell), this.#voterAt(cell));
        break;
      }
      case 'bit':
        this.#choose((map.bit + action.by + CHUNK_BITS) % CHUNK_BITS, null, this.#frame.isLocked);
        break;
      case 'lock':
      case 'toggleLock':
        if (action.kind === 'toggleLock' || !this.#frame.isLocked) this.#frame.toggleLock();
        this.#frame.live.say(
          `${this.#frame.isLocked ? 'Locked' : 'Unlocked'}${selected === null ? '' : `: ${voterTitle(map.bit, selected.voter, this.#data!.names)}`}.`,
        );
        break;
    }
  }
}
