/** @file The Experiments panel: the list, and beside it the claims or one experiment; holds what the user chose. */
import { plural } from '../../model/measures/numberText';
import { visibleText } from '../../model/measures/visibleText';
import type {
  ExperimentsAsk,
  ExperimentsReady,
  ShownExperiment,
  ShownModel,
} from '../../model/protocol/panels/experiments';
import { element, ToggleButton } from '../shared/dom';
import type { PanelHost } from '../shared/page/host';
import { Page, provenanceText, showStates } from '../shared/page/page';
import { watchTheme } from '../shared/page/theme';
import { LiveRegion, Tooltip } from '../shared/page/tooltip';
import { ClaimsPage } from './claimsPage';
import type { ClaimRow } from './describe';
import { claimRows, claimsSummary, claimsTable, modelStanding, resultTable } from './describe';
import { CLAIMS_PAGE, ExperimentList, MODEL_PAGE } from './experimentList';
import { ModelPage } from './modelPage';
import { ResultPage, sourceOf } from './resultPage';

/** What a reload restores. */
export interface ExperimentsSaved {
  /** Id of the experiment that is shown, the claims, or the loaded model; null leaves it to what there is. */
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
  readonly #model: ModelPage;
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
    const tools = { tooltip: this.#tooltip, live: this.#live };
    this.#result = new ResultPage(tools);
    this.#model = new ModelPage(tools, {
      onMeasure: () => {
        this.#ask({ kind: 'measure' });
      },
      onCancel: () => {
        this.#ask({ kind: 'cancelMeasuring' });
      },
    });
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
        const found = this.#shownModel?.measurement ?? this.#shown()?.result ?? null;
        return found === null ? claimsTable(this.#claimRows) : resultTable(found);
      },
      view: () => this.#saved,
    });
  }

  /** Listens to the host, the theme and the size. */
  start(): void {
    const redraw = (): void => {
      this.#result.redraw();
      this.#model.redraw();
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
    this.#figure.append(this.#claims.node, this.#result.node, this.#model.node);
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

  /** The loaded model, where it is what is shown. */
  get #shownModel(): ShownModel | null {
    return this.#saved.shown === MODEL_PAGE ? (this.#data?.model ?? null) : null;
  }

  get #claimRows(): readonly ClaimRow[] {
    return claimRows(this.#data?.experiments ?? [], this.#data?.model ?? null);
  }

  #source(): string {
    const chosen = this.#shown();
    const ofModel = this.#modelSource();
    if (this.#shownModel !== null) return ofModel ?? 'The loaded model is not measured yet.';
    if (chosen !== undefined) return sourceOf(chosen);
    const results = (this.#data?.experiments ?? []).filter(({ result }) => result !== null).map(sourceOf);
    const sources = ofModel === null ? results : [...results, ofModel];
    return sources.length === 0 ? 'N = 0 experiments' : sources.join('\n');
  }

  /** What was measured of the loaded model; null where nothing was. */
  #modelSource(): string | null {
    const { provenance = null, measurement = null } = this.#data?.model ?? {};
    if (provenance === null || measurement === null) return null;
    return provenanceText(provenance, `N = ${plural(measurement.chunks, 'chunk', 'chunks')}`);
  }

  #draw(): void {
    const data = this.#data;
    if (data === null) return;
    const shown = this.#shown();
    const model = this.#shownModel;
    const rows = this.#claimRows;
    this.#tableButton.set(this.#saved.table);
    this.#tableButton.node.hidden = (model?.measurement ?? shown?.result ?? null) === null;
    const standing = data.model === null ? null : modelStanding(data.model);
    const chosen = model === null ? (shown?.id ?? CLAIMS_PAGE) : MODEL_PAGE;
    this.#list.draw(data.experiments, claimsSummary(rows), standing, chosen);
    this.#claims.node.hidden = chosen !== CLAIMS_PAGE;
    this.#model.node.hidden = model === null;
    this.#result.node.hidden = shown === undefined;
    if (model !== null) this.#model.draw(model, this.#saved.table);
    else if (shown === undefined) this.#claims.draw(rows);
    else this.#result.draw(shown, this.#saved.table);
    this.#provenance.textContent = this.#source();
    this.#page.markReady(null);
  }
}
