/** @file The same numbers as the picture, as tables that a screen reader reads: the bits, and the voters of one bit. */
import { verdictOf } from '../../model/measures/decidedBits';
import { dropdown, element, table } from '../shared/dom';
import type { VotesReady } from '../../model/protocol/panels/votes';
import { formatEffect, formatProbability, formatShare, formatVoters } from '../shared/text';
import { probabilityWithMemory } from './memoryData';
import { changeOf, changeWord, chunkByteLabels, probabilityAfter, strongestVoters } from './votesData';

const STRONGEST = 3;

function bitRow(data: VotesReady, labels: readonly string[], bit: number): string[] {
  const name = `${bit} (${labels[bit >> 3]!})`;
  const after = probabilityAfter(data, bit);
  const withMemory = probabilityWithMemory(data, bit);
  const hasMemory = data.memory?.chunk != null;
  if (data.scored[bit] !== 1) {
    return [name, 'padding', '', '', '', '', '', ...(after === undefined ? [] : ['', '']), ...(hasMemory ? [''] : [])];
  }
  const strongest = strongestVoters(data, bit, STRONGEST);
  return [
    name,
    String(data.bits[bit]!),
    formatShare(data.probabilities[bit]!),
    verdictOf(data.probabilities[bit]!, data.bits[bit]!),
    formatVoters(data.effectiveVoters[bit]!),
    String(data.activeVoters[bit]!),
    strongest.join(', '),
    ...(after === undefined ? [] : [formatProbability(after), verdictOf(after, data.bits[bit]!)]),
    ...(withMemory === undefined ? [] : [formatProbability(withMemory)]),
  ];
}

function voterRow(data: VotesReady, bit: number, voter: number): string[] {
  const cell = bit * data.provenance.votersPerBit + voter;
  const vote = data.votes[cell]!;
  const weight = data.weights[cell]!;
  const change = changeOf(data, bit, voter);
  return [
    String(voter),
    formatShare(vote),
    formatShare(weight),
    formatShare(weight * vote),
    formatEffect(data.effects[cell]!),
    change === undefined ? 'own vote' : changeWord(change),
  ];
}

export class VotesTable {
  readonly node = element('div', {
    class: 'table-pane tables',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Votes as tables',
  });

  /** `onBit` is called when the user picks the bit whose voters are listed. */
  constructor(private readonly onBit: (bit: number) => void) {}

  /** `places` [32·M] is the order in which the voters are listed. */
  set(data: VotesReady, bit: number, places: Uint16Array): void {
    const labels = chunkByteLabels(data);
    const voters = data.provenance.votersPerBit;
    const bits = Array.from(data.bits.keys());
    const choice = dropdown(
      'Voters of bit',
      bits.map((number) => ({ value: String(number), label: `${number} (${labels[number >> 3]!})` })),
      String(bit),
      (value) => {
        this.onBit(Number(value));
      },
    );
    const hadFocus = this.node.contains(document.activeElement) && document.activeElement instanceof HTMLSelectElement;
    const listed = Array.from(places.subarray(bit * voters, (bit + 1) * voters));
    this.node.replaceChildren(
      table(
        `The 32 bits of the chunk; active voters are those with w > 1/M = ${formatShare(1 / voters)}`,
        [
          'Bit (byte)',
          'Real',
          'p(1)',
          'Verdict',
          'Effective voters 1/Σw²',
          'Active voters',
          `${STRONGEST} largest w`,
          ...(data.lesion?.result == null ? [] : ['p(1) after', 'Verdict after']),
          ...(data.memory?.chunk == null ? [] : ['p(1) with memory']),
        ],
        bits.map((number) => bitRow(data, labels, number)),
      ),
      element(
        'div',
        {},
        choice,
        table(
          `Voters of bit ${bit}`,
          ['Voter', 'Vote v', 'Weight w', 'w·v', 'Effect (bits of surprise)', 'State'],
          listed.map((voter) => voterRow(data, bit, voter)),
        ),
      ),
    );
    if (hadFocus) choice.querySelector('select')?.focus();
  }
}
