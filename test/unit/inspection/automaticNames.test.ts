/** @file Automatic names: voters that were made to vote in a context are named after it, with numbers that can be counted. */
import { describe, expect, it } from 'vitest';
import { NameCounts } from '../../../model/inspection/automaticNames';
import { NamingContexts } from '../../../model/inspection/namingContexts';
import { spreadWindows } from '../../../model/inspection/spreadWindows';
import { Random } from '../../../model/text/random';

const M = 4;
const CONTEXT = 16;

/** Words, numbers and marks, in two languages. */
function corpus(): { path: string; bytes: Uint8Array }[] {
  const random = Random.fromSeed(3);
  const words = ['return', 'const', 'value', 'apple', 'under', '(x)', '42', '1999', 'if (y)', '"text"'];
  const line = () =>
    Array.from({ length: 1 + random.integer(8) }, () => words[random.integer(words.length)]!).join(' ');
  const text = (lines: number) => Buffer.from(Array.from({ length: lines }, () => `${line()}\n`).join(''));
  return [
    { path: '/a.ts', bytes: text(800) },
    { path: '/b.py', bytes: text(400) },
  ];
}

const files = corpus();
const { windows, count } = spreadWindows(files, CONTEXT, Infinity);
const contexts = new NamingContexts(files, windows);

/**
 * The names of voters that vote where `isOn` says, by the text and the place of the byte that their bit is of.
 * @param voters [bit, voter, test]
 */
function named(
  voters: readonly (readonly [bit: number, voter: number, isOn: (bytes: Uint8Array, at: number) => boolean])[],
): ReadonlyMap<number, ReturnType<NameCounts['names']>[number]> {
  const counts = new NameCounts(contexts, M);
  const votes = new Int32Array(32 * M);
  const labels = new Uint16Array(4 * contexts.dimensions);
  for (const { text, scoreFrom, scoreTo } of windows) {
    const file = files[text]!;
    for (let chunk = scoreFrom; chunk < scoreTo; chunk++) {
      contexts.label(file, 4 * chunk, labels, 0);
      counts.addChunk(labels, 0);
      for (const [bit, voter, isOn] of voters) {
        if (!isOn(file.bytes, 4 * chunk + (bit >> 3))) continue;
        votes[bit * M + voter]!++;
        counts.addVote(bit, voter, labels, 0);
      }
    }
  }
  return new Map(counts.names(votes).map((name) => [name.row, name]));
}

const character = (bytes: Uint8Array, at: number) => String.fromCharCode(bytes[at] ?? 0);
const endsWith = (bytes: Uint8Array, at: number, text: string) =>
  Buffer.from(bytes.subarray(Math.max(0, at - text.length), at)).toString('latin1') === text;

describe('a voter', () => {
  it('is named after the context in which it votes, about the byte that its bit is of', () => {
    const random = Random.fromSeed(9);
    const found = named([
      [0, 0, (bytes, at) => 'aeiou'.includes(character(bytes, at))],
      [9, 1, (bytes, at) => endsWith(bytes, at, '(')],
      [17, 2, (bytes, at) => /\d/.test(character(bytes, at)) && /\d/.test(character(bytes, at - 1))],
      [25, 3, (bytes, at) => endsWith(bytes, at, 'return ')],
      [31, 0, (bytes, at) => endsWith(bytes, at, 'app')],
      [3, 1, (bytes, at) => at === 0 || endsWith(bytes, at, '\n')],
      [4, 2, (bytes) => bytes === files[1]!.bytes],
      // Anywhere, and almost nowhere: no context tells.
      [5, 0, () => random.uniform() < 0.3],
      [6, 0, (bytes, at) => bytes === files[0]!.bytes && at < 24],
    ]);
    const nameOf = (bit: number, voter: number) => found.get(bit * M + voter)?.name;
    expect(nameOf(0, 0)).toBe('before a vowel');
    expect(nameOf(9, 1)).toBe('after “(”');
    expect(nameOf(17, 2)).toBe('in a number');
    expect(nameOf(25, 3)).toBe('after the word “return”');
    expect(nameOf(31, 0)).toBe('in a word after “app”');
    expect(nameOf(3, 1)).toBe('at the start of a line');
    expect(nameOf(4, 2)).toBe('in Python');
    expect(nameOf(5, 0)).toBeUndefined();
    expect(nameOf(6, 0)).toBeUndefined();
    expect(found.size).toBe(7);
  });

  it('has the numbers of its name: its votes, those in the context, and the context’s chunks of all', () => {
    const isVowel = (bytes: Uint8Array, at: number) => 'aeiouAEIOU'.includes(character(bytes, at));
    const isOn = (bytes: Uint8Array, at: number) => isVowel(bytes, at) || character(bytes, at) === 'x';
    const { votes, there, chunks } = named([[8, 0, isOn]]).get(8 * M)!;
    const all = files.flatMap(({ bytes }) =>
      Array.from({ length: Math.floor(bytes.length / 4) }, (_, chunk) => [bytes, 4 * chunk + 1] as const),
    );
    expect(all).toHaveLength(count);
    expect(votes).toBe(all.filter((place) => isOn(...place)).length);
    expect(chunks).toBe(all.filter((place) => isVowel(...place)).length);
    expect(there).toBe(chunks);
    expect(votes).toBeGreaterThan(there);
  });
});
