/** @file How the shown voters are spread over the sorted column: a small histogram, with its least, middle and largest value. */
import { scaleSymlog } from 'd3-scale';
import { rectangle } from '../../shared/chart/path';
import { element, svgElement } from '../../shared/dom';
import { formatCount, formatNumber } from '../../shared/text';
import type { ColumnKey, FinderRows } from './columns';
import { COLUMNS } from './columns';

const BINS = 32;
const WIDTH = 160;
const HEIGHT = 22;

export interface SpreadOfValues {
  /** Of so many rows the value is known. */
  readonly count: number;
  readonly least: number;
  readonly median: number;
  readonly most: number;
  /** [32] rows from the least to the largest value. */
  readonly bins: Uint32Array;
}

/** Null where the column has no numbers. */
export function spreadOf(rows: FinderRows, shown: Uint32Array, key: ColumnKey): SpreadOfValues | null {
  if (key === 'voter') return null;
  const values = Array.from(shown, (row) => COLUMNS[key].value(rows, row))
    .filter((value): value is number => typeof value === 'number' && !Number.isNaN(value))
    .sort((a, b) => a - b);
  if (values.length === 0) return null;
  const [least, most] = [values[0]!, values.at(-1)!];
  const bins = new Uint32Array(BINS);
  for (const value of values) {
    const at = most === least ? 0 : Math.floor((BINS * (value - least)) / (most - least));
    bins[Math.min(BINS - 1, at)]!++;
  }
  return { count: values.length, least, median: values[(values.length - 1) >> 1]!, most, bins };
}

export class Spread {
  readonly node: HTMLElement;
  readonly #bars = svgElement('path', { class: 'spread-bars' });
  readonly #svg = svgElement('svg', { width: String(WIDTH), height: String(HEIGHT), 'aria-hidden': 'true' });
  readonly #words = element('span', { class: 'spread-words' });

  constructor() {
    this.#svg.append(this.#bars);
    this.node = element('div', { class: 'spread' }, this.#svg, this.#words);
  }

  draw(rows: FinderRows, shown: Uint32Array, key: ColumnKey): void {
    const spread = spreadOf(rows, shown, key);
    this.node.hidden = spread === null;
    if (spread === null) return;
    const { title, unit } = COLUMNS[key];
    // One voter is seen beside thousands.
    const height = scaleSymlog([0, Math.max(...spread.bins)], [0, HEIGHT - 1]);
    const bars = Array.from(spread.bins, (count, bin) => {
      const tall = count === 0 ? 0 : Math.max(1, height(count));
      return rectangle((bin * WIDTH) / BINS, HEIGHT - tall, WIDTH / BINS - 1, tall);
    });
    this.#bars.setAttribute('d', bars.join(''));
    const number = (value: number): string => formatNumber(Number(value.toPrecision(3)));
    this.#words.textContent =
      `${title} (${unit}): least ${number(spread.least)}, median ${number(spread.median)}, most ${number(spread.most)}; ` +
      `N = ${formatCount(spread.count)} voters, logarithmic counts`;
  }
}
