/** @file Choosing cells by pointer and keyboard, and what is said of them. */
import type { PanelHost } from '../shared/page/host';
import type { HeatmapReady } from '../../model/protocol/panels/heatmap';
import type { VoterAtChunk } from '../../model/protocol/panels/voterActions';
import { isPlainKey, PanelFrame } from '../shared/page/panelFrame';
import type { HeatmapChoice } from './controls';
import { describeCell } from './describe';
import { heatmapAction } from './keys';
import type { Measurements } from './measured/measurements';
import { MEASURES } from './measured/measures';
import type { Navigator } from './moving/navigator';
import type { HeatmapCell } from './picture/cell';
import type { HeatmapPlot } from './picture/plot';
import type { HeatmapSaved } from './saved';
import { VOTER_MEASURES } from './measured/voterMeasures';

/** A pointer that rests this long on a chunk selects it in the other views too. */
const HOVER_MILLISECONDS = 120;
const ZOOM_STEP = 1.5;

/** What is shown now. */
export interface Scene {
  readonly data: HeatmapReady | null;
  readonly choice: HeatmapChoice;
  readonly measurements: Measurements;
  readonly plot: HeatmapPlot;
}

export class Interaction {
  readonly frame: PanelFrame<HeatmapReady, HeatmapSaved>;
  #hovered: HeatmapCell | null = null;
  #bit: number;

  constructor(
    host: PanelHost<'heatmap', HeatmapSaved>,
    saved: HeatmapSaved,
    private readonly navigator: Navigator,
    private readonly scene: () => Scene,
  ) {
    this.#bit = saved.bit;
    this.frame = new PanelFrame(host, { name: 'The heatmap', hoverMilliseconds: HOVER_MILLISECONDS });
  }

  /** The bit whose voters are shown: the one that was selected last. */
  get bit(): number {
    return this.#bit;
  }

  /** The selected cell where it is in the document. */
  get selected(): HeatmapCell | null {
    const value = this.frame.selection;
    const { data } = this.scene();
    if (value === null || data === null) return null;
    const chunk = Math.floor(value.offset / 4);
    return chunk < data.chunkCount ? { chunk, bit: value.bit, voter: value.voter } : null;
  }

  /** Marks the selected cell and the one under the pointer. */
  mark(): void {
    this.scene().plot.mark(this.selected, this.#hovered);
  }

  /** Something else is selected, or its text has moved: the window goes there. */
  follow(): void {
    this.#bit = this.frame.selection?.bit ?? this.#bit;
    this.navigator.follow(this.selected?.chunk ?? null);
  }

  zoom(direction: 1 | -1): void {
    this.navigator.zoom(ZOOM_STEP ** direction, this.selected?.chunk ?? null);
  }

  /** The picture has moved under the pointer: what it was on is elsewhere now. */
  leave(): void {
    this.#hovered = null;
    this.frame.leave();
  }

  hover(cell: HeatmapCell | null, event: PointerEvent): void {
    const { data } = this.scene();
    if (data === null) return;
    this.#hovered = cell;
    this.mark();
    if (cell === null) {
      this.frame.unpoint();
      return;
    }
    this.frame.point(event, this.#describe(data, cell), () => {
      this.#choose(cell, false, false);
    });
  }

  click(cell: HeatmapCell, event: MouseEvent): void {
    const { selected } = this;
    const isSameRow = selected?.bit === cell.bit && (cell.voter === null || selected.voter === cell.voter);
    const isAgain = this.frame.isLocked && selected?.chunk === cell.chunk && isSameRow;
    this.#choose(cell, !isAgain, true);
    const voter = this.#voterAt(cell);
    if (isAgain || voter === null) this.frame.leave();
    else this.frame.keep(this.#teller(cell), { x: event.clientX, y: event.clientY }, voter);
  }

  /** The menu of VS Code is about to open: on a cell, or by the keyboard on the selected one. */
  menu(cell: HeatmapCell | null, isFromKeyboard: boolean): void {
    this.frame.offerMenu(this.#voterAt(isFromKeyboard ? this.selected : cell));
  }

  key(event: KeyboardEvent): void {
    const { data, choice, plot } = this.scene();
    if (data === null || !isPlainKey(event)) return;
    const { window } = this.navigator;
    const at = this.selected ?? { chunk: Math.floor(window.start), bit: null, voter: null };
    const action = heatmapAction(event.key, at, {
      page: Math.max(1, Math.floor(window.span)),
      chunkCount: data.chunkCount,
      rows: choice.rows,
      bit: this.#bit,
      votersPerBit: data.provenance.votersPerBit,
    });
    if (action === null) return;
    event.preventDefault();
    this.#hovered = null;
    switch (action.kind) {
      case 'move':
        this.#choose(action.cell, this.frame.isLocked, true);
        this.frame.announce(this.#teller(action.cell), plot.clientPoint(action.cell), this.#voterAt(action.cell));
        break;
      case 'bit':
        this.#choose({ chunk: at.chunk, bit: action.bit, voter: null }, this.frame.isLocked, false);
        this.frame.live.say(`Voters of bit ${action.bit}.`);
        break;
      case 'zoom':
        this.zoom(action.direction);
        break;
      case 'lock':
      case 'toggleLock':
        this.#choose(at, action.kind === 'lock' || !this.frame.isLocked, true);
        this.frame.live.say(this.frame.isLocked ? 'Locked.' : 'Unlocked.');
        break;
    }
  }

  #choose({ chunk, bit, voter }: HeatmapCell, locked: boolean, reveal: boolean): void {
    const before = this.frame.selection;
    // A row of a bit leaves the voter of that bit selected.
    const kept = bit !== null && bit === before?.bit ? before.voter : null;
    this.frame.select({ offset: 4 * chunk, bit, voter: voter ?? kept, locked }, reveal);
  }

  /** The voter of a cell; null where bits are shown: which voter of a bit is selected is not to be seen then. */
  #voterAt(cell: HeatmapCell | null): VoterAtChunk | null {
    if (cell?.bit == null || cell.voter === null || this.scene().choice.rows === 'bits') return null;
    return { offset: 4 * cell.chunk, bit: cell.bit, voter: cell.voter };
  }

  /** Says what is known of a cell by then. */
  #teller(cell: HeatmapCell): () => readonly string[] {
    return () => {
      const { data } = this.scene();
      return data === null ? [] : this.#describe(data, cell);
    };
  }

  #describe({ byteLength, provenance }: HeatmapReady, cell: HeatmapCell): string[] {
    const { choice, measurements, plot } = this.scene();
    const shared = choice.rows === 'bits' ? null : plot.sharedWith(cell);
    const bits = { store: measurements.store, byteLength, measure: MEASURES[choice.measure] };
    if (shared === null) return describeCell(bits, null, cell);
    const measure = VOTER_MEASURES[choice.voterMeasure];
    const voters = { store: measurements.voters, measure, votersPerBit: provenance.votersPerBit, shared };
    return describeCell(bits, voters, cell);
  }
}
