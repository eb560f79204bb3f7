/** @file Lines with their intervals: a line, a band and marks per arm, fitted curves without marks, and a cursor that reads all arms at one place. */
import { axisBottom, axisLeft } from 'd3-axis';
import { select } from 'd3-selection';
import { area, line } from 'd3-shape';
import type { ChartPoint, LineChart } from '../../model/protocol/experiments';
import { setFitted } from '../shared/chart/fitText';
import { ChartFrame } from '../shared/chart/frame';
import { tickTexts } from '../shared/chart/ticks';
import { element, svgElement, table } from '../shared/dom';
import { formatNumber } from '../shared/text';
import type { ChartTools, ResultChart } from './chartFigure';
import { chartFigure, pictureNode, tablePane } from './chartFigure';
import { axisText, pointText } from './describe';
import { markAt, slotClass } from './marks';
import { listenToReading } from './reading';
import type { PlotScale } from './scales';
import { plotScale, ticksFor } from './scales';

const LEFT = 50;
const RIGHT = 16;
const TOP = 26;
const HEIGHT = 170;
const BOTTOM = 36;
/** Marks at the ends of an axis stand within it. */
const INSET = 8;
/** Half the width of the ends of a single point’s interval. */
const CAP = 4;

export class LineChartPlot implements ResultChart {
  readonly node: HTMLElement;
  readonly #plot: HTMLElement;
  readonly #table: HTMLElement;
  readonly #key: HTMLElement;
  readonly #frame: ChartFrame<string>;
  readonly #x = svgElement('g', { class: 'axis' });
  readonly #y = svgElement('g', { class: 'axis' });
  readonly #xTitle = svgElement('text', { class: 'muted axis-title', 'text-anchor': 'middle' });
  readonly #yTitle = svgElement('text', { class: 'muted axis-title', x: '2', y: '11' });
  readonly #none = svgElement('text', { class: 'muted', 'text-anchor': 'middle', y: String(TOP + HEIGHT / 2) });
  readonly #slots: readonly number[];
  /** Measured places, ascending. */
  readonly #places: readonly number[];
  readonly #left = element('p', { class: 'left-out' });
  #scaleX: PlotScale;
  /** Number of the place that is read. */
  #at: number | null = null;

  constructor(
    private readonly chart: LineChart,
    slots: ReadonlyMap<string, number>,
    tools: ChartTools,
  ) {
    const { title, x, y, series } = chart;
    this.#slots = series.map(({ arm }) => slots.get(arm) ?? 0);
    const measured = series.filter(({ isFitted }) => isFitted !== true);
    this.#places = [...new Set(measured.flatMap(({ points }) => points.map((point) => point.x)))].toSorted(
      (a, b) => a - b,
    );
    this.#scaleX = plotScale(x.scale, this.#places, [0, 1], false);
    this.#plot = pictureNode(this.#description(), 'Left and right arrow keys read one place after another.');
    const shapes = this.#slots.flatMap((_, i) => [
      this.#shape('band', i),
      this.#shape('line', i),
      this.#shape('arm-mark', i),
    ]);
    this.#frame = new ChartFrame(this.#plot, ['cursor', ...shapes]);
    this.#frame.svg.append(this.#y, this.#x, ...this.#frame.shapes, this.#xTitle, this.#yTitle, this.#none);
    this.#x.setAttribute('transform', `translate(0,${TOP + HEIGHT})`);
    this.#y.setAttribute('transform', `translate(${LEFT},0)`);
    this.#plot.append(this.#frame.svg);
    this.#key = element('ul', { class: 'key', 'aria-label': 'Arms' }, ...series.map((_, i) => this.#keyItem(i)));
    this.#table = tablePane(
      title,
      table(
        `${title}: ${axisText(y)}`,
        [axisText(x), ...series.map(({ arm }) => arm)],
        this.#places.map((place) => [formatNumber(place), ...this.#read(place).map(({ text }) => text)]),
      ),
    );
    this.node = chartFigure(chart, [this.#plot, this.#key, this.#left], this.#table);
    listenToReading(this.#plot, this.#frame, tools, {
      count: this.#places.length,
      keys: ['ArrowLeft', 'ArrowRight'],
      placeAt: (at) => this.#nearest(at),
      linesOf: (place) => this.#lines(this.#places[place]!),
      pointOf: (place) => [this.#scaleX.at(this.#places[place]!), TOP],
      mark: (place) => {
        this.#at = place;
        this.#drawCursor();
      },
    });
  }

  showTable(isTable: boolean): void {
    for (const node of [this.#plot, this.#key]) node.hidden = isTable;
    this.#left.hidden = isTable || this.#left.textContent === '';
    this.#table.hidden = !isTable;
  }

  draw(): void {
    const { chart } = this;
    const width = Math.max(120, this.#plot.clientWidth - LEFT - RIGHT);
    const x = plotScale(chart.x.scale, this.#places, [LEFT + INSET, LEFT + width - INSET], false);
    const values = chart.series.flatMap(({ points }) =>
      points.flatMap(({ y, interval }) => [y ?? NaN, ...(interval ?? [])]),
    );
    // A linear axis ends at round places by itself.
    const bottom = TOP + HEIGHT - (chart.y.scale === 'log' ? INSET : 0);
    const y = plotScale(chart.y.scale, values, [bottom, TOP], true);
    this.#scaleX = x;
    this.#frame.resize(LEFT + width + RIGHT, TOP + HEIGHT + BOTTOM);
    const ticks = ticksFor(x, this.#places);
    select(this.#x).call(
      axisBottom<number>(x.at)
        .tickValues([...ticks])
        .tickSize(3)
        .tickFormat(tickTexts(ticks)),
    );
    select(this.#y).call(
      axisLeft<number>(y.at)
        .tickValues([...y.ticks])
        .tickSize(3)
        .tickFormat(tickTexts(y.ticks)),
    );
    this.#xTitle.setAttribute('x', String(LEFT + width / 2));
    this.#xTitle.setAttribute('y', String(TOP + HEIGHT + BOTTOM - 4));
    setFitted(this.#xTitle, axisTitle(chart.x), width + RIGHT);
    setFitted(this.#yTitle, axisTitle(chart.y), LEFT + width);
    this.#none.setAttribute('x', String(LEFT + width / 2));
    this.#none.textContent = values.some(Number.isFinite) ? '' : 'not measured yet';
    chart.series.forEach(({ points }, i) => {
      this.#drawArm(points, i, x, y);
    });
    const leftOut = chart.series
      .flatMap(({ points }) => points)
      .filter((point) => point.y !== null && !isDrawn(point, x, y));
    this.#left.textContent =
      leftOut.length === 0
        ? ''
        : `${leftOut.length} values below 0 have no place on a logarithmic axis; the table has them.`;
    this.#left.hidden = leftOut.length === 0 || this.#plot.hidden;
    this.#drawCursor();
  }

  #shape(name: 'band' | 'line' | 'arm-mark', arm: number): string {
    // The number keeps two arms apart that share colour and dashes.
    return `${name} ${slotClass(this.#slots[arm]!)} arm-${arm}`;
  }

  #drawArm(points: readonly ChartPoint[], arm: number, x: PlotScale, y: PlotScale): void {
    const ordered = points.toSorted((a, b) => a.x - b.x);
    const drawn = ordered.filter((point) => isDrawn(point, x, y));
    const low = ({ interval }: ChartPoint): number => y.at(interval![0]);
    const high = ({ interval }: ChartPoint): number => y.at(interval![1]);
    const hasBand = (point: ChartPoint): boolean =>
      isDrawn(point, x, y) && point.interval !== null && point.interval.every(y.holds);
    const band = area<ChartPoint>()
      .defined(hasBand)
      .x((point) => x.at(point.x))
      .y0(low)
      .y1(high);
    const path = line<ChartPoint>()
      .defined((point) => isDrawn(point, x, y))
      .x((point) => x.at(point.x))
      .y((point) => y.at(point.y!));
    // A band of one point has no width.
    const whiskers = ordered.length === 1 ? drawn.filter(hasBand) : [];
    const caps = whiskers.map((point) => {
      const at = x.at(point.x);
      return `M${at - CAP},${low(point)}h${2 * CAP}M${at},${low(point)}V${high(point)}M${at - CAP},${high(point)}h${2 * CAP}`;
    });
    this.#frame.draw({
      [this.#shape('band', arm)]: band(ordered) ?? '',
      [this.#shape('line', arm)]: (path(ordered) ?? '') + caps.join(''),
      [this.#shape('arm-mark', arm)]: (this.chart.series[arm]!.isFitted === true ? [] : drawn)
        .map((point) => markAt(this.#slots[arm]!, x.at(point.x), y.at(point.y!)))
        .join(''),
    });
  }

  #drawCursor(): void {
    const place = this.#at === null ? null : this.#places[this.#at]!;
    const isShown = place !== null && this.#scaleX.holds(place);
    this.#frame.draw({ cursor: isShown ? `M${this.#scaleX.at(place)},${TOP}v${HEIGHT}` : '' });
  }

  #keyItem(index: number): HTMLElement {
    const slot = this.#slots[index]!;
    const { arm, isFitted } = this.chart.series[index]!;
    const swatch = svgElement('svg', { class: 'swatch', width: '30', height: '12', 'aria-hidden': 'true' });
    swatch.append(svgElement('path', { class: `line ${slotClass(slot)}`, d: 'M1,6h28' }));
    if (isFitted !== true)
      swatch.append(svgElement('path', { class: `arm-mark ${slotClass(slot)}`, d: markAt(slot, 15, 6) }));
    return element('li', {}, swatch, arm);
  }

  /** What every arm has at a place. */
  #read(place: number): readonly { readonly arm: string; readonly text: string }[] {
    return this.chart.series.map(({ arm, points }) => {
      const point = points.find(({ x }) => x === place);
      return { arm, text: point === undefined ? '–' : pointText(point.y, point.interval) };
    });
  }

  #lines(place: number): readonly string[] {
    return [
      `${this.chart.x.label} ${formatNumber(place)}`,
      ...this.#read(place).map(({ arm, text }) => `${arm}: ${text}`),
    ];
  }

  #description(): string {
    const { title, x, y, series } = this.chart;
    const ends = series.map(({ arm, points }) => {
      const measured = points.filter(({ y: value }) => value !== null).toSorted((a, b) => a.x - b.x);
      const [first, last] = [measured[0], measured.at(-1)];
      if (first === undefined || last === undefined) return `${arm}: not measured yet`;
      const [from, to] = [first, last].map((point) => `${formatNumber(point.y!)} at ${formatNumber(point.x)}`);
      return measured.length === 1 ? `${arm}: ${from!}` : `${arm}: from ${from!} to ${to!}`;
    });
    return `${title} ${axisText(y)} over ${axisText(x)}. ${ends.join('; ')}.`;
  }

  #nearest(x: number): number {
    let nearest = 0;
    this.#places.forEach((place, i) => {
      if (Math.abs(this.#scaleX.at(place) - x) < Math.abs(this.#scaleX.at(this.#places[nearest]!) - x)) nearest = i;
    });
    return nearest;
  }
}

function isDrawn({ x, y }: ChartPoint, toX: PlotScale, toY: PlotScale): boolean {
  return y !== null && toX.holds(x) && toY.holds(y);
}

function axisTitle(axis: LineChart['x']): string {
  return axis.scale === 'log' ? `${axisText(axis)}, logarithmic` : axisText(axis);
}
