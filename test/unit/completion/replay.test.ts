/** @file Typing replayed: keys and offers counted by hand, and the rivals. */
import { describe, expect, it } from 'vitest';
import { drawPassages, PASSAGE_LENGTH, reliability, replay, worth } from '../../../model/completion/replay';
import type { Passage, Suggester } from '../../../model/completion/replay';
import { NgramSuggester, WordSuggester } from '../../../model/completion/rivals';
import { caretTextStart } from '../../../model/measures/caretText';
import { Random } from '../../../model/text/random';

function passage(text: string, start = 0, length = text.length - start): Passage {
  return { language: 'x', file: 'x', text, start, length };
}

/** Offers these texts at these places, each until it is typed to its end or not gone on with. */
function scripted(offers: Readonly<Record<number, string>>, keys = 1): Suggester {
  return {
    name: 'scripted',
    suggest: ({ text }, caret) => {
      for (const [at, offered] of Object.entries(offers)) {
        const typed = text.slice(Number(at), caret);
        if (caret >= Number(at) && typed.length < offered.length && offered.startsWith(typed)) {
          return [{ text: offered.slice(typed.length), keys, confidence: 0.5 }];
        }
      }
      return [];
    },
  };
}

describe('replay', () => {
  it('without offers every character is a key', async () => {
    expect(await replay(passage('abc def'), scripted({}))).toEqual({ characters: 7, keys: 7, offers: [] });
  });

  it('an offer that the text goes on with is taken with one key', async () => {
    expect(await replay(passage('abc def'), scripted({ 3: ' def' }))).toEqual({
      characters: 7,
      keys: 4,
      offers: [{ confidence: 0.5, isRight: true }],
    });
  });

  it('an offer that is typed along is one offer, and wrong where the text leaves it', async () => {
    expect(await replay(passage('abc dog'), scripted({ 3: ' day' }))).toEqual({
      characters: 7,
      keys: 7,
      offers: [{ confidence: 0.5, isRight: false }],
    });
  });

  it('what costs as many keys as it has characters is not taken', async () => {
    expect(await replay(passage('abcd'), scripted({ 0: 'abcd' }, 4))).toMatchObject({ keys: 4 });
    expect(await replay(passage('abcd'), scripted({ 0: 'abcd' }, 3))).toMatchObject({ keys: 3 });
  });

  it('what is taken may go on behind the passage, and counts whole', async () => {
    const tally = await replay(passage('abcdefgh', 2, 3), scripted({ 4: 'efgh' }));
    expect(tally).toMatchObject({ characters: 6, keys: 3 });
    expect(worth([tally])).toEqual({ saved: 0.5, right: 1, offers: 1 / 6 });
  });
});

it('a reliability curve has the mean confidence and share right of each tenth', () => {
  const offers = [
    { confidence: 0.31, isRight: true },
    { confidence: 0.39, isRight: false },
    { confidence: 1, isRight: true },
    { confidence: null, isRight: true },
  ];
  const curve = reliability([{ characters: 1, keys: 1, offers }]);
  expect(curve).toHaveLength(2);
  expect(curve[0]).toMatchObject({ right: 0.5, offers: 2 });
  expect(curve[0]!.confidence).toBeCloseTo(0.35, 12);
  expect(curve[1]).toEqual({ confidence: 1, right: 1, offers: 1 });
});

describe('passages', () => {
  const file = (path: string, text: string) => ({ path, bytes: new TextEncoder().encode(text) });

  it('are of each language, within the texts, and the same for the same seed', () => {
    const files = [file('a.ts', 'x'.repeat(950)), file('b.ts', 'y'.repeat(50)), file('c.py', '😀'.repeat(400))];
    const drawn = drawPassages(files, 500, Random.fromSeed(1));
    expect(drawn).toEqual(drawPassages(files, 500, Random.fromSeed(1)));
    expect(drawn.map(({ language }) => language).join()).toBe(`${'TypeScript,'.repeat(5)}${'Python,'.repeat(4)}Python`);
    for (const { text, start, length } of drawn) {
      expect(start + length).toBeLessThanOrEqual(text.length);
      expect(length).toBeGreaterThan(0);
      expect(length).toBeLessThanOrEqual(PASSAGE_LENGTH);
      expect(text.slice(start, start + length)).not.toMatch(/^[\uDC00-\uDFFF]|[\uD800-\uDBFF]$/);
    }
  });
});

describe("VS Code's word-based suggestions", () => {
  const words = (text: string) => new WordSuggester().suggest(passage(text), text.length).map((one) => one.text);

  it('are the words that begin so, by their letters, without the one that is typed', () => {
    expect(words('format Foo forest for form1 12 f')).toEqual(['or', 'orest', 'orm1', 'ormat']);
    expect(words('format fo')).toEqual(['rmat']);
    expect(words('format ')).toEqual([]);
    expect(words('1234 1')).toEqual([]);
    expect(words('one.two-three t')).toEqual(['hree', 'wo']);
  });

  it('cost a key for each row, and twelve are seen', async () => {
    const many = Array.from({ length: 14 }, (_, i) => `w${String.fromCharCode(97 + i)}rest`).join(' ');
    const suggester = new WordSuggester();
    expect(suggester.suggest(passage(`${many} w`), many.length + 2)).toHaveLength(12);
    // w, then down twice and take "wcrest".
    const tally = await replay(passage(`${many} wcrest`, many.length + 1), suggester);
    expect(tally).toMatchObject({ characters: 6, keys: 4 });
    expect(tally.offers).toEqual([{ confidence: null, isRight: false }]);
  });

  it('know nothing of what follows the caret, whichever place was asked about before', () => {
    const suggester = new WordSuggester();
    const text = 'alpha a alphabet a';
    expect(suggester.suggest(passage(text), text.length)).toHaveLength(2);
    expect(suggester.suggest(passage(text), 7)).toHaveLength(1);
  });
});

describe('the 5-gram', () => {
  const ngram = (text: string, minConfidence = 0.3) =>
    new NgramSuggester({ maxBytes: 64, until: 'line', minConfidence, end: 'saving' }).suggest(
      passage(text),
      text.length,
    );

  it('goes on as the text before went on, to the end of the line', () => {
    const [offered] = ngram(`${'const answer = 42;\n'.repeat(20)}const`);
    expect(offered!.text).toBe(' answer = 42;');
    expect(offered!.confidence).toBeGreaterThan(0.3);
    expect(offered!.confidence).toBeLessThan(1);
    expect(ngram('')).toEqual([]);
    expect(ngram('abc', 0.9)).toEqual([]);
  });

  it("gives probabilities by Witten and Bell's rule", () => {
    // Every context says "-": orders 0 and 1, and order 2 was never gone on from.
    const [offered] = ngram('--', 0);
    // Order 0: N = 2, D = 1, of 1/256; order 1: N = 1, D = 1; order 2 not seen.
    const first = (1 + (2 + 1 / 256) / 3) / 2;
    expect(offered!.confidence).toBeLessThan(first);
    expect(offered!.confidence).toBeCloseTo(first ** offered!.text.length, 12);
  });
});

it('the text before a caret begins at a place that stays', () => {
  expect([0, 4095, 4096, 5119, 5120, 10_000].map(caretTextStart)).toEqual([0, 0, 1024, 1024, 2048, 6144]);
});
