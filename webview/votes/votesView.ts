/** @file The Voter votes view: puts the parts together, holds what is selected and chosen, draws. */
import type { VotingVoter } from '../../model/measures/decidingVoters';
import {
  DECIDING_VOTERS,
  decidingVoters,
  decidingVotersOfBit,
  failedVoters,
  NOBODY_DECIDED,
  otherMistakesText,
} from '../../model/measures/decidingVoters';
import { CHUNK_BYTES } from '../../model/measures/chunk';
import { changesSentence } from '../../model/measures/changesText';
import { dropdown, element, memoryToggle, ToggleButton } from '../shared/dom';
import type { PanelHost } from '../shared/page/host';
import type { PanelCommand, Selection } from '../../model/protocol/panels/messages';
import type { VoterAtChunk } from '../../model/protocol/panels/voterActions';
import type { VotesReady } from '../../model/protocol/panels/votes';
import { isPlainKey, PanelFrame } from '../shared/page/panelFrame';
import { formatBits } from '../shared/text';
import { Alternatives } from './alternatives';
import type { CellColor } from './cells';
import { VotesCaption } from './caption';
import { CausesPane } from './causesPane';
import { CELL_COLORS } from './cells';
import { PinnedPane } from './pinnedPane';
import { votesTable } from './exportTable';
import { memoryChange } from './memoryData';
import { MemoryPane } from './memoryPane';
import { VotesHeader } from './header';
import { votesAction } from './keys';
import { LesionPane, surpriseAfter } from './lesionPane';
import type { VoteCell } from './matrix';
import { VoteMatrix } from './matrix';
import type { VoterOrder } from './order';
import { orderVoters, VOTER_ORDERS } from './order';
import { VoterChips } from './voterChips';
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

  readonly #frame: PanelFrame<VotesReady, VotesSaved>;
  readonly #header = new VotesHeader();
  readonly #matrix: VoteMatrix;
  readonly #table: VotesTable;
  readonly #alternatives: Alternatives;
  readonly #deciding: VoterChips;
  readonly #ofBit: VoterChips;
  readonly #lesion: LesionPane;
  readonly #pinned: PinnedPane;
  readonly #memory: MemoryPane;
  readonly #causes: CausesPane;
  readonly #editor: VoterEditor;
  readonly #caption = new VotesCaption();
  readonly #readout = element('div', { class: 'readout' });
  readonly #tableButton: ToggleButton;
  readonly #memoryButton: ToggleButton;
  readonly #causesButton: ToggleButton;
  readonly #content: HTMLElement;

  constructor(private readonly host: PanelHost<'votes', VotesSaved>) {
    this.#saved = host.restore({ order: 'vote', color: 'vote', table: false });
    this.#frame = new PanelFrame(host, { name: 'The votes', hoverMilliseconds: HOVER_MILLISECONDS });
    this.#matrix = new VoteMatrix({
      onHover: (cell, event) => {
        this.#hover(cell, event);
      },
      onClick: (cell, event) => {
        this.#click(cell, event);
      },
      onMenu: (cell, isFromKeyboard) => {
        this.#frame.offerMenu(this.#voterAt(isFromKeyboard ? this.#selected() : cell));
      },
      onKey: (event) => {
        this.#onKey(event);
      },
    });
    const run = (command: PanelCommand): void => {
      host.post({ type: 'command', command });
    };
    this.#editor = new VoterEditor(
      this.#matrix,
      (ask) => {
        host.ask(ask);
      },
      (text) => {
        this.#frame.live.say(text);
      },
    );
    this.#lesion = new LesionPane(run);
    this.#pinned = new PinnedPane(run);
    const goTo = (byte: number): void => {
      const offset = byte - (byte % CHUNK_BYTES);
      this.#frame.select({ offset, bit: null, voter: null, locked: false }, true);
    };
    this.#causes = new CausesPane({
      onAsk: (ask) => {
        host.ask(ask);
      },
      onGoTo: goTo,
      onVoter: (voter) => {
        this.#choose(voter, this.#frame.isLocked);
      },
      onWholeChunk: () => {
        this.#choose(null, this.#frame.isLocked);
      },
    });
    this.#memory = new MemoryPane({
      onAsk: (ask) => {
        host.ask(ask);
      },
      onBit: (bit) => {
        this.#choose({ bit, voter: null }, this.#frame.isLocked);
      },
      onGoTo: goTo,
    });
    this.#table = new VotesTable((bit) => {
      this.#choose({ bit, voter: null }, this.#frame.isLocked);
    });
    const choose = ({ bit, voter }: VotingVoter): void => {
      this.#choose({ bit, voter }, this.#frame.isLocked);
    };
    this.#deciding = new VoterChips(choose);
    this.#ofBit = new VoterChips(choose);
    this.#alternatives = new Alternatives((bits) => {
      this.#flips = bits;
      this.#drawMarks();
    });
    this.#tableButton = new ToggleButton({ on: 'Table', off: 'Table' }, 'table-toggle', () => {
      this.#change({ table: !this.#saved.table });
    });
    this.#memoryButton = memoryToggle(() => {
      run('smuggler.toggleMemory');
    });
    this.#causesButton = new ToggleButton({ on: 'Causes', off: 'Causes' }, 'causes-toggle', () => {
      run('smuggler.showCauses');
    });
    this.#causesButton.node.title = 'Which text before made the model say this, here and in the editor';
    this.#causesButton.node.dataset['live'] = '';
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
      this.#memoryButton.node,
      this.#causesButton.node,
      this.#frame.lock.node,
    );
    this.#content = element(
      'main',
      { class: 'content' },
      element('header', {}, this.#header.node, controls, this.#causes.node),
      element('div', { class: 'figure' }, this.#matrix.node, this.#table.node, this.#pinned.node, this.#memory.node),
      element(
        'aside',
        { 'aria-label': 'Selection and alternatives' },
        this.#deciding.node,
        this.#readout,
        this.#ofBit.node,
        this.#alternatives.node,
      ),
      this.#lesion.node,
      this.#caption.node,
    );
    host.offerExport({ provenance: () => this.#caption.provenance, table: () => votesTable(this.#data!) });
  }

  start(): void {
    this.#frame.start(this.#content, this.#matrix.node, {
      onData: (data, isFirst) => {
        this.#receive(data, isFirst);
      },
      onNoData: () => {
        this.#data = null;
      },
      onSelection: () => {
        if (this.#data !== null) this.#drawMemory(this.#data);
        this.#drawSelection();
      },
      onTheme: (theme) => {
        this.#caption.setTheme(theme.dark);
        this.#draw();
      },
      onResize: () => {
        this.#resize();
      },
    });
  }

  #receive(data: VotesReady, isFirst: boolean): void {
    // Another chunk: a wish for a cell of the one before is void.
    if (data.offset !== this.#data?.offset) {
      this.#frame.leave();
      this.#editor.forget();
    } else {
      this.#announceLesion(this.#data, data);
      const words = memoryChange(this.#data, data);
      if (words !== null) this.#frame.live.say(words);
    }
    this.#data = data;
    if (isFirst) {
      this.#showTable();
      this.#matrix.resize();
    }
    this.#draw();
  }

  /** The panes of changed voters and of the pinned chunk come and go: the picture beside them gets another width. */
  #showPanes(data: VotesReady): void {
    const panes = [this.#lesion.node, this.#pinned.node, this.#memory.node, this.#causes.node];
    const before = panes.map(({ hidden }) => hidden).join();
    this.#lesion.set(data.lesion);
    this.#content.classList.toggle('is-changed', data.lesion !== null);
    this.#content.classList.toggle('is-pinned', data.pinned !== null);
    this.#content.classList.toggle('has-memory', data.memory != null);
    this.#content.classList.toggle('has-causes', data.causes != null);
    this.#memoryButton.set(data.memory != null);
    this.#causesButton.set(data.causes != null);
    this.#drawMemory(data);
    this.#causes.set(data, this.#saved.table);
    this.#pinned.set(data, this.#saved.table);
    if (before !== panes.map(({ hidden }) => hidden).join()) this.#matrix.resize();
  }

  #drawMemory(data: VotesReady): void {
    const { color } = this.#saved;
    this.#memory.set(data, this.#selected()?.bit ?? null, color, this.#caption.pixels(color));
  }

  /** Says what a change of voters did, once the model has answered. */
  #announceLesion(before: VotesReady, { lesion }: VotesReady): void {
    if (lesion?.result == null || before.lesion?.result?.after.surprise === lesion.result.after.surprise) return;
    const { changes, result } = lesion;
    this.#frame.live.say(
      `${changesSentence(changes)}. Surprise ${formatBits(result.before.surprise)} bits, after ${surpriseAfter(result.before, result.after)}.`,
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
    this.#drawDeciding(data);
    this.#alternatives.set(data);
    this.#flips = [];
    this.#caption.set(data, color);
    this.#drawSelection();
  }

  /** The voters that failed, or where none did those that decided, and what else is wrong. */
  #drawDeciding(data: VotesReady): void {
    const { votersPerBit } = data.provenance;
    const failed = failedVoters(data, votersPerBit, DECIDING_VOTERS);
    this.#matrix.markFailed(failed);
    const deciding = decidingVoters(data, votersPerBit, DECIDING_VOTERS);
    // They are those of the model as it was trained: with voters silenced or held, it is told so.
    const whose = data.lesion === null ? '' : ', if all voters vote';
    const rest = otherMistakesText(data, votersPerBit, failed);
    if (failed.length > 0) this.#deciding.set(`Who failed${whose}`, data, failed, false, rest);
    else if (deciding.length > 0 || votersPerBit < 2) {
      this.#deciding.set(`Who decided${whose}`, data, deciding, false, rest);
    } else this.#deciding.say(`${NOBODY_DECIDED}.${rest === '' ? '' : ` ${rest}.`}`);
  }

  #drawSelection(): void {
    const data = this.#data;
    if (data === null) return;
    this.#drawMarks();
    if (this.#saved.table) this.#table.set(data, this.#selected()?.bit ?? 0, this.#places);
    // The selection may be ahead: the votes of its chunk are still to come.
    this.#frame.markReady(data.offset);
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
    const { votersPerBit } = this.#data.provenance;
    const ofBit = shown === null ? [] : decidingVotersOfBit(this.#data, votersPerBit, shown.bit, DECIDING_VOTERS);
    this.#ofBit.set(`Bit ${shown?.bit ?? ''} by`, this.#data, ofBit, true);
  }

  /** The selected bit and voter, where this chunk has them. */
  #selected(): VoteCell | null {
    const value = this.#frame.selection;
    if (value?.bit == null || this.#data === null) return null;
    const voter = value.voter !== null && value.voter < this.#data.provenance.votersPerBit ? value.voter : null;
    return { bit: value.bit, voter };
  }

  #hover(cell: VoteCell | null, event: PointerEvent): void {
    if (this.#data === null) return;
    this.#hovered = cell;
    if (cell === null) this.#frame.unpoint();
    else {
      this.#frame.point(event, describeCell(this.#data, cell), () => {
        this.#editor.forget();
        this.#choose(cell, false);
      });
    }
    this.#drawMarks();
  }

  #click(cell: VoteCell, event: MouseEvent): void {
    if (event.shiftKey) {
      this.#editor.extendFrom(this.#selected());
      this.#choose(cell, true);
      return;
    }
    this.#editor.forget();
    const selected = this.#selected();
    const again = this.#frame.isLocked && selected?.bit === cell.bit && selected.voter === cell.voter;
    this.#choose(cell, !again);
    const voter = this.#voterAt(cell);
    if (again || voter === null) this.#frame.leave();
    else this.#frame.keep(this.#teller(cell), { x: event.clientX, y: event.clientY }, voter);
  }

  /** The voter of a cell of this chunk; null where it is a bit's. */
  #voterAt(cell: VoteCell | null): VoterAtChunk | null {
    if (cell?.voter == null || this.#data === null) return null;
    return { offset: this.#data.offset, bit: cell.bit, voter: cell.voter };
  }

  /** Says what is known of a cell by then. */
  #teller(cell: VoteCell): () => readonly string[] {
    return () => (this.#data === null ? [] : describeCell(this.#data, cell));
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
    this.#frame.select(selection, false);
  }

  #onKey(event: KeyboardEvent): void {
    const data = this.#data;
    if (data === null || !isPlainKey(event)) return;
    const at = this.#selected();
    const place = at?.voter == null ? null : this.#matrix.placeOf(at.bit, at.voter);
    const action = votesAction(event.key, at === null ? null : { bit: at.bit, place }, data.provenance.votersPerBit);
    if (action === null) return;
    event.preventDefault();
    this.#hovered = null;
    if (action.kind === 'silence' || action.kind === 'hold' || action.kind === 'restore') {
      if (this.host.isExported) this.#frame.live.say('Voters cannot be changed in an exported panel.');
      else if (at !== null) this.#editor.edit(action.kind, data, at);
    } else if (action.kind === 'move') {
      if (event.shiftKey) this.#editor.extendFrom(at);
      else this.#editor.forget();
      const cell = { bit: action.bit, voter: this.#matrix.voterAt(action.bit, action.place) };
      this.#choose(cell, this.#frame.isLocked);
      this.#announce(data, cell);
    } else {
      this.#choose(at, action.kind === 'lock' || !this.#frame.isLocked);
      this.#frame.live.say(this.#frame.isLocked ? 'Locked.' : 'Unlocked.');
    }
  }

  #announce(data: VotesReady, cell: VoteCell): void {
    const lines = describeCell(data, cell);
    this.#frame.announce(this.#teller(cell), this.#matrix.clientPoint(cell), this.#voterAt(cell));
    if (this.#editor.block(cell) === null) return;
    this.#frame.live.say(`${this.#editor.phrase(data, cell)} selected. ${lines.join(', ')}`);
  }
}
