/** @file Changed voters in words. */
import { describe, expect, it } from 'vitest';
import { changesAct, changesNote, changesSentence, changesText } from '../../../model/measures/changesText';

const silenced = (bit: number, ...voters: number[]) => voters.map((voter) => ({ bit, voter, vote: null }));

describe('words', () => {
  it('list changed voters as runs, bits with the same voters together', () => {
    const changes = [
      ...silenced(3, 2, 0, 1, 7),
      ...silenced(4, 0, 1, 2, 7),
      { bit: 9, voter: 5, vote: 1 },
      { bit: 9, voter: 6, vote: 1 },
      { bit: 9, voter: 7, vote: null },
    ];
    expect(changesText(changes)).toBe('bits 3–4: 0–2, 7 · bit 9: 5–6 = 1, 7');
    expect(changesSentence(changes)).toBe('9 voters silenced, 2 held');
    expect(changesSentence(changes.slice(0, 1))).toBe('1 voter silenced');
    expect(changesSentence(changes.slice(8, 9))).toBe('1 voter held');
    expect(changesSentence([])).toBe('');
    expect(changesAct(changes)).toBe('Silencing 9 voters and holding 2');
    expect(changesAct(changes.slice(0, 1))).toBe('Silencing 1 voter');
    expect(changesAct(changes.slice(8, 10))).toBe('Holding 2 voters');
    expect(changesAct([])).toBe('');
    expect(changesSentence([], ['word'])).toBe('1 memory voter silenced');
    expect(changesSentence(changes.slice(0, 1), ['word', 'match'])).toBe('1 voter silenced, 2 memory voters silenced');
    const many = Array.from({ length: 9 }, (_, bit) => silenced(2 * bit, bit)).flat();
    expect(changesText(many)).toMatch(/ · and 3 more$/);
  });

  it('say whether numbers are those of the changed voters, and nothing where none is changed', () => {
    expect(changesNote(silenced(3, 1, 2), true)).toBe('with 2 voters silenced');
    expect(changesNote(silenced(3, 1, 2), false)).toBe('all voters vote here (elsewhere 2 voters silenced)');
    expect(changesNote([], true)).toBeUndefined();
    expect(changesNote([], true, ['word'])).toBe('with 1 memory voter silenced');
    expect(changesNote([], false)).toBeUndefined();
  });
});
