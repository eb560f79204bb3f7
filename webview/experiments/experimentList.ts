/** @file What there is to look at: the claims and every experiment, how each stands, and what can be done with it. */
import type { ShownExperiment } from '../../model/protocol/panels/experiments';
import { CAME_WITH_EXTENSION, EXPERIMENT_TEXTS } from '../../model/measures/experimentText';
import { element } from '../shared/dom';
import { standing } from './describe';

/** In place of an experiment's id. */
export const CLAIMS_PAGE = 'claims';
export const MODEL_PAGE = 'model';
export const MODEL_TITLE = 'Loaded model';

export interface ExperimentListHandlers {
  onChoose(id: string): void;
  onCancel(): void;
  onResume(id: string): void;
}

interface Row {
  readonly node: HTMLElement;
  readonly choose: HTMLButtonElement;
  readonly summary: HTMLElement;
  readonly cancel: HTMLButtonElement;
  readonly resume: HTMLButtonElement;
}

export class ExperimentList {
  readonly node = element('ul', { class: 'runs', 'aria-label': 'Claims and experiments' });
  readonly #rows = new Map<string, Row>();

  constructor(private readonly handlers: ExperimentListHandlers) {}

  /**
   * Rows stay the same elements while their experiment is shown, so that the focus stays where it is.
   * @param model how the loaded model stands; null where there is none to measure
   */
  draw(experiments: readonly ShownExperiment[], claims: string, model: string | null, chosen: string): void {
    const ids = [CLAIMS_PAGE, ...(model === null ? [] : [MODEL_PAGE]), ...experiments.map(({ id }) => id)];
    for (const [id, { node }] of this.#rows) {
      if (ids.includes(id)) continue;
      node.remove();
      this.#rows.delete(id);
    }
    this.#row(CLAIMS_PAGE, 'Claims', claims, chosen);
    if (model !== null) this.#row(MODEL_PAGE, MODEL_TITLE, model, chosen);
    for (const shown of experiments) {
      const { id, place, result, experiment, isRunning, canResume, message } = shown;
      const said = [standing(shown), message, shown.isPublished === true ? CAME_WITH_EXTENSION : null];
      const title = result?.title ?? EXPERIMENT_TEXTS[experiment].title;
      const row = this.#row(id, title, said.filter((part) => part !== null).join(' · '), chosen);
      row.choose.title = place;
      row.cancel.hidden = !isRunning;
      row.resume.hidden = !canResume;
      row.node.classList.toggle('is-bad', message !== null);
    }
    const nodes = ids.map((id) => this.#rows.get(id)!.node);
    // What stands in its place is not moved: that would take the focus away.
    if (nodes.some((node, i) => this.node.children[i] !== node)) this.node.replaceChildren(...nodes);
  }

  #row(id: string, title: string, summary: string, chosen: string): Row {
    let row = this.#rows.get(id);
    if (row === undefined) {
      row = this.#makeRow(id);
      this.#rows.set(id, row);
    }
    row.choose.textContent = title;
    row.choose.setAttribute('aria-pressed', String(id === chosen));
    row.summary.textContent = summary;
    return row;
  }

  #makeRow(id: string): Row {
    const button = (label: string, title: string, onClick: () => void): HTMLButtonElement => {
      const node = element('button', { type: 'button', title, 'data-live': '', hidden: '' }, label);
      node.addEventListener('click', onClick);
      return node;
    };
    const choose = element('button', { type: 'button', class: 'choose' });
    choose.addEventListener('click', () => {
      this.handlers.onChoose(id);
    });
    const summary = element('span', { class: 'summary' });
    const cancel = button('Cancel', 'Stop after what is done; Resume goes on from there', () => {
      this.handlers.onCancel();
    });
    const resume = button('Resume', 'Go on with the runs that are left', () => {
      this.handlers.onResume(id);
    });
    const buttons = element('span', { class: 'controls' }, cancel, resume);
    return { node: element('li', { class: 'run' }, choose, summary, buttons), choose, summary, cancel, resume };
  }
}
