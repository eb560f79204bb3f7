/**
 * @file Buttons for what can be done with one voter of the loaded model. They stand wherever a panel shows one: in the box beside
 * its cell and on its dashboard. The comparison shows counts of voters and the overview none; the voters of a run in the
 * Training Monitor are not those of the loaded model, so nothing could be done with them.
 */
import type { VoterAtChunk, VoterCommand } from '../../../model/protocol/panels/voterActions';
import { VOTER_ACTIONS } from '../../../model/measures/voterActions';
import { element } from '../dom';

/** 'voter 17 of bit 3' */
function voterPhrase({ bit, voter }: VoterAtChunk): string {
  return `voter ${voter} of bit ${bit}`;
}

export class VoterActions {
  readonly node = element('div', { class: 'voter-actions', role: 'group', 'data-export': 'skip', hidden: '' });
  readonly #buttons = VOTER_ACTIONS.map(({ command, label, hint }) => {
    const node = element('button', { type: 'button', 'data-live': '', title: hint }, label);
    node.addEventListener('click', () => {
      if (this.#voter !== null) this.run(command, this.#voter);
    });
    return { node, label };
  });
  #voter: VoterAtChunk | null = null;

  /** `run` is to tell the host. */
  constructor(private readonly run: (command: VoterCommand, voter: VoterAtChunk) => void) {
    this.node.append(...this.#buttons.map(({ node }) => node));
  }

  /** Whose buttons these are; none are shown for null. */
  set(voter: VoterAtChunk | null): void {
    this.#voter = voter;
    this.node.hidden = voter === null;
    if (voter === null) return;
    this.node.setAttribute('aria-label', `For ${voterPhrase(voter)}`);
    for (const { node, label } of this.#buttons) node.setAttribute('aria-label', `${label}: ${voterPhrase(voter)}`);
  }
}
