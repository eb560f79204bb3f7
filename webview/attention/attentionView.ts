/** @file The Attention panel: puts sentence, text, heads and finder together, and holds what the user chose. */
import { KIND_TEXTS, placeDistance, placeName } from '../../model/measures/attentionText';
import { CHUNK_BYTES } from '../../model/measures/chunk';
import { percent } from '../../model/measures/numberText';
import type { ChunkAttention } from '../../model/protocol/attention';
import type { AttentionReady } from '../../model/protocol/panels/attention';
import { element, table, ToggleButton } from '../shared/dom';
import type { PanelHost } from '../shared/page/host';
import { provenanceText } from '../shared/page/page';
import { PanelFrame } from '../shared/page/panelFrame';
import { formatCount } from '../shared/text';
import type { ChosenHead } from './describe';
import { chosenName, describeChunk, describeLimits, saidFirst, shownWeights } from './describe';
import { attentionTable } from './exportTable';
import { HeadFinder } from './headFinder';
import type { HeadSorting } from './headFinder';
import { HeadGrid } from './headGrid';
import { TextPlaces } from './textPlaces';

/** What a reload restores. */
export interface AttentionSaved extends HeadSorting {
  readonly head: ChosenHead;
  readonly table: boolean;
}

const DEFAULTS: AttentionSaved = { head: null, table: false, sort: 'looksAt', ascending: false };
/** No pointer selects here by resting. */
const NEVER = 0;
/** Backgrounds in the key. */
const KEY_STEPS = 5;

export class AttentionView {
  #saved: AttentionSaved;
  #data: AttentionReady | null = null;
  readonly #frame: PanelFrame<AttentionReady, AttentionSaved>;
  readonly #title = element('h1');
  readonly #said = element('span', { class: 'said-text' });
  readonly #show = element('button', { type: 'button', class: 'show-head' });
  readonly #text: TextPlaces;
  readonly #heads: HeadGrid;
  readonly #finder: HeadFinder;
  readonly #table = element('div', {
    class: 'table-pane places-table',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Places as a table',
  });
  readonly #key = element('p', { class: 'weight-key' });
  readonly #limits = element('p', { class: 'limits' });
  readonly #provenance = element('p', { class: 'provenance' });
  readonly #tableButton: ToggleButton;

  constructor(private readonly host: PanelHost<'attention', AttentionSaved>) {
    this.#saved = host.restore(DEFAULTS);
    this.#frame = new PanelFrame(host, { name: 'Attention', hoverMilliseconds: NEVER });
    const choose = (head: ChosenHead): void => {
      this.#change({ head });
    };
    this.#text = new TextPlaces((byte) => {
      const offset = byte - (byte % CHUNK_BYTES);
      this.#frame.select({ offset, bit: null, voter: null, locked: true }, true);
    });
    this.#heads = new HeadGrid(choose);
    this.#finder = new HeadFinder({
      onAsk: (ask) => {
        host.ask(ask);
      },
      onChoose: choose,
      onSort: (sorting) => {
        this.#change(sorting);
      },
    });
    this.#show.addEventListener('click', () => {
      if (this.#data !== null) choose(this.#saved.head === null ? saidFirst(this.#data.at, null).head : null);
    });
    this.#tableButton = new ToggleButton({ on: 'Table', off: 'Table' }, 'table-toggle', () => {
      this.#change({ table: !this.#saved.table });
    });
    host.offerExport({
      provenance: () => this.#provenance.textContent,
      table: () => attentionTable(this.#data!.at),
    });
  }

  start(): void {
    const causes = element('button', { type: 'button', class: 'show-causes', 'data-live': '' }, 'Show Causes');
    causes.addEventListener('click', () => {
      this.host.ask('causes');
    });
    const content = element(
      'main',
      { class: 'content' },
      element(
        'header',
        {},
        this.#title,
        element('div', { class: 'controls' }, this.#tableButton.node, this.#frame.lock.node),
      ),
      element(
        'div',
        { class: 'said' },
        element('p', {}, this.#said, ' ', this.#show),
        element(
          'p',
          { class: 'caution' },
          'Weights show where a head reads, not what caused the prediction: ',
          causes,
          ' measures that.',
        ),
      ),
      element('div', { class: 'figure' }, this.#text.node, this.#table, this.#key, this.#heads.node, this.#limits),
      this.#finder.node,
      element('footer', {}, this.#provenance),
    );
    this.#frame.start(content, this.#text.node, {
      onData: (data) => {
        this.#data = data;
        this.#draw();
      },
      onNoData: () => {
        this.#data = null;
      },
      onSelection: () => {
        if (this.#data !== null) this.#frame.markReady(this.#data.at.offset);
      },
      // Colours and sizes are the style sheet's.
      onTheme: () => undefined,
      onResize: () => undefined,
    });
  }

  #change(change: Partial<AttentionSaved>): void {
    this.#saved = { ...this.#saved, ...change };
    this.host.save(this.#saved);
    this.#draw();
  }

  #draw(): void {
    const data = this.#data;
    if (data === null) return;
    const { at } = data;
    const isThere = this.#saved.head !== null && this.#saved.head < at.blocks * at.heads;
    const head = isThere ? this.#saved.head : null;
    const { table: asTable } = this.#saved;
    const weights = shownWeights(at, head);
    this.#title.textContent = describeChunk(at);
    this.#said.textContent = saidFirst(at, head).text;
    this.#show.textContent = head === null ? 'Show This Head' : 'Show All Heads';
    this.#tableButton.set(asTable);
    this.#text.node.hidden = asTable;
    this.#key.hidden = asTable;
    this.#table.hidden = !asTable;
    if (asTable) this.#drawTable(at, weights, head);
    else {
      this.#text.draw(at, weights);
      this.#drawKey(at, weights, head);
    }
    this.#heads.draw(at, head);
    this.#limits.textContent = describeLimits(at);
    this.#finder.draw(data, head, this.#saved);
    const samples =
      data.findings === null ? '' : `, ${formatCount(data.findings.positions)} positions over the document`;
    this.#provenance.textContent = provenanceText(data.provenance, `N = 1 chunk${samples}`);
    this.#frame.markReady(at.offset);
  }

  #drawTable(at: ChunkAttention, weights: Float32Array, head: ChosenHead): void {
    const order = at.places.map((_, place) => place).toSorted((a, b) => weights[b]! - weights[a]!);
    this.#table.replaceChildren(
      table(
        `Weight of each place, largest first: ${chosenName(at, head)}`,
        ['Text', 'Where', 'Byte', 'What it is', 'Weight'],
        order.map((place) => {
          const { offset, kinds } = at.places[place]!;
          const what = kinds.map((kind) => KIND_TEXTS[kind].name).join(', ');
          return [placeName(at, place), placeDistance(at, place), formatCount(offset), what, percent(weights[place]!)];
        }),
      ),
    );
  }

  #drawKey(at: ChunkAttention, weights: Float32Array, head: ChosenHead): void {
    const largest = Math.max(...weights);
    const steps = Array.from({ length: KEY_STEPS }, (_, step) => {
      const level = step / (KEY_STEPS - 1);
      const node = element('span', { class: 'piece' }, percent(level * largest));
      node.style.setProperty('--level', level.toFixed(3));
      return node;
    });
    const scale = element('span', { class: 'weight-steps' }, ...steps);
    this.#key.replaceChildren(`Weight of a place, ${chosenName(at, head)}: `, scale);
  }
}
