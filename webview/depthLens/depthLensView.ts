/** @file The Depth Lens: puts the parts together, holds what is chosen, draws. */
import { CHUNK_BYTES } from '../../model/measures/chunk';
import { DEPTH_READINGS, depthSentences } from '../../model/measures/depthText';
import type { DepthReading } from '../../model/protocol/depth';
import type { DepthReady } from '../../model/protocol/panels/depthLens';
import { divergingColors } from '../shared/chart/colors';
import { Legend } from '../shared/chart/legend';
import { dropdown, element, ToggleButton } from '../shared/dom';
import type { PanelHost } from '../shared/page/host';
import { provenanceText } from '../shared/page/page';
import { isPlainKey, PanelFrame } from '../shared/page/panelFrame';
import { readTheme } from '../shared/page/theme';
import { formatCount, formatNumber } from '../shared/text';
import { BitsGrid } from './bitsGrid';
import type { LensPlace } from './describe';
import { DEPTH_EXPLANATION, describeBit, describeCell, describeDepth, lensKey } from './describe';
import { lensTable } from './exportTable';
import { lensAction } from './keys';
import { LensGrid } from './lensGrid';
import type { LensMeasureName } from './measures';
import { LENS_MEASURE_OPTIONS, LENS_MEASURES, scaleEnd } from './measures';
import { lensTables } from './tables';

/** What a reload restores. */
export interface DepthLensSaved {
  readonly measure: LensMeasureName;
  /** The chosen depth; null for the last. */
  readonly depth: number | null;
  readonly table: boolean;
}

const READINGS = (Object.keys(DEPTH_READINGS) as DepthReading[]).map((value) => ({
  value,
  label: DEPTH_READINGS[value],
}));

const HOVER_MILLISECONDS = 80;

export class DepthLensView {
  #saved: DepthLensSaved;
  #data: DepthReady | null = null;
  #hovered: LensPlace | null = null;
  #diverging = divergingColors(readTheme().dark);
  readonly #frame: PanelFrame<DepthReady, DepthLensSaved>;
  readonly #grid: LensGrid;
  readonly #bits: BitsGrid;
  readonly #title = element('h1');
  readonly #sentences = element('p');
  readonly #depth = element('p', { class: 'depth-words' });
  readonly #bitsTitle = element('h2');
  readonly #tables = element('div', {
    class: 'table-pane tables',
    tabindex: '0',
    role: 'region',
    'aria-label': 'The lens as tables',
  });
  readonly #legend = new Legend();
  readonly #bitsLegend = new Legend();
  readonly #key = element('span', { class: 'shape-key' });
  readonly #provenance = element('p', { class: 'provenance' });
  readonly #reading: HTMLLabelElement;
  readonly #tableButton: ToggleButton;
  readonly #picture: HTMLElement;
  readonly #figure: HTMLElement;
  readonly #content: HTMLElement;

  constructor(private readonly host: PanelHost<'depthLens', DepthLensSaved>) {
    this.#saved = host.restore({ measure: 'surprise', depth: null, table: false });
    this.#frame = new PanelFrame(host, { name: 'The depth lens', hoverMilliseconds: HOVER_MILLISECONDS });
    this.#grid = new LensGrid({
      onHover: (place, event) => {
        this.#hover(place, place === null ? [] : describeCell(this.#data!, place), event);
      },
      onClick: ({ depth, column }) => {
        this.#click(depth, this.#data!.firstChunk + column);
      },
      onKey: (event) => {
        this.#onKey(event);
      },
    });
    this.#bits = new BitsGrid(
      (place, event) => {
        this.#hover(null, place === null ? [] : describeBit(this.#data!, place.depth, place.bit), event);
      },
      ({ depth }) => {
        this.#click(depth, this.#chunk(this.#data!));
      },
    );
    this.#reading = dropdown('Blocks', READINGS, 'fitted', (reading) => {
      host.ask({ kind: 'read', reading });
    });
    this.#reading.title = 'How a block’s output becomes what the model’s last layer is given';
    this.#reading.querySelector('select')!.dataset['live'] = '';
    this.#tableButton = new ToggleButton({ on: 'Table', off: 'Table' }, 'table-toggle', () => {
      this.#change({ table: !this.#saved.table });
    });
    const controls = element(
      'div',
      { class: 'controls' },
      dropdown('Colour', LENS_MEASURE_OPTIONS, this.#saved.measure, (measure) => {
        this.#change({ measure });
      }),
      this.#reading,
      this.#tableButton.node,
      this.#frame.lock.node,
    );
    this.#picture = element(
      'div',
      { class: 'pictures' },
      this.#grid.node,
      this.#depth,
      this.#bitsTitle,
      this.#bits.node,
    );
    this.#figure = element('div', { class: 'figure' }, this.#picture, this.#tables);
    this.#content = element(
      'main',
      { class: 'content' },
      element('header', {}, this.#title, controls),
      element(
        'div',
        { class: 'sentences' },
        this.#sentences,
        element('p', { class: 'explanation' }, DEPTH_EXPLANATION),
      ),
      this.#figure,
      element('footer', {}, this.#legend.node, this.#bitsLegend.node, this.#key, this.#provenance),
    );
    host.offerExport({ provenance: () => this.#provenance.textContent, table: () => lensTable(this.#data!) });
  }

  start(): void {
    this.#frame.start(this.#content, this.#grid.node, {
      onData: (data) => {
        if (data.offset !== this.#data?.offset) this.#frame.leave();
        this.#data = data;
        this.#draw();
      },
      onNoData: () => {
        this.#data = null;
      },
      onSelection: () => {
        this.#drawMarks();
      },
      onTheme: (theme) => {
        this.#diverging = divergingColors(theme.dark);
        this.#draw();
      },
      onResize: () => {
        this.#draw();
      },
    });
  }

  #change(change: Partial<DepthLensSaved>): void {
    this.#saved = { ...this.#saved, ...change };
    this.host.save(this.#saved);
    this.#draw();
  }

  #draw(): void {
    const data = this.#data;
    if (data === null) return;
    const { measure: name, table: asTable } = this.#saved;
    this.#tableButton.set(asTable);
    this.#picture.hidden = asTable;
    this.#tables.hidden = !asTable;
    this.#reading.querySelector('select')!.value = data.reading;
    const number = `chunk ${formatCount(data.index + 1)} of ${formatCount(data.chunkCount)}`;
    this.#title.textContent = `“${data.text}” by depth, ${number}`;
    this.#sentences.textContent = depthSentences(data).join(' ');
    this.#bitsTitle.textContent = `Every bit of “${data.text}” at each depth`;
    const available = this.#figure.clientWidth;
    if (asTable) this.#tables.replaceChildren(...lensTables(data));
    else {
      this.#grid.draw(data, name, available);
      this.#bits.draw(data, available, this.#diverging);
    }
    const measure = LENS_MEASURES[name];
    this.#legend.set(measure.title, this.#grid.pixels, '0', formatNumber(scaleEnd(measure.values(data))), null);
    this.#bitsLegend.set('p of a 1', this.#diverging, '0', '1', null);
    this.#key.textContent = lensKey(data);
    const last = data.firstChunk + data.texts.length;
    const samples = `N = ${data.texts.length} chunks (${formatCount(data.firstChunk + 1)}–${formatCount(last)}) × ${data.depths.length} depths`;
    const text = provenanceText(data.provenance, samples);
    this.#provenance.textContent = text;
    this.#provenance.title = text;
    this.#drawMarks();
  }

  #drawMarks(): void {
    const data = this.#data;
    if (data === null) return;
    const chosen = this.#chosen(data);
    this.#grid.mark(chosen, this.#hovered);
    this.#bits.mark(chosen.depth);
    this.#depth.textContent = describeDepth(data, chosen.depth);
    // The selection may be ahead: the depths of its chunk are still to come.
    this.#frame.markReady(data.offset);
  }

  /** The chosen depth and the selected chunk's column, which may be none of those that are there. */
  #chosen(data: DepthReady): LensPlace {
    const last = data.depths.length - 1;
    return { depth: Math.min(last, this.#saved.depth ?? last), column: this.#chunk(data) - data.firstChunk };
  }

  /** Number of the selected chunk. */
  #chunk(data: DepthReady): number {
    return Math.floor((this.#frame.selection?.offset ?? data.offset) / CHUNK_BYTES);
  }

  #hover(place: LensPlace | null, lines: readonly string[], event: PointerEvent): void {
    if (this.#data === null) return;
    this.#hovered = place;
    if (lines.length === 0) this.#frame.unpoint();
    else this.#frame.tooltip.show(lines, event.clientX, event.clientY);
    this.#drawMarks();
  }

  /** Chooses the depth and locks the chunk; a second click unlocks it. */
  #click(depth: number, chunk: number): void {
    const data = this.#data!;
    const isAgain = this.#frame.isLocked && chunk === this.#chunk(data) && depth === this.#chosen(data).depth;
    this.#change({ depth });
    this.#select(chunk, !isAgain);
  }

  #select(chunk: number, locked: boolean): void {
    this.#frame.select({ offset: CHUNK_BYTES * chunk, bit: null, voter: null, locked }, true);
  }

  #onKey(event: KeyboardEvent): void {
    const data = this.#data;
    if (data === null || !isPlainKey(event)) return;
    const { depth } = this.#chosen(data);
    const size = { depths: data.depths.length, chunks: data.chunkCount };
    const action = lensAction(event.key, { depth, chunk: this.#chunk(data) }, size);
    if (action === null) return;
    event.preventDefault();
    this.#hovered = null;
    if (action.kind === 'toggleLock') {
      this.#frame.toggleLock();
      this.#frame.live.say(this.#frame.isLocked ? 'Locked.' : 'Unlocked.');
      return;
    }
    if (action.kind === 'depth') this.#change({ depth: action.depth });
    else if (action.chunk !== this.#chunk(data)) this.#select(action.chunk, this.#frame.isLocked);
    const place = this.#chosen(data);
    if (place.column < 0 || place.column >= data.texts.length) return;
    this.#frame.announce(() => describeCell(data, place), this.#grid.clientPoint(place));
  }
}
