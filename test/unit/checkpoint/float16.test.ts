/** @file Half precision: every half there and back, and rounding to nearest even between any two neighbours. */
import { describe, expect, it } from 'vitest';
import { decodeHalf, decodeHalves, encodeHalf } from '../../../model/checkpoint/float16';

describe('float16', () => {
  it('decodes known values', () => {
    const known: readonly (readonly [number, number])[] = [
      [0x0000, 0],
      [0x8000, -0],
      [0x0001, 2 ** -24],
      [0x03ff, 1023 * 2 ** -24],
      [0x0400, 2 ** -14],
      [0x3c00, 1],
      [0x3555, 0.333251953125],
      [0xc000, -2],
      [0x7bff, 65504],
      [0x7c00, Infinity],
      [0xfc00, -Infinity],
      [0x7e00, NaN],
    ];
    for (const [half, value] of known) expect(decodeHalf(half)).toBe(value);
  });

  it('brings every half back to itself', () => {
    const wrong: number[] = [];
    for (let half = 0; half < 0x10000; half++) {
      const value = decodeHalf(half);
      const again = encodeHalf(value);
      if (Number.isNaN(value) ? !Number.isNaN(decodeHalf(again)) : again !== half) wrong.push(half);
    }
    expect(wrong).toEqual([]);
  });

  it('rounds to the nearest half, ties to the even one, subnormals and overflow included', () => {
    const wrong: number[] = [];
    const above = Math.fround(1 + 2 ** -20);
    const below = Math.fround(1 - 2 ** -20);
    for (let half = 0; half < 0x7c00; half++) {
      const low = decodeHalf(half);
      // What would follow 65504, were there no infinity.
      const high = half === 0x7bff ? 65536 : decodeHalf(half + 1);
      const middle = (low + high) / 2;
      const even = half % 2 === 0 ? half : half + 1;
      for (const sign of [1, -1]) {
        const signBit = sign < 0 ? 0x8000 : 0;
        const right =
          Math.fround(middle) === middle &&
          encodeHalf(sign * middle) === (signBit | even) &&
          encodeHalf(sign * middle * above) === (signBit | (half + 1)) &&
          encodeHalf(sign * middle * below) === (signBit | half);
        if (!right) wrong.push(sign * middle);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('decodes many as it decodes one', () => {
    const halves = Uint16Array.from({ length: 0x10000 }, (_, half) => 0xffff - half);
    expect(decodeHalves(halves)).toEqual(Float32Array.from(halves, decodeHalf));
  });

  it('takes the smallest and largest float32 values to 0 and infinity', () => {
    expect(encodeHalf(2 ** -149)).toBe(0);
    expect(encodeHalf(-(2 ** -149))).toBe(0x8000);
    expect(encodeHalf(3.4e38)).toBe(0x7c00);
    expect(encodeHalf(-Infinity)).toBe(0xfc00);
  });
});
