/** @file The Experiments panel: the list, and beside it the claims or one experiment; holds what the user chose. */
import { visibleText } from '../../model/measures/visibleText';
import type { ExperimentsAsk, ExperimentsReady, ShownExperiment } from '../../model/protocol/panels/experiments';
import { element, ToggleButton } from '../shared/dom';
import type { PanelHost } from '../shared/page/host';
import { Page, showStates } from '../shared/page/page';
import { watchTheme } from '../shared/page/theme';
import { LiveRegion, Tooltip } from '../shared/page/tooltip';
import { ClaimsPage } from './claimsPage';
import { claimRows, claimsSummary, claimsTable, resultTable } from './describe';
import { CLAIMS_PAGE, ExperimentList } from './experimentList';
import { ResultPage, sourceOf } from './resultPage';

/** What a reload restores. */
export interface ExperimentsSaved {
  /** Id of the experiment that is shown, or the claims; null leaves it to what there is. */
  readonly shown: string | null;
  readonly table: boolean;
}

/** Results are files, and may come from others: nothing in their words is invisible or moves what stands beside it. */
function readable<T>(value: T): T {
  if (typeof value === 'string') return visibleText(value) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(readable) as T;
  const members = Object.entries(value) as [string, unknown][];
  // An id names a folder to the host.
  return Object.fromEntries(members.map(([key, member]) => [key, key === 'id' ? member : readable(member)])) as T;
}

export class ExperimentsView {
  #saved: ExperimentsSaved;
  #data: ExperimentsReady | null = null;
  readonly #tooltip = new Tooltip();
  readonly #live = new LiveRegion();
  readonly #list: ExperimentList;
  readonly #claims: ClaimsPage;
  readonly #result: ResultPage;
  readonly #tableButton: ToggleButton;
  readonly #figure = element('div', { class: 'figure' });
  readonly #provenance = element('p', { class: 'provenance' });
  readonly #page: Page;

  constructor(private readonly host: PanelHost<'experiments', ExperimentsSaved>) {
    this.#saved = host.restore({ shown: null, table: false });
    const choose = (shown: string): void => {
      this.#change({ shown });
    };
    this.#list = new ExperimentList({
      onChoose: choose,
      onCancel: () => {
        this.#ask({ kind: 'cancel' });
      },
      onResume: (experiment) => {
        this.#ask({ kind: 'resume', experiment });
      },
    });
    this.#claims = new ClaimsPage(choose);
    this.#result = new ResultPage({ tooltip: this.#tooltip, live: this.#live });
    this.#tableButton = new ToggleButton({ on: 'Table', off: 'Table' }, 'table-toggle', () => {
      this.#change({ table: !this.#saved.table });
    });
    this.#page = new Page(
      this.#content(),
      (command) => {
        host.post({ type: 'command', command });
      },
      this.#tooltip.node,
      this.#live.node,
    );
    host.offerExport({
      provenance: () => this.#source(),
      table: () => {
        const shown = this.#shown()?.result ?? null;
        return shown === null ? claimsTable(claimRows(this.#data?.experiments ?? [])) : resultTable(shown);
      },
      view: () => this.#saved,
    });
  }

  /** Listens to the host, the theme and the size. */
  start(): void {
    const redraw = (): void => {
      this.#result.redraw();
    };
    watchTheme(redraw);
    new ResizeObserver(redraw).observe(this.#figure);
    showStates(this.host, this.#page, 'The experiment', (data) => {
      this.#data = data === null ? null : readable(data);
      this.#draw();
    });
  }

  #content(): HTMLElement {
    const run = element('button', { type: 'button', class: 'primary', 'data-live': '' }, 'Run Experiment…');
    run.addEventListener('click', () => {
      this.#ask({ kind: 'run' });
    });
    this.#figure.append(this.#claims.node, this.#result.node);
    return element(
      'main',
      { class: 'content' },
      element(
        'header',
        {},
        element('h1', {}, 'Experiments'),
        element('div', { class: 'controls' }, this.#tableButton.node, run),
      ),
      this.#list.node,
      this.#figure,
      element('footer', {}, this.#provenance),
    );
  }

  #ask(ask: ExperimentsAsk): void {
    this.host.ask(ask);
  }

  #change(change: Partial<ExperimentsSaved>): void {
    this.#saved = { ...this.#saved, ...change };
    this.host.save(this.#saved);
    this.#draw();
  }

  /** The experiment that is shown; undefined where it is the claims. */
  #shown(): ShownExperiment | undefined {
    const experiments = this.#data?.experiments ?? [];
    const { shown } = this.#saved;
    // A report of one experiment opens on it, a panel on what runs.
    if (shown === null)
      return experiments.length === 1 ? experiments[0] : experiments.find(({ isRunning }) => isRunning);
    return experiments.find(({ id }) => id === shown);
  }

  #source(): string {
    const shown = this.#shown();
    if (shown !== undefined) return sourceOf(shown);
    const results = (this.#data?.experiments ?? []).filter(({ result }) => result !== null);
    return results.length === 0 ? 'N = 0 experiments' : results.map(sourceOf).join('\n');
  }

  #draw(): void {
    const data = this.#data;
    if (data === null) return;
    const shown = this.#shown();
    const rows = claimRows(data.experiments);
    this.#tableButton.set(this.#saved.table);
    this.#tableButton.node.hidden = shown?.result == null;
    this.#list.draw(data.experiments, claimsSummary(rows), shown?.id ?? CLAIMS_PAGE);
    this.#claims.node.hidden = shown !== undefined;
    this.#result.node.hidden = shown === undefined;
    if (shown === undefined) this.#claims.draw(rows);
    else this.#result.draw(shown, this.#saved.table);
    this.#provenance.textContent = this.#source();
    this.#page.markReady(null);
  }
}
