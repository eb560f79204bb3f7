/** @file The Voter votes view: puts the parts together, holds what is selected and chosen, draws. */
import { dropdown, element, ToggleButton } from '../shared/dom';
import type { Host } from '../shared/host';
import { HoverSelect } from '../shared/hover';
import type { PanelCommand, Selection, VotesReady, VotesState, WebviewMessage } from '../shared/messages';
import { Page } from '../shared/page';
import { SharedSelection } from '../shared/selection';
import { watchTheme } from '../shared/theme';
import { formatBits } from '../shared/text';
import { LiveRegion, Tooltip } from '../shared/tooltip';
import { Alternatives } from './alternatives';
import type { CellColor } from './cells';
import { VotesCaption } from './caption';
import { CELL_COLORS } from './cells';
import { ComparisonPane } from './comparisonPane';
import { votesTable } from './exportTable';
import { VotesHeader } from './header';
import { votesAction } from './keys';
import { changesTitle, LesionPane, surpriseAfter } from './lesionPane';
import type { VoteCell } from './matrix';
import { VoteMatrix } from './matrix';
import type { VoterOrder } from './order';
import { orderVoters, VOTER_ORDERS } from './order';
import { VoterEditor } from './voterEditor';
import { describeCell } from './votesData';
import { VotesTable } from './votesTable';

/** What a reload restores. */
export interface VotesSaved {
  readonly order: VoterOrder;
  readonly color: CellColor;
  readonly table: boolean;
}

/** While the pointer moves, the other views hear of it at most this often. */
const HOVER_MILLISECONDS = 80;

export class VotesView {
  #saved: VotesSaved;
  #data: VotesReady | null = null;
  #places: Uint16Array = new Uint16Array(0);
  #hovered: VoteCell | null = null;
  #flips: readonly number[] = [];

  readonly #selection = new SharedSelection(() => {
    this.#drawSelection();
  });
  readonly #hoverSelect = new HoverSelect(HOVER_MILLISECONDS);
  readonly #header = new VotesHeader();
  readonly #matrix: VoteMatrix;
  readonly #table: VotesTable;
  readonly #alternatives: Alternatives;
  readonly #lesion: LesionPane;
  readonly #comparison: ComparisonPane;
  readonly #editor: VoterEditor;
  readonly #caption = new VotesCaption();
  readonly #readout = element('div', { class: 'readout' });
  readonly #tooltip = new Tooltip();
  readonly #live = new LiveRegion();
  readonly #lock: ToggleButton;
  readonly #tableButton: ToggleButton;
  readonly #content: HTMLElement;
  readonly #page: Page;

  constructor(private readonly host: Host<VotesState, VotesSaved>) {
    this.#saved = host.restore({ order: 'vote', color: 'vote', table: false });
    this.#matrix = new VoteMatrix({
      onHover: (cell, event) => {
        this.#hover(cell, event);
      },
      onClick: (cell, extend) => {
        this.#click(cell, extend);
      },
      onKey: (event) => {
        this.#onKey(event);
      },
    });
    const post = (message: WebviewMessage): void => {
      host.post(message);
    };
    const run = (command: PanelCommand): void => {
      post({ type: 'command', command });
    };
    this.#editor = new VoterEditor(this.#matrix, post, (text) => {
      this.#live.say(text);
    });
    this.#lesion = new LesionPane(run);
    this.#comparison = new ComparisonPane(run);
    this.#table = new VotesTable((bit) => {
      this.#choose({ bit, voter: null }, this.#selection.locked);
    });
    this.#alternatives = new Alternatives((bits) => {
      this.#flips = bits;
      this.#drawMarks();
    });
    this.#lock = new ToggleButton({ on: 'Locked', off: 'Lock' }, 'lock', () => {
      this.#choose(this.#selected(), !this.#selection.locked);
    });
    this.#tableButton = new ToggleButton({ on: 'Table', off: 'Table' }, 'table-toggle', () => {
      this.#change({ table: !this.#saved.table });
    });
    const controls = element(
      'div',
      { class: 'controls' },
      dropdown('Sort', VOTER_ORDERS, this.#saved.order, (order) => {
        this.#change({ order });
      }),
      dropdown('Colour', CELL_COLORS, this.#saved.color, (color) => {
        this.#change({ color });
      }),
      this.#tableButton.node,
      this.#lock.node,
    );
    this.#content = element(
      'main',
      { class: 'content' },
      element('header', {}, this.#header.node, controls),
      element('div', { class: 'figure' }, this.#matrix.node, this.#table.node, this.#comparison.node),
      element('aside', { 'aria-label': 'Selection and alternatives' }, this.#readout, this.#alternatives.node),
      this.#lesion.node,
      this.#caption.node,
    );
    this.#page = new Page(this.#content, run, this.#tooltip.node, this.#live.node);
    host.offerExport({ provenance: () => this.#caption.provenance, table: () => votesTable(this.#data!) });
  }

  /** Listens to the host, the theme, the size and Escape. */
  start(): void {
    watchTheme((theme) => {
      this.#caption.setTheme(theme.dark);
      this.#draw();
    });
    new ResizeObserver(() => {
      this.#resize();
    }).observe(this.#matrix.node);
    document.addEventListener('keydown', (event) => {
      if (event.key === 'Escape') this.#unlock();
    });
    this.host.connect({
      onState: (state, selection) => {
        this.#receive(state, selection);
      },
      onSelection: (selection) => {
        this.#selection.receive(selection);
        this.#drawSelection();
      },
      onFailure: (error) => {
        this.#page.showMessage({
          kind: 'error',
          message: `The votes could not be drawn: ${error instanceof Error ? error.message : String(error)}.`,
          action: { label: 'Show Log', command: 'smuggler.showLog' },
        });
      },
    });
  }

  #receive(state: VotesState, selection: Selection | null): void {
    this.#selection.receive(selection);
    if (state.kind !== 'ready') {
      this.#data = null;
      this.#tooltip.hide();
      this.#page.showMessage(state);
      return;
    }
    const first = this.#data === null;
    // Another chunk: a wish for a cell of the one before is void.
    if (state.offset !== this.#data?.offset) {
      this.#hoverSelect.cancel();
      this.#editor.forget();
    } else this.#announceLesion(this.#data, state);
    this.#data = state;
    if (first) {
      this.#page.showContent();
      this.#showTable();
      this.#matrix.resize();
    }
    this.#draw();
  }

  /** The panes of changed voters and of the pinned chunk come and go: the picture beside them gets another width. */
  #showPanes(data: VotesReady): void {
    const panes = [this.#lesion.node, this.#comparison.node];
    const before = panes.map(({ hidden }) => hidden).join();
    this.#lesion.set(data.lesion);
    this.#content.classList.toggle('is-changed', data.lesion !== null);
    this.#content.classList.toggle('is-pinned', data.pinned !== null);
    this.#comparison.set(data, this.#saved.table);
    if (before !== panes.map(({ hidden }) => hidden).join()) this.#matrix.resize();
  }

  /** Says what a change of voters did, once the model has answered. */
  #announceLesion(before: VotesReady, { lesion }: VotesReady): void {
    if (lesion?.result == null || before.lesion?.result?.after.surprise === lesion.result.after.surprise) return;
    const { changes, result } = lesion;
    this.#live.say(
      `${changesTitle(changes)}. Surprise ${formatBits(result.before.surprise)} bits, after ${surpriseAfter(result.before, result.after)}.`,
    );
  }

  #resize(): void {
    if (this.#data === null) return;
    this.#matrix.resize();
    this.#draw();
  }

  #change(change: Partial<VotesSaved>): void {
    this.#saved = { ...this.#saved, ...change };
    this.#editor.forget();
    this.host.save(this.#saved);
    this.#showTable();
    this.#draw();
  }

  #showTable(): void {
    this.#tableButton.set(this.#saved.table);
    this.#matrix.node.hidden = this.#saved.table;
    this.#table.node.hidden = !this.#saved.table;
    if (!this.#saved.table) this.#matrix.resize();
  }

  #draw(): void {
    const data = this.#data;
    if (data === null) return;
    const { order, color } = this.#saved;
    this.#places = orderVoters(data, data.provenance.votersPerBit, order);
    this.#header.set(data);
    this.#showPanes(data);
    if (!this.#saved.table) {
      this.#matrix.draw(data, this.#places, order, color, this.#caption.pixels(color));
    }
    this.#alternatives.set(data);
    this.#flips = [];
    this.#caption.set(data, color);
    this.#drawSelection();
    this.#page.markReady(data.offset);
  }

  #drawSelection(): void {
    this.#lock.set(this.#selection.locked);
    this.#lock.node.title = this.#selection.locked
      ? 'The view stays on this chunk. Click or press Escape to follow the caret again.'
      : 'The view follows the caret. Click to stay on this chunk.';
    this.#drawMarks();
    if (this.#data !== null && this.#saved.table) this.#table.set(this.#data, this.#selected()?.bit ?? 0, this.#places);
  }

  #drawMarks(): void {
    if (this.#data === null) return;
    const selected = this.#selected();
    this.#matrix.mark(selected, this.#editor.block(selected), this.#hovered, this.#flips);
    const shown = this.#hovered ?? selected;
    this.#readout.replaceChildren(
      ...(shown === null
        ? ['Point at a cell, or use the arrow keys, to read its numbers.']
        : describeCell(this.#data, shown)
      ).map((line) => element('div', {}, line)),
    );
  }

  /** The selected bit and voter, where this chunk has them. */
  #selected(): VoteCell | null {
    const value = this.#selection.value;
    if (value?.bit == null || this.#data === null) return null;
    const voter = value.voter !== null && value.voter < this.#data.provenance.votersPerBit ? value.voter : null;
    return { bit: value.bit, voter };
  }

  #hover(cell: VoteCell | null, event: PointerEvent): void {
    if (this.#data === null) return;
    this.#hovered = cell;
    if (cell === null) {
      this.#hoverSelect.cancel();
      this.#tooltip.hide();
    } else {
      this.#tooltip.show(describeCell(this.#data, cell), event.clientX, event.clientY);
      if (!this.#selection.locked) {
        this.#hoverSelect.at(event, () => {
          this.#editor.forget();
          this.#choose(cell, false);
        });
      }
    }
    this.#drawMarks();
  }

  #click(cell: VoteCell, extend: boolean): void {
    this.#hoverSelect.cancel();
    if (extend) {
      this.#editor.extendFrom(this.#selected());
      this.#choose(cell, true);
      return;
    }
    this.#editor.forget();
    const selected = this.#selected();
    const again = this.#selection.locked && selected?.bit === cell.bit && selected.voter === cell.voter;
    this.#choose(cell, !again);
  }

  #unlock(): void {
    this.#tooltip.hide();
    if (this.#selection.locked) this.#choose(this.#selected(), false);
  }

  /** `cell` null selects the chunk as a whole. */
  #choose(cell: VoteCell | null, locked: boolean): void {
    if (this.#data === null) return;
    const selection: Selection = {
      offset: this.#data.offset,
      bit: cell?.bit ?? null,
      voter: cell?.voter ?? null,
      locked,
    };
    this.#selection.choose(selection);
    this.host.post({ type: 'select', selection, reveal: false });
    this.#drawSelection();
  }

  #onKey(event: KeyboardEvent): void {
    const data = this.#data;
    if (data === null || event.ctrlKey || event.altKey || event.metaKey) return;
    const at = this.#selected();
    const place = at?.voter == null ? null : this.#matrix.placeOf(at.bit, at.voter);
    const action = votesAction(event.key, at === null ? null : { bit: at.bit, place }, data.provenance.votersPerBit);
    if (action === null) return;
    event.preventDefault();
    this.#hovered = null;
    if (action.kind === 'silence' || action.kind === 'hold' || action.kind === 'restore') {
      if (this.host.isExported) this.#live.say('Voters cannot be changed in an exported panel.');
      else if (at !== null) this.#editor.edit(action.kind, data, at);
    } else if (action.kind === 'move') {
      if (event.shiftKey) this.#editor.extendFrom(at);
      else this.#editor.forget();
      const cell = { bit: action.bit, voter: this.#matrix.voterAt(action.bit, action.place) };
      this.#choose(cell, this.#selection.locked);
      this.#announce(data, cell);
    } else {
      this.#choose(at, action.kind === 'lock' || !this.#selection.locked);
      this.#live.say(this.#selection.locked ? 'Locked.' : 'Unlocked.');
    }
  }

  #announce(data: VotesReady, cell: VoteCell): void {
    const lines = describeCell(data, cell);
    const point = this.#matrix.clientPoint(cell);
    this.#tooltip.show(lines, point.x, point.y);
    const many = this.#editor.block(cell) === null ? '' : `${this.#editor.phrase(data, cell)} selected. `;
    this.#live.say(many + lines.join(', '));
  }
}
