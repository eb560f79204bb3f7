/** @file One figure per arm: a mark with its interval on a common axis, or why there is none. */
import { axisBottom } from 'd3-axis';
import { select } from 'd3-selection';
import type { DotChart } from '../../model/protocol/experiments';
import { setFitted } from '../shared/chart/fitText';
import { ChartFrame } from '../shared/chart/frame';
import { tickTexts } from '../shared/chart/ticks';
import { svgElement, table } from '../shared/dom';
import type { ChartTools, ResultChart } from './chartFigure';
import { chartFigure, pictureNode, tablePane } from './chartFigure';
import { axisText, certaintyText, valueText } from './describe';
import { markAt, slotClass } from './marks';
import { listenToReading } from './reading';
import { plotScale, ticksFor } from './scales';

const TOP = 8;
const ROW = 24;
const BOTTOM = 36;
const RIGHT = 16;
/** Names take as much of the picture, at most. */
const NAMES = 0.4;
const INSET = 8;

export class DotChartPlot implements ResultChart {
  readonly node: HTMLElement;
  readonly #plot: HTMLElement;
  readonly #table: HTMLElement;
  readonly #frame: ChartFrame<string>;
  readonly #x = svgElement('g', { class: 'axis' });
  readonly #title = svgElement('text', { class: 'muted axis-title', 'text-anchor': 'middle' });
  readonly #names: readonly SVGTextElement[];
  /** Why an arm has no value. */
  readonly #reasons: readonly SVGTextElement[];
  readonly #slots: readonly number[];
  #left = 0;
  #at: number | null = null;

  constructor(
    private readonly chart: DotChart,
    slots: ReadonlyMap<string, number>,
    tools: ChartTools,
  ) {
    const { title, x, rows } = chart;
    this.#slots = rows.map(({ arm }) => slots.get(arm) ?? 0);
    const read = rows.map(({ arm, estimate }) => `${arm}: ${valueText(estimate)}`);
    this.#plot = pictureNode(
      `${title} ${axisText(x)}. ${read.join('; ')}.`,
      'Up and down arrow keys read one arm after another.',
    );
    const shapes = this.#slots.flatMap((_, i) => [this.#shape('line', i), this.#shape('arm-mark', i)]);
    this.#frame = new ChartFrame(this.#plot, ['rows', 'cursor', ...shapes]);
    this.#names = rows.map(() => svgElement('text', { x: '2' }));
    this.#reasons = rows.map(() => svgElement('text', { class: 'muted' }));
    this.#frame.svg.append(this.#x, ...this.#frame.shapes, this.#title, ...this.#names, ...this.#reasons);
    this.#plot.append(this.#frame.svg);
    this.#table = tablePane(
      title,
      table(
        `${title}: ${axisText(x)}`,
        ['Arm', 'Value', 'Interval, N'],
        rows.map(({ arm, estimate }) => [arm, valueText(estimate), certaintyText(estimate)]),
      ),
    );
    this.node = chartFigure(chart, [this.#plot], this.#table);
    listenToReading(this.#plot, this.#frame, tools, {
      count: rows.length,
      keys: ['ArrowUp', 'ArrowDown'],
      placeAt: (_, at) => {
        const row = Math.floor((at - TOP) / ROW);
        return row < 0 || row >= rows.length ? null : row;
      },
      linesOf: (row) => this.#lines(row),
      pointOf: (row) => [this.#left, middle(row)],
      mark: (row) => {
        this.#at = row;
        this.#drawCursor();
      },
    });
  }

  showTable(isTable: boolean): void {
    this.#plot.hidden = isTable;
    this.#table.hidden = !isTable;
  }

  draw(): void {
    const { rows, x } = this.chart;
    const room = Math.max(160, this.#plot.clientWidth);
    const height = TOP + rows.length * ROW;
    rows.forEach(({ arm }, i) => {
      this.#names[i]!.setAttribute('y', String(middle(i) + 4));
      setFitted(this.#names[i]!, arm, NAMES * room);
    });
    const widest = Math.max(0, ...this.#names.map((name) => name.getComputedTextLength()));
    this.#left = Math.ceil(widest) + 10;
    const values = rows.flatMap(({ estimate: { value, interval } }) => [value ?? NaN, ...(interval ?? [])]);
    const scale = plotScale(x.scale, values, [this.#left + INSET, room - RIGHT - INSET], true);
    this.#frame.resize(room, height + BOTTOM);
    this.#plot.style.height = `${height + BOTTOM}px`;
    this.#x.setAttribute('transform', `translate(0,${height})`);
    const ticks = ticksFor(scale, []);
    select(this.#x).call(
      axisBottom<number>(scale.at)
        .tickValues([...ticks])
        .tickSize(3)
        .tickFormat(tickTexts(ticks)),
    );
    this.#title.setAttribute('x', String((this.#left + room - RIGHT) / 2));
    this.#title.setAttribute('y', String(height + BOTTOM - 4));
    setFitted(this.#title, x.scale === 'log' ? `${axisText(x)}, logarithmic` : axisText(x), room - this.#left);
    this.#frame.draw({ rows: rows.map((_, i) => `M${this.#left},${middle(i)}H${room - RIGHT}`).join('') });
    rows.forEach(({ estimate: { value, interval, reason } }, i) => {
      const isDrawn = value !== null && scale.holds(value);
      const whisker =
        interval !== null && interval.every(scale.holds)
          ? `M${scale.at(interval[0])},${middle(i) - 4}v8M${scale.at(interval[0])},${middle(i)}H${scale.at(interval[1])}M${scale.at(interval[1])},${middle(i) - 4}v8`
          : '';
      this.#frame.draw({
        [this.#shape('line', i)]: isDrawn ? whisker : '',
        [this.#shape('arm-mark', i)]: isDrawn ? markAt(this.#slots[i]!, scale.at(value), middle(i)) : '',
      });
      const node = this.#reasons[i]!;
      node.setAttribute('x', String(this.#left + INSET));
      node.setAttribute('y', String(middle(i) + 4));
      const why = value === null ? `undefined: ${reason ?? 'no reason is given'}` : 'below 0: no place on this axis';
      setFitted(node, isDrawn ? '' : why, room - RIGHT - this.#left - INSET);
    });
    this.#drawCursor();
  }

  #shape(name: 'line' | 'arm-mark', row: number): string {
    return `${name} ${slotClass(this.#slots[row]!)} row-${row}`;
  }

  #drawCursor(): void {
    const at = this.#at;
    const right = this.#plot.clientWidth - RIGHT;
    this.#frame.draw({ cursor: at === null ? '' : `M${this.#left},${middle(at) + ROW / 2 - 1}H${right}` });
  }

  #lines(row: number): readonly string[] {
    const { arm, estimate } = this.chart.rows[row]!;
    return [arm, valueText(estimate), certaintyText(estimate)];
  }
}

function middle(row: number): number {
  return TOP + (row + 0.5) * ROW;
}
