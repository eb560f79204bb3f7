/** @file What stands beside the charts: the figures of every run where the user looks, and what the chosen one writes there. */
import { element, table } from '../shared/dom';
import { formatCount } from '../shared/text';
import type { MonitorRun } from '../../model/protocol/panels/trainingMonitor';
import { FIGURES } from './describe';

export class Details {
  readonly #figures = element('div', { class: 'table-pane', tabindex: '0', role: 'region', 'aria-label': 'Figures' });
  readonly #sampleTitle = element('h2');
  readonly #prompt = element('span', { class: 'prompt' });
  readonly #text = element('span', { class: 'written' });
  readonly #none = element('p', { class: 'none' });
  readonly #sample: HTMLElement;
  readonly node: HTMLElement;

  constructor() {
    this.#sample = element('pre', { class: 'sample', tabindex: '0' }, this.#prompt, this.#text);
    this.node = element('aside', {}, this.#figures, this.#sampleTitle, this.#sample, this.#none);
  }

  /** @param words where the user looks */
  draw(runs: readonly MonitorRun[], chosen: MonitorRun, words: string): void {
    this.#figures.replaceChildren(
      table(
        `At ${words}`,
        ['', ...runs.map(({ name }) => name)],
        FIGURES.map(({ name, read }) => [name, ...runs.map(({ moment }) => (moment === null ? '–' : read(moment)))]),
      ),
    );
    const sample = chosen.moment?.sample ?? null;
    this.#sampleTitle.textContent =
      sample === null ? 'What it writes' : `What ${chosen.name} writes at step ${formatCount(sample.step)}`;
    this.#sample.hidden = sample === null;
    this.#none.hidden = sample !== null;
    this.#prompt.textContent = sample?.prompt ?? '';
    this.#text.textContent = sample?.text ?? '';
    this.#none.textContent = 'No sample has been written yet.';
  }
}
