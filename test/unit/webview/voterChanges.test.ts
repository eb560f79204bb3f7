/** @file Marks, words and scales of changed voters, and two chunks side by side. */
import { describe, expect, it } from 'vitest';
import { isWrong } from '../../../model/measures/decidedBits';
import type { PinnedChunk, VotesReady } from '../../../model/protocol/panels/votes';
import { formatChange, formatEffect } from '../../../webview/shared/text';
import { fillVoterRow } from '../../../webview/votes/cells';
import { changeMarks } from '../../../webview/votes/changeMarks';
import type { ChunkNumbers } from '../../../webview/votes/pinnedNumbers';
import { pinnedRows, pinnedTitle, difference } from '../../../webview/votes/pinnedNumbers';
import { votesAction } from '../../../webview/votes/keys';
import { blockBetween, nextHeldVote, votersOf, votersPhrase } from '../../../webview/votes/voterRange';
import { mistakesTitles } from '../../../webview/votes/votesData';

const BITS = 32;

describe('keys', () => {
  const at = { bit: 3, place: 10 };

  it('silence, hold and restore what is selected', () => {
    for (const key of ['Delete', 's']) expect(votesAction(key, at, 128)).toEqual({ kind: 'silence' });
    expect(votesAction('c', at, 128)).toEqual({ kind: 'hold' });
    for (const key of ['Backspace', 'S']) expect(votesAction(key, at, 128)).toEqual({ kind: 'restore' });
    for (const key of ['Delete', 's', 'c', 'Backspace', 'S']) expect(votesAction(key, null, 128)).toBeNull();
  });

  it('hold at 0, at 1, and no more', () => {
    expect([undefined, null, 0.5, 0, 1].map(nextHeldVote)).toEqual([0, 0, 0, 1, undefined]);
  });
});

describe('a block of cells', () => {
  it('has both ends, whichever came first, and the voters who stand there', () => {
    const block = { firstBit: 2, lastBit: 3, firstPlace: 4, lastPlace: 6 };
    expect(blockBetween({ bit: 3, place: 4 }, { bit: 2, place: 6 })).toEqual(block);
    const voters = votersOf(block, (bit, place) => 10 * bit + place);
    expect(voters.map(({ bit, voter }) => [bit, voter])).toEqual([
      [2, 24],
      [2, 25],
      [2, 26],
      [3, 34],
      [3, 35],
      [3, 36],
    ]);
    expect(votersPhrase(voters)).toBe('6 voters of bits 2 to 3');
    expect(votersPhrase(voters.slice(0, 2))).toBe('2 voters of bit 2');
    expect(votersPhrase(voters.slice(0, 1))).toBe('Bit 2, voter 24');
  });
});

describe('effects', () => {
  it('show, where voters share a pixel, the one farthest from 0', () => {
    const pixels = Uint32Array.from({ length: 256 }, (_, step) => step);
    const places = Uint16Array.from({ length: 6 }, (_, voter) => voter);
    const line = new Uint32Array(2);
    fillVoterRow(
      line,
      Float32Array.of(0.1, -1, 0.2, 0, 0.5, -0.25),
      places,
      0,
      6,
      (effect) => 0.5 + effect / 2,
      pixels,
    );
    expect(Array.from(line)).toEqual([0, 191]);
  });

  it('are written with their sign', () => {
    expect([0, 0.5, -0.5, 0.0001, -12.345, Infinity].map(formatEffect)).toEqual([
      '0',
      '+0.500',
      '−0.500',
      '+1.00e-4',
      '−12.3',
      '+∞',
    ]);
  });

  it('of the surprise are ±0 where they round to nothing', () => {
    expect([0, -1.63e-7, 0.0004, -0.0006, 0.5].map(formatChange)).toEqual(['±0', '±0', '±0', '−6.00e-4', '+0.500']);
  });
});

describe('marks', () => {
  const cell = { x: 0, top: 20, width: 6, height: 8 };

  it('differ by shape', () => {
    const marks = [null, 0, 1, 0.5].map((vote) => changeMarks([{ ...cell, vote }]));
    const names = ['silenced', 'held-zero', 'held-one', 'held-between'] as const;
    marks.forEach((parts, index) => {
      expect(names.filter((name) => parts[name] !== '')).toEqual([names[index]]);
      expect(parts['changed-cell']).not.toBe('');
    });
    expect(new Set(marks.map((parts, index) => parts[names[index]!])).size).toBe(4);
  });

  it('stand for neighbours of their kind where cells are narrow', () => {
    const row = Array.from({ length: 100 }, (_, voter) => ({ ...cell, x: voter / 2, width: 0.5, vote: null }));
    const count = changeMarks(row).silenced.match(/M/g)!.length;
    expect(count).toBe(10);
  });
});

describe('words', () => {
  it('count mistakes before and after; a bit without voters makes none', () => {
    expect([isWrong(0.5, 0), isWrong(0.49, 0), isWrong(NaN, 0), isWrong(NaN, 1)]).toEqual([true, false, false, false]);
    const data = {
      bits: new Uint8Array(BITS),
      scored: new Uint8Array(BITS).fill(1),
      probabilities: new Float32Array(BITS).fill(0.1).fill(0.9, 0, 3),
      lesion: null,
    } as unknown as VotesReady;
    expect(mistakesTitles(data)).toEqual([
      'p(1) and real bit: 3 of 32 wrong',
      'p(1): 3 of 32 wrong',
      'p: 3 wrong',
      '3 wrong',
    ]);
    const probabilities = data.probabilities.slice().fill(NaN, 1, 3);
    const changed = { ...data, lesion: { result: { after: { probabilities } } } } as unknown as VotesReady;
    expect(mistakesTitles(changed)).toEqual([
      'p(1) before, after: 3 → 1 wrong',
      'p(1): 3 → 1 wrong',
      '3 → 1 wrong',
      '3→1 wrong',
      '3→1 ✕',
    ]);
  });
});

describe('two chunks', () => {
  const chunk = (seed: number): ChunkNumbers => ({
    bits: Uint8Array.from({ length: BITS }, (_, bit) => (bit * seed) & 1),
    scored: new Uint8Array(BITS).fill(1),
    probabilities: Float32Array.from({ length: BITS }, (_, bit) => Math.abs(Math.sin(bit + seed))),
    effectiveVoters: Float32Array.from({ length: BITS }, (_, bit) => 1 + ((bit * seed) % 7)),
    surprise: seed,
  });

  it('differ by nothing where they are the same', () => {
    const { probabilities, effectiveVoters, surprise } = difference(chunk(3), chunk(3));
    expect(Array.from(probabilities)).toEqual(Array(BITS).fill(0));
    expect(Array.from(effectiveVoters)).toEqual(Array(BITS).fill(0));
    expect(surprise).toBe(0);
  });

  it('differ by A−B, the other way round by its opposite, and where one is padding by nothing that is known', () => {
    const [a, b] = [chunk(3), chunk(5)];
    const forward = difference(a, b);
    const back = difference(b, a);
    for (let bit = 0; bit < BITS; bit++) {
      expect(forward.probabilities[bit]).toBe(a.probabilities[bit]! - b.probabilities[bit]!);
      expect(forward.effectiveVoters[bit]).toBe(-back.effectiveVoters[bit]! + 0);
    }
    const short = { ...a, scored: a.scored.slice().fill(0, 16) };
    const padded = difference(short, b);
    expect(Array.from(padded.probabilities, Number.isNaN)).toEqual(Array.from({ length: BITS }, (_, bit) => bit >= 16));
    expect(pinnedRows(short, b)[20]!.slice(5)).toEqual(['–', '–', (1 + ((20 * 5) % 7)).toFixed(1), '–']);
    expect(pinnedRows(short, b)[20]![1]).toBe('–');
  });

  it('are named with what is not the same', () => {
    const provenance = { document: 'a.ts', checkpoint: 'c1', model: 'starter' };
    const pinned = { ...chunk(4), provenance, text: 'abcd', offset: 8 } as unknown as PinnedChunk;
    const live = { ...chunk(1), provenance, text: 'e↵', offset: 12 } as unknown as VotesReady;
    expect(pinnedTitle(pinned, live)).toBe('A “abcd” − B “e↵”: surprise 4.00 − 1.00 = +3.00 bits · A pinned at byte 8');
    const elsewhere = { ...live, provenance: { ...live.provenance, document: 'b.ts', checkpoint: 'c2' } };
    expect(pinnedTitle(pinned, elsewhere)).toMatch(/at byte 8 of a\.ts under starter c1$/);
  });
});
