/** @file How sparse the loaded model really is: every measure at once, on the text that is looked at. */
import type { ShownModel } from '../../model/protocol/panels/experiments';
import { element } from '../shared/dom';
import type { ChartTools } from './chartFigure';
import { FindingsPane } from './findingsPane';

const TITLE = 'How sparse is it really?';

export interface ModelPageHandlers {
  /** The user wants it measured on the text that is looked at. */
  readonly onMeasure: () => void;
  readonly onCancel: () => void;
}

export class ModelPage {
  readonly node: HTMLElement;
  readonly #measure = element('button', { type: 'button', 'data-live': '' });
  readonly #cancel = element('button', { type: 'button', 'data-live': '' }, 'Cancel');
  readonly #progress = element('progress', { max: '1', 'aria-label': 'How far it is measured' });
  readonly #message = element('p', { class: 'run-message', role: 'status' });
  readonly #found: FindingsPane;

  constructor(tools: ChartTools, { onMeasure, onCancel }: ModelPageHandlers) {
    this.#found = new FindingsPane(tools);
    this.#measure.addEventListener('click', onMeasure);
    this.#cancel.addEventListener('click', onCancel);
    this.node = element(
      'section',
      { class: 'model' },
      element('h2', {}, TITLE),
      element(
        'p',
        { class: 'question' },
        'How many voters of the loaded model count, by every definition, and what does the open text cost with fewer of them?',
      ),
      element(
        'p',
        { class: 'context' },
        'Voters are chosen on the first half of the text, and all is measured on the second. Nothing is trained.',
      ),
      element('div', { class: 'controls' }, this.#measure, this.#cancel),
      this.#progress,
      this.#message,
      this.#found.node,
    );
  }

  draw({ measurement, work, message }: ShownModel, isTable: boolean): void {
    this.#measure.textContent = measurement === null ? 'Measure on the Open Text' : 'Measure Again on the Open Text';
    this.#measure.disabled = work !== null;
    this.#cancel.hidden = work === null;
    this.#progress.hidden = work === null;
    if (work?.share == null) this.#progress.removeAttribute('value');
    else this.#progress.value = work.share;
    this.#message.textContent = work?.words ?? message ?? '';
    this.#message.hidden = work === null && message === null;
    this.#message.classList.toggle('is-bad', work === null && message !== null);
    this.#found.draw(TITLE, measurement, isTable);
  }

  /** The room, or the theme, is another one. */
  redraw(): void {
    this.#found.redraw();
  }
}
