/** @file The comparison: puts pictures, counts and places together, and holds what the user chose. */
import { CHUNK_BITS } from '../../model/measures/chunk';
import type { ComparisonReady, ComparisonWithBytes } from '../../model/protocol/panels/comparison';
import { element } from '../shared/dom';
import type { PanelHost } from '../shared/page/host';
import { Legend } from '../shared/chart/legend';
import { isPlainKey, PanelFrame } from '../shared/page/panelFrame';
import { AlongPlot } from './alongPlot';
import { cellColors, ChunkPane } from './chunkPane';
import { ComparisonControls } from './controls';
import { Counts } from './counts';
import { describeBit, describeChunk, describeColumn, provenanceLines, sideTitle } from './describe';
import { headline } from './headline';
import { alongAction, ZOOM_STEP } from './keys';
import { todaysForm } from './olderExport';
import type { PlaceList } from './places';
import { isPlaceList, Places } from './places';
import type { ChunkSpan } from './span';
import { chunkOfColumn, clampSpan, followSpan, zoomSpan } from './span';
import { StatusLine } from './statusLine';
import { comparisonTable, Tables } from './tables';
import { VoterRows, votersSentence } from './voterRows';
import { Writing } from './writing';

/** What a reload restores. */
export interface ComparisonSaved {
  readonly list: PlaceList;
  readonly table: boolean;
  /** Null for the whole text. */
  readonly span: ChunkSpan | null;
}

/** A pointer that rests this long on a chunk selects it in the other views too. */
const HOVER_MILLISECONDS = 200;
const NO_CHUNK = 'No chunk of the compared text is selected.';

export class ComparisonView {
  #saved: ComparisonSaved;
  #data: ComparisonReady | null = null;
  /** The result of `#generation`, which a state brings once. */
  #result: ComparisonWithBytes | null = null;
  #generation = 0;
  #hovered: number | null = null;
  #followed: number | null = null;
  readonly #frame: PanelFrame<ComparisonReady, ComparisonSaved>;
  readonly #along: AlongPlot;
  readonly #chunk: ChunkPane;
  readonly #counts = new Counts();
  readonly #places: Places;
  readonly #tables: Tables;
  readonly #controls: ComparisonControls;
  readonly #status: StatusLine;
  readonly #voters: VoterRows;
  readonly #writing = new Writing();
  readonly #title = element('h1');
  readonly #headline = element('p', { class: 'headline' });
  readonly #notes = element('ul', { class: 'notes', 'aria-label': 'What to know of this comparison' });
  readonly #legend = new Legend();
  readonly #provenance = [element('p', { class: 'provenance' }), element('p', { class: 'provenance' })] as const;
  readonly #figure = element('div', { class: 'figure' });

  constructor(private readonly host: PanelHost<'comparison', ComparisonSaved>) {
    const saved = host.restore({ list: 'worse', table: false, span: null });
    this.#saved = isPlaceList(saved.list) ? saved : { ...saved, list: 'worse' };
    this.#frame = new PanelFrame(host, { name: 'The comparison', hoverMilliseconds: HOVER_MILLISECONDS });
    this.#along = new AlongPlot({
      onHover: (column, event) => {
        this.#hoverColumn(column, event);
      },
      onClick: (column) => {
        this.#clickColumn(column);
      },
      onKey: (event) => {
        this.#key(event);
      },
    });
    this.#chunk = new ChunkPane({
      onHover: (bit, event) => {
        const pair = this.#data?.chunk;
        if (pair == null || bit === null) this.#frame.unpoint();
        else this.#frame.point(event, describeBit(pair, bit), () => undefined);
      },
      onClick: (bit) => {
        const { selection, isLocked } = this.#frame;
        this.#chooseBit(bit, !(isLocked && bit === selection?.bit));
      },
      onKey: (event) => {
        this.#bitKey(event);
      },
    });
    this.#places = new Places(
      this.#saved.list,
      (list) => {
        this.#change({ list });
      },
      (chunk) => {
        this.#clickChunk(chunk);
      },
    );
    this.#tables = new Tables((chunks) => {
      this.#choose(Math.max(0, (this.#selected() ?? 0) + chunks), this.#frame.isLocked, true);
    });
    this.#status = new StatusLine((ask) => {
      host.ask(ask);
    });
    this.#voters = new VoterRows({
      onAsk: (ask) => {
        host.ask(ask);
      },
      run: (command) => {
        host.post({ type: 'command', command });
      },
    });
    this.#controls = new ComparisonControls(this.#frame.lock.node, {
      onZoom: (direction) => {
        this.#zoom(ZOOM_STEP ** direction);
      },
      onWhole: () => {
        this.#change({ span: null });
      },
      onTable: () => {
        this.#change({ table: !this.#saved.table });
      },
      onChoose: () => {
        host.post({ type: 'command', command: 'smuggler.compareWithModel' });
      },
    });
  }

  start(): void {
    this.#figure.append(this.#along.node, this.#chunk.node);
    this.#legend.set('Share of a bit’s voters with this vote', cellColors(), '0', '1', 'root scale');
    const content = element(
      'main',
      { class: 'content' },
      element('header', {}, this.#title, this.#controls.node),
      element('div', { class: 'lines' }, this.#headline, this.#voters.node, this.#status.node, this.#notes),
      this.#figure,
      this.#tables.node,
      element('aside', {}, this.#counts.node, this.#writing.node, this.#places.node),
      element(
        'footer',
        {},
        this.#legend.node,
        element('span', { class: 'shape-key' }, '┃ p(1)  ✕ mistake  ▌ real bit, at 0 or 1'),
        ...this.#provenance,
      ),
    );
    this.host.offerExport({
      provenance: () => this.#provenance.map(({ textContent }) => textContent).join('\n'),
      table: () => (this.#result === null ? { columns: [], rows: [] } : comparisonTable(this.#result)),
      view: () => this.#saved,
      // A state brings the result once; a page that begins with this one has none yet.
      states: () => (this.#data === null ? [] : [{ ...this.#data, result: this.#result }]),
    });
    this.#frame.start(content, this.#figure, {
      onData: (data) => {
        this.#receive(todaysForm(data));
      },
      onNoData: () => {
        this.#data = null;
        this.#result = null;
        this.#generation = 0;
      },
      onSelection: () => {
        this.#follow();
        this.#draw();
      },
      onTheme: () => {
        this.#draw();
      },
      onResize: () => {
        this.#draw();
      },
    });
  }

  #receive(data: ComparisonReady): void {
    if (data.result !== null) this.#result = data.result;
    else if (data.generation !== this.#generation) this.#result = null;
    this.#generation = data.generation;
    this.#data = data;
    this.#follow();
    this.#draw();
  }

  #change(change: Partial<ComparisonSaved>): void {
    this.#saved = { ...this.#saved, ...change };
    this.host.save(this.#saved);
    this.#draw();
  }

  /** Moves the part of the text that is shown to a chunk that is newly selected. */
  #follow(): void {
    const chunk = this.#selected();
    const { span } = this.#saved;
    if (chunk !== null && chunk !== this.#followed && span !== null && this.#result !== null) {
      const { chunkCount } = this.#result;
      this.#saved = { ...this.#saved, span: followSpan(clampSpan(span, chunkCount), chunk, chunkCount) };
    }
    this.#followed = chunk;
  }

  #draw(): void {
    const data = this.#data;
    if (data === null) return;
    const { table, list, span } = this.#saved;
    const result = this.#result;
    const { a, b, chunk: pair, voters } = data;
    const isChanged = voters.a.changes.length + voters.b.changes.length > 0;
    const [votersA, votersB] = [voters.a, voters.b].map((of) => (isChanged ? votersSentence(of) : null));
    const titles = [sideTitle('A', a, b, votersA), sideTitle('B', b, a, votersB)] as const;
    this.#title.textContent = titles.join(' · ');
    this.#title.title = this.#title.textContent;
    this.#controls.set(table, result !== null && span !== null);
    this.#headline.textContent = result === null ? '' : headline(data, result);
    this.#headline.hidden = result === null;
    this.#voters.set(data);
    this.#status.set(data);
    this.#notes.replaceChildren(...data.notes.map((note) => element('li', {}, note)));
    this.#notes.hidden = data.notes.length === 0;
    this.#figure.hidden = table;
    this.#tables.node.hidden = !table;
    this.#along.node.hidden = result === null;
    this.#counts.node.hidden = result === null;
    this.#places.node.hidden = result === null;
    const selected = this.#selected();
    if (result !== null) {
      if (!table) this.#along.draw({ result, span: clampSpan(span, result.chunkCount), titles });
      this.#counts.draw(data, result);
      this.#places.draw(result, list, selected);
    }
    this.#writing.set(data.continued);
    if (pair === null) this.#chunk.clear(NO_CHUNK);
    else this.#chunk.draw(pair, this.#frame.selection?.bit ?? null, !table);
    if (table) this.#tables.draw(result, pair, Math.min(selected ?? 0, (result?.chunkCount ?? 1) - 1));
    else this.#along.mark(selected, this.#hovered);
    provenanceLines(data, result).forEach((line, side) => {
      this.#provenance[side]!.textContent = line;
    });
    document.body.dataset['generation'] = String(result === null ? 0 : data.generation);
    document.body.dataset['chunk'] = pair === null ? '' : String(pair.offset);
    this.#frame.markReady();
  }

  /** The selected chunk where it is one of the compared ones. */
  #selected(): number | null {
    const { selection } = this.#frame;
    if (selection === null) return null;
    const chunk = Math.floor(selection.offset / 4);
    return this.#result === null || chunk < this.#result.chunkCount ? chunk : null;
  }

  #choose(chunk: number, locked: boolean, reveal: boolean): void {
    const { selection } = this.#frame;
    this.#frame.select({ offset: 4 * chunk, bit: selection?.bit ?? null, voter: null, locked }, reveal);
  }

  #chooseBit(bit: number, locked: boolean): void {
    const { selection } = this.#frame;
    if (selection !== null) this.#frame.select({ ...selection, bit, voter: null, locked }, false);
  }

  #zoom(factor: number): void {
    const result = this.#result;
    if (result === null) return;
    const span = clampSpan(this.#saved.span, result.chunkCount);
    const selected = this.#selected();
    const isSeen = selected !== null && selected >= span.first && selected < span.first + span.count;
    const around = isSeen ? selected : span.first + span.count / 2;
    this.#change({ span: zoomSpan(span, factor, around, result.chunkCount) });
  }

  #hoverColumn(column: number | null, event: PointerEvent): void {
    const result = this.#result;
    const { columns } = this.#along;
    if (result === null || columns === null) return;
    this.#hovered = column;
    this.#along.mark(this.#selected(), column);
    if (column === null) {
      this.#frame.unpoint();
      return;
    }
    const isOne = columns.starts[column + 1]! - columns.starts[column]! === 1;
    const chunk = chunkOfColumn(result, columns, column);
    const lines = isOne
      ? describeChunk(result, chunk)
      : [...describeColumn(columns, column), `largest difference at “${describeChunk(result, chunk).join(', ')}`];
    // A column of many chunks is no place in the text before it is clicked.
    this.#frame.point(event, lines, () => {
      if (isOne) this.#choose(chunk, false, false);
    });
  }

  #clickColumn(column: number): void {
    const result = this.#result;
    const { columns } = this.#along;
    if (result === null || columns === null) return;
    this.#clickChunk(chunkOfColumn(result, columns, column));
  }

  /** Locks a chunk; a second click unlocks it. */
  #clickChunk(chunk: number): void {
    this.#choose(chunk, !(this.#frame.isLocked && chunk === this.#selected()), true);
  }

  #key(event: KeyboardEvent): void {
    const result = this.#result;
    if (result === null || !isPlainKey(event)) return;
    const span = clampSpan(this.#saved.span, result.chunkCount);
    const chunk = this.#selected() ?? span.first;
    const action = alongAction(event.key, chunk, span, result.chunkCount);
    if (action === null) return;
    event.preventDefault();
    this.#hovered = null;
    switch (action.kind) {
      case 'move':
        this.#choose(action.chunk, this.#frame.isLocked, true);
        this.#frame.announce(() => describeChunk(result, action.chunk), this.#along.clientPoint(action.chunk));
        break;
      case 'zoom':
        this.#zoom(action.factor);
        break;
      case 'whole':
        this.#change({ span: null });
        break;
      case 'lock':
      case 'toggleLock':
        this.#choose(chunk, action.kind === 'lock' || !this.#frame.isLocked, true);
        this.#frame.live.say(this.#frame.isLocked ? 'Locked.' : 'Unlocked.');
        break;
    }
  }

  #bitKey(event: KeyboardEvent): void {
    const pair = this.#data?.chunk;
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (pair == null || step === undefined || !isPlainKey(event)) return;
    event.preventDefault();
    const bit = this.#frame.selection?.bit ?? null;
    const next = bit === null ? 0 : Math.min(CHUNK_BITS - 1, Math.max(0, bit + step));
    this.#chooseBit(next, this.#frame.isLocked);
    this.#frame.announce(() => describeBit(pair, next), this.#chunk.clientPoint(next));
  }
}
