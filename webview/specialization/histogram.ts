/** @file The histogram of a voter's votes: raw counts, 1-bits upwards and 0-bits downwards, the vote at the selected chunk marked. */
import { axisBottom, axisLeft } from 'd3-axis';
import { format } from 'd3-format';
import type { ScaleContinuousNumeric } from 'd3-scale';
import { scaleLinear, scaleSymlog } from 'd3-scale';
import { select } from 'd3-selection';
import { element, svgElement } from '../shared/dom';
import { rectangle } from '../shared/chart/path';

const LEFT = 44;
const RIGHT = 8;
const TOP = 8;
const HEIGHT = 132;
const BOTTOM = 30;
const formatShort = format('.3~s');
const formatWhole = format(',d');

/** Raw counts, shortened only where they would not fit. */
function formatTick(count: number): string {
  return count < 1e5 ? formatWhole(count) : formatShort(count);
}

export interface HistogramContent {
  readonly zeros: Int32Array;
  readonly ones: Int32Array;
  /** The vote at the selected chunk, or null. */
  readonly current: number | null;
  readonly logarithmic: boolean;
}

/** Counts to 0 … 1; with the logarithm, one sample is seen beside a million. */
function countScale(most: number, logarithmic: boolean): ScaleContinuousNumeric<number, number> {
  return (logarithmic ? scaleSymlog() : scaleLinear()).domain([0, Math.max(1, most)]).range([0, HEIGHT / 2]);
}

/** Ticks of one half: powers of ten with the logarithm. */
export function countTicks(most: number, logarithmic: boolean): number[] {
  const limit = Math.max(1, most);
  if (!logarithmic) return [0, limit];
  const powers: number[] = [0];
  const step = limit > 1e4 ? 100 : 10;
  for (let power = step === 100 ? 100 : 1; power <= limit; power *= step) powers.push(power);
  return powers;
}

export class Histogram {
  readonly node: HTMLElement;
  readonly #svg = svgElement('svg', { role: 'img' });
  readonly #zeros = svgElement('path', { class: 'histogram-zeros' });
  readonly #ones = svgElement('path', { class: 'histogram-ones' });
  readonly #axis = svgElement('g', { class: 'axis' });
  readonly #counts = svgElement('g', { class: 'axis' });
  readonly #currentOuter = svgElement('path', { class: 'current-outer' });
  readonly #current = svgElement('path', { class: 'current' });
  readonly #middle = svgElement('path', { class: 'histogram-middle' });
  readonly #texts = [
    svgElement('text', { class: 'side-label', x: String(LEFT + 4), y: String(TOP + 9) }),
    svgElement('text', { class: 'side-label', y: String(TOP + HEIGHT - 4), 'text-anchor': 'end' }),
    svgElement('text', { class: 'muted', y: String(TOP + HEIGHT + BOTTOM - 3), 'text-anchor': 'middle' }),
  ];

  constructor() {
    this.node = element('div', { class: 'histogram' }, this.#svg);
    this.#svg.setAttribute('height', String(TOP + HEIGHT + BOTTOM));
    // Stripes, so that the sides differ by more than colour.
    const stripes = svgElement('pattern', {
      id: 'stripes',
      width: '4',
      height: '4',
      patternUnits: 'userSpaceOnUse',
      patternTransform: 'rotate(45)',
    });
    stripes.append(svgElement('rect', { class: 'stripe', width: '2.4', height: '4' }));
    const definitions = svgElement('defs');
    definitions.append(stripes);
    this.#svg.append(
      definitions,
      this.#ones,
      this.#zeros,
      this.#middle,
      this.#axis,
      this.#counts,
      ...this.#texts,
      this.#currentOuter,
      this.#current,
    );
  }

  draw({ zeros, ones, current, logarithmic }: HistogramContent): void {
    const width = Math.max(120, this.node.clientWidth - LEFT - RIGHT);
    const most = Math.max(...zeros, ...ones);
    const y = countScale(most, logarithmic);
    const bin = width / zeros.length;
    const gap = bin >= 5 ? 1 : 0;
    const middle = TOP + HEIGHT / 2;
    const bars = (counts: Int32Array, side: 1 | -1): string =>
      Array.from(counts, (count, index) => {
        if (count === 0) return '';
        // A single sample stays visible.
        const height = Math.max(1, y(count));
        return rectangle(LEFT + index * bin, side === 1 ? middle - height : middle, bin - gap, height);
      }).join('');
    this.#svg.setAttribute('width', String(LEFT + width + RIGHT));
    this.#ones.setAttribute('d', bars(ones, 1));
    this.#zeros.setAttribute('d', bars(zeros, -1));
    this.#middle.setAttribute('d', `M${LEFT},${middle}h${width}`);
    const x = current === null ? null : LEFT + current * width;
    const line = x === null ? '' : `M${x},${TOP}v${HEIGHT}M${x - 4},${TOP - 6}h8l-4,6z`;
    this.#currentOuter.setAttribute('d', line);
    this.#current.setAttribute('d', line);
    const total = (counts: Int32Array): string => formatWhole(counts.reduce((sum, count) => sum + count, 0));
    this.#texts[0]!.textContent = `real bit 1, N = ${total(ones)}`;
    this.#texts[1]!.textContent = `real bit 0, N = ${total(zeros)}`;
    this.#texts[1]!.setAttribute('x', String(LEFT + width - 2));
    this.#texts[2]!.textContent = 'vote v';
    this.#texts[2]!.setAttribute('x', String(LEFT + width / 2));
    select(this.#axis)
      .attr('transform', `translate(${LEFT},${TOP + HEIGHT})`)
      .call(
        axisBottom(scaleLinear([0, 1], [0, width]))
          .tickValues([0, 0.5, 1])
          .tickSize(3)
          .tickFormat(format('~r')),
      );
    const ticks = countTicks(most, logarithmic);
    const both = [...ticks.filter((tick) => tick > 0).map((tick) => -tick), ...ticks].sort((a, b) => a - b);
    // Two halves on one axis: counts below the line are written as what they are, not as negative.
    const axisScale = scaleLinear(
      both,
      both.map((tick) => middle - Math.sign(tick) * y(Math.abs(tick))),
    );
    select(this.#counts)
      .attr('transform', `translate(${LEFT - 2},0)`)
      .call(
        axisLeft(axisScale)
          .tickValues(both)
          .tickSize(3)
          .tickFormat((tick) => formatTick(Math.abs(Number(tick)))),
      );
    this.#svg.setAttribute(
      'aria-label',
      `Histogram of votes, ${logarithmic ? 'logarithmic counts' : 'raw counts'}: ${total(ones)} 1-bits upwards, ${total(zeros)} 0-bits downwards` +
        (current === null ? '' : `; the vote at the selected chunk is ${current.toFixed(3)}`),
    );
  }
}
