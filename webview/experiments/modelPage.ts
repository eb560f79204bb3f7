/** @file How sparse the loaded model really is: every measure at once, on the text that is looked at. */
import type { ShownModel } from '../../model/protocol/panels/experiments';
import { element } from '../shared/dom';
import type { ChartTools } from './chartFigure';
import { FindingsPane } from './findingsPane';

const TITLE = 'How sparse is it really?';

export class ModelPage {
  readonly node: HTMLElement;
  readonly #measure = element('button', { type: 'button', 'data-live': '' });
  readonly #message = element('p', { class: 'run-message', role: 'status' });
  readonly #found: FindingsPane;

  /** @param onMeasure the user wants it measured on the text that is looked at */
  constructor(tools: ChartTools, onMeasure: () => void) {
    this.#found = new FindingsPane(tools);
    this.#measure.addEventListener('click', onMeasure);
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
      element('p', {}, this.#measure),
      this.#message,
      this.#found.node,
    );
  }

  draw({ measurement, isMeasuring, message }: ShownModel, isTable: boolean): void {
    this.#measure.textContent = measurement === null ? 'Measure on the Open Text' : 'Measure Again on the Open Text';
    this.#measure.disabled = isMeasuring;
    this.#message.textContent = isMeasuring ? 'Measuring…' : (message ?? '');
    this.#message.hidden = !isMeasuring && message === null;
    this.#message.classList.toggle('is-bad', message !== null);
    this.#found.draw(TITLE, measurement, isTable);
  }

  /** The room, or the theme, is another one. */
  redraw(): void {
    this.#found.redraw();
  }
}
