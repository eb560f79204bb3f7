/** @file What is changed of the voters of A and of B: a line each, with a chip for every voter that is silenced or held. */
import { changesSentence } from '../../model/measures/changesText';
import type { VoterChange } from '../../model/protocol/inspection';
import type { ComparisonAsk, ComparisonReady, SideName, SideVoters } from '../../model/protocol/panels/comparison';
import type { PanelCommand } from '../../model/protocol/panels/messages';
import { element } from '../shared/dom';
import { formatCount } from '../shared/text';

/** Chips that are shown unless more are asked for: two lines of a wide panel. */
const FIRST = 24;

export interface VoterRowHandlers {
  onAsk(ask: ComparisonAsk): void;
  run(command: PanelCommand): void;
}

/** 'all voters vote', or how many are changed, and what they are called together. */
export function votersSentence({ name, changes }: SideVoters): string {
  const sentence = changes.length === 0 ? 'all voters vote' : changesSentence(changes);
  return name === null ? sentence : `“${name}”: ${sentence}`;
}

class VoterRow {
  readonly node: HTMLElement;
  readonly #letter: string;
  readonly #words = element('span', { class: 'side-words' });
  readonly #chips = element('ul', { class: 'chips' });
  readonly #more = element('button', { type: 'button', class: 'more-chips' });
  readonly #take: HTMLButtonElement;
  readonly #clear: HTMLButtonElement;
  readonly #choose: HTMLButtonElement;
  #shown: SideVoters | null = null;
  #all = false;

  constructor(
    private readonly side: SideName,
    private readonly handlers: VoterRowHandlers,
  ) {
    const letter = side === 'a' ? 'A' : 'B';
    this.#letter = letter;
    const button = (label: string, title: string, onClick: () => void): HTMLButtonElement => {
      const node = element('button', { type: 'button', 'data-live': '', title, 'aria-label': title }, label);
      node.addEventListener('click', onClick);
      return node;
    };
    this.#choose = button('Voters…', `Voters… of ${letter}: by number, or kept in this workspace by name`, () => {
      handlers.run(side === 'a' ? 'smuggler.chooseVotersOfA' : 'smuggler.chooseVotersOfB');
    });
    this.#take = button(
      'Take Changes',
      `Take Changes: what is silenced and held in the editor now, as ${letter}`,
      () => {
        handlers.onAsk({ kind: 'takeVoters', side });
      },
    );
    this.#clear = button('Clear', `Clear: all voters of ${letter} vote by themselves`, () => {
      handlers.onAsk({ kind: 'restoreVoters', side, voters: null });
      this.#choose.focus();
    });
    this.#more.addEventListener('click', () => {
      this.#all = !this.#all;
      this.#fill();
    });
    this.node = element(
      'div',
      { class: 'side-voters', role: 'group', 'aria-label': `Voters of ${letter}` },
      element('strong', {}, letter),
      this.#words,
      this.#chips,
      this.#more,
      element('span', { class: 'controls' }, this.#choose, this.#take, this.#clear),
    );
  }

  set(voters: SideVoters, present: number): void {
    this.#take.hidden = present === 0;
    this.#clear.hidden = voters.changes.length === 0;
    if (JSON.stringify(this.#shown) === JSON.stringify(voters)) return;
    this.#shown = voters;
    this.#words.textContent = votersSentence(voters);
    this.#fill();
  }

  #fill(): void {
    const { changes } = this.#shown!;
    // The chip that took the place of one that is gone has the keyboard, so that some can go one after the other.
    const held = Array.from(this.#chips.children).findIndex((chip) => chip.contains(document.activeElement));
    const shown = this.#all ? changes : changes.slice(0, FIRST);
    this.#chips.replaceChildren(...shown.map((change) => element('li', {}, this.#chip(change))));
    this.#chips.hidden = changes.length === 0;
    this.#more.hidden = changes.length <= FIRST;
    this.#more.textContent = this.#all ? `First ${FIRST}` : `All ${formatCount(changes.length)}`;
    if (held < 0) return;
    const next = this.#chips.querySelectorAll('button')[Math.min(held, shown.length - 1)];
    (next ?? this.#choose).focus();
  }

  #chip({ bit, voter, vote }: VoterChange): HTMLButtonElement {
    const text = `${bit}/${voter}${vote === null ? '' : ` = ${vote}`} ×`;
    const state = vote === null ? 'silenced' : 'held';
    const label = `${text}: bit ${bit}, voter ${voter}, ${state} in ${this.#letter}. Let it vote by itself again`;
    const chip = element(
      'button',
      {
        type: 'button',
        class: vote === null ? 'chip' : 'chip is-held',
        'data-live': '',
        title: label,
        'aria-label': label,
      },
      text,
    );
    chip.addEventListener('click', () => {
      this.handlers.onAsk({ kind: 'restoreVoters', side: this.side, voters: [{ bit, voter }] });
    });
    return chip;
  }
}

export class VoterRows {
  readonly node: HTMLElement;
  readonly #rows: Readonly<Record<SideName, VoterRow>>;

  constructor(handlers: VoterRowHandlers) {
    this.#rows = { a: new VoterRow('a', handlers), b: new VoterRow('b', handlers) };
    this.node = element('div', { class: 'voter-rows' }, this.#rows.a.node, this.#rows.b.node);
  }

  set({ voters, present }: Pick<ComparisonReady, 'voters' | 'present'>): void {
    this.#rows.a.set(voters.a, present);
    this.#rows.b.set(voters.b, present);
  }
}
