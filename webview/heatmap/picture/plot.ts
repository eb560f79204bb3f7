/** @file The picture: chunks × bits or voters as cells, under them the chunks' surprise, byte offsets and, close enough, their text. */
import { CHUNK_BITS } from '../../../model/measures/chunk';
import { CellCanvas } from '../../shared/chart/canvas';
import type { ChartHandlers } from '../../shared/chart/frame';
import { ChartFrame } from '../../shared/chart/frame';
import { element, svgElement } from '../../shared/dom';
import type { VoterTile } from '../../../model/protocol/inspection';
import type { HeatmapTile } from '../../../model/protocol/panels/heatmap';
import { rectangle } from '../../shared/chart/path';
import type { Theme } from '../../shared/page/theme';
import type { RowBands, RowKind } from './bands';
import { bandAt, rowBands, rowEdges } from './bands';
import type { HeatmapCell } from './cell';
import type { Column } from './cells';
import { drawCrosses, paintColumns } from './cells';
import { Gestures } from './gestures';
import { BELOW, BYTE_GAP, LEFT, plotLabels, RIGHT, STRIP, STRIP_TITLE, TOP } from './layout';
import { scoredBits } from '../measured/measures';
import type { Measure, MeasureRange } from '../measured/measures';
import type { EditorRange } from '../moving/scrolling';
import { SurpriseStrip } from './strip';
import type { TileStore } from '../measured/tiles';
import type { VoterRow } from './voterCells';
import { VoterPainter, voterRowAt, voterRowOf } from './voterCells';
import type { VoterMeasure } from '../measured/voterMeasures';
import type { ChunkWindow } from '../moving/window';
import { LEAST_SPAN, visibleChunks } from '../moving/window';

export interface PlotHandlers extends Pick<ChartHandlers<HeatmapCell>, 'onHover' | 'onKey' | 'onMenu'> {
  /** At the end of a gesture that moved nothing. */
  onClick(cell: HeatmapCell, event: MouseEvent): void;
  onWindow(window: ChunkWindow): void;
}

/** What the cells show. */
export type CellContent =
  | { readonly kind: 'bits'; readonly measure: Measure; readonly range: MeasureRange }
  | { readonly kind: 'voters'; readonly measure: VoterMeasure; readonly voters: TileStore<VoterTile> };

/** All that the picture shows. */
export interface PlotContent {
  readonly window: ChunkWindow;
  readonly chunkCount: number;
  readonly byteLength: number;
  /** M */
  readonly votersPerBit: number;
  /** What the editor shows. */
  readonly visible: EditorRange;
  readonly rows: RowKind;
  /** The bit whose voters are shown, where the rows are those. */
  readonly bit: number;
  readonly store: TileStore<HeatmapTile>;
  readonly cells: CellContent;
  readonly pixels: Uint32Array;
  readonly theme: Theme;
}

const SHAPES = [
  'unmeasured',
  'groups',
  'editor',
  'column-outer',
  'column',
  'mark-outer',
  'mark',
  'mark-hover',
] as const;

export class HeatmapPlot {
  readonly node: HTMLDivElement;
  readonly #cells = new CellCanvas();
  readonly #frame: ChartFrame<(typeof SHAPES)[number]>;
  readonly #surface = svgElement('rect', { class: 'surface', x: String(LEFT), y: '0' });
  readonly #labels = svgElement('g');
  readonly #strip = new SurpriseStrip();
  readonly #gestures: Gestures;
  #bands: RowBands = rowBands('bits', 0, CHUNK_BITS, 0);
  #labelled = '';
  readonly #voterPainter = new VoterPainter();
  #width = 1;
  #height = 1;
  #content: PlotContent | null = null;

  constructor(handlers: PlotHandlers) {
    this.node = element('div', {
      class: 'plot heatmap',
      tabindex: '0',
      role: 'application',
      'aria-roledescription': 'heatmap',
      'aria-label':
        'Chunks by bits or voters: arrow keys move, brackets change the bit whose voters are shown, plus and minus zoom, Home and End go to the ends, Tab goes on to buttons for the selected voter, which the context menu has too, Enter locks and reveals, Escape unlocks. The Table button shows the same numbers as a table.',
    });
    this.#frame = new ChartFrame(this.node, SHAPES);
    const { svg, shapes } = this.#frame;
    const pattern = svgElement('pattern', { id: 'hatch', width: '6', height: '6', patternUnits: 'userSpaceOnUse' });
    pattern.append(svgElement('path', { class: 'hatch', d: 'M-1,7L7,-1M-1,1L1,-1M5,7L7,5' }));
    const definitions = svgElement('defs');
    definitions.append(pattern);
    svg.append(definitions, this.#labels, this.#strip.node, ...shapes, this.#surface);
    this.node.append(this.#cells.node, svg);
    this.#frame.listenToKeys((event) => this.#cellAt(event), handlers);
    this.#gestures = new Gestures(this.#surface, this.node, {
      onPoint: (event, isOn) => {
        handlers.onHover(isOn ? this.#cellAt(event) : null, event);
      },
      onClick: (event) => {
        const cell = this.#cellAt(event);
        if (cell !== null) handlers.onClick(cell, event);
      },
      onWindow: (window) => {
        handlers.onWindow(window);
      },
    });
  }

  /** Pixels across that chunks have. */
  get width(): number {
    return this.#width;
  }

  /** Fits the picture into its element. */
  resize(): void {
    const { clientWidth, clientHeight } = this.node;
    this.#height = Math.max(2 * CHUNK_BITS, clientHeight - TOP - BELOW);
    this.#width = Math.max(LEAST_SPAN, clientWidth - LEFT - RIGHT);
    this.#cells.resize(this.#width, this.#height, BYTE_GAP);
    this.#cells.node.style.left = `${LEFT}px`;
    this.#cells.node.style.top = `${TOP}px`;
    this.#frame.resize(clientWidth, TOP + this.#height + BELOW);
    this.#surface.setAttribute('width', String(this.#width));
    this.#surface.setAttribute('height', String(TOP + this.#height + STRIP_TITLE + STRIP));
  }

  draw(content: PlotContent): void {
    this.#content = content;
    this.#bands = rowBands(content.rows, content.bit, this.#height, BYTE_GAP);
    this.#label(content);
    const columns = this.#columns(content);
    this.#paint(content, columns);
    this.#strip.draw(columns, content.window, this.#stripTop, this.#width);
    const { firstChunk, count } = content.visible;
    const [from, to] = [this.#x(firstChunk), this.#x(firstChunk + count)].map((x) =>
      Math.min(this.#width, Math.max(0, x)),
    );
    this.#frame.draw({ editor: to! > from! ? rectangle(LEFT + from!, 2, to! - from!, 3) : '' });
    this.#gestures.sync({ window: content.window, chunkCount: content.chunkCount, width: this.#width });
  }

  /** Marks the selected chunk (and bit or voter), and the cell under the pointer. */
  mark(selected: HeatmapCell | null, hovered: HeatmapCell | null): void {
    const column = selected === null ? '' : this.#columnOutline(selected.chunk);
    const cell = selected?.bit == null ? '' : this.#outline(selected);
    this.#frame.draw({
      'column-outer': column,
      column,
      'mark-outer': cell,
      mark: cell,
      'mark-hover': hovered === null ? '' : this.#outline(hovered),
    });
  }

  /** Below the middle of a cell in client coordinates, for the tooltip of the keyboard. */
  clientPoint({ chunk, bit, voter }: HeatmapCell): { x: number; y: number } {
    const edges = bit === null ? null : this.#edges(bit, voter);
    return this.#frame.clientPoint(LEFT + this.#x(chunk + 0.5), TOP + (edges?.[1] ?? this.#height));
  }

  /** Voters that share the pixel row of a cell: from `first` up to `end`. */
  sharedWith({ bit, voter }: HeatmapCell): { readonly first: number; readonly end: number } | null {
    if (this.#content === null || bit === null || voter === null) return null;
    const from = bit * this.#content.votersPerBit;
    const row = voterRowOf(this.#voterRows(this.#content), from + voter);
    return row === null ? null : { first: row.first - from, end: row.end - from };
  }

  /** The rows of voters as they are painted. */
  #voterRows({ rows, bit, votersPerBit }: PlotContent): readonly VoterRow[] {
    const { ratio, node } = this.#cells;
    return this.#voterPainter.rows(rows, bit, node.height, Math.round(BYTE_GAP * ratio), votersPerBit);
  }

  get #stripTop(): number {
    return TOP + this.#height + STRIP_TITLE;
  }

  /** Labels are made again only where they are other ones. */
  #label({ rows, bit, votersPerBit }: PlotContent): void {
    const key = `${rows} ${rows === 'bit' ? bit : ''} ${votersPerBit} ${this.#height}`;
    if (key === this.#labelled) return;
    this.#labelled = key;
    const { labels, groups } = plotLabels(this.#bands, votersPerBit);
    this.#labels.replaceChildren(...labels);
    this.#frame.draw({ groups });
  }

  /** CSS pixels from the left edge of the cells. */
  #x(chunk: number): number {
    const window = this.#content?.window;
    return window === undefined ? 0 : ((chunk - window.start) * this.#width) / window.span;
  }

  #cellAt(event: MouseEvent): HeatmapCell | null {
    if (this.#content === null) return null;
    const { window, chunkCount, rows, votersPerBit } = this.#content;
    const point = this.#frame.pointOf(event);
    const chunk = Math.floor(window.start + ((point.x - LEFT) * window.span) / this.#width);
    if (chunk < 0 || chunk >= chunkCount) return null;
    const y = point.y - TOP;
    if (y > this.#height + STRIP_TITLE / 2) return { chunk, bit: null, voter: null };
    if (rows === 'bits') return { chunk, bit: this.#bands.bits[bandAt(this.#bands, y)]!, voter: null };
    const { bit, first } = voterRowAt(this.#voterRows(this.#content), Math.floor(y * this.#cells.ratio));
    return { chunk, bit, voter: first - bit * votersPerBit };
  }

  /** Edges of a bit's or voter's row; null where it is not shown. */
  #edges(bit: number, voter: number | null): readonly [number, number] | null {
    const { rows, votersPerBit } = this.#content!;
    return rowEdges(this.#bands, bit, rows === 'bits' ? null : voter, votersPerBit);
  }

  /** Outline of a rectangle that a chunk has between two heights; nothing where it is outside the window. */
  #box(chunk: number, top: number, bottom: number, margin: number): string {
    if (this.#x(chunk + 1) <= 0 || this.#x(chunk) >= this.#width) return '';
    const left = Math.max(-margin, this.#x(chunk));
    const right = Math.min(this.#width + margin, Math.max(this.#x(chunk + 1), left + 2));
    return rectangle(LEFT + left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin);
  }

  /** A chunk in cells and strip. */
  #columnOutline(chunk: number): string {
    const strip = this.#stripTop;
    return this.#box(chunk, TOP, TOP + this.#height, 1) + this.#box(chunk, strip, strip + STRIP, 1);
  }

  /** A cell, or where its bit is null the whole chunk. */
  #outline({ chunk, bit, voter }: HeatmapCell): string {
    if (this.#content === null) return '';
    if (bit === null) return this.#columnOutline(chunk);
    const edges = this.#edges(bit, voter);
    if (edges === null) return '';
    // A voter's row may be thinner than a line.
    const bottom = Math.max(edges[1], edges[0] + 2);
    return this.#box(chunk, TOP + edges[0], TOP + bottom, 1.5);
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

  #paint(content: PlotContent, columns: readonly Column[]): void {
    const isKnown =
      content.cells.kind === 'bits' ? this.#paintBits(content, columns) : this.#paintVoters(content, columns);
    let path = '';
    columns.forEach(({ left, right }, at) => {
      if (!isKnown(at)) path += rectangle(LEFT + left, TOP, right - left, this.#height);
    });
    this.#frame.draw({ unmeasured: path });
  }

  /** @returns whether something is known of a column */
  #paintBits({ cells, pixels, theme }: PlotContent, columns: readonly Column[]): (at: number) => boolean {
    if (cells.kind !== 'bits') return () => false;
    paintColumns(this.#cells, columns, cells.measure, pixels, cells.range);
    if (cells.measure.scale === 'diverging') drawCrosses(this.#cells, columns, theme);
    return (at) => columns[at]!.measured !== null;
  }

  #paintVoters(content: PlotContent, columns: readonly Column[]): (at: number) => boolean {
    const { cells, pixels } = content;
    if (cells.kind !== 'voters') return () => false;
    const { fromReal } = cells.measure;
    const voters = columns.map(({ chunk }) => {
      const known = cells.voters.measured(chunk);
      const shown = known ?? cells.voters.previous(chunk);
      return shown === null ? null : { ...shown, faded: known === null };
    });
    const rows = this.#voterRows(content);
    this.#cells.paintImage((image, width) => {
      this.#voterPainter.paint(image, width, this.#cells.ratio, { columns, voters, rows, pixels, fromReal });
    });
    return (at) => voters[at] !== null && (!fromReal || columns[at]!.measured !== null);
  }
}
