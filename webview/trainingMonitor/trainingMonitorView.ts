/** @file The Training Monitor: puts runs, charts, figures and slider together, and holds what the user chose. */
import { sequentialColors } from '../shared/chart/colors';
import { dropdown, element, table, ToggleButton } from '../shared/dom';
import type { ExportCell } from '../shared/export/panel';
import type { PanelHost } from '../shared/page/host';
import { Legend } from '../shared/chart/legend';
import { Page, showStates } from '../shared/page/page';
import { formatCount } from '../shared/text';
import { watchTheme } from '../shared/page/theme';
import type { MonitorAxis, MonitorReady, MonitorAsk, MonitorRun } from '../../model/protocol/panels/trainingMonitor';
import { DensityPlot } from './densityPlot';
import { cellText, formatAt, MEASURED, provenanceOf, runTable } from './describe';
import { Details } from './details';
import { LinePlot } from './linePlot';
import { RunList } from './runList';
import { Scrubber } from './scrubber';
import { ZOOM_STEP } from './monitorChart';
import type { Smoothing, ValueScale } from './series';
import { axisExtent, CHARTS, indexUpTo, SMOOTHINGS, zoomed } from './series';

/** What a reload restores. */
export interface MonitorSaved {
  /** Folder of the run whose voters, sample and table are shown; the newest one where it is not there. */
  readonly run: string;
  /** Folder of the run that this window trained when the user looked last: another one is shown as soon as it begins. */
  readonly own: string;
  readonly axis: MonitorAxis;
  /** Where the user looks; null follows the newest. */
  readonly at: number | null;
  readonly table: boolean;
  readonly smoothing: Smoothing;
  readonly values: ValueScale;
  /** The part of the axis that is shown; null shows all of it. */
  readonly zoom: readonly [number, number] | null;
}

/** Rows of the table on the screen, at most; an export has them all. */
const MOST_ROWS = 150;

const AXES: readonly { readonly value: MonitorAxis; readonly label: string }[] = [
  { value: 'step', label: 'steps' },
  { value: 'seconds', label: 'time trained' },
];

const SMOOTHING_CHOICES = SMOOTHINGS.map((value) => ({ value, label: value }));

const VALUE_SCALES: readonly { readonly value: ValueScale; readonly label: string }[] = [
  { value: 'usual', label: 'automatic' },
  { value: 'logarithmic', label: 'logarithmic' },
  { value: 'linear', label: 'linear' },
];

/** Where the user looks, in words. */
function placeWords(run: MonitorRun, axis: MonitorAxis, at: number | null): string {
  if (at !== null) return formatAt(axis, Math.round(at));
  const newest = run.curves[axis].at(-1);
  return `the newest${newest === undefined ? '' : `, ${formatAt(axis, newest)}`}`;
}

const NEW: MonitorSaved = {
  run: '',
  own: '',
  axis: 'step',
  at: null,
  table: false,
  smoothing: 'none',
  values: 'usual',
  zoom: null,
};

export class TrainingMonitorView {
  #saved: MonitorSaved;
  #data: MonitorReady | null = null;
  readonly #colors = sequentialColors();
  readonly #runs: RunList;
  readonly #scrubber: Scrubber;
  readonly #charts: readonly LinePlot[];
  readonly #density: DensityPlot;
  readonly #legend = new Legend();
  readonly #details = new Details();
  readonly #figure: HTMLElement;
  readonly #table = element('div', {
    class: 'table-pane points',
    tabindex: '0',
    role: 'region',
    'aria-label': 'The run as a table',
  });
  readonly #provenance = element('p', { class: 'provenance' });
  readonly #tableButton: ToggleButton;
  readonly #allButton = element('button', { type: 'button', title: 'Show all of the axis' }, 'All');
  readonly #page: Page;

  constructor(private readonly host: PanelHost<'trainingMonitor', MonitorSaved>) {
    this.#saved = host.restore(NEW);
    this.#runs = new RunList({
      onChoose: (run) => {
        this.#change({ run });
      },
      onRemove: (run) => {
        this.#request({ kind: 'remove', run });
      },
      onStop: () => {
        this.#request({ kind: 'stop' });
      },
      onResume: (run) => {
        this.#request({ kind: 'resume', run });
      },
    });
    this.#scrubber = new Scrubber((point) => {
      const places = this.#chosen()?.curves[this.#saved.axis];
      this.#look(point === null ? null : (places?.[point] ?? null));
    });
    const handlers = {
      onLook: (at: number): void => {
        this.#look(at);
      },
      onZoom: (at: number, factor: number): void => {
        this.#zoom(at, factor);
      },
    };
    this.#charts = CHARTS.map((kind) => new LinePlot(kind, handlers));
    this.#density = new DensityPlot(handlers);
    this.#figure = element(
      'div',
      { class: 'charts', role: 'group', 'aria-label': 'Charts', tabindex: '0' },
      ...this.#charts.map(({ node }) => node),
      this.#density.node,
    );
    this.#tableButton = new ToggleButton({ on: 'Table', off: 'Table' }, 'table-toggle', () => {
      this.#change({ table: !this.#saved.table });
    });
    this.#page = new Page(this.#content(), (command) => {
      host.post({ type: 'command', command });
    });
    host.offerExport({
      provenance: () => {
        const chosen = this.#chosen();
        return chosen === undefined ? '' : provenanceOf(this.#data?.runs ?? [], chosen, this.#saved.smoothing);
      },
      table: () => {
        const chosen = this.#chosen();
        return chosen === undefined ? { columns: [], rows: [] } : runTable(chosen);
      },
    });
  }

  #content(): HTMLElement {
    const add = element('button', { type: 'button', class: 'add', 'data-live': '' }, 'Add Run…');
    add.addEventListener('click', () => {
      this.#request({ kind: 'add' });
    });
    const over = dropdown('Over', AXES, this.#saved.axis, (axis) => {
      // The place is kept: what was looked at over steps is looked at over time.
      const chosen = this.#chosen();
      const { at, axis: before } = this.#saved;
      const place = at === null ? null : (chosen?.curves[axis][indexUpTo(chosen.curves[before], at)] ?? null);
      this.#change({ axis, zoom: null });
      this.#look(place);
    });
    over.querySelector('select')!.dataset['live'] = '';
    const smooth = dropdown('Smooth', SMOOTHING_CHOICES, this.#saved.smoothing, (smoothing) => {
      this.#change({ smoothing });
    });
    const values = dropdown('Value axis', VALUE_SCALES, this.#saved.values, (scale) => {
      this.#change({ values: scale });
    });
    const zoomButton = (label: string, title: string, onClick: () => void): HTMLButtonElement => {
      const node = element('button', { type: 'button', title, 'aria-label': title }, label);
      node.addEventListener('click', onClick);
      return node;
    };
    const zoom = element(
      'span',
      { class: 'controls zoom', role: 'group', 'aria-label': 'Zoom' },
      zoomButton('+', 'Zoom in where you look (Ctrl and the wheel over a chart)', () => {
        this.#zoom(null, 1 / ZOOM_STEP ** 2);
      }),
      zoomButton('−', 'Zoom out', () => {
        this.#zoom(null, ZOOM_STEP ** 2);
      }),
      this.#allButton,
    );
    this.#allButton.addEventListener('click', () => {
      this.#change({ zoom: null });
    });
    return element(
      'main',
      { class: 'content' },
      element(
        'header',
        {},
        element('h1', {}, 'Training'),
        element('div', { class: 'controls' }, over, smooth, values, zoom, this.#tableButton.node, add),
      ),
      this.#runs.node,
      this.#scrubber.node,
      element('div', { class: 'figure' }, this.#figure, this.#table),
      this.#details.node,
      element('footer', {}, this.#legend.node, this.#provenance),
    );
  }

  /** Listens to the host, the theme and the size; Escape goes back to the newest. */
  start(): void {
    const draw = (): void => {
      this.#draw();
    };
    watchTheme(draw);
    new ResizeObserver(draw).observe(this.#figure);
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape' && this.#saved.at !== null) this.#look(null);
    });
    showStates(this.host, this.#page, 'The Training Monitor', (data) => {
      const before = this.#data;
      this.#data = data;
      if (data !== null) this.#chooseNew(before, data);
      this.#draw();
    });
    const { axis, at } = this.#saved;
    if ((at !== null || axis !== 'step') && !this.host.isExported) this.#request({ kind: 'look', look: { axis, at } });
  }

  #request(request: MonitorAsk): void {
    this.host.ask(request);
  }

  /** A run that was just started, or added, is the one that the user wants to see. */
  #chooseNew(before: MonitorReady | null, { runs }: MonitorReady): void {
    if (this.host.isExported) return;
    const own = runs.find(({ isOwn }) => isOwn)?.id ?? '';
    const isStarted = own !== '' && own !== this.#saved.own;
    const added = before === null ? undefined : runs.findLast(({ id }) => before.runs.every((run) => run.id !== id));
    const run = isStarted ? own : (added?.id ?? this.#saved.run);
    if (own === this.#saved.own && run === this.#saved.run) return;
    this.#saved = { ...this.#saved, own, run };
    this.host.save(this.#saved);
  }

  /** @param at place on the axis that stays where it is; null is where the user looks, or the newest */
  #zoom(at: number | null, factor: number): void {
    const { axis, zoom } = this.#saved;
    const all = axisExtent(this.#data?.runs ?? [], axis);
    const place = at ?? this.#saved.at ?? this.#chosen()?.curves[axis].at(-1) ?? all[1];
    this.#change({ zoom: zoomed(zoom ?? all, all, place, factor) });
  }

  #change(change: Partial<MonitorSaved>): void {
    this.#saved = { ...this.#saved, ...change };
    this.host.save(this.#saved);
    this.#draw();
  }

  /** The lines move at once; the host sends the figures of that place. */
  #look(at: number | null): void {
    // Nobody would send them to an exported panel.
    if (this.host.isExported) return;
    this.#change({ at });
    this.#request({ kind: 'look', look: { axis: this.#saved.axis, at } });
  }

  #chosen(): MonitorRun | undefined {
    const runs = this.#data?.runs;
    return runs?.find(({ id }) => id === this.#saved.run) ?? runs?.at(-1);
  }

  #draw(): void {
    const data = this.#data;
    const chosen = this.#chosen();
    if (data === null || chosen === undefined) return;
    const { axis, at, table: asTable, smoothing, values, zoom } = this.#saved;
    const places = chosen.curves[axis];
    this.#tableButton.set(asTable);
    this.#runs.draw(data.runs, chosen.id);
    this.#scrubber.set(places.length, at === null ? null : indexUpTo(places, at), placeWords(chosen, axis, at));
    this.#allButton.disabled = zoom === null;
    this.#figure.hidden = asTable;
    this.#table.hidden = !asTable;
    if (asTable) this.#drawTable(chosen);
    else {
      const extent = zoom ?? axisExtent(data.runs, axis);
      for (const chart of this.#charts) chart.draw({ runs: data.runs, axis, extent, at, smoothing, values });
      this.#density.draw({ run: chosen, axis, extent, at, pixels: this.#colors });
    }
    const { voters } = chosen.probes;
    this.#legend.node.hidden = asTable || voters === 0;
    this.#legend.set('voters in a bin of activation density', this.#colors, '1', formatCount(voters), 'logarithmic');
    // The figures are of where the host was asked to look last, which the lines are ahead of while it answers.
    this.#details.draw(data.runs, chosen, placeWords(chosen, data.look.axis, data.look.at));
    const text = provenanceOf(data.runs, chosen, this.#saved.smoothing);
    this.#provenance.textContent = text;
    this.#page.markReady(chosen.moment?.step ?? null);
  }

  #drawTable(run: MonitorRun): void {
    const { columns, rows } = runTable(run);
    const every = Math.max(1, Math.ceil(rows.length / MOST_ROWS));
    const isMeasured = (row: readonly ExportCell[]): boolean => MEASURED.some((column) => row[column] !== null);
    const shown = rows.filter((row, i) => (rows.length - 1 - i) % every === 0 || isMeasured(row));
    const which =
      every === 1
        ? 'every point'
        : `every ${every} points and every measurement, an export has all ${formatCount(rows.length)}`;
    this.#table.replaceChildren(
      table(
        `${run.name}: ${which}; held-out text and voters where they were measured`,
        columns,
        shown.map((row) => row.map(cellText)),
      ),
    );
  }
}
