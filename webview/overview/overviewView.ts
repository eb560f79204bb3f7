/** @file The Model overview: puts the parts together, holds what is chosen, draws. */
import { blockName } from '../../model/measures/blockName';
import { dropdown, element, table, ToggleButton } from '../shared/dom';
import type { PanelHost } from '../shared/page/host';
import type { OverviewReady } from '../../model/protocol/panels/overview';
import { Page, provenanceText, showStates } from '../shared/page/page';
import { formatCount } from '../shared/text';
import type { BarName } from './describe';
import { activityOf, barCaption, BARS, blockShape, formatActivity, formatMilliseconds } from './describe';
import { Details } from './details';
import { Diagram } from './diagram';
import { overviewTable } from './exportTable';

/** What a reload restores. */
export interface OverviewSaved {
  readonly bar: BarName;
  /** Number of the chosen block. */
  readonly block: number;
  readonly table: boolean;
}

export class OverviewView {
  #saved: OverviewSaved;
  #data: OverviewReady | null = null;
  readonly #title = element('h1');
  readonly #chunk = element('span', { class: 'chunk' });
  readonly #diagram: Diagram;
  readonly #table = element('div', {
    class: 'table-pane',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Blocks as a table',
  });
  readonly #details: Details;
  readonly #caption = element('p', { class: 'caption', 'aria-live': 'polite' });
  readonly #provenance = element('p', { class: 'provenance' });
  readonly #tableButton: ToggleButton;
  readonly #page: Page;

  constructor(private readonly host: PanelHost<'overview', OverviewSaved>) {
    this.#saved = host.restore({ bar: 'parameters', block: 0, table: false });
    this.#diagram = new Diagram((block) => {
      this.#change({ block });
    });
    this.#tableButton = new ToggleButton({ on: 'Table', off: 'Table' }, 'table-toggle', () => {
      this.#change({ table: !this.#saved.table });
    });
    this.#details = new Details((address) => {
      host.post({ type: 'open', address });
    });
    const bars = dropdown('Bars', BARS, this.#saved.bar, (bar) => {
      this.#change({ bar });
    });
    const controls = element('div', { class: 'controls' }, bars, this.#tableButton.node);
    const content = element(
      'main',
      { class: 'content' },
      element('header', {}, this.#title, this.#chunk, controls),
      element('div', { class: 'figure' }, this.#diagram.node, this.#table),
      this.#details.node,
      element('footer', {}, this.#caption, this.#provenance),
    );
    this.#page = new Page(content, (command) => {
      host.post({ type: 'command', command });
    });
    host.offerExport({
      provenance: () => this.#provenance.textContent,
      table: () => overviewTable(this.#data!),
      view: () => this.#saved,
    });
  }

  /** Listens to the host and the size; the theme reaches everything by style sheets. */
  start(): void {
    new ResizeObserver(() => {
      this.#draw();
    }).observe(this.#diagram.node);
    showStates(this.host, this.#page, 'The overview', (data) => {
      this.#data = data;
      this.#draw();
    });
  }

  #change(change: Partial<OverviewSaved>): void {
    this.#saved = { ...this.#saved, ...change };
    this.host.save(this.#saved);
    this.#draw();
  }

  #draw(): void {
    const data = this.#data;
    if (data === null) return;
    const { bar, table: asTable } = this.#saved;
    const block = Math.min(Math.max(0, this.#saved.block), data.blocks.length - 1);
    this.#tableButton.set(asTable);
    this.#diagram.node.hidden = asTable;
    this.#table.hidden = !asTable;
    const all = data.blocks.reduce((sum, { parameters }) => sum + parameters, 0);
    const steps = data.steps === null ? '' : `, ${formatCount(data.steps)} steps`;
    this.#title.textContent = `${data.provenance.model}: ${formatCount(all)} parameters${steps}`;
    const { activity } = data;
    this.#chunk.textContent =
      activity === null
        ? (data.activityProblem ?? '')
        : `chunk ${formatCount(activity.index + 1)} of ${formatCount(activity.chunkCount)}: ${activity.text}`;
    if (asTable) this.#drawTable(data);
    else this.#diagram.draw(data, bar, block);
    this.#details.set(data, block);
    this.#caption.textContent = `In each box: positions × channels · parameters. ${barCaption(data, bar)}`;
    const samples = activity === null ? 'N = 0 chunks' : 'N = 1 chunk';
    const text = provenanceText(data.provenance, samples);
    this.#provenance.textContent = text;
    this.#provenance.title = text;
    this.#page.markReady(activity?.offset ?? null);
  }

  #drawTable(data: OverviewReady): void {
    this.#table.replaceChildren(
      table(
        `Blocks in the order of computation; times for one window of ${data.context} chunks on ${data.device}, medians of ${data.timedRuns} runs`,
        ['Block', 'Positions × channels', 'Parameters', 'Time', 'Activity (RMS)'],
        data.blocks.map((block, index) => [
          blockName(block),
          blockShape(block, data.provenance.votersPerBit),
          formatCount(block.parameters),
          formatMilliseconds(block.milliseconds),
          formatActivity(activityOf(data, index)),
        ]),
      ),
    );
  }
}
