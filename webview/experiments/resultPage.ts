/** @file One experiment: its question and the measure that decides, how far it is, findings, charts, and what it was made with. */
import { EXPERIMENT_TEXTS, experimentSource } from '../../model/measures/experimentText';
import type { ExperimentResult } from '../../model/protocol/experiments';
import type { ShownExperiment } from '../../model/protocol/panels/experiments';
import { element, table } from '../shared/dom';
import type { ChartTools } from './chartFigure';
import { cautions, progressText, setupRows, textRows } from './describe';
import { FindingsPane } from './findingsPane';

export class ResultPage {
  readonly node = element('article', {});
  readonly #title = element('h2');
  readonly #question = element('p', { class: 'question' });
  readonly #primary = element('p', { class: 'primary' });
  readonly #cautions = element('ul', { class: 'cautions', 'aria-label': 'Before you read the numbers' });
  readonly #message = element('p', { class: 'run-message', role: 'status' });
  readonly #progress = element('progress', { max: '1', 'aria-label': 'Runs that are done' });
  readonly #progressText = element('p', { class: 'context' });
  readonly #found: FindingsPane;
  readonly #made = element('div');

  constructor(tools: ChartTools) {
    this.#found = new FindingsPane(tools);
    this.node.append(
      this.#title,
      this.#question,
      this.#primary,
      this.#cautions,
      this.#message,
      this.#progress,
      this.#progressText,
      this.#found.node,
      this.#made,
    );
  }

  draw(shown: ShownExperiment, isTable: boolean): void {
    const { result, progress, message, isRunning, experiment } = shown;
    this.#title.textContent = result?.title ?? EXPERIMENT_TEXTS[experiment].title;
    this.#question.textContent = result?.question ?? EXPERIMENT_TEXTS[experiment].question;
    const primary = result?.primary ?? progress?.primary;
    this.#primary.replaceChildren(
      ...(primary === undefined ? [] : [element('b', {}, 'Decides, as stated before the run: '), primary]),
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
    this.#found.draw(this.#title.textContent, result, isTable);
    this.#made.replaceChildren(...(result === null ? [] : madeWith(result)));
  }

  /** The room, or the theme, is another one. */
  redraw(): void {
    this.#found.redraw();
  }
}

function madeWith(result: ExperimentResult): HTMLElement[] {
  return [
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

/** What the line below the page says. */
export function sourceOf({ result, place, experiment }: ShownExperiment): string {
  if (result === null)
    return `${EXPERIMENT_TEXTS[experiment].title} · no result yet${place === '' ? '' : ` · ${place}`}`;
  return `${experimentSource(result)}${place === '' ? '' : ` · ${place}`}`;
}
