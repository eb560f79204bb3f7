/** @file Surprise along the text for A and B on one scale and A−B on its own, and below it who is right. */
import { axisBottom, axisLeft } from 'd3-axis';
import { format } from 'd3-format';
import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import type { ComparisonWithBytes } from '../../model/protocol/panels/comparison';
import { element, svgElement } from '../shared/dom';
import type { ChartHandlers } from '../shared/chart/frame';
import { ChartFrame } from '../shared/chart/frame';
import { rectangle } from '../shared/chart/path';
import { keepTicksInside } from '../shared/chart/tickLabels';
import { LINE, wrapText } from '../shared/chart/wrapText';
import { formatCount, meanOfChunks } from '../shared/text';
import { OUTCOME_NAMES } from './describe';
import type { ChunkSpan, SpanColumns } from './span';
import { columnOf, spanColumns } from './span';

const LEFT = 88;
const RIGHT = 14;
const TITLE = 15;
const GAP = 5;
/** Between the end of the scale of A−B and the first row below it, whose names stand beside each other. */
const OUTCOME_GAP = 13;
const OUTCOME_ROW = 11;
const AXIS = 20;
/** Chunks as wide as this are parted by a pixel. */
const PARTED = 4;

export interface AlongContent {
  readonly result: ComparisonWithBytes;
  readonly span: ChunkSpan;
  readonly titles: readonly [a: string, b: string];
}

type Scale = ReturnType<typeof scaleLinear<number, number>>;

/** Bits to pixels, of A and of B, and of A−B in either direction. */
interface Scales {
  readonly side: Scale;
  readonly difference: Scale;
}

const SHAPES = [
  'bar-a',
  'bar-b',
  'bar-more',
  'bar-less',
  'bar-outcome',
  'base',
  'selected-column',
  'mark-hover',
] as const;

export class AlongPlot {
  readonly node = element('div', {
    class: 'plot along',
    role: 'application',
    tabindex: '0',
    'aria-roledescription': 'picture',
    'aria-label': 'Surprise along the text',
    'aria-description':
      'Arrow keys choose a chunk, plus and minus zoom, 0 shows the whole text, Enter locks. The Table button shows the numbers.',
  });
  readonly #frame = new ChartFrame(this.node, SHAPES);
  readonly #titles = Array.from({ length: 3 }, () => svgElement('text', { class: 'title', x: String(LEFT) }));
  readonly #rowNames = OUTCOME_NAMES.slice(1).map((name) => {
    const text = svgElement('text', { class: 'muted row-name', x: String(LEFT - 6), 'text-anchor': 'end' });
    text.textContent = name;
    return text;
  });
  readonly #axes = Array.from({ length: 4 }, () => svgElement('g', { class: 'axis' }));
  readonly #byteName = svgElement('text', { class: 'muted row-name', x: String(LEFT - 6), 'text-anchor': 'end' });
  #columns: SpanColumns | null = null;
  #drawn: { readonly result: ComparisonWithBytes; readonly key: string } | null = null;
  #width = 1;
  #bottom = 0;
  /** Top and bottom of the bars below each title. */
  #strips: readonly (readonly [number, number])[] = [];

  constructor(handlers: ChartHandlers<number>) {
    const { svg, shapes } = this.#frame;
    // The titles last, so that no mark crosses them.
    svg.append(...this.#rowNames, this.#byteName, ...this.#axes, ...shapes, ...this.#titles);
    this.#byteName.textContent = 'byte offset';
    this.node.append(svg);
    this.#frame.listen((x) => this.#columnAt(x - LEFT), handlers);
  }

  /** What is drawn. */
  get columns(): SpanColumns | null {
    return this.#columns;
  }

  draw({ result, span, titles }: AlongContent): void {
    const { clientWidth, clientHeight } = this.node;
    const key = [span.first, span.count, clientWidth, clientHeight, ...titles].join(' ');
    // A moving caret moves marks, not bars.
    if (this.#drawn?.result === result && this.#drawn.key === key) return;
    this.#drawn = { result, key };
    this.#width = Math.max(40, clientWidth - LEFT - RIGHT);
    const columns = spanColumns(result, span, this.#width);
    this.#columns = columns;
    // A and B are one unit high with as many pixels a bit, A−B two with as many as fit it.
    const rows = 3 * OUTCOME_ROW + OUTCOME_GAP;
    const perColumn = span.count / columns.count;
    const what = perColumn > 1 ? meanOfChunks(perColumn) : 'of a chunk';
    const texts = [
      `${titles[0]} · surprise ${what}, in bits`,
      titles[1],
      'A − B, own scale, bits · up: A more surprised, down: B',
    ];
    const heights = this.#titles.map(
      (title, strip) => TITLE + LINE * (wrapText(title, texts[strip]!, this.#width) - 1),
    ) as [number, number, number];
    const titleHeight = heights[0] + heights[1] + heights[2];
    const unit = Math.max(14, (clientHeight - titleHeight - 2 * GAP - rows - AXIS) / 4);
    const topB = heights[0] + unit + GAP + heights[1];
    const tops = [heights[0], topB, topB + unit + GAP + heights[2]] as const;
    const outcomeTop = tops[2] + 2 * unit + OUTCOME_GAP;
    this.#bottom = outcomeTop + 3 * OUTCOME_ROW;
    this.#strips = [
      [tops[0], tops[0] + unit],
      [tops[1], tops[1] + unit],
      [tops[2], this.#bottom],
    ];
    this.#frame.resize(clientWidth, this.#bottom + AXIS);
    // A surprise without end reaches the end of the scale.
    const scaleOf = (largest: number): Scale =>
      scaleLinear([0, largest || 1], [0, unit])
        .nice(5)
        .clamp(true);
    const scales = { side: scaleOf(columns.largest), difference: scaleOf(columns.largestDifference) };
    this.#drawBars(columns, tops, unit, scales, outcomeTop);
    this.#drawAxes(columns, span, tops, unit, scales);
    this.#titles.forEach((title, strip) => {
      title.setAttribute('y', String(tops[strip]! - heights[strip]! + TITLE - 4));
    });
    this.#rowNames.forEach((name, row) => {
      name.setAttribute('y', String(outcomeTop + (row + 1) * OUTCOME_ROW - 2));
    });
    this.node.setAttribute(
      'aria-label',
      `Surprise along the text, chunks ${formatCount(span.first + 1)} to ${formatCount(span.first + span.count)}`,
    );
  }

  /** Marks the selected chunk, and the column that the pointer is on. */
  mark(selected: number | null, hovered: number | null): void {
    const columns = this.#columns;
    if (columns === null) return;
    const isShown = selected !== null && selected >= columns.starts[0]! && selected < columns.starts[columns.count]!;
    this.#frame.draw({
      'selected-column': isShown ? this.#outline(columnOf(columns, selected)) : '',
      'mark-hover': hovered === null ? '' : this.#outline(hovered),
    });
  }

  /** A point of the picture in client coordinates, beside which a chunk is told of. */
  clientPoint(chunk: number): { x: number; y: number } {
    const column = this.#columns === null ? 0 : columnOf(this.#columns, chunk);
    return this.#frame.clientPoint(this.#left(column), TITLE);
  }

  #left(column: number): number {
    return LEFT + (column * this.#width) / (this.#columns?.count ?? 1);
  }

  /** Around a column's bars, in each strip by itself: no title is crossed. */
  #outline(column: number): string {
    const left = this.#left(column) - 1.5;
    const width = Math.max(4, this.#left(column + 1) - left + 1.5);
    return this.#strips.map(([top, bottom]) => rectangle(left, top, width, bottom - top)).join('');
  }

  #columnAt(x: number): number | null {
    const columns = this.#columns;
    if (columns === null) return null;
    if (x < -4 || x > this.#width + 4) return null;
    return Math.min(columns.count - 1, Math.max(0, Math.floor((x / this.#width) * columns.count)));
  }

  #drawBars(
    columns: SpanColumns,
    [topA, topB, topDifference]: readonly [number, number, number],
    unit: number,
    { side, difference: ofDifference }: Scales,
    outcomeTop: number,
  ): void {
    const paths = { a: '', b: '', more: '', less: '', outcome: '' };
    const step = this.#width / columns.count;
    const width = step >= PARTED ? step - 1 : step;
    const middle = topDifference + unit;
    const round = (value: number): number => Math.round(value * 100) / 100;
    for (let k = 0; k < columns.count; k++) {
      const x = round(LEFT + k * step);
      const bar = (base: number, height: number): string =>
        rectangle(x, round(base - height), round(width), round(height));
      paths.a += bar(topA + unit, side(columns.a[k]!));
      paths.b += bar(topB + unit, side(columns.b[k]!));
      const difference = columns.difference[k]!;
      if (difference > 0) paths.more += bar(middle, ofDifference(difference));
      else if (difference < 0) paths.less += bar(middle + ofDifference(-difference), ofDifference(-difference));
      for (let row = 0; row < 3; row++) {
        const share = columns.outcomes[4 * k + row + 1]!;
        if (share > 0)
          paths.outcome += bar(outcomeTop + (row + 1) * OUTCOME_ROW - 1, Math.max(1.5, share * (OUTCOME_ROW - 2)));
      }
    }
    const bases = [topA + unit, topB + unit, middle].map((y) => `M${LEFT},${round(y) + 0.5}h${this.#width}`);
    this.#frame.draw({
      'bar-a': paths.a,
      'bar-b': paths.b,
      'bar-more': paths.more,
      'bar-less': paths.less,
      'bar-outcome': paths.outcome,
      base: bases.join(''),
    });
  }

  #drawAxes(
    columns: SpanColumns,
    { first, count }: ChunkSpan,
    tops: readonly [number, number, number],
    unit: number,
    scales: Scales,
  ): void {
    const tick = format('~g');
    tops.forEach((top, strip) => {
      const isDifference = strip === 2;
      const largest = (isDifference ? scales.difference : scales.side).domain()[1]!;
      const axis = isDifference
        ? axisLeft(scaleLinear([-largest, largest], [2 * unit, 0])).tickValues([-largest, 0, largest])
        : axisLeft(scaleLinear([0, largest], [unit, 0])).tickValues([0, largest]);
      select(this.#axes[strip]!)
        .attr('transform', `translate(${LEFT - 2},${top})`)
        .call(
          axis
            .tickSize(3)
            .tickFormat((value) => `${isDifference && Number(value) > 0 ? '+' : ''}${tick(Number(value))} bits`),
        );
    });
    const bytes = scaleLinear([4 * first, 4 * (first + count)], [0, this.#width]);
    select(this.#axes[3]!)
      .attr('transform', `translate(${LEFT},${this.#bottom})`)
      .call(
        axisBottom(bytes)
          .ticks(Math.max(2, this.#width / 110), ',d')
          .tickSize(3),
      );
    keepTicksInside(this.#axes[3]!, bytes, this.#width + RIGHT);
    this.#byteName.setAttribute('y', String(this.#bottom + 13));
    this.node.dataset['columns'] = String(columns.count);
  }
}
