/** @file The runs that are shown: the key of their lines, how each stands, and what can be done with it. */
import { element, svgElement } from '../shared/dom';
import type { MonitorRun } from '../../model/protocol/panels/trainingMonitor';
import { runSummary } from './describe';

export interface RunListHandlers {
  onChoose(run: string): void;
  onRemove(run: string): void;
  onStop(): void;
  onResume(run: string): void;
}

interface Row {
  readonly node: HTMLElement;
  readonly swatch: SVGPathElement;
  readonly choose: HTMLButtonElement;
  readonly summary: HTMLElement;
  readonly message: HTMLElement;
  readonly stop: HTMLButtonElement;
  readonly resume: HTMLButtonElement;
}

export class RunList {
  readonly node = element('ul', { class: 'runs', 'aria-label': 'Runs' });
  readonly #rows = new Map<string, Row>();

  constructor(private readonly handlers: RunListHandlers) {}

  /** Rows stay the same elements while their run is shown, so that the focus stays where it is. */
  draw(runs: readonly MonitorRun[], chosen: string): void {
    for (const id of this.#rows.keys()) {
      if (runs.some((run) => run.id === id)) continue;
      this.#rows.get(id)!.node.remove();
      this.#rows.delete(id);
    }
    for (const run of runs) {
      let row = this.#rows.get(run.id);
      if (row === undefined) {
        row = this.#makeRow(run);
        this.#rows.set(run.id, row);
        this.node.append(row.node);
      }
      const isBad = run.state === 'diverged' || run.state === 'failed' || run.state === 'missing';
      row.node.className = `run state-${run.state}${isBad ? ' is-bad' : ''}`;
      row.swatch.setAttribute('class', `line slot-${run.slot}`);
      row.choose.textContent = run.name;
      row.choose.title = run.place;
      row.choose.setAttribute('aria-pressed', String(run.id === chosen));
      row.summary.textContent = runSummary(run);
      const message = isBad || run.state === 'interrupted' ? messageOf(run) : '';
      row.message.textContent = message;
      row.message.hidden = message === '';
      row.stop.hidden = !(run.isOwn && run.state === 'running');
      row.resume.hidden = !run.canResume;
    }
  }

  #makeRow({ id, name }: MonitorRun): Row {
    const button = (label: string, title: string, onClick: () => void): HTMLButtonElement => {
      const node = element('button', { type: 'button', title, 'data-live': '' }, label);
      node.addEventListener('click', onClick);
      return node;
    };
    const swatch = svgElement('path', { d: 'M1,7h34' });
    const picture = svgElement('svg', { class: 'swatch', width: '36', height: '14', 'aria-hidden': 'true' });
    picture.append(swatch);
    const choose = element('button', { type: 'button', class: 'choose' });
    choose.addEventListener('click', () => {
      this.handlers.onChoose(id);
    });
    const summary = element('span', { class: 'summary' });
    const message = element('p', { class: 'run-message', role: 'status' });
    const stop = button('Stop', `Save ${name} and stop`, () => {
      this.handlers.onStop();
    });
    const resume = button('Resume Training', `Go on with ${name} from its last save`, () => {
      this.handlers.onResume(id);
    });
    const remove = button('Remove', `Show ${name} no longer; its files stay`, () => {
      this.handlers.onRemove(id);
    });
    const buttons = element('span', { class: 'controls' }, stop, resume, remove);
    const node = element('li', { class: 'run' }, picture, choose, summary, buttons, message);
    return { node, swatch, choose, summary, message, stop, resume };
  }
}

function messageOf(run: MonitorRun): string {
  if (run.message !== null) return run.message;
  if (run.state === 'interrupted') {
    return run.canResume
      ? 'Its process ended without saying so; what it saved last is kept.'
      : 'It ended without saying so.';
  }
  return run.state === 'missing' ? `There is no training.jsonl in ${run.place}.` : '';
}
