/** @file One experiment: its question and the measure that decides, how far it is, findings, charts, and what it was made with. */
import { EXPERIMENT_TEXTS, experimentSource } from '../../model/measures/experimentText';
import type { ExperimentChart, ExperimentResult } from '../../model/protocol/experiments';
import type { ShownExperiment } from '../../model/protocol/panels/experiments';
import { element, table } from '../shared/dom';
import type { ChartTools, ResultChart } from './chartFigure';
import { armSlots, cautions, progressText, setupRows, textRows } from './describe';
import { DotChartPlot } from './dotChart';
import { findingRow, findingsTable } from './findingsTable';
import { LineChartPlot } from './lineChart';
import { MatrixChartPlot } from './matrixChart';

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

export class ResultPage {
  readonly node = element('article', {});
  readonly #title = element('h2');
  readonly #question = element('p', { class: 'question' });
  readonly #primary = element('p', { class: 'primary' });
  readonly #cautions = element('ul', { class: 'cautions', 'aria-label': 'Before you read the numbers' });
  readonly #message = element('p', { class: 'run-message', role: 'status' });
  readonly #progress = element('progress', { max: '1', 'aria-label': 'Runs that are done' });
  readonly #progressText = element('p', { class: 'context' });
  readonly #body = element('div', { class: 'body' });
  #charts: readonly ResultChart[] = [];
  /** The result that the charts are of, as JSON: another one makes others. */
  #drawn = '';

  constructor(private readonly tools: ChartTools) {
    this.node.append(
      this.#title,
      this.#question,
      this.#primary,
      this.#cautions,
      this.#message,
      this.#progress,
      this.#progressText,
      this.#body,
    );
  }

  draw(shown: ShownExperiment, isTable: boolean): void {
    const { result, progress, message, isRunning, experiment } = shown;
    this.#title.textContent = result?.title ?? EXPERIMENT_TEXTS[experiment].title;
    this.#question.textContent = result?.question ?? EXPERIMENT_TEXTS[experiment].question;
    this.#primary.replaceChildren(
      ...(result === null ? [] : [element('b', {}, 'Decides, as stated before the run: '), result.primary]),
    );
    const warned = result === null ? [] : cautions(result);
    this.#cautions.replaceChildren(...warned.map((caution) => element('li', {}, caution)));
    this.#cautions.hidden = warned.length === 0;
    this.#message.textContent = message ?? '';
    this.#message.hidden = message === null;
    this.#progress.hidden = !isRunning;
    this.#progressText.hidden = !isRunning;
    this.#progress.value = progress === null ? 0 : progress.done / Math.max(1, progress.planned);
    this.#progressText.textContent = progress === null ? 'about to begin' : progressText(progress);
    this.#drawBody(result);
    for (const chart of this.#charts) {
      chart.showTable(isTable);
      chart.draw();
    }
  }

  /** The room, or the theme, is another one. */
  redraw(): void {
    for (const chart of this.#charts) chart.draw();
  }

  #drawBody(result: ExperimentResult | null): void {
    const drawn = JSON.stringify(result);
    if (drawn === this.#drawn) return;
    this.#drawn = drawn;
    // What the keyboard is on is there again.
    const focused = this.#charts.findIndex(({ node }) => node.contains(document.activeElement));
    const slots = armSlots(result?.charts ?? []);
    this.#charts = (result?.charts ?? []).map((chart) => chartPlot(chart, slots, this.tools));
    this.#body.replaceChildren(...(result === null ? [] : this.#parts(result)));
    this.#charts[focused]?.node.querySelector<HTMLElement>('[tabindex]')?.focus();
  }

  #parts(result: ExperimentResult): HTMLElement[] {
    const { findings, title } = result;
    return [
      element('h3', {}, 'Findings'),
      findings.length === 0
        ? element('p', { class: 'none' }, 'Nothing is found yet.')
        : findingsTable(`Findings of ${title}`, findings.map(findingRow)),
      element('div', { class: 'charts' }, ...this.#charts.map(({ node }) => node)),
      element('h3', {}, 'Made with'),
      element(
        'div',
        { class: 'table-pane texts', tabindex: '0', role: 'region', 'aria-label': 'Texts' },
        table('Texts', ['Name', 'Files', 'Trained on', 'Held out', 'SHA-256'], textRows(result)),
      ),
      element(
        'dl',
        { class: 'setup' },
        ...setupRows(result).map(([name, value]) =>
          element('div', {}, element('dt', {}, name), element('dd', {}, value)),
        ),
      ),
    ];
  }
}

/** What the line below the page says. */
export function sourceOf({ result, place, experiment }: ShownExperiment): string {
  if (result === null)
    return `${EXPERIMENT_TEXTS[experiment].title} · no result yet${place === '' ? '' : ` · ${place}`}`;
  return `${experimentSource(result)}${place === '' ? '' : ` · ${place}`}`;
}
