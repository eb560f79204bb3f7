/** @file Colour Text By…: steps and colours of the scale, which chunks are coloured, where their text lies, and the legend. */
import { describe, expect, test } from 'vitest';
import { legendMarkdown, legendText, stepLabels } from '../../../extension/editor/textColoursLegend';
import { coversSpans, limitSpans, MAX_COLOURED_CHUNKS, stretches } from '../../../extension/editor/textColoursRanges';
import type { ColouredRange } from '../../../extension/editor/textColoursScale';
import {
  COLOUR_MEASURE_NAMES,
  COLOUR_MEASURES,
  isColourMeasureName,
  parseVoter,
  readColourChoice,
  scaleOf,
  stepColour,
  stepOf,
  STEPS,
  stepsOfRange,
  stepsOfVotes,
} from '../../../extension/editor/textColoursScale';
import { model } from './inspection';

/** `count` chunks; every bit 0 with p = 0.1 and 2 effective voters, surprise 0. */
function range(count: number, firstChunk = 0): ColouredRange {
  return {
    firstChunk,
    count,
    bits: new Uint8Array(32 * count),
    probabilities: new Float32Array(32 * count).fill(0.1),
    effectiveVoters: new Float32Array(32 * count).fill(2),
    surprise: new Float32Array(count),
  };
}

describe('steps', () => {
  test('a step begins at its threshold', () => {
    expect([0, 1.9, 2, 2.1, 5, 99, Infinity].map((value) => stepOf(value, [2, 5, 9]))).toEqual([0, 0, 1, 1, 2, 3, 3]);
  });

  test.each(COLOUR_MEASURE_NAMES)('%s has ascending thresholds for every step', (name) => {
    const thresholds = COLOUR_MEASURES[name].thresholds(128);
    expect(thresholds).toHaveLength(STEPS - 1);
    expect(thresholds).toEqual(thresholds.toSorted((a, b) => a - b));
  });

  test('surprise is that of the chunk, infinite surprise the last step', () => {
    const colours = range(4);
    colours.surprise.set([0, 2, 15.9, Infinity]);
    expect([...stepsOfRange(COLOUR_MEASURES.surprise, colours, 128, 16)]).toEqual([0, 1, 4, 6]);
  });

  test('those of memory are its chunk’s numbers, on the scale of the surprise without it; none where it has not read', () => {
    const { surprise, surpriseWithMemory, decidedByMemory } = COLOUR_MEASURES;
    const memory = { surprise: Float32Array.of(2, 15.9), share: Float32Array.of(0.1, 0.9) };
    const colours = { ...range(3), memory };
    expect([...stepsOfRange(surpriseWithMemory, colours, 128, 12)]).toEqual([1, 4, -1]);
    expect([...stepsOfRange(decidedByMemory, colours, 128, 12)]).toEqual([0, 6, -1]);
    expect(surpriseWithMemory.thresholds(128)).toEqual(surprise.thresholds(128));
    expect([...stepsOfRange(decidedByMemory, range(1), 128, 4)]).toEqual([-1]);
  });

  test('mistakes count bits on the wrong side of ½, and no padding', () => {
    const colours = range(2);
    colours.bits.fill(1, 0, 3);
    colours.probabilities[1] = 0.5;
    colours.probabilities[32] = 0.7;
    colours.probabilities[40] = 0.7;
    expect(COLOUR_MEASURES.mistakes.value(colours, 0, 32)).toBe(2);
    expect(COLOUR_MEASURES.mistakes.value(colours, 1, 32)).toBe(2);
    // One byte of text: bit 40 is padding.
    expect([...stepsOfRange(COLOUR_MEASURES.mistakes, colours, 128, 5)]).toEqual([2, 1]);
  });

  test('effective voters are those of ones and zeros apart; without such bits there is no colour', () => {
    const colours = range(2);
    colours.bits.set([1, 1], 0);
    colours.effectiveVoters.set([100, 128], 0);
    expect(COLOUR_MEASURES.effectiveVotersOnes.value(colours, 0, 32)).toBe(114);
    expect(COLOUR_MEASURES.effectiveVotersZeros.value(colours, 0, 32)).toBe(2);
    expect([...stepsOfRange(COLOUR_MEASURES.effectiveVotersOnes, colours, 128, 8)]).toEqual([6, -1]);
    expect([...stepsOfRange(COLOUR_MEASURES.effectiveVotersZeros, colours, 128, 8)]).toEqual([1, 1]);
  });

  test('votes are sorted into equal steps, padding into none', () => {
    expect([...stepsOfVotes(Float32Array.of(0, 0.14, 0.15, 0.5, 0.99, 1, NaN))]).toEqual([0, 0, 1, 3, 6, 6, -1]);
    expect(scaleOf({ name: 'vote', bit: 9, voter: 17 }).label).toBe('Vote of Voter 17 of Bit 9');
    expect(scaleOf({ name: 'mistakes' })).toBe(COLOUR_MEASURES.mistakes);
  });

  test('choices from elsewhere are checked', () => {
    expect(readColourChoice({ name: 'surprise', more: 1 })).toEqual({ name: 'surprise' });
    expect(readColourChoice({ name: 'vote', bit: 31, voter: 0 })).toEqual({ name: 'vote', bit: 31, voter: 0 });
    const wrong = [null, 'surprise', {}, { name: 'vote' }, { name: 'vote', bit: 32, voter: 0 }];
    for (const value of [...wrong, { name: 'vote', bit: 1, voter: 0.5 }]) expect(readColourChoice(value)).toBeNull();
  });

  test('a voter is read from two numbers', () => {
    expect(parseVoter('9 17')).toEqual({ bit: 9, voter: 17 });
    expect(parseVoter(' bit 9, voter 17 ')).toEqual({ bit: 9, voter: 17 });
    for (const text of ['', '9', '1 2 3', 'nine 17']) expect(parseVoter(text)).toBeNull();
  });

  test('names from elsewhere are checked', () => {
    expect(isColourMeasureName('surprise')).toBe(true);
    expect(isColourMeasureName('toString')).toBe(false);
    expect(isColourMeasureName(null)).toBe(false);
  });
});

describe('colours', () => {
  const channels = (colour: string) => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16));
  const luminance = (rgb: readonly number[]) => {
    const [r, g, b] = rgb.map((value) => {
      const share = value / 255;
      return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * r! + 0.7152 * g! + 0.0722 * b!;
  };
  const over = (colour: string, background: string) => {
    const alpha = Number.parseInt(colour.slice(7), 16) / 255;
    const below = channels(background);
    return channels(colour).map((value, i) => alpha * value + (1 - alpha) * below[i]!);
  };
  const THEMES = [
    ['dark', '#1f1f1f', '#cccccc'],
    ['light', '#ffffff', '#3b3b3b'],
    ['dark', '#000000', '#ffffff'],
    ['light', '#ffffff', '#292929'],
  ] as const;

  test.each(THEMES)(
    '%s on %s: text keeps its contrast, and each step can be told from the next by lightness',
    (theme, background, text) => {
      const steps = Array.from({ length: STEPS }, (_, step) => luminance(over(stepColour(step, theme), background)));
      const foreground = luminance(channels(text));
      for (const step of steps) {
        const contrast = (Math.max(step, foreground) + 0.05) / (Math.min(step, foreground) + 0.05);
        expect(contrast).toBeGreaterThan(4.5);
      }
      for (let step = 1; step < STEPS; step++) {
        const [low, high] = [steps[step - 1]!, steps[step]!].toSorted((a, b) => a - b);
        expect(high! / low!).toBeGreaterThan(1.05);
      }
    },
  );
});

describe('spans', () => {
  test('are cut to the document, joined, and limited in all', () => {
    expect(limitSpans([{ firstChunk: 8, count: 10 }], 12)).toEqual([{ firstChunk: 8, count: 4 }]);
    expect(
      limitSpans(
        [
          { firstChunk: 20, count: 5 },
          { firstChunk: 0, count: 4 },
          { firstChunk: 2, count: 6 },
        ],
        100,
      ),
    ).toEqual([
      { firstChunk: 0, count: 8 },
      { firstChunk: 20, count: 5 },
    ]);
    expect(limitSpans([{ firstChunk: 5, count: 1e6 }], 1e6)).toEqual([{ firstChunk: 5, count: MAX_COLOURED_CHUNKS }]);
    expect(limitSpans([{ firstChunk: 5, count: 0 }], 100)).toEqual([]);
  });

  test('cover what lies within one of them', () => {
    const shown = [{ firstChunk: 4, count: 6 }];
    expect(coversSpans(shown, [{ firstChunk: 4, count: 6 }])).toBe(true);
    expect(coversSpans(shown, [{ firstChunk: 5, count: 6 }])).toBe(false);
    expect(coversSpans(shown, [])).toBe(true);
  });
});

describe('stretches', () => {
  const bytes = (text: string) => new TextEncoder().encode(text);
  const START = { line: 0, character: 0 };
  /** The text that each stretch covers, by lines and UTF-16 units as VS Code counts them. */
  const texts = (text: string, steps: readonly number[], firstChunk = 0, at = START) => {
    const lines = text.split(/\r?\n/);
    return stretches(bytes(text), firstChunk, at, Int8Array.from(steps)).map(({ step, start, end }) => {
      const covered = lines.slice(start.line, end.line + 1);
      covered[covered.length - 1] = covered.at(-1)!.slice(0, end.character);
      covered[0] = covered[0]!.slice(start.character);
      return [step, covered.join('\n')];
    });
  };

  test('chunks of one step are one stretch, chunks without a step none', () => {
    expect(texts('abcdefghijklmnop', [1, 1, -1, 3])).toEqual([
      [1, 'abcdefgh'],
      [3, 'mnop'],
    ]);
  });

  test('go over line ends of both kinds', () => {
    expect(texts('ab\ncdefg\nh', [0, 1, 2])).toEqual([
      [0, 'ab\nc'],
      [1, 'defg'],
      [2, '\nh'],
    ]);
    expect(texts('a\r\nbcdefg', [0, 1, 2])).toEqual([
      [0, 'a\nb'],
      [1, 'cdef'],
      [2, 'g'],
    ]);
  });

  test('a character belongs to the chunk that holds its first byte', () => {
    // Bytes: a b € € | € c d e | f 𝄞 𝄞 𝄞 | 𝄞 g
    expect(texts('ab€cdef𝄞g', [0, 1, 2, 3])).toEqual([
      [0, 'ab€'],
      [1, 'cde'],
      [2, 'f𝄞'],
      [3, 'g'],
    ]);
  });

  test('begin after a character that the chunk before began', () => {
    expect(texts('ab€cdefg', [5, 6], 1, { line: 0, character: 2 })).toEqual([
      [5, 'cde'],
      [6, 'fg'],
    ]);
  });

  test('cover a random text without gap or overlap', () => {
    const alphabet = ['a', 'ß', '€', '𝄞', '\n', ' '];
    let seed = 7;
    const next = () => (seed = (seed * 16807) % 2147483647);
    const text = Array.from({ length: 500 }, () => alphabet[next() % alphabet.length]!).join('');
    const count = Math.ceil(bytes(text).length / 4);
    const parts = texts(
      text,
      Array.from({ length: count }, (_, i) => i % STEPS),
    );
    expect(parts.map(([, part]) => part).join('')).toBe(text);
    expect(parts).toHaveLength(count);
  });
});

describe('legend', () => {
  test('names measure, scale, units, checkpoint and N', () => {
    const measure = COLOUR_MEASURES.surprise;
    expect(legendText(measure, model, [])).toBe('$(paintcan) Surprise: ░ < 2 … █ ≥ 24 bits per chunk');
    const markdown = legendMarkdown(measure, model, 312, 'dark', undefined);
    for (const part of ['surprise', 'bits per chunk', model.checkpoint, 'N = 312 chunks', '16 to under 24', 'M = 4']) {
      expect(markdown).toContain(part);
    }
    const pictures = (text: string) =>
      [...text.matchAll(/!\[\]\(data:image\/svg\+xml;base64,([^|]+)\|/g)].map(([, picture]) =>
        Buffer.from(picture!, 'base64').toString(),
      );
    for (const theme of ['light', 'dark'] as const) {
      const shown = pictures(legendMarkdown(measure, model, 312, theme, undefined));
      expect(shown).toHaveLength(STEPS);
      // A bar in a table ends the cell, and the picture with it.
      expect(legendMarkdown(measure, model, 312, theme, undefined)).not.toMatch(/^\|/m);
      shown.forEach((picture, step) => {
        expect(picture).toContain(`fill="${stepColour(step, theme)}"`);
      });
    }
  });

  test('tells of changed voters', () => {
    const changes = [{ bit: 9, voter: 2, vote: null }];
    const measure = COLOUR_MEASURES.surprise;
    expect(legendText(measure, model, changes)).toMatch(/bits per chunk · 1 voter silenced$/);
    expect(legendText(measure, model, [], ['word'])).toMatch(/bits per chunk · 1 memory voter silenced$/);
    expect(legendMarkdown(measure, model, 3, 'dark', 'with 1 voter silenced')).toMatch(/3 chunks shown · with 1 voter/);
  });

  test('a step of the scale says from where to where', () => {
    expect(stepLabels([1, 2, 3, 4, 6, 9])).toEqual([
      'under 1',
      '1 to under 2',
      '2 to under 3',
      '3 to under 4',
      '4 to under 6',
      '6 to under 9',
      '9 or more',
    ]);
  });
});
