/** @file Who failed: the voters with the largest part in wrong decisions, as buttons that select them. */
import type { VotingVoter } from '../../model/measures/failedVoters';
import { element } from '../shared/dom';
import { formatShare } from '../shared/text';

export class FailedChips {
  readonly node = element('p', { class: 'failed-voters' });

  constructor(private readonly onChoose: (voter: VotingVoter) => void) {}

  /** None hides the line. */
  set(failed: readonly VotingVoter[]): void {
    this.node.hidden = failed.length === 0;
    const chips = failed.map((voter) => {
      const { bit, voter: number, vote, weight } = voter;
      const label = `Bit ${bit}, voter ${number}: vote ${formatShare(vote)}, weight ${formatShare(weight)}`;
      const chip = element('button', { type: 'button', class: 'chip', title: label }, `${bit}/${number}`);
      chip.addEventListener('click', () => {
        this.onChoose(voter);
      });
      return chip;
    });
    this.node.replaceChildren(element('span', {}, 'Who failed'), ...chips);
  }
}
