/** @file The Sparsity heatmap: puts the parts together and draws what is chosen, selected and measured. */
import { element } from '../shared/dom';
import type { PanelHost } from '../shared/page/host';
import type { EmptyState } from '../../model/protocol/panels/messages';
import type { HeatmapReady } from '../../model/protocol/panels/heatmap';
import type { VoterQuantity } from '../../model/protocol/inspection';
import { readTheme } from '../shared/page/theme';
import { HeatmapCaption } from './caption';
import type { HeatmapChoice } from './controls';
import { HeatmapControls } from './controls';
import { heatmapTable } from './exportTable';
import type { TableContent } from './heatmapTable';
import { HeatmapTable } from './heatmapTable';
import { Interaction } from './interaction';
import { Measurements } from './measured/measurements';
import type { MeasureRange } from './measured/measures';
import { MEASURES, rangeOf, scoredBits } from './measured/measures';
import { Navigator } from './moving/navigator';
import { Minimap } from './picture/minimap';
import type { CellContent } from './picture/plot';
import { HeatmapPlot } from './picture/plot';
import type { HeatmapSaved } from './saved';
import { DEFAULTS, validSaved } from './saved';
import type { ChunkRange } from './measured/tiles';
import { VOTER_MEASURES } from './measured/voterMeasures';
import { visibleChunks } from './moving/window';

const SAVE_MILLISECONDS = 300;
const EMPTY_DOCUMENT: EmptyState = {
  kind: 'empty',
  message: 'The document is empty: there is nothing to measure.',
  action: null,
};

export class HeatmapView {
  #saved: HeatmapSaved;
  #data: HeatmapReady | null = null;
  #isScheduled = false;
  /** Window and bit of the picture as it was drawn last. */
  #drawnPlace = '';
  #saveTimer: ReturnType<typeof setTimeout> | undefined;
  #theme = readTheme();
  readonly #measurements = new Measurements((generation, { first: firstChunk, count }, voters) => {
    this.host.ask({ kind: 'viewport', generation, firstChunk, count, voters, memory: this.#isOfMemory });
  });
  readonly #navigator = new Navigator({
    onMove: () => {
      this.#interaction.leave();
      this.#schedule();
    },
    onScroll: (firstChunk) => {
      if (this.#data === null) return;
      this.host.ask({ kind: 'scroll', generation: this.#data.generation, firstChunk });
    },
  });
  readonly #interaction: Interaction;
  readonly #plot: HeatmapPlot;
  readonly #minimap: Minimap;
  readonly #table: HeatmapTable;
  readonly #controls: HeatmapControls;
  readonly #caption = new HeatmapCaption();
  readonly #figures: HTMLElement;

  constructor(private readonly host: PanelHost<'heatmap', HeatmapSaved>) {
    this.#saved = validSaved(host.restore(DEFAULTS));
    this.#interaction = new Interaction(host, this.#saved, this.#navigator, () => ({
      data: this.#data,
      choice: this.#saved,
      measurements: this.#measurements,
      plot: this.#plot,
    }));
    this.#plot = new HeatmapPlot({
      onHover: (cell, event) => {
        this.#interaction.hover(cell, event);
      },
      onClick: (cell, event) => {
        this.#interaction.click(cell, event);
      },
      onMenu: (cell, isFromKeyboard) => {
        this.#interaction.menu(cell, isFromKeyboard);
      },
      onKey: (event) => {
        this.#interaction.key(event);
      },
      onWindow: (window) => {
        this.#navigator.moveTo(window);
      },
    });
    this.#minimap = new Minimap((window) => {
      this.#navigator.moveTo(window);
    });
    this.#table = new HeatmapTable((chunks) => {
      this.#navigator.moveBy(chunks);
    });
    this.#controls = new HeatmapControls(this.#saved, this.#interaction.frame.lock.node, {
      onChoice: (choice) => {
        this.#change(choice);
      },
      onZoom: (direction) => {
        this.#interaction.zoom(direction);
      },
      onEditor: () => {
        this.#navigator.goToEditor();
      },
      onMemory: () => {
        host.post({ type: 'command', command: 'smuggler.toggleMemory' });
      },
    });
    this.#figures = element('div', { class: 'figures' }, this.#minimap.node, this.#plot.node);
    const shown = (data: HeatmapReady): ChunkRange => visibleChunks(this.#navigator.window, data.chunkCount);
    host.offerExport({
      provenance: () => this.#caption.provenance,
      table: () => heatmapTable(this.#tableContent(this.#data!, shown(this.#data!))),
      view: () => this.#saved,
      states: () => this.#measurements.states(this.#data!, shown(this.#data!)),
    });
  }

  start(): void {
    const content = element(
      'main',
      { class: 'content' },
      element('header', {}, this.#controls.node, this.#caption.where),
      this.#figures,
      this.#table.node,
      this.#caption.footer,
    );
    this.#interaction.frame.start(content, this.#plot.node, {
      onData: (data, isFirst) => {
        this.#receive(data, isFirst);
      },
      onNoData: () => {
        this.#data = null;
        this.#measurements.stop();
      },
      onSelection: () => {
        this.#measurements.moved();
        this.#interaction.follow();
        this.#draw(true);
      },
      onTheme: (theme) => {
        this.#theme = theme;
        this.#caption.setTheme(theme.dark);
        this.#draw();
      },
      onResize: () => {
        if (this.#data === null || this.#saved.table) return;
        this.#resize();
        this.#draw();
      },
    });
    document.addEventListener('visibilitychange', () => {
      if (document.hidden) return;
      this.#measurements.forgetRequests();
      this.#request();
    });
  }

  #receive(state: HeatmapReady, isFirst: boolean): void {
    if (state.chunkCount === 0) {
      this.#interaction.frame.showMessage(EMPTY_DOCUMENT);
      return;
    }
    const before = this.#data;
    // The tiles' numbers are kept by the measurements: they need not live on here.
    this.#data = { ...state, tile: null, voters: null, summary: undefined };
    if (isFirst) {
      this.#show();
      this.#resize();
    }
    this.#measurements.update(state, before, this.#quantity, this.#isOfMemory);
    const isRestored = this.#saved.document === state.provenance.document;
    this.#navigator.place(state, before, isRestored ? this.#saved.window : null);
    this.#interaction.follow();
    this.#draw();
  }

  /** What is shown of voters; null where the rows are bits. */
  get #quantity(): VoterQuantity | null {
    return this.#saved.rows === 'bits' ? null : VOTER_MEASURES[this.#saved.voterMeasure].quantity;
  }

  /** Whether what is shown needs memory. */
  get #isOfMemory(): boolean {
    return this.#saved.rows === 'bits' && MEASURES[this.#saved.measure].isOfMemory;
  }

  #resize(): void {
    this.#minimap.resize();
    this.#plot.resize();
    this.#navigator.resize(this.#plot.width);
  }

  #change(choice: Partial<HeatmapChoice>): void {
    const wasOfMemory = this.#isOfMemory;
    this.#saved = { ...this.#saved, ...choice };
    this.host.save(this.#saved);
    if (this.#data !== null) this.#measurements.showVoters(this.#data, this.#quantity, false);
    this.#show();
    if (choice.table === false) this.#resize();
    this.#draw();
    if (this.#isOfMemory !== wasOfMemory) this.#askWithMemory();
  }

  /** The host is to know that what follows needs memory, or no longer does: it begins another generation. */
  #askWithMemory(): void {
    if (this.#data === null) return;
    const { generation, chunkCount } = this.#data;
    const { first: firstChunk, count } = visibleChunks(this.#navigator.window, chunkCount);
    this.host.ask({ kind: 'viewport', generation, firstChunk, count, voters: null, memory: this.#isOfMemory });
  }

  #show(): void {
    const { table } = this.#saved;
    this.#controls.set(this.#saved);
    this.#figures.hidden = table;
    this.#table.node.hidden = !table;
  }

  /** One drawing a frame while the user zooms and pans. */
  #schedule(): void {
    if (this.#isScheduled) return;
    this.#isScheduled = true;
    requestAnimationFrame(() => {
      this.#isScheduled = false;
      this.#interaction.frame.guard(() => {
        this.#draw();
      });
    });
  }

  /** @param isOnlySelection nothing but the selection has changed: where window and bit stay, so does the picture below the marks */
  #draw(isOnlySelection = false): void {
    const data = this.#data;
    if (data === null) return;
    this.#controls.setMemory(data.memory != null);
    const shown = visibleChunks(this.#navigator.window, data.chunkCount);
    const range = this.#range(data, shown);
    if (this.#saved.table) this.#table.set(this.#tableContent(data, shown));
    else {
      const place = JSON.stringify([this.#navigator.window, this.#interaction.bit]);
      if (!isOnlySelection || place !== this.#drawnPlace) this.#drawPicture(data, range);
      this.#drawnPlace = place;
      this.#drawMarks(data);
    }
    const { bit, selected, frame } = this.#interaction;
    const measured = this.#measurements.measuredAmong(shown);
    this.#caption.set({ data, choice: this.#saved, range, bit, shown, measured, selected });
    this.#save(data);
    frame.markReady();
    this.#request();
  }

  /** What the ends of the scale of bits are now. */
  #range({ byteLength, provenance }: HeatmapReady, { first, count }: ChunkRange): MeasureRange {
    const { store } = this.#measurements;
    const chunks = Array.from({ length: count }, (_, index) => ({
      // Faded ones are still in view.
      measured: store.measured(first + index) ?? store.previous(first + index),
      scored: scoredBits(first + index, byteLength),
    }));
    return rangeOf(MEASURES[this.#saved.measure], provenance.votersPerBit, chunks);
  }

  #tableContent({ chunkCount, byteLength, provenance }: HeatmapReady, shown: ChunkRange): TableContent {
    const { rows, measure, voterMeasure } = this.#saved;
    const { store, voters } = this.#measurements;
    const ofVoters = {
      store: voters,
      measure: VOTER_MEASURES[voterMeasure],
      bit: this.#interaction.bit,
      votersPerBit: provenance.votersPerBit,
    };
    return { ...shown, chunkCount, byteLength, store, measure, voters: rows === 'bits' ? null : ofVoters };
  }

  #drawPicture({ chunkCount, byteLength, visible, provenance }: HeatmapReady, range: MeasureRange): void {
    const { rows, measure, voterMeasure } = this.#saved;
    const { store, voters } = this.#measurements;
    const { window } = this.#navigator;
    const ofVoters = VOTER_MEASURES[voterMeasure];
    const cells: CellContent =
      rows === 'bits'
        ? { kind: 'bits', measure: MEASURES[measure], range }
        : { kind: 'voters', measure: ofVoters, voters };
    this.#plot.draw({
      window,
      chunkCount,
      byteLength,
      votersPerBit: provenance.votersPerBit,
      visible,
      rows,
      bit: this.#interaction.bit,
      store,
      cells,
      pixels: this.#caption.pixels(this.#saved),
      theme: this.#theme,
    });
  }

  /** The strip of the whole document, and the marks. */
  #drawMarks({ visible }: HeatmapReady): void {
    const { rows, measure, voterMeasure } = this.#saved;
    this.#minimap.draw({
      summary: this.#measurements.summary,
      measure: rows === 'bits' ? measure : VOTER_MEASURES[voterMeasure].minimap,
      window: this.#navigator.window,
      visible,
      selected: this.#interaction.selected?.chunk ?? null,
    });
    this.#interaction.mark();
  }

  /** Keeps the place for a reload, now and then: each measurement draws again, so waiting for rest would lose it meanwhile. */
  #save(data: HeatmapReady): void {
    const { bit } = this.#interaction;
    this.#saved = { ...this.#saved, bit, window: this.#navigator.window, document: data.provenance.document };
    if (this.#saveTimer !== undefined) return;
    this.#saveTimer = setTimeout(() => {
      this.#saveTimer = undefined;
      this.host.save(this.#saved);
    }, SAVE_MILLISECONDS);
  }

  #request(): void {
    if (this.#data === null) return;
    const { generation, chunkCount } = this.#data;
    const visible = visibleChunks(this.#navigator.window, chunkCount);
    this.#measurements.request({ generation, visible, chunkCount, voters: this.#quantity });
  }
}
