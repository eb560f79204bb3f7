/** @file UTF-8 at its edges, against the platform's own decoder and encoder. */
import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { Random } from '../../../model/text/random';
import { characterEnd, characterStart, utf8Prefix } from '../../../model/measures/utf8';

describe('utf8Prefix', () => {
  it('agrees with the platform on which bytes are UTF-8', () => {
    const random = Random.fromSeed(1);
    // Bytes that lie at the edges of the definition.
    const edges = [
      0x00, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xed, 0xef, 0xf0, 0xf4, 0xf5, 0xff,
    ];
    let valid = 0;
    for (let i = 0; i < 20_000; i++) {
      const bytes = Uint8Array.from({ length: 1 + random.integer(5) }, () => edges[random.integer(edges.length)]!);
      const { length, rest } = utf8Prefix(bytes);
      if (isUtf8(bytes)) valid++;
      expect(rest === 'nothing').toBe(isUtf8(bytes));
      expect(isUtf8(bytes.subarray(0, length))).toBe(true);
      // The longest: no longer prefix is valid.
      for (let n = length + 1; n <= bytes.length; n++) expect(isUtf8(bytes.subarray(0, n))).toBe(false);
      if (rest === 'incomplete') {
        const more = [0x80, 0x90, 0xa0].flatMap((x) => [[x], [x, 0x80], [x, 0x80, 0x80], [0x80, x]]);
        expect(more.some((tail) => isUtf8(Uint8Array.of(...bytes, ...tail)))).toBe(true);
      }
    }
    expect(valid).toBeGreaterThan(500);
  });

  it('tells a beginning from what no byte can complete', () => {
    expect(utf8Prefix(Uint8Array.of(0x61, 0xe2, 0x82))).toEqual({ length: 1, rest: 'incomplete' });
    expect(utf8Prefix(Uint8Array.of(0x61, 0xe2, 0x28))).toEqual({ length: 1, rest: 'invalid' });
    expect(utf8Prefix(Uint8Array.of(0xed, 0xa0))).toEqual({ length: 0, rest: 'invalid' });
    expect(utf8Prefix(new Uint8Array())).toEqual({ length: 0, rest: 'nothing' });
  });
});

describe('characterStart', () => {
  it('steps back to the beginning of the character', () => {
    const bytes = new TextEncoder().encode('a€😀b');
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20].map((offset) => characterStart(bytes, offset))).toEqual([
      0, 1, 1, 1, 4, 4, 4, 4, 8, 9, 9,
    ]);
  });
});

describe('characterEnd', () => {
  it('steps on to the end of the character', () => {
    const bytes = new TextEncoder().encode('a€😀b');
    expect([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 20].map((offset) => characterEnd(bytes, offset))).toEqual([
      0, 1, 4, 4, 4, 8, 8, 8, 8, 9, 9,
    ]);
    expect(characterEnd(Uint8Array.of(0x61, 0xe2, 0x82), 2)).toBe(3);
  });
});
