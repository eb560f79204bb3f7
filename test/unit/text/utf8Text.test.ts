/** @file Text as UTF-8 under edits, against TextEncoder. */
import { describe, expect, it, vi } from 'vitest';
import { Random } from '../../../model/text/random';
import { Utf8Text } from '../../../model/text/utf8Text';

const ALPHABET = ['a', 'b', '\n', 'é', 'ß', '€', '語', '\uffff', '\ufffd', '😀', '🏳️‍🌈', '\ud83d', '\ude00'];

function randomText(random: Random, length: number, letters = ALPHABET): string {
  return Array.from({ length }, () => letters[random.integer(letters.length)]!).join('');
}

/** Every offset of `text`, both ways, against the characters one after the other. */
function expectOffsets(encoded: Utf8Text, text: string): void {
  const encoder = new TextEncoder();
  let byte = 0;
  let unit = 0;
  for (const character of text) {
    const bytes = encoder.encode(character).length;
    for (let i = 0; i < character.length; i++) expect(encoded.byteOffset(unit + i)).toBe(byte);
    for (let i = 0; i < bytes; i++) expect(encoded.utf16Offset(byte + i)).toBe(unit);
    byte += bytes;
    unit += character.length;
  }
  expect(encoded.byteOffset(unit)).toBe(byte);
  expect(encoded.utf16Offset(byte)).toBe(unit);
}

describe('Utf8Text', () => {
  it('agrees with TextEncoder at every offset, lone surrogates included', () => {
    const random = Random.fromSeed(2);
    // Lengths around the checkpoints' distance, so that characters fall across it.
    for (const length of [0, 1, 5, 300, 1023, 1024, 1025, 2500]) {
      for (const letters of [ALPHABET, ['😀'], ['a', '😀'], ['€']]) {
        const text = randomText(random, length, letters);
        const encoded = Utf8Text.encode(text);
        expect(encoded.bytes).toEqual(new TextEncoder().encode(text));
        expect(encoded.length).toBe(text.length);
        expectOffsets(encoded, text);
      }
    }
  });

  it('clamps offsets outside the text', () => {
    const encoded = Utf8Text.encode('aé');
    expect([-5, 99].map((offset) => encoded.byteOffset(offset))).toEqual([0, 3]);
    expect([-5, 99].map((offset) => encoded.utf16Offset(offset))).toEqual([0, 2]);
  });

  it('is after any edit as if encoded anew, or says that it cannot follow', () => {
    const random = Random.fromSeed(4);
    const LETTERS = ALPHABET.slice(0, 8).concat('😀');
    let text = randomText(random, 4000);
    let encoded = Utf8Text.encode(text);
    let followed = 0;
    for (let edit = 0; edit < 400; edit++) {
      const start = random.integer(text.length + 1);
      const removed = random.integer(Math.min(edit % 5 === 0 ? 3000 : 4, text.length - start + 1));
      const inserted = randomText(
        random,
        random.integer(edit % 7 === 0 ? 3000 : 3),
        edit % 3 === 0 ? ALPHABET : LETTERS,
      );
      const after = encoded.replace(start, removed, inserted);
      text = text.slice(0, start) + inserted + text.slice(start + removed);
      if (after === null) encoded = Utf8Text.encode(text);
      else {
        followed++;
        encoded = after;
        expect(Buffer.compare(encoded.bytes, new TextEncoder().encode(text)), `edit ${edit}`).toBe(0);
        expect(encoded.length).toBe(text.length);
        if (edit % 20 === 0) expectOffsets(encoded, text);
      }
    }
    expect(followed).toBeGreaterThan(150);
    expectOffsets(encoded, text);
  });

  it.each([
    ['cuts a pair', 'a😀b', 2, 0, 'x'],
    ['removes half a pair', 'a😀b', 1, 1, ''],
    ['joins two halves', '\ud83d\ude00'.slice(0, 1) + 'x\ude00', 1, 1, ''],
    ['brings half a pair', 'ab', 1, 0, '\ud83d'],
    ['lies outside', 'ab', 1, 5, ''],
  ] as const)('does not follow an edit that %s', (_, text, start, removed, inserted) => {
    expect(Utf8Text.encode(text).replace(start, removed, inserted)).toBeNull();
  });

  it('is fast on 1 MB: encoded about as fast as by the platform, edited about as fast as copied, answered in well under 1 ms', () => {
    const text = 'const größe = "😀"; // comment\n'.repeat(32_768);
    const encoded = Utf8Text.encode(text);
    // In turns, so that all meet the same load: memory that the process has to ask for takes most of the time.
    const works = [
      () => new TextEncoder().encode(text),
      () => Utf8Text.encode(text),
      () => encoded.bytes.slice(),
      () => encoded.replace(31 * 16_000, 0, 'x'),
    ];
    const fastest = works.map(() => Infinity);
    for (let round = 0; round < 25; round++) {
      works.forEach((work, i) => {
        const before = performance.now();
        work();
        fastest[i] = Math.min(fastest[i]!, performance.now() - before);
      });
    }
    const [platform, encoding, copying, editing] = fastest;
    expect(encoding! / platform!).toBeLessThan(2);
    expect(editing! / copying!).toBeLessThan(4);
    // Whatever the machine: what is not inserted is not encoded again.
    const encode = vi.spyOn(TextEncoder.prototype, 'encode');
    const encodeInto = vi.spyOn(TextEncoder.prototype, 'encodeInto');
    encoded.replace(31 * 16_000, 0, 'x');
    expect(encode.mock.calls).toEqual([['x']]);
    expect(encodeInto).not.toHaveBeenCalled();
    vi.restoreAllMocks();
    const random = Random.fromSeed(3);
    const before = performance.now();
    let sum = 0;
    for (let i = 0; i < 1000; i++) {
      const unit = random.integer(text.length);
      sum += encoded.utf16Offset(encoded.byteOffset(unit)) - unit;
    }
    expect((performance.now() - before) / 1000).toBeLessThan(0.2);
    // Inside a pair the start of the character is answered, one unit earlier.
    expect(sum).toBeLessThanOrEqual(0);
  });
});
