/** @file The Sparsity heatmap: puts the parts together, holds window and selection, asks for what is missing. */
import { divergingColors, sequentialColors } from '../shared/colors';
import { dropdown, element, ToggleButton } from '../shared/dom';
import type { Host } from '../shared/host';
import { HoverSelect } from '../shared/hover';
import { Legend } from '../shared/legend';
import type { EmptyState, HeatmapReady, HeatmapState, Selection } from '../shared/messages';
import { Page, provenanceText } from '../shared/page';
import { SharedSelection } from '../shared/selection';
import { formatCount } from '../shared/text';
import { readTheme, watchTheme } from '../shared/theme';
import { LiveRegion, Tooltip } from '../shared/tooltip';
import { describeCell, describeWindow } from './describe';
import { HeatmapTable } from './heatmapTable';
import { heatmapAction } from './keys';
import { Measurements } from './measurements';
import type { MeasureName } from './measures';
import { isMeasureName, MEASURE_NAMES, MEASURES } from './measures';
import { Overview } from './overview';
import type { HeatmapCell } from './plot';
import { HeatmapPlot } from './plot';
import type { ChunkRange } from './tiles';
import type { ChunkWindow } from './window';
import { clampWindow, followChunk, openingWindow, visibleChunks, zoomWindow } from './window';

/** What a reload restores. */
export interface HeatmapSaved {
  readonly measure: MeasureName;
  readonly table: boolean;
  /** Where the person was, and in which document. */
  readonly window: ChunkWindow | null;
  readonly document: string;
}

/** A pointer that rests this long on a chunk selects it in the other views too. */
const HOVER_MILLISECONDS = 120;
const ZOOM_STEP = 1.5;
const SAVE_MILLISECONDS = 300;
const EMPTY_DOCUMENT: EmptyState = {
  kind: 'empty',
  message: 'The document is empty: there is nothing to measure.',
  action: null,
};

export class HeatmapView {
  #saved: HeatmapSaved;
  #data: HeatmapReady | null = null;
  #window: ChunkWindow = { start: 0, span: 1 };
  #hovered: HeatmapCell | null = null;
  #followed: number | null = null;
  #scheduled = false;
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  #theme = readTheme();
  #diverging = divergingColors(this.#theme.dark);
  readonly #sequential = sequentialColors();
  readonly #hoverSelect = new HoverSelect(HOVER_MILLISECONDS);
  readonly #measurements = new Measurements((generation, { first: firstChunk, count }) => {
    this.host.post({ type: 'viewport', generation, firstChunk, count });
  });
  readonly #selection = new SharedSelection(() => {
    this.#selectionChanged();
  });

  readonly #plot: HeatmapPlot;
  readonly #overview: Overview;
  readonly #table: HeatmapTable;
  readonly #legend = new Legend();
  readonly #where = element('p', { class: 'where' });
  readonly #provenance = element('p', { class: 'provenance' });
  readonly #tooltip = new Tooltip();
  readonly #live = new LiveRegion();
  readonly #lock: ToggleButton;
  readonly #tableButton: ToggleButton;
  readonly #figures: HTMLElement;
  readonly #page: Page;

  constructor(private readonly host: Host<HeatmapState, HeatmapSaved>) {
    const saved = host.restore({ measure: 'effectiveVoters', table: false, window: null, document: '' });
    this.#saved = isMeasureName(saved.measure) ? saved : { ...saved, measure: 'effectiveVoters' };
    this.#plot = new HeatmapPlot({
      onHover: (cell, event) => {
        this.#hover(cell, event);
      },
      onClick: (cell) => {
        this.#click(cell);
      },
      onKey: (event) => {
        this.#key(event);
      },
      onWindow: (window) => {
        this.#moveTo(window);
      },
    });
    this.#overview = new Overview((window) => {
      this.#moveTo(window);
    });
    this.#table = new HeatmapTable((chunks) => {
      this.#moveTo({ ...this.#window, start: Math.floor(this.#window.start) + chunks });
    });
    this.#lock = new ToggleButton({ on: 'Locked', off: 'Lock' }, 'lock', () => {
      const cell = this.#selected();
      if (cell !== null) this.#choose(cell, !this.#selection.locked, false);
    });
    this.#tableButton = new ToggleButton({ on: 'Table', off: 'Table' }, 'table-toggle', () => {
      this.#change({ table: !this.#saved.table });
    });
    this.#figures = element('div', { class: 'figures' }, this.#overview.node, this.#plot.node);
    const content = element(
      'main',
      { class: 'content' },
      element('header', {}, this.#controls(), this.#where),
      this.#figures,
      this.#table.node,
      element(
        'footer',
        {},
        this.#legend.node,
        element('span', { class: 'shape-key' }, '▬ the editor shows  ▼ selected  ▨ not measured yet'),
        this.#provenance,
      ),
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

  /** Listens to the host, the theme, the size, Escape, and to being shown again. */
  start(): void {
    watchTheme((theme) => {
      this.#theme = theme;
      this.#diverging = divergingColors(theme.dark);
      this.#draw();
    });
    new ResizeObserver(() => {
      this.#resize();
    }).observe(this.#plot.node);
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#unlock();
    });
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) return;
      this.#measurements.forgetRequests();
      this.#request();
    });
    this.host.connect({
      onState: (state, selection) => {
        this.#receive(state, selection);
      },
      onSelection: (selection) => {
        if (selection?.offset !== this.#selection.value?.offset) this.#hoverSelect.cancel();
        if (this.#selection.receive(selection)) this.#selectionChanged();
      },
      onFailure: (error) => {
        this.#data = null;
        this.#page.showMessage({
          kind: 'error',
          message: `The heatmap could not be drawn: ${error instanceof Error ? error.message : String(error)}.`,
          action: { label: 'Show Log', command: 'smuggler.showLog' },
        });
      },
    });
  }

  #controls(): HTMLElement {
    const button = (text: string, label: string, onClick: () => void): HTMLButtonElement => {
      const node = element('button', { type: 'button', 'aria-label': label, title: label }, text);
      node.addEventListener('click', onClick);
      return node;
    };
    const options = MEASURE_NAMES.map((name) => ({ value: name, label: MEASURES[name].label }));
    return element(
      'div',
      { class: 'controls' },
      dropdown('Measure', options, this.#saved.measure, (measure) => {
        this.#change({ measure });
      }),
      button('−', 'Zoom out', () => {
        this.#zoom(1 / ZOOM_STEP);
      }),
      button('+', 'Zoom in', () => {
        this.#zoom(ZOOM_STEP);
      }),
      button('Editor', 'Go to what the editor shows', () => {
        if (this.#data !== null) this.#moveTo(openingWindow(this.#data.visible));
      }),
      this.#tableButton.node,
      this.#lock.node,
    );
  }

  #receive(state: HeatmapState, selection: Selection | null): void {
    const before = this.#data;
    this.#selection.receive(selection);
    if (state.kind !== 'ready' || state.chunkCount === 0) {
      this.#data = null;
      this.#measurements.stop();
      this.#tooltip.hide();
      this.#page.showMessage(state.kind === 'ready' ? EMPTY_DOCUMENT : state);
      return;
    }
    // The tile's numbers are copied into the measurements: they need not live on here.
    this.#data = { ...state, tile: null };
    if (before === null) {
      this.#page.showContent();
      this.#showTable();
      this.#overview.resize();
      this.#plot.resize();
    }
    this.#measurements.update(state, before);
    this.#place(state, before);
    this.#draw();
  }

  /** Where the window is after a state: where it was, unless document, editor or selection have moved away. */
  #place(state: HeatmapReady, before: HeatmapReady | null): void {
    const { visible } = state;
    if (before?.provenance.document !== state.provenance.document) {
      const isRestored = this.#saved.document === state.provenance.document;
      this.#window = (isRestored ? this.#saved.window : null) ?? openingWindow(visible);
      this.#followed = null;
    } else if (visible.firstChunk !== before.visible.firstChunk || visible.count !== before.visible.count) {
      const isSeen =
        visible.firstChunk < this.#window.start + this.#window.span &&
        this.#window.start < visible.firstChunk + visible.count;
      if (!isSeen) this.#window = followChunk(this.#window, Math.floor(visible.firstChunk + visible.count / 2));
    }
    this.#follow();
  }

  /** Scrolls to the selected chunk when another was selected, not when the person scrolled away from it. */
  #follow(): void {
    const chunk = this.#selected()?.chunk ?? null;
    if (chunk !== null && chunk !== this.#followed) this.#window = followChunk(this.#window, chunk);
    this.#followed = chunk;
    this.#clamp();
  }

  #clamp(): void {
    if (this.#data !== null) this.#window = clampWindow(this.#window, this.#plot.width, this.#data.chunkCount);
  }

  #moveTo(window: ChunkWindow): void {
    this.#window = window;
    this.#clamp();
    this.#schedule();
  }

  #zoom(factor: number): void {
    const chunk = this.#selected()?.chunk;
    const { start, span } = this.#window;
    const isSeen = chunk !== undefined && chunk + 1 > start && chunk < start + span;
    this.#moveTo(zoomWindow(this.#window, factor, isSeen ? chunk + 0.5 : start + span / 2));
  }

  #resize(): void {
    if (this.#data === null || this.#saved.table) return;
    this.#overview.resize();
    this.#plot.resize();
    this.#clamp();
    this.#draw();
  }

  #change(change: Partial<HeatmapSaved>): void {
    this.#saved = { ...this.#saved, ...change };
    this.#showTable();
    this.#draw();
  }

  #showTable(): void {
    this.#tableButton.set(this.#saved.table);
    this.#figures.hidden = this.#saved.table;
    this.#table.node.hidden = !this.#saved.table;
  }

  /** One drawing a frame while the person zooms and pans. */
  #schedule(): void {
    if (this.#scheduled) return;
    this.#scheduled = true;
    requestAnimationFrame(() => {
      this.#scheduled = false;
      this.#draw();
    });
  }

  #selectionChanged(): void {
    this.#follow();
    this.#draw();
  }

  #draw(): void {
    const data = this.#data;
    if (data === null) return;
    const { measure: name, table } = this.#saved;
    const measure = MEASURES[name];
    const voters = data.provenance.votersPerBit;
    const pixels = measure.scale === 'sequential' ? this.#sequential : this.#diverging;
    const { chunkCount, byteLength, visible } = data;
    const window = this.#window;
    const { store, summary } = this.#measurements;
    const shown = visibleChunks(window, chunkCount);
    if (table) {
      this.#table.set({ ...shown, chunkCount, byteLength, store, measure: name });
    } else {
      const theme = this.#theme;
      this.#plot.draw({ window, chunkCount, byteLength, voters, visible, store, measure, pixels, theme });
      const selected = this.#selected()?.chunk ?? null;
      this.#overview.draw({ summary, measure: name, window, visible, selected });
      this.#plot.mark(this.#selected(), this.#hovered);
    }
    this.#legend.set(measure.title, pixels, measure.low, measure.high(voters), measure.middle);
    this.#drawTexts(data, shown);
    this.#lock.set(this.#selection.locked);
    this.#lock.node.title = this.#selection.locked
      ? 'The selection stays on this chunk. Click or press Escape to follow the caret again.'
      : 'The selection follows the caret. Click to stay on this chunk.';
    this.#save(data);
    this.#page.markReady(this.#selection.value?.offset ?? null);
    this.#request();
  }

  #drawTexts(data: HeatmapReady, shown: ChunkRange): void {
    const where = describeWindow(data, shown, this.#selected());
    this.#where.textContent = where;
    this.#where.title = where;
    const measured = formatCount(this.#measurements.measuredAmong(shown));
    this.#provenance.textContent = provenanceText(data.provenance, `N = ${measured} measured chunks in view × 32 bits`);
  }

  /** Keeps measure and place for a reload, once the person has come to rest. */
  #save(data: HeatmapReady): void {
    this.#saved = { ...this.#saved, window: this.#window, document: data.provenance.document };
    clearTimeout(this.#saveTimer);
    this.#saveTimer = setTimeout(() => {
      this.host.save(this.#saved);
    }, SAVE_MILLISECONDS);
  }

  #request(): void {
    if (this.#data === null) return;
    const { generation, chunkCount } = this.#data;
    this.#measurements.request(generation, visibleChunks(this.#window, chunkCount), chunkCount);
  }

  #selected(): HeatmapCell | null {
    const value = this.#selection.value;
    if (value === null || this.#data === null) return null;
    const chunk = Math.floor(value.offset / 4);
    return chunk < this.#data.chunkCount ? { chunk, bit: value.bit } : null;
  }

  #describe(data: HeatmapReady, cell: HeatmapCell): string[] {
    return describeCell(this.#measurements.store, data.byteLength, MEASURES[this.#saved.measure], cell);
  }

  #hover(cell: HeatmapCell | null, event: PointerEvent): void {
    if (this.#data === null) return;
    this.#hovered = cell;
    this.#plot.mark(this.#selected(), cell);
    if (cell === null) {
      this.#hoverSelect.cancel();
      this.#tooltip.hide();
      return;
    }
    this.#tooltip.show(this.#describe(this.#data, cell), event.clientX, event.clientY);
    if (this.#selection.locked) return;
    this.#hoverSelect.at(event, () => {
      this.#choose(cell, false, false);
    });
  }

  #click(cell: HeatmapCell): void {
    this.#hoverSelect.cancel();
    const selected = this.#selected();
    const again = this.#selection.locked && selected?.chunk === cell.chunk && selected.bit === cell.bit;
    this.#choose(cell, !again, true);
  }

  #unlock(): void {
    this.#tooltip.hide();
    const cell = this.#selected();
    if (this.#selection.locked && cell !== null) this.#choose(cell, false, false);
  }

  #choose(cell: HeatmapCell, locked: boolean, reveal: boolean): void {
    const voter = cell.bit !== null && cell.bit === this.#selection.value?.bit ? this.#selection.value.voter : null;
    const selection: Selection = { offset: 4 * cell.chunk, bit: cell.bit, voter, locked };
    this.#selection.choose(selection);
    this.host.post({ type: 'select', selection, reveal });
    this.#selectionChanged();
  }

  #key(event: KeyboardEvent): void {
    const data = this.#data;
    if (data === null || event.ctrlKey || event.altKey || event.metaKey) return;
    const at = this.#selected() ?? { chunk: Math.floor(this.#window.start), bit: null };
    const page = Math.max(1, Math.floor(this.#window.span));
    const action = heatmapAction(event.key, at, page, data.chunkCount);
    if (action === null) return;
    event.preventDefault();
    this.#hovered = null;
    switch (action.kind) {
      case 'move':
        this.#choose(action.cell, this.#selection.locked, true);
        this.#announce(data, action.cell);
        break;
      case 'zoom':
        this.#zoom(ZOOM_STEP ** action.direction);
        break;
      case 'lock':
      case 'toggleLock':
        this.#choose(at, action.kind === 'lock' || !this.#selection.locked, true);
        this.#live.say(this.#selection.locked ? 'Locked.' : 'Unlocked.');
        break;
    }
  }

  #announce(data: HeatmapReady, cell: HeatmapCell): void {
    const lines = this.#describe(data, cell);
    const point = this.#plot.clientPoint(cell);
    this.#tooltip.show(lines, point.x, point.y);
    this.#live.say(lines.join(', '));
  }
}
