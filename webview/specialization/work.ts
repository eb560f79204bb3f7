/** @file A line for work that goes on, with its progress and a button to cancel it; or for why it failed. */
import { element } from '../shared/dom';
import type { AnalysisKind, AnalysisWork } from '../../model/protocol/panels/specialization';
import { describeWork } from './describe';

export class WorkLine {
  readonly node: HTMLElement;
  readonly #text = element('span', { class: 'work-text' });
  readonly #bar = element('progress', { max: '1', 'aria-label': 'Progress' });
  readonly #cancel = element('button', { type: 'button', 'data-live': '', 'data-export': 'skip' }, 'Cancel');

  constructor(
    readonly kind: AnalysisKind,
    onCancel: (kind: AnalysisKind) => void,
  ) {
    this.#cancel.addEventListener('click', () => {
      onCancel(kind);
    });
    this.node = element('div', { class: 'work', 'data-work': kind, hidden: '' }, this.#bar, this.#text, this.#cancel);
  }

  set(all: readonly AnalysisWork[], failure: string | undefined): void {
    const work = all.find(({ kind }) => kind === this.kind);
    this.node.hidden = work === undefined && failure === undefined;
    this.node.classList.toggle('is-failed', work === undefined);
    this.#bar.hidden = work === undefined;
    this.#cancel.hidden = work === undefined;
    this.#text.textContent = work === undefined ? (failure ?? '') : describeWork(work);
    if (work?.share == null) this.#bar.removeAttribute('value');
    else this.#bar.value = work.share;
  }
}
