/** @file What happens now, with progress and Cancel; why it failed; and that a text has changed since, with a button to compare again. */
import type { ComparisonAsk, ComparisonReady } from '../../model/protocol/panels/comparison';
import { element } from '../shared/dom';

export class StatusLine {
  readonly node: HTMLElement;
  readonly #text = element('span', { class: 'status-text', role: 'status' });
  readonly #bar = element('progress', { max: '1', 'aria-label': 'Progress' });
  readonly #cancel = element('button', { type: 'button', class: 'cancel', 'data-live': '' }, 'Cancel');
  readonly #again = element('button', { type: 'button', class: 'again', 'data-live': '' }, 'Compare Again');

  constructor(onAsk: (ask: ComparisonAsk) => void) {
    this.#cancel.addEventListener('click', () => {
      onAsk({ kind: 'cancel' });
    });
    this.#again.addEventListener('click', () => {
      onAsk({ kind: 'measure' });
    });
    this.node = element('div', { class: 'status-line' }, this.#bar, this.#text, this.#cancel, this.#again);
  }

  set({
    work,
    failure,
    outdated,
    generation,
  }: Pick<ComparisonReady, 'work' | 'failure' | 'outdated' | 'generation'>): void {
    const isWorking = work !== null;
    this.node.hidden = !isWorking && failure === null && !outdated && generation !== 0;
    this.node.classList.toggle('is-failed', !isWorking && failure !== null);
    this.#bar.hidden = !isWorking;
    this.#cancel.hidden = !isWorking;
    this.#again.hidden = isWorking;
    if (work?.share == null) this.#bar.removeAttribute('value');
    else this.#bar.value = work.share;
    this.#text.textContent = isWorking
      ? `${work.words}${work.share === null ? '…' : `: ${Math.round(100 * work.share)} %`}`
      : (failure ?? (outdated ? 'The text has changed since.' : 'Not compared yet.'));
  }
}
