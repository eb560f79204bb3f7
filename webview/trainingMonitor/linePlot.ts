/** @file One chart: lines of all runs over steps or time, with bands, marks, axes, and the place that the user looks at. */
import { axisLeft } from 'd3-axis';
import type { ScaleContinuousNumeric } from 'd3-scale';
import { scaleLinear, scaleLog } from 'd3-scale';
import { select } from 'd3-selection';
import { area, line } from 'd3-shape';
import { element, svgElement } from '../shared/dom';
import { cross } from '../shared/chart/path';
import { logTicks, tickText } from '../shared/chart/ticks';
import type { MonitorAxis, MonitorRun } from '../../model/protocol/panels/trainingMonitor';
import type { MonitorChartHandlers } from './monitorChart';
import { HEIGHT, LEFT, MonitorChart, TOP, UNIT } from './monitorChart';
import type { ChartKind, Line, Mark, Smoothing, ValueScale } from './series';
import { indexUpTo, smoothed, valueExtent, within } from './series';

const RIGHT = 18;
/** Marks on a line, at most. */
const MOST_MARKS = 16;

export interface LinePlotContent {
  readonly runs: readonly MonitorRun[];
  readonly axis: MonitorAxis;
  /** The part of the axis that is shown. */
  readonly extent: readonly [number, number];
  /** Null follows the newest. */
  readonly at: number | null;
  readonly smoothing: Smoothing;
  readonly values: ValueScale;
}

function markPath(mark: Mark, x: number, y: number): string {
  if (mark === 'square') return `M${x - 2.5},${y - 2.5}h5v5h-5z`;
  return mark === 'circle' ? `M${x - 2.6},${y}a2.6,2.6 0 1,0 5.2,0a2.6,2.6 0 1,0 -5.2,0z` : '';
}

/** Where values stand in the picture, and how lines are drawn. */
interface Scales {
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly isLogarithmic: boolean;
  readonly smoothing: Smoothing;
}

/** Marks at the end of the axis are not cut. */
const CLIP_MARGIN = 8;
let clips = 0;

export class LinePlot {
  readonly node: HTMLElement;
  readonly #frame: MonitorChart;
  readonly #lines = svgElement('g');
  readonly #cursor = svgElement('path', { class: 'cursor' });
  /** Lines go on beyond the part of the axis that is shown. */
  readonly #clip = svgElement('rect', {
    x: String(LEFT - CLIP_MARGIN / 2),
    y: String(TOP - CLIP_MARGIN / 2),
    height: String(HEIGHT + CLIP_MARGIN),
  });

  constructor(
    private readonly kind: ChartKind,
    handlers: MonitorChartHandlers,
  ) {
    this.#frame = new MonitorChart(kind.title, handlers);
    const id = `clip-${clips++}`;
    const clip = svgElement('clipPath', { id });
    clip.append(this.#clip);
    this.#lines.setAttribute('clip-path', `url(#${id})`);
    const { svg, x, y, title, unit, axisTitle, none } = this.#frame;
    this.node = element('div', { class: 'chart' }, svg);
    unit.textContent = kind.unit;
    x.setAttribute('transform', `translate(0,${TOP + HEIGHT})`);
    svg.append(clip, y, x, this.#lines, this.#cursor, title, unit, axisTitle, none, this.#key());
  }

  get #width(): number {
    return Math.max(120, this.node.clientWidth - LEFT - RIGHT);
  }

  /** What the marks mean, where the chart has more than one line a run. */
  #key(): SVGGElement {
    const group = svgElement('g', { class: 'key' });
    let x = -4;
    for (const { label, mark } of this.kind.lines.toReversed()) {
      if (label === '') continue;
      const text = svgElement('text', { x: String(x), y: String(UNIT), 'text-anchor': 'end' });
      text.textContent = label;
      // Six pixels a character, about.
      x -= 6 * label.length + 8;
      const sign = svgElement('path', { d: `M${x - 16},${UNIT - 4}h18`, class: 'key-line' });
      const dot = svgElement('path', { d: markPath(mark, x - 7, UNIT - 4), class: `mark-${mark}` });
      group.append(sign, dot, text);
      x -= 28;
    }
    return group;
  }

  draw({ runs, axis, extent, at, smoothing, values: scale }: LinePlotContent): void {
    const width = this.#width;
    const { kind } = this;
    const isLogarithmic = scale === 'usual' ? kind.logarithmic : scale === 'logarithmic' && !kind.isShare;
    this.#frame.drawAxis(axis, extent, [LEFT, LEFT + width], RIGHT, 60);
    this.#frame.svg.querySelector('.key')!.setAttribute('transform', `translate(${LEFT + width},0)`);
    const lines = runs.flatMap((run) => kind.lines.map((part) => ({ run, part, data: part.of(run, axis) })));
    const values = valueExtent(
      lines.map(({ data }) => within(data, extent)),
      isLogarithmic,
    );
    const x = scaleLinear(extent, [LEFT, LEFT + width]);
    const y = this.#valueScale(values, isLogarithmic);
    this.#frame.setMeasured(values !== null);
    this.#lines.replaceChildren(
      ...lines.flatMap(({ run, part, data }) =>
        this.#drawLine(run, part.mark, data, { x, y, isLogarithmic, smoothing }),
      ),
      ...runs.flatMap((run) => this.#drawEnd(run, kind.lines[0]!.of(run, axis), x, y)),
    );
    this.#clip.setAttribute('width', String(width + CLIP_MARGIN));
    const yAxis = axisLeft(y)
      .ticks(4)
      .tickSize(3)
      .tickFormat((tick) => tickText(kind.isShare ? 100 * Number(tick) : Number(tick)));
    // A logarithmic axis labels every digit unless it is told where.
    if (isLogarithmic) yAxis.tickValues(logTicks(y.domain() as [number, number]));
    select(this.#frame.y).attr('transform', `translate(${LEFT},0)`).call(yAxis);
    const isShown = at !== null && at >= extent[0] && at <= extent[1];
    this.#cursor.setAttribute('d', isShown ? `M${x(at)},${TOP}v${HEIGHT}` : '');
    this.#frame.svg.setAttribute('aria-label', this.#description(runs, lines));
  }

  #valueScale(
    values: readonly [number, number] | null,
    isLogarithmic: boolean,
  ): ScaleContinuousNumeric<number, number> {
    const range = [TOP + HEIGHT, TOP];
    const [least, most] = values ?? [0, 1];
    if (isLogarithmic) {
      return scaleLog(
        [least, most > least ? most : 2 * least].map((value) => (value > 0 ? value : 1)),
        range,
      ).clamp(true);
    }
    const from = this.kind.isShare || this.kind.name !== 'bitsPerByte' ? Math.min(0, least) : least;
    return scaleLinear([from, most > from ? most : from + (this.kind.isShare ? 0.01 : 1)], range).nice(4);
  }

  #drawLine(
    { slot }: MonitorRun,
    mark: Mark,
    { x, y: raw, low, high }: Line,
    { x: toX, y: toY, isLogarithmic, smoothing }: Scales,
  ): SVGElement[] {
    // What is measured only now and then has marks, and is shown as it is.
    const isSmoothed = mark === 'none' && smoothing !== 'none';
    const y = isSmoothed ? smoothed(raw, Number(smoothing)) : raw;
    const isDrawn = (index: number): boolean =>
      Number.isFinite(y[index]!) && Number.isFinite(x[index]!) && (!isLogarithmic || y[index]! > 0);
    const indexes = Array.from(x.keys());
    const nodes: SVGElement[] = [];
    if (low !== null && high !== null) {
      const band = area<number>()
        .defined(isDrawn)
        .x((index) => toX(x[index]!))
        .y0((index) => toY(low[index]!))
        .y1((index) => toY(high[index]!));
      nodes.push(svgElement('path', { class: `band slot-${slot}`, d: band(indexes) ?? '' }));
    }
    const pathOf = (values: Float32Array) =>
      line<number>()
        .defined((index) => isDrawn(index) && (!isLogarithmic || values[index]! > 0))
        .x((index) => toX(x[index]!))
        .y((index) => toY(values[index]!));
    if (isSmoothed) nodes.push(svgElement('path', { class: `line raw slot-${slot}`, d: pathOf(raw)(indexes) ?? '' }));
    const path = pathOf(y);
    nodes.push(svgElement('path', { class: `line slot-${slot}`, d: path(indexes) ?? '' }));
    const every = Math.max(1, Math.ceil(x.length / MOST_MARKS));
    const marked = indexes.filter((index) => isDrawn(index) && (index % every === 0 || index === x.length - 1));
    // A line of one point is seen by its mark.
    const shape = mark === 'none' && x.length === 1 ? 'circle' : mark;
    const marks = marked.map((index) => markPath(shape, toX(x[index]!), toY(y[index]!))).join('');
    nodes.push(svgElement('path', { class: `mark-${shape} slot-${slot}`, d: marks }));
    return nodes;
  }

  /** A cross where a run ended that did not end well. */
  #drawEnd(
    { slot, state }: MonitorRun,
    { x, y }: Line,
    toX: (value: number) => number,
    toY: (value: number) => number,
  ): SVGElement[] {
    const last = y.findLastIndex((value) => Number.isFinite(value));
    if ((state !== 'diverged' && state !== 'failed') || last < 0) return [];
    return [svgElement('path', { class: `end slot-${slot}`, d: cross(toX(x[last]!), toY(y[last]!), 5) })];
  }

  #description(
    runs: readonly MonitorRun[],
    lines: readonly { readonly run: MonitorRun; readonly part: { readonly label: string }; readonly data: Line }[],
  ): string {
    const read = runs.map((run) => {
      const values = lines
        .filter((candidate) => candidate.run === run && candidate.data.y.length > 0)
        .map(({ part, data }) => {
          const value = data.y[indexUpTo(data.x, Infinity)]!;
          return `${part.label} ${tickText(this.kind.isShare ? 100 * value : value)}`.trim();
        });
      return `${run.name}: ${values.length === 0 ? 'not measured yet' : values.join(', ')}`;
    });
    return `${this.kind.title}, ${this.kind.unit}. Newest of ${read.join('; ')}.`;
  }
}
