/** @file The picture: chunks × 32 bits as cells, under them the chunks' surprise, byte offsets and, close enough, their text. */
import { axisBottom, axisLeft } from 'd3-axis';
import { format } from 'd3-format';
import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import type { D3ZoomEvent } from 'd3-zoom';
import { zoom, zoomIdentity } from 'd3-zoom';
import { CellCanvas } from '../shared/canvas';
import { element, svgElement } from '../shared/dom';
import { rectangle } from '../shared/path';
import type { BitRows } from '../shared/rows';
import { BITS, bitAt, bitRows } from '../shared/rows';
import type { Theme } from '../shared/theme';
import type { Column } from './cells';
import { drawCrosses, paintColumns } from './cells';
import { chunkText } from './describe';
import { AXIS, BELOW, BYTE_GAP, LEFT, plotLabels, RIGHT, STRIP, STRIP_TITLE, TOP } from './layout';
import { scoredBits } from './measures';
import type { Measure } from './measures';
import type { TileStore } from './tiles';
import type { ChunkWindow } from './window';
import { LEAST_SPAN, mostSpan, visibleChunks } from './window';

/** A chunk and one of its bits; the bit is null over the strip. */
export interface HeatmapCell {
  readonly chunk: number;
  readonly bit: number | null;
}

export interface PlotHandlers {
  onHover(cell: HeatmapCell | null, event: PointerEvent): void;
  onClick(cell: HeatmapCell): void;
  onKey(event: KeyboardEvent): void;
  onWindow(window: ChunkWindow): void;
}

/** All that the picture shows. */
export interface PlotContent {
  readonly window: ChunkWindow;
  readonly chunkCount: number;
  readonly byteLength: number;
  readonly voters: number;
  readonly visible: { readonly firstChunk: number; readonly count: number };
  readonly store: TileStore;
  readonly measure: Measure;
  readonly pixels: Uint32Array;
  readonly theme: Theme;
}

/** CSS pixels that a chunk needs for its text. */
const TEXT_WIDTH = 36;
/** The strip reaches at least this many bits, so that small surprises look small. */
const LEAST_SURPRISE = 8;

export class HeatmapPlot {
  readonly node: HTMLDivElement;
  readonly #cells = new CellCanvas();
  readonly #svg = svgElement('svg', { 'aria-hidden': 'true' });
  readonly #surface = svgElement('rect', { class: 'surface', x: String(LEFT), y: '0' });
  readonly #paths: Readonly<Record<string, SVGPathElement>>;
  readonly #xAxis = svgElement('g', { class: 'axis' });
  readonly #yAxis = svgElement('g', { class: 'axis' });
  readonly #labels = svgElement('g');
  readonly #texts = svgElement('g', { class: 'chunk-texts' });
  readonly #zoom = zoom<SVGRectElement, unknown>();
  #rows: BitRows = bitRows(BITS, 0);
  #width = 1;
  #content: PlotContent | null = null;

  constructor(private readonly handlers: PlotHandlers) {
    this.node = element('div', {
      class: 'plot heatmap',
      tabindex: '0',
      role: 'application',
      'aria-roledescription': 'heatmap',
      'aria-label':
        'Chunks by bits: arrow keys move, plus and minus zoom, Home and End go to the ends, Enter locks and reveals, Escape unlocks. The Table button shows the same numbers as a table.',
    });
    const names = [
      'unmeasured',
      'groups',
      'strip',
      'strip-faded',
      'editor',
      'column-outer',
      'column',
      'mark-outer',
      'mark',
      'mark-hover',
    ];
    this.#paths = Object.fromEntries(names.map((name) => [name, svgElement('path', { class: name })]));
    const pattern = svgElement('pattern', { id: 'hatch', width: '6', height: '6', patternUnits: 'userSpaceOnUse' });
    pattern.append(svgElement('path', { class: 'hatch', d: 'M-1,7L7,-1M-1,1L1,-1M5,7L7,5' }));
    const definitions = svgElement('defs');
    definitions.append(pattern);
    const marks = Object.values(this.#paths);
    this.#svg.append(definitions, this.#xAxis, this.#yAxis, this.#labels, this.#texts, ...marks, this.#surface);
    this.node.append(this.#cells.node, this.#svg);
    this.#listen();
  }

  /** Pixels across that chunks have. */
  get width(): number {
    return this.#width;
  }

  /** Fits the picture into its element. */
  resize(): void {
    const { clientWidth, clientHeight } = this.node;
    const height = Math.max(2 * BITS, clientHeight - TOP - BELOW);
    this.#width = Math.max(LEAST_SPAN, clientWidth - LEFT - RIGHT);
    this.#rows = bitRows(height, BYTE_GAP);
    this.#cells.resize(this.#width, height, BYTE_GAP);
    this.#cells.node.style.left = `${LEFT}px`;
    this.#cells.node.style.top = `${TOP}px`;
    this.#svg.setAttribute('width', String(clientWidth));
    this.#svg.setAttribute('height', String(TOP + height + BELOW));
    this.#surface.setAttribute('width', String(this.#width));
    this.#surface.setAttribute('height', String(TOP + height + STRIP_TITLE + STRIP));
    const { labels, groups } = plotLabels(this.#rows);
    this.#labels.replaceChildren(...labels);
    this.#set('groups', groups);
  }

  draw(content: PlotContent): void {
    this.#content = content;
    const columns = this.#columns(content);
    this.#paint(content, columns);
    this.#drawStrip(content, columns);
    this.#drawTexts(content, columns);
    this.#drawAxis(content.window);
    const { firstChunk, count } = content.visible;
    const [from, to] = [this.#x(firstChunk), this.#x(firstChunk + count)].map((x) =>
      Math.min(this.#width, Math.max(0, x)),
    );
    this.#set('editor', to! > from! ? rectangle(LEFT + from!, 2, to! - from!, 3) : '');
    this.#syncZoom(content);
  }

  /** Marks the selected chunk (and bit), and the cell under the pointer. */
  mark(selected: HeatmapCell | null, hovered: HeatmapCell | null): void {
    const column = selected === null ? '' : this.#columnOutline(selected.chunk);
    this.#set('column-outer', column);
    this.#set('column', column);
    const cell = selected?.bit == null ? '' : this.#outline(selected);
    this.#set('mark-outer', cell);
    this.#set('mark', cell);
    this.#set('mark-hover', hovered === null ? '' : this.#outline(hovered));
  }

  /** Centre of a cell in client coordinates, for the tooltip of the keyboard. */
  clientPoint(cell: HeatmapCell): { x: number; y: number } {
    const box = this.node.getBoundingClientRect();
    const bit = cell.bit ?? BITS - 1;
    return { x: box.left + LEFT + this.#x(cell.chunk + 0.5), y: box.top + TOP + this.#rows.bottoms[bit]! };
  }

  #listen(): void {
    const { handlers } = this;
    this.node.addEventListener('keydown', (event) => {
      handlers.onKey(event);
    });
    this.#surface.addEventListener('pointermove', (event) => {
      handlers.onHover(event.buttons === 0 ? this.#cellAt(event) : null, event);
    });
    this.#surface.addEventListener('pointerleave', (event) => {
      handlers.onHover(null, event);
    });
    // d3-zoom keeps a drag from ending as a click.
    this.#surface.addEventListener('click', (event) => {
      const cell = this.#cellAt(event);
      if (cell !== null) handlers.onClick(cell);
    });
    this.#surface.addEventListener('mousedown', () => {
      this.node.focus({ preventScroll: true });
    });
    const isSideways = (event: Event): boolean =>
      event instanceof WheelEvent && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY));
    this.#zoom
      .filter((event: Event) => !isSideways(event) && !(event instanceof MouseEvent && event.button !== 0))
      .clickDistance(4)
      .on('zoom', (event: D3ZoomEvent<SVGRectElement, unknown>) => {
        // Moves that this class made itself have no source.
        if (event.sourceEvent == null || this.#content === null) return;
        const span = this.#content.chunkCount / event.transform.k;
        handlers.onWindow({ span, start: (-event.transform.x * span) / this.#width });
      });
    select(this.#surface).call(this.#zoom).on('dblclick.zoom', null);
    this.#surface.addEventListener(
      'wheel',
      (event) => {
        if (!isSideways(event) || this.#content === null) return;
        event.preventDefault();
        const { window } = this.#content;
        const pixels = event.deltaX === 0 ? event.deltaY : event.deltaX;
        handlers.onWindow({ ...window, start: window.start + (pixels * window.span) / this.#width });
      },
      { passive: false },
    );
  }

  /** Tells d3-zoom where the window is: its scale is the document over the width. */
  #syncZoom({ window, chunkCount }: PlotContent): void {
    const bounds: [[number, number], [number, number]] = [
      [0, 0],
      [this.#width, 1],
    ];
    const most = mostSpan(this.#width, chunkCount);
    this.#zoom
      .extent(bounds)
      .translateExtent(bounds)
      .scaleExtent([chunkCount / most, chunkCount / Math.min(LEAST_SPAN, most)]);
    const transform = zoomIdentity
      .translate((-window.start * this.#width) / window.span, 0)
      .scale(chunkCount / window.span);
    select(this.#surface).call((surface) => {
      this.#zoom.transform(surface, transform);
    });
  }

  /** CSS pixels from the left edge of the cells. */
  #x(chunk: number): number {
    const window = this.#content?.window;
    return window === undefined ? 0 : ((chunk - window.start) * this.#width) / window.span;
  }

  #set(name: string, path: string): void {
    this.#paths[name]!.setAttribute('d', path);
  }

  #cellAt(event: MouseEvent): HeatmapCell | null {
    if (this.#content === null) return null;
    const { window, chunkCount } = this.#content;
    const box = this.node.getBoundingClientRect();
    const chunk = Math.floor(window.start + ((event.clientX - box.left - LEFT) * window.span) / this.#width);
    if (chunk < 0 || chunk >= chunkCount) return null;
    const y = event.clientY - box.top - TOP;
    return { chunk, bit: y > this.#rows.height + STRIP_TITLE / 2 ? null : bitAt(this.#rows, y) };
  }

  /** Outline of a rectangle that a chunk has between two heights; nothing where it is outside the window. */
  #box(chunk: number, top: number, bottom: number, margin: number): string {
    const left = Math.max(-margin, this.#x(chunk));
    const right = Math.min(this.#width + margin, Math.max(this.#x(chunk + 1), left + 2));
    if (right <= 0 || left >= this.#width) return '';
    return rectangle(LEFT + left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin);
  }

  /** A chunk in cells and strip. */
  #columnOutline(chunk: number): string {
    const strip = TOP + this.#rows.height + STRIP_TITLE;
    return this.#box(chunk, TOP, TOP + this.#rows.height, 1) + this.#box(chunk, strip, strip + STRIP, 1);
  }

  /** A cell, or where its bit is null the whole chunk. */
  #outline({ chunk, bit }: HeatmapCell): string {
    if (bit === null) return this.#columnOutline(chunk);
    return this.#box(chunk, TOP + this.#rows.tops[bit]!, TOP + this.#rows.bottoms[bit]!, 1.5);
  }

  #columns({ window, chunkCount, byteLength, store }: PlotContent): Column[] {
    const { first, count } = visibleChunks(window, chunkCount);
    return Array.from({ length: count }, (_, index) => {
      const chunk = first + index;
      const measured = store.measured(chunk);
      return {
        chunk,
        left: Math.max(0, this.#x(chunk)),
        right: Math.min(this.#width, this.#x(chunk + 1)),
        measured: measured ?? store.previous(chunk),
        faded: measured === null,
        scored: scoredBits(chunk, byteLength),
      };
    });
  }

  #paint({ measure, pixels, voters, theme }: PlotContent, columns: readonly Column[]): void {
    paintColumns(this.#cells, columns, measure, pixels, voters);
    if (measure.scale === 'diverging') drawCrosses(this.#cells, columns, theme);
    let path = '';
    for (const { measured, left, right } of columns) {
      if (measured === null) path += rectangle(LEFT + left, TOP, right - left, this.#rows.height);
    }
    this.#set('unmeasured', path);
  }

  #drawStrip({ store }: PlotContent, columns: readonly Column[]): void {
    const surprise = ({ measured }: Column): number =>
      measured === null ? 0 : measured.block.surprise[measured.local]!;
    const finite = columns.map(surprise).filter(Number.isFinite);
    const most = finite.reduce((largest, bits) => Math.max(largest, bits), LEAST_SURPRISE);
    const scale = scaleLinear([0, most], [STRIP, 0]).nice(2);
    const top = TOP + this.#rows.height + STRIP_TITLE;
    const parts = { strip: '', 'strip-faded': '' };
    for (const column of columns) {
      if (column.measured === null) continue;
      const bits = surprise(column);
      const y = Number.isFinite(bits) ? scale(bits) : 0;
      const gap = column.right - column.left >= 4 ? 1 : 0;
      const known = store.measured(column.chunk) !== null;
      parts[known ? 'strip' : 'strip-faded'] += rectangle(
        LEFT + column.left,
        top + y,
        column.right - column.left - gap,
        STRIP - y,
      );
    }
    this.#set('strip', parts.strip);
    this.#set('strip-faded', parts['strip-faded']);
    select(this.#yAxis)
      .attr('transform', `translate(${LEFT - 3},${top})`)
      .call(axisLeft(scale).tickValues(scale.domain()).tickSize(3).tickFormat(format('~r')));
  }

  #drawAxis(window: ChunkWindow): void {
    const scale = scaleLinear([4 * window.start, 4 * (window.start + window.span)], [0, this.#width]);
    const ticks = scale.ticks(Math.max(2, this.#width / 90)).filter(Number.isInteger);
    select(this.#xAxis)
      .attr('transform', `translate(${LEFT},${TOP + this.#rows.height + STRIP_TITLE + STRIP})`)
      .call(axisBottom(scale).tickValues(ticks).tickSize(4).tickFormat(format(',d')));
  }

  #drawTexts({ window }: PlotContent, columns: readonly Column[]): void {
    if (this.#width / window.span < TEXT_WIDTH) {
      this.#texts.replaceChildren();
      return;
    }
    const y = String(TOP + this.#rows.height + STRIP_TITLE + STRIP + AXIS + 12);
    this.#texts.replaceChildren(
      ...columns.flatMap(({ measured, left, right, scored }) => {
        if (measured === null || right - left < TEXT_WIDTH) return [];
        const text = svgElement('text', {
          class: 'code',
          'text-anchor': 'middle',
          x: String(LEFT + (left + right) / 2),
          y,
        });
        text.textContent = chunkText(measured, scored);
        return [text];
      }),
    );
  }
}
