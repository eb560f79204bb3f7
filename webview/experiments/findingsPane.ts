/** @file What was found, and the charts of it: the same for an experiment and for the loaded model. */
import type { ExperimentChart, Finding } from '../../model/protocol/experiments';
import { element } from '../shared/dom';
import type { ChartTools, ResultChart } from './chartFigure';
import { armSlots } from './describe';
import { DotChartPlot } from './dotChart';
import { findingRow, findingsTable } from './findingsTable';
import { LineChartPlot } from './lineChart';
import { MatrixChartPlot } from './matrixChart';

/** What is shown: of an experiment, or of a model. */
export interface Found {
  readonly findings: readonly Finding[];
  readonly charts: readonly ExperimentChart[];
}

function chartPlot(chart: ExperimentChart, slots: ReadonlyMap<string, number>, tools: ChartTools): ResultChart {
  switch (chart.kind) {
    case 'lines':
      return new LineChartPlot(chart, slots, tools);
    case 'dots':
      return new DotChartPlot(chart, slots, tools);
    case 'matrix':
      return new MatrixChartPlot(chart);
  }
}

export class FindingsPane {
  readonly node = element('div', { class: 'body' });
  #charts: readonly ResultChart[] = [];
  /** What the charts are of, as JSON: another one makes others. */
  #drawn = '';

  constructor(private readonly tools: ChartTools) {}

  /** @param title of what the findings are; null for nothing yet */
  draw(title: string, found: Found | null, isTable: boolean): void {
    const drawn = JSON.stringify([title, found]);
    if (drawn !== this.#drawn) {
      this.#drawn = drawn;
      // What the keyboard is on is there again.
      const focused = this.#charts.findIndex(({ node }) => node.contains(document.activeElement));
      const charts = found?.charts ?? [];
      const slots = armSlots(charts);
      this.#charts = charts.map((chart) => chartPlot(chart, slots, this.tools));
      this.node.replaceChildren(...(found === null ? [] : this.#parts(title, found.findings)));
      this.#charts[focused]?.node.querySelector<HTMLElement>('[tabindex]')?.focus();
    }
    for (const chart of this.#charts) {
      chart.showTable(isTable);
      chart.draw();
    }
  }

  /** The room, or the theme, is another one. */
  redraw(): void {
    for (const chart of this.#charts) chart.draw();
  }

  #parts(title: string, findings: readonly Finding[]): HTMLElement[] {
    return [
      element('h3', {}, 'Findings'),
      findings.length === 0
        ? element('p', { class: 'none' }, 'Nothing is found yet.')
        : findingsTable(`Findings of ${title}`, findings.map(findingRow)),
      element('div', { class: 'charts' }, ...this.#charts.map(({ node }) => node)),
    ];
  }
}
