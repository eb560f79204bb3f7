/** @file The picture of the lens: depths × chunks as cells with the likeliest chunk in each, and beside them surprise as bars. */
import { select } from 'd3-selection';
import { depthName, ownColumn, readoutText } from '../../model/measures/depthText';
import type { DepthReady } from '../../model/protocol/panels/depthLens';
import { sequentialColors } from '../shared/chart/colors';
import type { ChartHandlers } from '../shared/chart/frame';
import { ChartFrame } from '../shared/chart/frame';
import { rectangle } from '../shared/chart/path';
import { element, svgElement } from '../shared/dom';
import { formatBits } from '../shared/text';
import type { LensPlace } from './describe';
import type { LensColumns } from './layout';
import { BARS, fitted, HEAD, LABELS, lensColumns, ROW } from './layout';
import type { LensMeasureName } from './measures';
import { LENS_MEASURES, scaleEnd } from './measures';
import { cellPaint } from './paint';

const SHAPES = ['unknown', 'bar', 'own-column', 'mark-outer', 'mark', 'mark-hover'] as const;

/** Pixels of a bar's number, and of the free place before the bars. */
const NUMBER = 40;
const BEFORE_BARS = 12;
/** Side of the mark of a cell whose likeliest chunk is the real text. */
const CORNER = 8;

interface Cell {
  readonly x: number;
  readonly y: number;
  readonly fill: string;
  readonly isLight: boolean;
  readonly text: string;
  readonly isReal: boolean;
}

export class LensGrid {
  readonly node = element('div', {
    class: 'plot lens',
    tabindex: '0',
    role: 'application',
    'aria-roledescription': 'depth lens',
    'aria-label':
      'Depths and chunks: up and down go to other depths, left and right to other chunks of the text, as does Page Up and Page Down by eight. Enter locks, Escape unlocks. The Table button shows the same numbers as a table.',
  });
  readonly pixels = sequentialColors();
  readonly #frame = new ChartFrame(this.node, SHAPES);
  readonly #cells = svgElement('g');
  readonly #labels = svgElement('g');
  #columns: LensColumns = lensColumns(0, 1, 0);
  #depths = 0;
  /** Number of the first chunk that is shown. */
  #firstChunk: number | null = null;

  constructor(handlers: ChartHandlers<LensPlace>) {
    this.#frame.svg.append(this.#cells, this.#labels, ...this.#frame.shapes);
    this.node.append(this.#frame.svg);
    this.#frame.listen((x, y) => this.#placeAt(x, y), handlers);
  }

  /** @param available pixels */
  draw(data: DepthReady, name: LensMeasureName, available: number): void {
    const own = ownColumn(data);
    const n = data.texts.length;
    const kept = this.#firstChunk === null ? null : this.#firstChunk - data.firstChunk;
    this.#columns = lensColumns(available, n, own, kept);
    this.#firstChunk = data.firstChunk + this.#columns.first;
    this.#depths = data.depths.length;
    const { first, count, width, total } = this.#columns;
    const height = HEAD + ROW * this.#depths;
    this.#frame.resize(total, height);
    this.node.style.height = `${height}px`;
    const values = LENS_MEASURES[name].values(data);
    const end = scaleEnd(values);
    const cells: Cell[] = [];
    let unknown = '';
    data.depths.forEach((_, r) => {
      for (let c = 0; c < count; c++) {
        const at = r * n + first + c;
        const [x, y] = [LABELS + c * width, HEAD + r * ROW];
        const top = data.tops[at] ?? null;
        if (top === null) unknown += rectangle(x + 1, y + 1, width - 2, ROW - 2);
        else {
          const paint = cellPaint(this.pixels, Math.min(1, values[at]! / end));
          cells.push({ x, y, ...paint, text: fitted(top.text, width - 4), isReal: top.isReal });
        }
      }
    });
    this.#drawCells(cells, width);
    this.#drawLabels(data, own);
    const column = rectangle(LABELS + (own - first) * width - 0.5, 1.5, width, height - 2);
    this.#frame.draw({ unknown, bar: this.#bars(data, own), 'own-column': column });
  }

  /** Marks the chosen place and the one under the pointer. */
  mark(chosen: LensPlace | null, hovered: LensPlace | null): void {
    const outline = (place: LensPlace | null): string => {
      if (place === null) return '';
      const { first, count, width } = this.#columns;
      const row = rectangle(1, HEAD + place.depth * ROW, LABELS - 4, ROW - 1);
      const c = place.column - first;
      if (c < 0 || c >= count) return row;
      return row + rectangle(LABELS + c * width, HEAD + place.depth * ROW, width - 1, ROW - 1);
    };
    this.#frame.draw({ mark: outline(chosen), 'mark-outer': outline(chosen), 'mark-hover': outline(hovered) });
  }

  /** The middle of a place in client coordinates. */
  clientPoint({ depth, column }: LensPlace): { readonly x: number; readonly y: number } {
    const { first, width } = this.#columns;
    return this.#frame.clientPoint(LABELS + (column - first + 0.5) * width, HEAD + (depth + 0.5) * ROW);
  }

  #drawCells(cells: readonly Cell[], width: number): void {
    select(this.#cells)
      .selectAll<SVGGElement, Cell>('g')
      .data(cells)
      .join((enter) => {
        const group = enter.append('g');
        group.append('rect').attr('height', ROW - 1);
        group.append('path');
        group
          .append('text')
          .attr('text-anchor', 'middle')
          .attr('y', ROW / 2 + 4);
        return group;
      })
      .attr('transform', ({ x, y }) => `translate(${x},${y})`)
      .each(function (cell) {
        const group = select(this);
        group
          .select('rect')
          .attr('width', width - 1)
          .attr('fill', cell.fill);
        group
          .select('path')
          .attr('class', cell.isLight ? 'on-light' : 'on-dark')
          .attr('d', cell.isReal ? `M0,0h${CORNER}l${-CORNER},${CORNER}z` : '');
        group
          .select('text')
          .attr('x', (width - 1) / 2)
          .attr('class', `code ${cell.isLight ? 'on-light' : 'on-dark'}`)
          .text(cell.text);
      });
  }

  #drawLabels(data: DepthReady, own: number): void {
    const { first, count, width, hasBars } = this.#columns;
    const label = (text: string, x: number, y: number, className: string, anchor = 'start'): SVGTextElement => {
      const node = svgElement('text', { x: String(x), y: String(y), class: className, 'text-anchor': anchor });
      node.textContent = text;
      return node;
    };
    const heads = data.texts.slice(first, first + count).map((text, c) => {
      const isOwn = first + c === own;
      const x = LABELS + (c + 0.5) * width;
      return label(fitted(text, width - 4), x, 13, isOwn ? 'code own' : 'code', 'middle');
    });
    const rows = data.depths.flatMap((depth, r) => [
      label(depthName(depth), 6, HEAD + r * ROW + 12, depth.readout === 'model' ? 'own' : ''),
      label(readoutText(depth), 6, HEAD + r * ROW + 23, 'readout-kind'),
    ]);
    const title = hasBars ? [label(`surprise of “${fitted(data.text, 36)}”, bits`, this.#barStart, 13, 'muted')] : [];
    const numbers = hasBars
      ? data.depths.map((_, r) => {
          const value = data.surprise[r * data.texts.length + own]!;
          const { total } = this.#columns;
          return label(formatBits(value), total - 2, HEAD + r * ROW + ROW / 2 + 4, 'number', 'end');
        })
      : [];
    this.#labels.replaceChildren(label('real text', 6, 13, 'muted'), ...heads, ...rows, ...title, ...numbers);
  }

  get #barStart(): number {
    const { count, width } = this.#columns;
    return LABELS + count * width + BEFORE_BARS;
  }

  /** Bars of the surprise of the chunk that is looked at, from 0 on. */
  #bars(data: DepthReady, own: number): string {
    if (!this.#columns.hasBars) return '';
    const surprise = data.depths.map((_, r) => data.surprise[r * data.texts.length + own]!);
    const end = scaleEnd(surprise);
    const room = BARS - BEFORE_BARS - NUMBER;
    return surprise
      .map((value, r) => {
        const length = room * Math.min(1, value / end);
        return rectangle(this.#barStart, HEAD + r * ROW + 8, length, ROW - 16);
      })
      .join('');
  }

  #placeAt(x: number, y: number): LensPlace | null {
    const { first, count, width } = this.#columns;
    const depth = Math.floor((y - HEAD) / ROW);
    const column = Math.floor((x - LABELS) / width);
    if (depth < 0 || depth >= this.#depths || column < 0 || column >= count) return null;
    return { depth, column: first + column };
  }
}
