/** @file Held-out text: never overlaps the training text, meets its share, and depends on nothing but text and seed. */
import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import type { Corpus, CorpusFile } from '../../../model/text/corpus';
import { splitCorpus } from '../../../model/text/corpus';
import { Random } from '../../../model/text/random';

const LETTERS = ['a', 'é', '€', '😀', '\n'];

function corpusOf(sizes: readonly number[]): Corpus {
  const random = Random.fromSeed(1);
  const files = sizes.map((size, i) => {
    let text = '';
    while (text.length < size) text += LETTERS[random.integer(LETTERS.length)]!;
    return { path: `${i}`, bytes: new TextEncoder().encode(text) };
  });
  return { files, skipped: [], bytes: sum(files) };
}

const sum = (files: readonly CorpusFile[]): number => files.reduce((total, { bytes }) => total + bytes.length, 0);

/** Every byte is on exactly one side, in whole characters, and no file is empty. */
function expectPartition(corpus: Corpus, { train, heldOut }: ReturnType<typeof splitCorpus>): void {
  for (const file of corpus.files) {
    const parts = [...train, ...heldOut].filter(({ path }) => path === file.path);
    const whole = Buffer.concat(parts.map(({ bytes }) => bytes));
    if (!whole.equals(file.bytes)) expect.fail(`file ${file.path} is not the sum of its parts`);
    if (!parts.every(({ bytes }) => isUtf8(bytes) && bytes.length > 0))
      expect.fail(`file ${file.path} is cut within a character`);
  }
  expect(sum(train) + sum(heldOut)).toBe(corpus.bytes);
}

describe('splitCorpus', () => {
  it('cuts the last part off a single file', () => {
    const corpus = corpusOf([10_000]);
    const split = splitCorpus(corpus, 0.1, 1);
    expectPartition(corpus, split);
    expect([split.train.length, split.heldOut.length]).toEqual([1, 1]);
    expect(Math.abs(sum(split.heldOut) / corpus.bytes - 0.1)).toBeLessThan(0.001);
  });

  it('draws whole files out of many, others for another seed', () => {
    const corpus = corpusOf(Array.from({ length: 2000 }, (_, i) => 50 + ((i * 37) % 400)));
    const split = splitCorpus(corpus, 0.1, 1);
    expectPartition(corpus, split);
    expect(split.train.length + split.heldOut.length).toBe(2000);
    expect(Math.abs(sum(split.heldOut) / corpus.bytes - 0.1)).toBeLessThan(0.001);
    expect(splitCorpus(corpus, 0.1, 1)).toEqual(split);
    expect(splitCorpus(corpus, 0.1, 2).heldOut).not.toEqual(split.heldOut);
  });

  it('takes a part of each of a few files, and whole files beside a large one', () => {
    const few = corpusOf([5000, 5000, 5000]);
    const ofFew = splitCorpus(few, 0.1, 1);
    expectPartition(few, ofFew);
    expect(ofFew.heldOut.map(({ path }) => path)).toEqual(['0', '1', '2']);

    const mixed = corpusOf([100_000, ...new Array<number>(300).fill(300)]);
    const ofMixed = splitCorpus(mixed, 0.1, 1);
    expectPartition(mixed, ofMixed);
    expect(ofMixed.heldOut.filter(({ path }) => path === '0').length).toBe(1);
    expect(ofMixed.heldOut.length).toBe(31);
    expect(Math.abs(sum(ofMixed.heldOut) / mixed.bytes - 0.1)).toBeLessThan(0.01);
  });

  it('leaves training text whatever the sizes', () => {
    for (const sizes of [[1], [8], [20], [100], [1, 2, 3], [3, 3000], new Array<number>(50).fill(9)]) {
      for (const share of [0, 0.01, 0.1, 0.5, 0.9]) {
        const corpus = corpusOf(sizes);
        const split = splitCorpus(corpus, share, 3);
        expectPartition(corpus, split);
        expect(split.train.length).toBeGreaterThan(0);
        if (share === 0) expect(split.heldOut).toEqual([]);
      }
    }
  });

  it('refuses a share that leaves nothing to train on', () => {
    for (const share of [1, -0.1, 2, NaN]) expect(() => splitCorpus(corpusOf([100]), share, 1)).toThrow(RangeError);
  });
});
