/** @file The memory voters as a table: of the chunk, each with its votes on all bits as a strip, its numbers at one bit, and what it had seen; or over the document. */
import { CHUNK_BITS, CHUNK_BYTES } from '../../model/measures/chunk';
import { byteNames, knewText, MEMORY_ORIGIN, sawText, unreadText } from '../../model/measures/memoryText';
import { MEMORY_VOTERS } from '../../model/measures/memoryVoters';
import { percent } from '../../model/measures/numberText';
import { VOTER_ACTIONS } from '../../model/measures/voterActions';
import type { MemoryVoter, MemoryVoters } from '../../model/protocol/memory';
import type { MemoryOfChunk, VotesAsk, VotesReady } from '../../model/protocol/panels/votes';
import { colorAt } from '../shared/chart/colors';
import { Legend } from '../shared/chart/legend';
import { element, ToggleButton } from '../shared/dom';
import { formatCount, formatFactor, formatShare, formatShortEffect } from '../shared/text';
import type { CellColor } from './cells';
import type { MemoryCells } from './memoryData';
import { memoryCells, memoryPosition, memoryTitle, sawTitle } from './memoryData';

/** Pixels of a strip: a bit each, and one between bytes; the style sheet makes them larger. */
const STRIP = CHUNK_BITS + CHUNK_BYTES - 1;

const [SILENCE, RESTORE] = (['smuggler.silenceVoter', 'smuggler.restoreVoter'] as const).map(
  (command) => VOTER_ACTIONS.find((action) => action.command === command)!.label,
);

export interface MemoryPaneHandlers {
  onAsk(ask: VotesAsk): void;
  onBit(bit: number): void;
  /** The user wants to see the text at this byte. */
  onGoTo(offset: number): void;
}

/** Rows below those of the memory voters: what they are mixed with, and what the mixture is. */
const TRAINED = 'trained voters';
const TOGETHER = 'with memory';
const ALONE = 'without memory';

/** The last one, what was seen, is named after its byte. */
const OF_CHUNK = ['Bits', 'Vote v', 'Weight', 'Effect'] as const;
const OVER_DOCUMENT = ['', 'Right', 'Weight', 'Effect', 'Votes on'];

export class MemoryPane {
  readonly node: HTMLElement;
  readonly #title = element('h2');
  readonly #message = element('p', { class: 'memory-message' });
  readonly #body = element('tbody');
  readonly #scroll: HTMLElement;
  readonly #heads: readonly HTMLElement[];
  readonly #origin = element('p', { class: 'memory-origin' });
  readonly #legend = new Legend();
  readonly #all = this.#button(() => {
    const isSilenced = (this.#silenced?.length ?? 0) > 0;
    this.handlers.onAsk({ kind: isSilenced ? 'restoreMemory' : 'silenceMemory', voters: MEMORY_VOTERS });
  });
  readonly #overDocument = new ToggleButton({ on: 'Document', off: 'Document' }, '', () => {
    this.handlers.onAsk({ kind: 'showMemory', overDocument: !this.#isOverDocument });
  });
  #silenced: readonly MemoryVoter[] | null = null;
  #isOverDocument = false;

  constructor(private readonly handlers: MemoryPaneHandlers) {
    this.#overDocument.node.title = 'What each memory voter did over the whole document, or at the chunk';
    this.#overDocument.node.dataset['live'] = '';
    this.#overDocument.node.dataset['export'] = 'skip';
    this.#heads = ['Voter', '', ...OVER_DOCUMENT].map((name) => element('th', { scope: 'col' }, name));
    this.#heads[1]!.append(element('span', { class: 'visually-hidden' }, 'State'));
    const table = element(
      'table',
      { class: 'memory-table' },
      element('caption', { class: 'visually-hidden' }, 'Memory voters, and the trained voters as one'),
      element('thead', {}, element('tr', {}, ...this.#heads)),
      this.#body,
    );
    this.#scroll = element(
      'div',
      { class: 'table-pane memory-scroll', tabindex: '0', role: 'region', 'aria-label': 'Memory voters as a table' },
      table,
    );
    this.node = element(
      'section',
      { class: 'memory-pane', 'aria-label': 'Memory' },
      element('div', { class: 'memory-head' }, this.#title, this.#overDocument.node, this.#all),
      this.#message,
      this.#scroll,
      this.#legend.node,
      this.#origin,
    );
    this.node.hidden = true;
  }

  /**
   * Shows what memory says of the chunk; hides where it is off.
   * @param bit whose numbers are shown; null: of all bits together
   */
  set(data: VotesReady, bit: number | null, color: CellColor, pixels: Uint32Array): void {
    const { memory } = data;
    this.node.hidden = memory == null;
    if (memory == null) return;
    this.#silenced = memory.silenced;
    this.#origin.textContent = `${MEMORY_ORIGIN} ${knewText(memory.reading)}`.trim();
    const isAnySilenced = memory.silenced.length > 0;
    this.#all.textContent = `${isAnySilenced ? RESTORE : SILENCE} All`;
    const end = data.offset + data.length;
    const isOver = memory.isOverDocument === true;
    const isOtherTable = isOver !== this.#isOverDocument;
    this.#isOverDocument = isOver;
    this.#overDocument.set(isOver);
    const { progress } = memory.reading;
    const answer = isOver ? (memory.voters ?? null) : memory.chunk;
    // An answer that comes in a moment takes the place of the one before, which stands until then.
    const isComing =
      answer === null && (isOver || progress === null || (end <= progress.total && end <= progress.bytes));
    const isKept = isComing && !isOtherTable && this.#body.childElementCount > 0;
    this.node.setAttribute('aria-busy', String(answer === null));
    this.node.classList.toggle('is-waiting', isKept);
    this.node.classList.toggle('is-over-document', isOver);
    if (isKept) return;
    this.#message.hidden = answer !== null && !isOver;
    this.#scroll.hidden = answer === null;
    this.#legend.node.hidden = answer === null || isOver;
    this.#title.textContent = isOver ? 'Memory over the document' : 'Memory';
    if (answer === null) {
      this.#message.textContent = isOver ? 'Counting…' : unreadText(memory.reading, end);
      this.#body.replaceChildren();
    } else if (isOver) this.#drawDocument(memory, memory.voters!);
    else this.#draw(data, memory, memory.chunk!, bit, color, pixels);
  }

  #drawDocument({ silenced }: MemoryOfChunk, voters: MemoryVoters): void {
    const { bytes, read, bitsPerByte, trainedBitsPerByte, voted, right, weights, effects } = voters;
    const counted =
      bytes === read
        ? `all ${formatCount(read)} bytes`
        : `${formatCount(bytes)} of ${formatCount(read)} bytes, evenly spaced`;
    this.#message.textContent = `${counted}: ${formatFactor(bitsPerByte)} bits per byte with memory, ${formatFactor(trainedBitsPerByte)} without; effect in bits per byte without the voter`;
    this.#nameColumns(OVER_DOCUMENT);
    const focused = this.#focused();
    const numbers = (place: number): string[] =>
      voted[place] === 0
        ? ['–', '–', '–']
        : [percent(right[place]!), weightText(weights[place]!), formatShortEffect(effects[place]!)];
    const often = (place: number) => element('td', { class: 'saw' }, `${percent(voted[place]!)} of bits`);
    const voterRows = MEMORY_VOTERS.map((voter, place) => {
      const isSilenced = silenced.includes(voter);
      const row = this.#row(voter, this.#toggle(voter, isSilenced), null, numbers(place), often(place));
      row.classList.toggle('is-silenced', isSilenced);
      return row;
    });
    const last = MEMORY_VOTERS.length;
    const trained = this.#row(TRAINED, null, null, numbers(last), often(last));
    trained.classList.add('trained');
    const total = (name: string, value: number) =>
      this.#row(
        name,
        null,
        null,
        ['', '', ''],
        element('td', { class: 'saw' }, `${formatFactor(value)} bits per byte`),
      );
    this.#body.replaceChildren(...voterRows, trained, total(TOGETHER, bitsPerByte), total(ALONE, trainedBitsPerByte));
    this.#focus(focused);
  }

  #draw(
    data: VotesReady,
    { silenced }: MemoryOfChunk,
    chunk: NonNullable<MemoryOfChunk['chunk']>,
    selected: number | null,
    color: CellColor,
    pixels: Uint32Array,
  ): void {
    const bit = selected !== null && data.scored[selected] === 1 ? selected : null;
    const byte = bit === null ? 0 : bit >> 3;
    const names = byteNames(data.bits, chunk.length);
    const name = names[byte]!;
    this.#title.textContent = memoryTitle(names, bit);
    const cells = memoryCells(chunk);
    const { position, low, high, title } = memoryPosition(color, cells);
    this.#legend.set(title, pixels, low, high, null);
    const [bits, vote, weight, effect] = OF_CHUNK;
    const strips = `${bits} 0–31${bit === null ? '' : ` (▯ ${bit})`}`;
    this.#nameColumns([strips, bit === null ? '' : vote, weight, effect, sawTitle(names, byte)]);
    const focused = this.#focused();
    const values = { vote: cells.votes, weight: cells.weights, effect: cells.effects }[color];
    const strip = (row: Float32Array): HTMLElement => this.#strip(row, bit, position, pixels);
    const voterRows = MEMORY_VOTERS.map((voter, place) => {
      const evidence = chunk.evidence[byte * MEMORY_VOTERS.length + place]!;
      const isSilenced = silenced.includes(voter);
      const saw = element('td', { class: 'saw' }, sawText(voter, evidence, name));
      if (evidence.line !== null && evidence.last !== null) {
        const { line, last } = evidence;
        const link = this.#button(() => {
          this.handlers.onGoTo(last);
        });
        link.classList.add('line-link');
        link.dataset['key'] = `line ${voter}`;
        link.textContent = `line ${line + 1}`;
        link.setAttribute('aria-label', `${voter}, last seen: go to line ${line + 1}`);
        saw.append(' ', link);
      }
      const row = this.#row(
        voter,
        this.#toggle(voter, isSilenced),
        strip(values[place]!),
        numbersOf(cells, place, bit),
        saw,
      );
      row.classList.toggle('is-silenced', isSilenced);
      return row;
    });
    const trained = MEMORY_VOTERS.length;
    const trainedRow = this.#row(
      TRAINED,
      null,
      strip(values[trained]!),
      numbersOf(cells, trained, bit),
      element('td', { class: 'saw' }, 'p of all of them together'),
    );
    trainedRow.classList.add('trained');
    const together = this.#row(
      TOGETHER,
      null,
      color === 'vote' ? strip(chunk.probabilities) : null,
      [bit === null ? '' : formatShare(chunk.probabilities[bit]!), '', ''],
      element('td', { class: 'saw' }, 'p of the mixture'),
    );
    this.#body.replaceChildren(...voterRows, trainedRow, together);
    this.#focus(focused);
  }

  #nameColumns(names: readonly string[]): void {
    names.forEach((name, i) => {
      this.#heads[2 + i]!.textContent = name;
    });
  }

  #toggle(voter: MemoryVoter, isSilenced: boolean): HTMLButtonElement {
    const toggle = this.#button(() => {
      this.handlers.onAsk({ kind: isSilenced ? 'restoreMemory' : 'silenceMemory', voters: [voter] });
    });
    toggle.dataset['key'] = `state ${voter}`;
    toggle.textContent = isSilenced ? RESTORE! : SILENCE!;
    toggle.setAttribute('aria-label', `${toggle.textContent}: memory voter ${voter}`);
    return toggle;
  }

  #focus(key: string | undefined): void {
    if (key === undefined) return;
    const buttons = Array.from(this.#body.querySelectorAll('button'));
    buttons.find((button) => button.dataset['key'] === key)?.focus();
  }

  #row(
    name: string,
    toggle: HTMLElement | null,
    strip: HTMLElement | null,
    numbers: readonly string[],
    saw: HTMLElement,
  ): HTMLTableRowElement {
    return element(
      'tr',
      {},
      element('th', { scope: 'row' }, name),
      element('td', {}, ...(toggle === null ? [] : [toggle])),
      element('td', { 'aria-hidden': 'true' }, ...(strip === null ? [] : [strip])),
      ...numbers.map((number) => element('td', { class: 'number' }, number)),
      saw,
    );
  }

  /** A row of cells; what says nothing is left empty. */
  #strip(
    values: Float32Array,
    selected: number | null,
    position: (value: number) => number,
    pixels: Uint32Array,
  ): HTMLElement {
    const node = element('canvas', { class: 'strip', width: String(STRIP), height: '1' });
    const image = new ImageData(STRIP, 1);
    const line = new Uint32Array(image.data.buffer);
    values.forEach((value, bit) => {
      line[bit + (bit >> 3)] = colorAt(pixels, position(value));
    });
    node.getContext('2d')!.putImageData(image, 0, 0);
    node.addEventListener('click', (event) => {
      const x = Math.floor((event.offsetX * STRIP) / node.clientWidth);
      this.handlers.onBit(Math.min(CHUNK_BITS - 1, Math.max(0, x - Math.floor(x / 9))));
    });
    const box = element('span', { class: 'strip-box' }, node);
    if (selected === null) return box;
    const mark = element('span', { class: 'strip-mark' });
    mark.style.left = `${(100 * (selected + (selected >> 3))) / STRIP}%`;
    mark.style.width = `${100 / STRIP}%`;
    box.append(mark);
    return box;
  }

  #focused(): string | undefined {
    const { activeElement } = document;
    return activeElement instanceof HTMLElement && this.#body.contains(activeElement)
      ? activeElement.dataset['key']
      : undefined;
  }

  #button(onClick: () => void): HTMLButtonElement {
    const node = element('button', { type: 'button', class: 'memory-button', 'data-live': '', 'data-export': 'skip' });
    node.addEventListener('click', onClick);
    return node;
  }
}

/** Vote, weight and effect of a row: at a bit, or of all bits the mean weight and the effect in total. */
function numbersOf({ votes, weights, effects }: MemoryCells, row: number, bit: number | null): string[] {
  if (bit === null) {
    const total = (values: Float32Array) => values.reduce((sum, value) => sum + value, 0);
    return ['', weightText(total(weights[row]!) / weights[row]!.length), formatShortEffect(total(effects[row]!))];
  }
  const vote = votes[row]![bit]!;
  return [
    Number.isNaN(vote) ? '–' : formatShare(vote),
    weightText(weights[row]![bit]!),
    formatShortEffect(effects[row]![bit]!),
  ];
}

function weightText(weight: number): string {
  return weight < 0 ? `−${formatFactor(-weight)}` : formatFactor(weight);
}
