/** @file What places are to the position that reads, and what heads are found to look at that read them. */
import { describe, expect, test } from 'vitest';
import type { WindowPlaces } from '../../../model/inspection/attentionPlaces';
import { placeSpan, readPlaces } from '../../../model/inspection/attentionPlaces';
import { HeadTally } from '../../../model/inspection/headTally';
import { ATTENTION_KINDS, lookedAt, mostDecided } from '../../../model/measures/attentionText';

const bytesOf = (text: string) => new TextEncoder().encode(text);
const window = (text: string, firstTarget = 0, chunks = 1): WindowPlaces => ({
  bytes: bytesOf(text),
  firstTarget,
  chunks,
});

describe('a place', () => {
  test('stands for the text that it is the first to have seen', () => {
    const atStart = window('0123456789abcdefghijklmn', 0, 2);
    expect([0, 1, 2].map((place) => placeSpan(atStart, place))).toEqual([
      { from: 0, to: 0 },
      { from: 0, to: 8 },
      { from: 8, to: 16 },
    ]);
    // A window later on begins with one chunk.
    expect([0, 1].map((place) => placeSpan({ ...atStart, firstTarget: 3 }, place))).toEqual([
      { from: 8, to: 12 },
      { from: 12, to: 20 },
    ]);
  });

  test('itself, the one before, the first and those with a line’s beginning', () => {
    const { kinds } = readPlaces(window('ab\ncdefg\nhi\njklm'), 4);
    expect(kinds).toMatchObject({ itself: [4], previous: [3], first: [0], lineStart: [1, 3, 4] });
    // Place 1 has the document's first byte, and “c”.
    expect(readPlaces(window('abcdefgh'), 0).kinds).toMatchObject({ itself: [0], previous: [], first: [0] });
  });

  test('has the same text earlier where the longest repetition ended, and what followed it', () => {
    //                        0   4   8   12  16  20  24
    const text = 'xxab' + 'cdef' + 'gh12' + 'zzzz' + 'abcd' + 'efgh' + 'last';
    const { kinds, repeated } = readPlaces(window(text), 6);
    // Chunks up to “efgh” are read: “abcdefgh” ended at byte 10, in place 3.
    expect(repeated).toEqual({ length: 8, ends: [10] });
    expect(kinds).toMatchObject({ same: [3], after: [4] });
    // The place that reads is not what followed.
    expect(readPlaces(window('abcd' + 'abcd'), 2).kinds).toMatchObject({ same: [1], after: [] });
    expect(readPlaces(window('abcdwxyz....abcd'), 4).kinds).toMatchObject({ same: [1], after: [2] });
  });

  test('has no repetition of fewer than four bytes, none from before its window, and none that is only itself', () => {
    expect(readPlaces(window('abc1....abc2'), 3).repeated).toBeNull();
    expect(readPlaces(window('abcd........abcd', 2), 2)).toMatchObject({
      repeated: null,
      kinds: { same: [], after: [] },
    });
    expect(readPlaces(window('aaaaaa..'), 1)).toMatchObject({ repeated: null });
    // Overlapping: each of the earlier places ends it, the position itself does not count.
    const { kinds, repeated } = readPlaces(window('aaaaaaaaaaaa'), 3);
    expect(repeated).toEqual({ length: 11, ends: [11] });
    expect(kinds).toMatchObject({ same: [], after: [] });
  });

  test('of several repetitions of one length all count, nearest first', () => {
    const { kinds, repeated } = readPlaces(window('keys1...keys2..+keys'), 5);
    expect(repeated).toEqual({ length: 4, ends: [12, 4] });
    expect(kinds.same).toEqual([1, 3]);
    expect(kinds.after).toEqual([2, 4]);
  });
});

describe('hand-made heads', () => {
  const position = 5;
  const planted = readPlaces(window('keys1.\n.some2...keys'), position);
  const on = (...places: readonly number[]) =>
    Float32Array.from({ length: position + 1 }, (_, place) => (places.includes(place) ? 1 / places.length : 0));
  const heads = [on(5), on(4), on(1), on(2), on(0), on(0, 1, 2, 3, 4, 5)];
  const tally = new HeadTally(2, 3, 4);
  tally.add((head) => heads[head]!, planted, position);
  const means = tally.means();

  test('are found by what they read', () => {
    expect(heads.map((_, head) => lookedAt(means, head)?.kind ?? null)).toEqual([
      'itself',
      'previous',
      'same',
      'after',
      'first',
      null,
    ]);
    const same = ATTENTION_KINDS.indexOf('same');
    const scores = heads.map((_, head) => means.shares[head * ATTENTION_KINDS.length + same]!);
    expect(scores.indexOf(Math.max(...scores))).toBe(2);
    expect(scores[2]).toBe(1);
    expect(means.evenShares[same]).toBeCloseTo(1 / 6, 6);
  });

  test('have the entropy and distance of their weights; one that reads all alike has those of an even reader', () => {
    expect([...means.entropy].slice(0, 5)).toEqual([0, 0, 0, 0, 0]);
    expect(means.entropy[5]).toBeCloseTo(Math.log2(6), 5);
    expect(means.evenEntropy).toBeCloseTo(Math.log2(6), 9);
    expect([...means.distance].slice(0, 5)).toEqual([0, 4, 16, 12, 20]);
    expect(means.distance[5]).toBeCloseTo(means.evenDistance, 5);
    ATTENTION_KINDS.forEach((_, kind) => {
      expect(means.shares[5 * ATTENTION_KINDS.length + kind]).toBeCloseTo(means.evenShares[kind]!, 6);
    });
    // All of the first five read one place; the first has the least even share, as have those of single places.
    expect(mostDecided(means)).toBe(0);
  });

  test('a kind is a mean over positions that have such a place', () => {
    const twice = new HeadTally(1, 1, 4);
    const without = readPlaces(window('abcdefghijklmnopqrst'), position);
    expect(without.kinds.same).toEqual([]);
    twice.add(() => on(1), planted, position);
    twice.add(() => on(3), without, position);
    const { shares, evenShares } = twice.means();
    const same = ATTENTION_KINDS.indexOf('same');
    expect(twice.counts[same]).toBe(1);
    expect(shares[same]).toBe(1);
    expect(evenShares[same]).toBeCloseTo(1 / 6, 6);
    const never = new HeadTally(1, 1, 4);
    never.add(() => on(3), without, position);
    expect(never.means().shares[same]).toBeNaN();
    expect(lookedAt(never.means(), 0)).toBeNull();
  });
});
