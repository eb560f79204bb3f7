/** @file What of the text before contributed to what is selected of the chunk: a sentence, bars over the text, and a table. */
import {
  CAUSE_METHODS,
  CAUSE_PIECES,
  CAUSE_UNITS,
  causesProvenance,
  causesSentence,
  distanceText,
  strongestCauses,
  targetName,
  votesSentence,
} from '../../model/measures/causesText';
import { memorySentence } from '../../model/measures/memoryText';
import { shortNumber, signed } from '../../model/measures/numberText';
import type { SentencePart } from '../../model/measures/causesText';
import type { Cause, CauseMethod, Causes, CauseUnit } from '../../model/protocol/causes';
import type { VoterPlace } from '../../model/protocol/inspection';
import type { CausesOfChunk, VotesAsk, VotesReady } from '../../model/protocol/panels/votes';
import { dropdown, element, tableRow, ToggleButton } from '../shared/dom';

const METHODS = (Object.keys(CAUSE_METHODS) as CauseMethod[]).map((value) => ({ value, label: CAUSE_METHODS[value] }));

const PIECES = (Object.keys(CAUSE_PIECES) as CauseUnit[]).map((value) => ({ value, label: CAUSE_PIECES[value].many }));

/** Height of the highest bar, in CSS pixels. */
const BAR = 14;

export interface CausesPaneHandlers {
  onAsk(ask: VotesAsk): void;
  /** The user wants to see the text at this byte. */
  onGoTo(offset: number): void;
  /** The user wants to see this voter of the chunk that is shown. */
  onVoter(voter: VoterPlace): void;
  /** The user wants to know of the chunk, not of the bit or voter that is selected. */
  onWholeChunk(): void;
}

export class CausesPane {
  readonly node: HTMLElement;
  readonly #title = element('h2');
  readonly #message = element('p', { class: 'causes-message' });
  readonly #strip = element('div', {
    class: 'causes-strip',
    role: 'toolbar',
    'aria-label': 'Text before, with what it contributed',
  });
  readonly #body = element('tbody');
  readonly #table: HTMLElement;
  readonly #key = element('p', { class: 'causes-key' });
  readonly #method: HTMLLabelElement;
  readonly #pieces: HTMLLabelElement;
  readonly #pin: ToggleButton;
  readonly #whole = element('button', { type: 'button', class: 'causes-whole' }, 'Whole Chunk');
  #shown: Pick<CausesOfChunk, 'method' | 'unit' | 'isPinned'> = { method: 'occlusion', unit: 'chunk', isPinned: false };
  #buttons: readonly HTMLButtonElement[] = [];

  constructor(private readonly handlers: CausesPaneHandlers) {
    this.#method = dropdown('Method', METHODS, 'occlusion', (method) => {
      handlers.onAsk({ kind: 'findCauses', method, unit: this.#shown.unit });
    });
    this.#pieces = dropdown('Of', PIECES, 'chunk', (unit) => {
      handlers.onAsk({ kind: 'findCauses', method: this.#shown.method, unit });
    });
    this.#pin = new ToggleButton({ on: 'Pinned', off: 'Pin' }, 'causes-pin', () => {
      handlers.onAsk({ kind: 'pinCauses', pinned: !this.#shown.isPinned });
    });
    this.#whole.title = 'Explain the chunk, not the bit or voter that is selected';
    this.#whole.addEventListener('click', () => {
      handlers.onWholeChunk();
    });
    this.#pin.node.title = 'Keep these causes while the caret moves';
    for (const node of [this.#method, this.#pieces, this.#pin.node, this.#whole]) {
      node.dataset['export'] = 'skip';
      (node.querySelector('select') ?? node).dataset['live'] = '';
    }
    const columns = ['Text', 'Where', 'Byte', 'Contribution'].map((name) => element('th', { scope: 'col' }, name));
    this.#table = element(
      'div',
      { class: 'table-pane causes-table', tabindex: '0', role: 'region', 'aria-label': 'Causes as a table' },
      element('table', {}, element('thead', {}, element('tr', {}, ...columns)), this.#body),
    );
    this.node = element(
      'section',
      { class: 'causes-pane', 'aria-label': 'Causes' },
      element('div', { class: 'causes-head' }, this.#title, this.#whole, this.#method, this.#pieces, this.#pin.node),
      this.#message,
      this.#strip,
      this.#table,
      this.#key,
    );
    this.node.hidden = true;
    this.#strip.addEventListener('keydown', (event) => {
      this.#move(event);
    });
  }

  /** Hides where causes are not shown. @param isTable whether numbers are wanted in place of bars */
  set(data: VotesReady, isTable: boolean): void {
    const causes = data.causes ?? null;
    this.node.hidden = causes === null;
    if (causes === null) return;
    this.#shown = causes;
    this.#method.querySelector('select')!.value = causes.method;
    this.#pieces.querySelector('select')!.value = causes.unit;
    this.#pin.set(causes.isPinned);
    const { result, failure } = causes;
    // An answer that comes in a moment takes the place of the one before, which stands until then.
    const isKept = result === null && failure === null && this.#buttons.length > 0;
    this.node.setAttribute('aria-busy', String(result === null && failure === null));
    this.node.classList.toggle('is-waiting', isKept);
    if (isKept) return;
    this.#strip.hidden = isTable || result === null;
    this.#table.hidden = !isTable || result === null;
    this.#key.hidden = result === null;
    if (result === null) this.#setMessage(causes);
    else this.#draw(data, result, isTable);
  }

  #setMessage({ failure }: CausesOfChunk): void {
    this.#title.textContent = 'Causes';
    this.#whole.hidden = true;
    this.#message.textContent = failure ?? 'Looking for what contributed…';
    this.#buttons = [];
    this.#strip.replaceChildren();
    this.#body.replaceChildren();
  }

  #draw(data: VotesReady, causes: Causes, isTable: boolean): void {
    this.#title.textContent = `Causes of ${targetName(causes)}`;
    // What is pinned stays what it is.
    this.#whole.hidden = causes.target.kind === 'chunk' || this.#shown.isPinned;
    // What is pinned may be of another chunk, whose votes are not shown.
    const isShown = causes.offset === data.offset;
    const isOfChunk = causes.target.kind === 'chunk';
    const memory = isShown && isOfChunk ? (data.memory?.chunk ?? null) : null;
    this.#message.replaceChildren(
      // A bit or a voter has a title of its own, and its causes are not those of the chunk's surprise.
      ...this.#linked(isShown && isOfChunk ? votesSentence(data, data.provenance.votersPerBit) : []),
      isShown ? ' ' : `Pinned, at byte ${causes.offset}. `,
      ...this.#linked(causesSentence(causes)),
      ...(memory === null ? [] : [' ', ...this.#linked(memorySentence(memory, data.bits))]),
    );
    const largest = Math.max(0, ...causes.causes.map(({ contribution }) => Math.abs(contribution)));
    const focused = this.#buttons.findIndex((button) => button === document.activeElement);
    this.#buttons = causes.causes.map((cause) => this.#piece(causes, cause, largest));
    const [strongest] = strongestCauses(causes.causes);
    const reached = strongest === undefined ? undefined : this.#buttons[causes.causes.indexOf(strongest)];
    if (reached !== undefined) reached.tabIndex = 0;
    this.#strip.replaceChildren(...this.#buttons);
    // The text that is nearest is at the end.
    this.#strip.scrollLeft = this.#strip.scrollWidth;
    if (focused >= 0) this.#focus(Math.min(focused, this.#buttons.length - 1));
    this.#body.replaceChildren(
      ...strongestCauses(causes.causes).map((cause) =>
        tableRow([cause.text, distanceText(causes, cause), String(cause.offset), signed(cause.contribution)]),
      ),
    );
    const unit = CAUSE_UNITS[causes.target.kind].replace(/^of /, '');
    const ofBars = `▀ above the line: more ${unit} because of it · ▄ below: less · highest ±${shortNumber(largest)} · `;
    this.#key.textContent = `${isTable ? '' : ofBars}${causesProvenance(causes)}`;
  }

  /** A sentence whose clauses lead to what they name. */
  #linked(parts: readonly SentencePart[]): (string | HTMLElement)[] {
    return parts.map(({ text, voter, offset }) => {
      if (voter === undefined && offset === undefined) return text;
      const node = element('button', { type: 'button', class: 'line-link' }, text);
      node.addEventListener('click', () => {
        if (voter !== undefined) this.handlers.onVoter(voter);
        else if (offset !== undefined) this.#goTo(offset);
      });
      return node;
    });
  }

  /** A piece of text below its bar; a click goes there. */
  #piece(causes: Causes, cause: Cause, largest: number): HTMLButtonElement {
    const { contribution, offset, text } = cause;
    const height = largest === 0 ? 0 : (BAR * Math.abs(contribution)) / largest;
    const bar = element('span', { class: `cause-bar ${contribution > 0 ? 'is-more' : 'is-less'}` });
    bar.style.height = `${height.toFixed(1)}px`;
    const words = `“${text}”, ${distanceText(causes, cause)}: ${signed(contribution)} ${CAUSE_UNITS[causes.target.kind]}`;
    const node = element(
      'button',
      { type: 'button', class: 'cause', title: words, 'aria-label': `${words}. Go there`, tabindex: '-1' },
      element('span', { class: 'cause-bars', 'aria-hidden': 'true' }, bar),
      element('span', { class: 'cause-text', 'aria-hidden': 'true' }, text),
    );
    node.addEventListener('click', () => {
      this.#goTo(offset);
    });
    return node;
  }

  /** The caret goes there, and what was asked stays. */
  #goTo(offset: number): void {
    if (!this.#shown.isPinned) this.handlers.onAsk({ kind: 'pinCauses', pinned: true });
    this.handlers.onGoTo(offset);
  }

  #move(event: KeyboardEvent): void {
    const at = this.#buttons.findIndex((button) => button === document.activeElement);
    const last = this.#buttons.length - 1;
    const places: Readonly<Record<string, number>> = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: last };
    const to = places[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    this.#focus(Math.min(last, Math.max(0, to)));
  }

  #focus(at: number): void {
    for (const [i, button] of this.#buttons.entries()) button.tabIndex = i === at ? 0 : -1;
    this.#buttons[at]?.focus();
  }
}
