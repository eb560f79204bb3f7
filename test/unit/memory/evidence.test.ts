/** @file What memory voters had seen, counted by hand and against the voters' own contexts. */
import { describe, expect, it } from 'vitest';
import { contextsSeen, seenByMatch } from '../../../model/memory/evidence';
import { hashContexts, LinePosition } from '../../../model/memory/voters';
import { MEMORY_VOTERS } from '../../../model/measures/memoryVoters';
import type { MemoryVoter } from '../../../model/protocol/memory';
import { Random } from '../../../model/text/random';

type ContextVoter = Exclude<MemoryVoter, 'match'>;

const seenBefore = (bytes: Uint8Array, position: number, voter: ContextVoter) =>
  contextsSeen(bytes, [position])[0]![MEMORY_VOTERS.indexOf(voter)];

const utf8 = (text: string) => new TextEncoder().encode(text);

describe('evidence', () => {
  it('counts a context, what followed it, and where it stood last', () => {
    const bytes = utf8('abc abd abc ab');
    // Of the bytes before the end, "ab" stood at 0, 4 and 8, and c, d, c followed.
    expect(seenBefore(utf8('abc abd abc abc'), bytes.length, 'order 2')).toEqual({
      times: 3,
      same: 2,
      last: 10,
      length: 2,
    });
    expect(seenBefore(bytes, 1, 'order 2')).toEqual({ times: 0, same: 0, last: null, length: 2 });
    expect(seenBefore(utf8('aaaa'), 3, 'order 1')).toEqual({ times: 2, same: 2, last: 2, length: 1 });
  });

  it('of a word begins where the word does', () => {
    // "re" begins a word at 0 and 9, and stands within one at 5.
    const bytes = utf8('rest are read ret');
    expect(seenBefore(bytes, 16, 'word')).toEqual({ times: 2, same: 0, last: 11, length: 2 });
  });

  it('of the match is the place that it follows', () => {
    const bytes = utf8('let a = 1; let a = 2;');
    expect(seenByMatch(bytes, 19, 8)).toEqual({ times: 1, same: 0, last: 8, length: 8 });
    expect(seenByMatch(bytes, 19, null).times).toBe(0);
    expect(seenByMatch(bytes, 19, -5)).toEqual({ times: 1, same: 0, last: null, length: 0 });
  });

  it('is of the same contexts as the voters count', () => {
    const random = Random.fromSeed(2);
    const letters = utf8('ab_ \n\t.é');
    const bytes = Uint8Array.from({ length: 400 }, () => letters[random.integer(letters.length)]!);
    const text = (length: number) => ({ length, byteAt: (at: number) => (at < 0 ? 0 : bytes[at]!) });
    const line = new LinePosition();
    const hashes = bytes.reduce<Uint32Array[]>((all, byte, at) => {
      const own = new Uint32Array(MEMORY_VOTERS.length - 1);
      hashContexts(text(at), line, own);
      line.add(byte, at);
      return [...all, own];
    }, []);
    for (const position of [30, 111, 222, 333, 399]) {
      MEMORY_VOTERS.forEach((voter, i) => {
        if (voter === 'match') return;
        const order = voter.startsWith('order') ? Number(voter.slice(6)) : 0;
        const places = hashes.flatMap((own, at) =>
          at >= order && at < position && own[i] === hashes[position]![i] ? [at] : [],
        );
        expect(seenBefore(bytes, position, voter), `${voter} at ${position}`).toMatchObject({
          times: places.length,
          same: places.filter((at) => bytes[at] === bytes[position]).length,
          last: places.at(-1) ?? null,
        });
      });
    }
  });
});
