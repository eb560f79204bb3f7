/** @file A matrix with its values in coloured cells: a table, so that it is read as one. */
import type { MatrixChart } from '../../model/protocol/experiments';
import { colorAt, divergingColors, sequentialColors } from '../shared/chart/colors';
import { Legend } from '../shared/chart/legend';
import { element } from '../shared/dom';
import { readTheme } from '../shared/page/theme';
import { formatNumber } from '../shared/text';
import type { ResultChart } from './chartFigure';
import { chartFigure } from './chartFigure';

/** From this share of white on, ink on it is black. */
const LIGHT = 0.18;

interface ColorScale {
  readonly pixels: Uint32Array;
  readonly least: number;
  readonly most: number;
}

/** Red, green and blue of a pixel, 0 to 255. */
function channels(pixel: number): readonly [number, number, number] {
  return [pixel & 255, (pixel >> 8) & 255, (pixel >> 16) & 255];
}

/** Relative luminance (WCAG 2), 0 to 1. */
function luminance(pixel: number): number {
  const [red, green, blue] = channels(pixel).map((channel) => {
    const share = channel / 255;
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
  }) as [number, number, number];
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

/** Amounts from dark to light; what has a middle at 0, blue to orange, as far to both sides. */
function colorScale(values: readonly number[], isDark: boolean): ColorScale {
  const least = Math.min(...values);
  const most = Math.max(...values);
  if (least >= 0 || most <= 0) return { pixels: sequentialColors(), least, most };
  const end = Math.max(-least, most);
  return { pixels: divergingColors(isDark), least: -end, most: end };
}

export class MatrixChartPlot implements ResultChart {
  readonly node: HTMLElement;
  readonly #legend = new Legend();
  readonly #cells: readonly (readonly HTMLTableCellElement[])[];

  constructor(private readonly chart: MatrixChart) {
    const { title, rows, rowTitle, columns, columnTitle, unit, values } = chart;
    this.#cells = rows.map((_, r) =>
      columns.map((_column, c) => {
        const value = values[r]?.[c] ?? null;
        return element('td', {}, value === null ? '–' : formatNumber(value));
      }),
    );
    const table = element(
      'table',
      {},
      element('caption', { class: 'visually-hidden' }, `${title} ${unit}`),
      element(
        'thead',
        {},
        element(
          'tr',
          {},
          element('td', {}),
          element('th', { scope: 'colgroup', colspan: String(columns.length), class: 'group' }, columnTitle),
        ),
        element(
          'tr',
          {},
          element('th', { scope: 'col', class: 'group' }, rowTitle),
          ...columns.map((column) => element('th', { scope: 'col' }, column)),
        ),
      ),
      element(
        'tbody',
        {},
        ...rows.map((row, r) => element('tr', {}, element('th', { scope: 'row' }, row), ...this.#cells[r]!)),
      ),
    );
    const pane = element('div', { class: 'table-pane', tabindex: '0', role: 'region', 'aria-label': title }, table);
    this.node = chartFigure(chart, [this.#legend.node], pane);
  }

  /** A matrix is a table already. */
  showTable(): void {
    this.#legend.node.hidden = this.#known.length === 0;
  }

  draw(): void {
    const known = this.#known;
    this.#legend.node.hidden = known.length === 0;
    if (known.length === 0) return;
    const { pixels, least, most } = colorScale(known, readTheme().dark);
    const end = (value: number): string => `${formatNumber(value)} ${this.chart.unit}`.trim();
    this.#legend.set(
      '',
      pixels,
      end(least),
      end(most),
      known.length < this.#cells.flat().length ? '–: undefined' : null,
    );
    this.#cells.forEach((cells, r) => {
      cells.forEach((cell, c) => {
        const value = this.chart.values[r]?.[c] ?? null;
        if (value === null) return;
        const pixel = colorAt(pixels, most > least ? (value - least) / (most - least) : 0.5);
        cell.style.backgroundColor = `rgb(${channels(pixel).join(' ')})`;
        cell.style.color = luminance(pixel) > LIGHT ? '#000' : '#fff';
      });
    });
  }

  get #known(): readonly number[] {
    return this.chart.values.flat().filter((value) => value !== null);
  }
}
