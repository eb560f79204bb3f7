/** @file What silenced and held voters do to the chunk: surprise, decoded text and continuation, before and after. */
import { element, tableRow } from '../shared/dom';
import { changesSentence, changesText } from '../../model/measures/changesText';
import { visibleLabel } from '../../model/measures/visibleText';
import type { PanelCommand } from '../../model/protocol/panels/messages';
import type { LesionState } from '../../model/protocol/lesions';
import type { Lesion } from '../../model/protocol/panels/votes';
import { formatBits, formatChange, formatShare } from '../shared/text';

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
    const compare = element(
      'button',
      { type: 'button', class: 'compare', 'data-live': '', 'data-export': 'skip' },
      'Compare',
    );
    compare.title = 'Compare the whole document with all voters (A) and with these changes (B), side by side';
    compare.addEventListener('click', () => {
      run('smuggler.compareVoterChanges');
    });
    const columns = ['', 'Before', 'After'].map((name) => element('th', { scope: 'col' }, name));
    columns[0]!.append(element('span', { class: 'visually-hidden' }, 'Measure'));
    this.#table = element('table', {}, element('thead', {}, element('tr', {}, ...columns)), this.#body);
    this.node = element(
      'section',
      { class: 'lesion', tabindex: '0', 'aria-label': 'Silenced and held voters' },
      element('div', { class: 'lesion-title' }, this.#title, compare, clear),
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
    this.#title.textContent = changesSentence(changes);
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
  return `${formatBits(after.surprise)} (${formatChange(after.surprise - before.surprise)})`;
}
