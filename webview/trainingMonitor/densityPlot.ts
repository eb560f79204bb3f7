/** @file The density histogram over training: a column a probe, a row a bin of activation density, coloured by the number of voters. */
import { axisLeft } from 'd3-axis';
import { format } from 'd3-format';
import { scaleLinear } from 'd3-scale';
import { select } from 'd3-selection';
import { colorAt } from '../shared/chart/colors';
import { element, svgElement } from '../shared/dom';
import { rectangle } from '../shared/chart/path';
import { formatCount } from '../shared/text';
import type { MonitorAxis, MonitorRun } from '../../model/protocol/panels/trainingMonitor';
import type { MonitorChartHandlers } from './monitorChart';
import { HEIGHT, LEFT, MonitorChart, TOP } from './monitorChart';
import { indexUpTo } from './series';

/** Beside the picture: the bars of the probe that the user looks at. */
const BARS = 84;
const GAP = 20;
const formatPercent = format('.0%');

export interface DensityContent {
  readonly run: MonitorRun;
  readonly axis: MonitorAxis;
  readonly extent: readonly [number, number];
  readonly at: number | null;
  readonly pixels: Uint32Array;
}

/** [n + 1] where the columns of probes begin and end: half way between one and the next, within `extent`. */
export function columnEdges(places: ArrayLike<number>, extent: readonly [number, number]): number[] {
  const middles = Array.from({ length: Math.max(0, places.length - 1) }, (_, i) => (places[i]! + places[i + 1]!) / 2);
  const last = places[places.length - 1] ?? extent[1];
  const before = middles.at(-1) ?? extent[0];
  // The newest is as wide to the right as to the left, as far as there is room.
  return [extent[0], ...middles, Math.min(extent[1], last + Math.max(0, last - before))];
}

/** Position of a count on the colour scale: logarithmic, so that one voter is seen beside thousands; NaN where there is none. */
export function countPosition(count: number, voters: number): number {
  return count === 0 ? NaN : Math.log1p(count) / Math.log1p(voters);
}

export class DensityPlot {
  readonly node: HTMLElement;
  readonly #canvas = element('canvas', { 'aria-hidden': 'true' });
  readonly #frame: MonitorChart;
  readonly #bars = svgElement('path', { class: 'bars' });
  readonly #cursorOuter = svgElement('path', { class: 'cursor-outer' });
  readonly #cursor = svgElement('path', { class: 'cursor' });
  readonly #border = svgElement('path', { class: 'frame' });
  readonly #barsTitles = [12, 25].map((line) =>
    svgElement('text', { class: 'muted axis-title', y: String(TOP + HEIGHT + line) }),
  );

  constructor(handlers: MonitorChartHandlers) {
    this.#frame = new MonitorChart('Activation density', handlers);
    const { svg, x, y, title, unit, axisTitle, none } = this.#frame;
    this.node = element('div', { class: 'plot chart density' }, this.#canvas, svg);
    x.setAttribute('transform', `translate(${LEFT},${TOP + HEIGHT})`);
    svg.append(this.#border, this.#bars, y, x, this.#cursorOuter, this.#cursor);
    svg.append(title, unit, axisTitle, ...this.#barsTitles, none);
  }

  get #width(): number {
    return Math.max(80, this.node.clientWidth - LEFT - GAP - BARS - 4);
  }

  draw({ run, axis, extent, at, pixels }: DensityContent): void {
    const { probes } = run;
    const width = this.#width;
    this.#frame.drawAxis(axis, extent, [0, width], GAP + BARS, 80);
    const x = scaleLinear(extent, [0, width]);
    this.#paint(run, columnEdges(probes[axis], extent).map(x), width, pixels);
    this.#border.setAttribute('d', rectangle(LEFT - 0.5, TOP - 0.5, width + 1, HEIGHT + 1));
    this.#frame.unit.textContent = `share of chunks in which a voter is active, all voters of ${run.name}`;
    select(this.#frame.y)
      .attr('transform', `translate(${LEFT},0)`)
      .call(
        axisLeft(scaleLinear([0, 1], [TOP + HEIGHT, TOP]))
          .tickValues([0, 0.5, 1])
          .tickSize(3)
          .tickFormat((tick) => formatPercent(Number(tick))),
      );
    const isShown = at !== null && at >= extent[0] && at <= extent[1];
    const cursor = isShown ? `M${LEFT + x(at)},${TOP}v${HEIGHT}` : '';
    this.#cursorOuter.setAttribute('d', cursor);
    this.#cursor.setAttribute('d', cursor);
    this.#frame.setMeasured(probes.step.length > 0);
    this.#drawBars(run, indexUpTo(probes[axis], at ?? Infinity), LEFT + width + GAP);
  }

  /** The histogram of one probe, its bins level with those of the picture. */
  #drawBars({ probes, name }: MonitorRun, index: number, left: number): void {
    const { bins, densityHistograms, step, voters } = probes;
    const counts = densityHistograms.subarray(index * bins, (index + 1) * bins);
    const most = Math.max(1, ...counts);
    const row = HEIGHT / Math.max(1, bins);
    const path = Array.from(counts, (count, bin) =>
      count === 0
        ? ''
        : rectangle(
            left,
            TOP + HEIGHT - (bin + 1) * row,
            Math.max(1.5, ((BARS - 4) * count) / most),
            Math.max(1, row - 1),
          ),
    );
    this.#bars.setAttribute('d', path.join(''));
    this.#barsTitles.forEach((title, line) => {
      title.setAttribute('x', String(left));
      const words = line === 0 ? `step ${formatCount(step[index] ?? 0)}` : `most ${formatCount(most)}`;
      title.textContent = counts.length === 0 ? '' : words;
    });
    const active = Array.from(counts).filter((count) => count > 0).length;
    this.#frame.svg.setAttribute(
      'aria-label',
      counts.length === 0
        ? 'Activation density of the voters over training: not measured yet.'
        : `Activation density of the ${formatCount(voters)} voters of ${name} over training, 0 % at the bottom. At step ${formatCount(step[index]!)}: ${formatCount(counts[0]!)} voters in the lowest of ${bins} bins, ${formatCount(counts.at(-1)!)} in the highest, ${active} bins hold voters.`,
    );
  }

  #paint({ probes }: MonitorRun, edges: readonly number[], width: number, pixels: Uint32Array): void {
    const ratio = window.devicePixelRatio;
    const across = Math.round(width * ratio);
    const down = Math.round(HEIGHT * ratio);
    const canvas = this.#canvas;
    if (canvas.width !== across || canvas.height !== down) {
      canvas.width = across;
      canvas.height = down;
      canvas.style.width = `${across / ratio}px`;
      canvas.style.height = `${down / ratio}px`;
      canvas.style.left = `${LEFT}px`;
      canvas.style.top = `${TOP}px`;
    }
    const image = new ImageData(across, down);
    const target = new Uint32Array(image.data.buffer);
    const { bins, densityHistograms, voters, step } = probes;
    for (let bin = 0; bin < bins; bin++) {
      const top = Math.round(down * (1 - (bin + 1) / bins));
      const bottom = Math.round(down * (1 - bin / bins));
      for (let probe = 0; probe < step.length; probe++) {
        const color = colorAt(pixels, countPosition(densityHistograms[probe * bins + bin]!, voters));
        const from = Math.max(0, Math.round(edges[probe]! * ratio));
        const to = Math.min(across, Math.max(from + 1, Math.round(edges[probe + 1]! * ratio)));
        for (let y = top; y < bottom; y++) target.fill(color, y * across + from, y * across + to);
      }
    }
    canvas.getContext('2d')!.putImageData(image, 0, 0);
  }
}
