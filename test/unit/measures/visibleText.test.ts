/** @file Every class of characters as it is shown, in text and by itself. */
import { describe, expect, it, test } from 'vitest';
import { firstSigns, lastSigns, visibleLabel, visibleText } from '../../../model/measures/visibleText';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const CLASSES: readonly (readonly [name: string, text: string, shown: string])[] = [
  ['letters of all planes', 'né€😀', 'né€😀'],
  ['a space within', 'a b', 'a b'],
  ['line ends and tab', 'a\r\n\tb', 'a↤↵⇥b'],
  ['other C0 controls', '\0\u001b\u007f', '␀␛␡'],
  ['C1 controls', 'a\u0080\u0085\u009f', 'a\\u0080\\u0085\\u009F'],
  ['zero width', 'a\u200b\u200c\u200d\u2060b', 'a\\u200B\\u200C\\u200D\\u2060b'],
  ['soft hyphen', 'a\u00adb', 'a\\u00ADb'],
  ['byte order mark, at the beginning too', '\ufeffa\ufeff', '\\uFEFFa\\uFEFF'],
  ['line and paragraph separator', 'a\u2028\u2029', 'a\\u2028\\u2029'],
  ['bidirectional marks', '\u200e\u200f\u061c', '\\u200E\\u200F\\u061C'],
  ['bidirectional embeddings and overrides', '\u202aa\u202b\u202c\u202d\u202e', '\\u202Aa\\u202B\\u202C\\u202D\\u202E'],
  ['bidirectional isolates', '\u2066a\u2067\u2068\u2069', '\\u2066a\\u2067\\u2068\\u2069'],
  ['spaces that are none', 'a\u00a0\u2003\u202f\u3000b', 'a\\u00A0\\u2003\\u202F\\u3000b'],
  ['fillers and blanks', '\u3164\u115f\u2800', '\\u3164\\u115F\\u2800'],
  ['variation selectors', '❤\ufe0f', '❤\\uFE0F'],
  ['tags', '\u{e0041}', '\\u{E0041}'],
  ['signs of controls that are text', '␊↵', '␊↵'],
  ['right-to-left letters', 'אב', 'אב'],
];

describe('visibleText', () => {
  test.each(CLASSES)('%s', (_, text, shown) => {
    expect(visibleText(text)).toBe(shown);
    expect(visibleText(utf8(text))).toBe(shown);
  });

  test.each([
    ['a cut character', [0xe2, 0x82], '\\xE2\\x82'],
    ['a byte between letters', [0x61, 0xff, 0x62], 'a\\xFFb'],
    ['continuations', [0x82, 0xac, 0x21, 0xe2], '\\x82\\xAC!\\xE2'],
    ['a longer form than needed', [0xc0, 0x80, 0xe0, 0x80, 0x80], '\\xC0\\x80\\xE0\\x80\\x80'],
    ['a surrogate', [0xed, 0xa0, 0x80], '\\xED\\xA0\\x80'],
  ])('bytes that are no character: %s', (_, bytes, shown) => {
    expect(visibleText(Uint8Array.from(bytes))).toBe(shown);
  });

  it('half a surrogate pair', () => {
    expect(visibleText('a\ud83d')).toBe('a\\uD83D');
  });

  it('keeps what it is told to', () => {
    expect(visibleText(utf8('a\n\t␊\0'), '\n\t')).toBe('a\n\t␊␀');
  });
});

describe('visibleLabel', () => {
  test.each([
    ['a space at an edge', ' a ', '␣a␣'],
    ['a space between letters', 'a b', 'a b'],
    ['spaces in a run', 'a  b', 'a␣␣b'],
    ['spaces alone', '    ', '␣␣␣␣'],
    ['a space beside a line end', '\n x', '↵ x'],
    ['a combining mark without its letter', '\u0301a', '◌\u0301a'],
    ['a combining mark on its letter', 'e\u0301', 'e\u0301'],
    ['what is invisible', ' \u202e', '␣\\u202E'],
    ['nothing', '', ''],
  ])('%s', (_, text, shown) => {
    expect(visibleLabel(text)).toBe(shown);
    expect(visibleLabel(utf8(text))).toBe(shown);
    expect(visibleLabel(shown.replace('◌', ''))).toBe(shown);
  });
});

describe('a cut text', () => {
  const [shown, spread] = ['a\\xF0\\x9F\\x8Fb', '\\u{E0041}\\u200B😀é'];

  test.each([
    [shown, 3, 'a', 'b'],
    [shown, 5, 'a\\xF0', '\\x8Fb'],
    [shown, 10, 'a\\xF0\\x9F', '\\x9F\\x8Fb'],
    [shown, 14, shown, shown],
    [spread, 9, '\\u{E0041}', '\\u200B😀é'],
    [spread, 2, '', '😀é'],
    // What only looks like the beginning of an escape is its characters.
    ['\\xg\\', 2, '\\x', 'g\\'],
    ['', 2, '', ''],
  ])('%s has at most %i characters, and every escape whole', (text, most, first, last) => {
    expect([firstSigns(text, most), lastSigns(text, most)]).toEqual([first, last]);
  });
});
