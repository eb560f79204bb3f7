/** @file Chunks and bits: reading order, padding on the right side, and bytes as users see them. */
import { describe, expect, it } from 'vitest';
import { chunkBits, completionGrid, inspectionGrid } from '../../../model/text/chunks';

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('grids', () => {
  it('pads an inspection on the right and a completion on the left, to whole chunks', () => {
    const expected: readonly (readonly [string, number[], number[]])[] = [
      ['', [], []],
      ['a', [97, 0, 0, 0], [0, 0, 0, 97]],
      ['ab', [97, 98, 0, 0], [0, 0, 97, 98]],
      ['abc', [97, 98, 99, 0], [0, 97, 98, 99]],
      ['abcd', [97, 98, 99, 100], [97, 98, 99, 100]],
      ['abcde', [97, 98, 99, 100, 101, 0, 0, 0], [0, 0, 0, 97, 98, 99, 100, 101]],
    ];
    for (const [text, inspection, completion] of expected) {
      expect([...inspectionGrid(utf8(text))]).toEqual(inspection);
      expect([...completionGrid(utf8(text))]).toEqual(completion);
    }
  });

  it('copies, so that the text stays as it was', () => {
    const text = utf8('abcd');
    inspectionGrid(text)[0] = 0;
    completionGrid(text)[0] = 0;
    expect(text[0]).toBe(97);
  });
});

describe('chunkBits', () => {
  it('is the big-endian 32-bit integer of the chunk, most significant bit first', () => {
    const bytes = Uint8Array.from([1, 2, 3, 4, 0x80, 0x01, 0xfe, 0x7f]);
    const view = new DataView(bytes.buffer);
    for (const chunk of [0, 1]) {
      const word = view.getUint32(chunk * 4);
      const bits = chunkBits(bytes, chunk);
      expect(bits.length).toBe(32);
      for (let b = 0; b < 32; b++) expect(bits[b]).toBe((word >>> (31 - b)) & 1);
    }
    expect([...chunkBits(bytes, 1).subarray(0, 8)]).toEqual([1, 0, 0, 0, 0, 0, 0, 0]);
  });

  it('writes into the array that it is given', () => {
    const out = new Uint8Array(32).fill(9);
    expect(chunkBits(Uint8Array.of(255, 255, 255, 255), 0, out)).toBe(out);
    expect(out.every((bit) => bit === 1)).toBe(true);
  });

  it('refuses chunks outside the grid', () => {
    const grid = new Uint8Array(8);
    for (const chunk of [-1, 2, 0.5, NaN]) expect(() => chunkBits(grid, chunk)).toThrow(RangeError);
  });
});
