/** @file What silenced and held voters do to the chunk: surprise, decoded text and continuation, before and after. */
import { element, tableRow } from '../shared/dom';
import { visibleLabel } from '../../model/measures/visibleText';
import type { PanelCommand } from '../../model/protocol/panels/messages';
import type { LesionState, VoterChange } from '../../model/protocol/lesions';
import type { Lesion } from '../../model/protocol/panels/votes';
import { formatBits, formatEffect, formatShare } from '../shared/text';
import { BITS } from '../shared/rows';

/** Bits whose changed voters are listed by number; the rest is counted. */
const LISTED = 6;

/** 'bit 3: 0–15, 20 · bit 5: 7 = 1', bits with the same voters together. */
export function changesText(changes: readonly VoterChange[]): string {
  const byVoters = new Map<string, number[]>();
  for (let bit = 0; bit < BITS; bit++) {
    const own = changes.filter((change) => change.bit === bit);
    if (own.length === 0) continue;
    const voters = runsText(own);
    byVoters.set(voters, [...(byVoters.get(voters) ?? []), bit]);
  }
  const groups = Array.from(byVoters, ([voters, bits]) => {
    const runs = runsText(bits.map((bit) => ({ bit: 0, voter: bit, vote: null })));
    return `${bits.length === 1 ? 'bit' : 'bits'} ${runs}: ${voters}`;
  });
  const rest = groups.length - LISTED;
  return groups.slice(0, LISTED).join(' · ') + (rest > 0 ? ` · and ${rest} more` : '');
}

/** Numbers of voters of one bit, runs as ranges, a held vote after `=`. */
function runsText(changes: readonly VoterChange[]): string {
  const sorted = changes.toSorted((a, b) => a.voter - b.voter);
  const runs: { first: number; last: number; vote: number | null }[] = [];
  for (const { voter, vote } of sorted) {
    const run = runs.at(-1);
    if (run !== undefined && run.last === voter - 1 && run.vote === vote) run.last = voter;
    else runs.push({ first: voter, last: voter, vote });
  }
  return runs
    .map(({ first, last, vote }) => {
      const numbers = first === last ? String(first) : `${first}–${last}`;
      return vote === null ? numbers : `${numbers} = ${vote}`;
    })
    .join(', ');
}

/** '3 voters silenced, 1 held'. */
export function changesTitle(changes: readonly VoterChange[]): string {
  const silenced = changes.filter(({ vote }) => vote === null).length;
  const held = changes.length - silenced;
  const counted = (count: number): string => `${count} ${count === 1 ? 'voter' : 'voters'}`;
  if (held === 0) return `${counted(silenced)} silenced`;
  return silenced === 0 ? `${counted(held)} held` : `${counted(silenced)} silenced, ${held} held`;
}

function mostProbable({ mostProbable: { text, validUtf8, probability } }: LesionState): string {
  return `${text} ${formatShare(probability)}${validUtf8 ? '' : ' ⚠ invalid UTF-8'}`;
}

function continuation({ continuation: text }: LesionState): string {
  return text === '' ? 'nothing' : visibleLabel(text);
}

export class LesionPane {
  readonly node: HTMLElement;
  readonly #title = element('h2');
  readonly #list = element('p', { class: 'changes' });
  readonly #silent = element('p', { class: 'silent-bits' });
  readonly #body = element('tbody');
  readonly #table: HTMLTableElement;
  readonly #message = element('p', { class: 'lesion-message' });

  constructor(run: (command: PanelCommand) => void) {
    const clear = element(
      'button',
      { type: 'button', class: 'clear', 'data-live': '', 'data-export': 'skip' },
      'Clear',
    );
    clear.title = 'Let all voters vote by themselves again';
    clear.addEventListener('click', () => {
      run('smuggler.clearSilencedVoters');
    });
    const columns = ['', 'Before', 'After'].map((name) => element('th', { scope: 'col' }, name));
    columns[0]!.append(element('span', { class: 'visually-hidden' }, 'Measure'));
    this.#table = element('table', {}, element('thead', {}, element('tr', {}, ...columns)), this.#body);
    this.node = element(
      'section',
      { class: 'lesion', tabindex: '0', 'aria-label': 'Silenced and held voters' },
      element('div', { class: 'lesion-title' }, this.#title, clear),
      this.#table,
      this.#message,
      this.#silent,
      this.#list,
    );
    this.node.hidden = true;
  }

  /** Null hides the pane. */
  set(lesion: Lesion | null): void {
    this.node.hidden = lesion === null;
    if (lesion === null) return;
    const { changes, result, bitsWithoutVoters, failure } = lesion;
    this.#title.textContent = changesTitle(changes);
    this.#list.textContent = changesText(changes);
    this.#list.title = changesText(changes);
    this.#silent.hidden = bitsWithoutVoters.length === 0;
    this.#silent.textContent = `No voters left: ${bitsWithoutVoters.length === 1 ? 'bit' : 'bits'} ${bitsWithoutVoters.join(', ')}. Either value is as likely.`;
    this.node.setAttribute('aria-busy', String(result === null && failure === null));
    this.#message.hidden = result !== null;
    this.#message.textContent = failure ?? 'Asking the model…';
    this.#table.hidden = result === null;
    if (result === null) return;
    const { before, after } = result;
    this.#body.replaceChildren(
      tableRow(['Surprise, bits', formatBits(before.surprise), surpriseAfter(before, after)]),
      tableRow(['Decoded text', mostProbable(before), mostProbable(after)]),
      tableRow(['Goes on as', continuation(before), continuation(after)]),
    );
  }
}

/** The surprise after, and how much that is more or less. */
export function surpriseAfter(before: LesionState, after: LesionState): string {
  return `${formatBits(after.surprise)} (${formatEffect(after.surprise - before.surprise)})`;
}
