/** @file Voters as a line of labelled buttons that select them: who failed, who decided. */
import type { VotingVoter } from '../../model/measures/decidingVoters';
import type { VotesReady } from '../../model/protocol/panels/votes';
import { element } from '../shared/dom';
import { formatEffect, formatShare, formatShortEffect } from '../shared/text';
import { byteName, voterName } from './votesData';

export class VoterChips {
  readonly node = element('p', { class: 'voter-chips' });
  #shown = '';

  constructor(private readonly onChoose: (voter: VotingVoter) => void) {}

  /** A sentence in place of voters. */
  say(sentence: string): void {
    this.#shown = sentence;
    this.node.hidden = false;
    this.node.replaceChildren(element('span', {}, sentence));
  }

  /**
   * No voters hide the line.
   * @param isOfOneBit the title names their bit
   * @param rest said behind the voters
   */
  set(title: string, data: VotesReady, voters: readonly VotingVoter[], isOfOneBit: boolean, rest = ''): void {
    // While the pointer moves within a bit, the buttons stay the same ones.
    const key = JSON.stringify([title, voters, rest, data.offset, data.names]);
    if (key === this.#shown) return;
    this.#shown = key;
    this.node.hidden = voters.length === 0;
    const chips = voters.map((voting) => {
      const { bit, voter, vote, weight, effect } = voting;
      const name = voterName(data, bit, voter);
      const label = `${isOfOneBit ? voter : `${byteName(data, bit)} ${bit}/${voter}`}${name === '' ? '' : ` ${name}`}`;
      const chip = element(
        'button',
        {
          type: 'button',
          class: effect < 0 ? 'chip is-cost' : 'chip',
          title: `Bit ${bit}, voter ${voter}${name === '' ? '' : ` “${name}”`}: vote ${formatShare(vote)}, weight ${formatShare(weight)}; ${formatEffect(effect)} bits of surprise without it`,
        },
        element('span', { class: 'chip-name' }, label),
        ' ',
        element('span', {}, formatShortEffect(effect)),
      );
      chip.addEventListener('click', () => {
        this.onChoose(voting);
      });
      return chip;
    });
    this.node.replaceChildren(
      element('span', {}, title),
      ...chips,
      ...(rest === '' ? [] : [element('span', { class: 'rest' }, rest)]),
    );
  }
}
