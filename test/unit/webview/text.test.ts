/** @file Labels of bytes, and numbers as text, in the webviews. */
import { describe, expect, it } from 'vitest';
import {
  byteLabels,
  differingBits,
  formatFactor,
  formatProbabilityOfSurprise,
  formatShare,
  packBits,
} from '../../../webview/shared/text';

const bytes = (...values: number[]): Uint8Array => Uint8Array.from(values);
const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

describe('byteLabels', () => {
  it('labels each byte once', () => {
    expect(byteLabels(utf8('a€'))).toEqual(['a', '€', '↳', '↳']);
    expect(byteLabels(utf8(' \n'))).toEqual(['␣', '↵']);
    expect(byteLabels(bytes(0xe2, 0x61))).toEqual(['\\xE2', 'a']);
    expect(byteLabels(utf8('\u200ba'))).toEqual(['\\xE2', '\\x80', '\\x8B', 'a']);
    expect(byteLabels(utf8('\ufeff'))).toEqual(['\\xEF', '\\xBB', '\\xBF']);
  });
});

describe('bits', () => {
  it('packs most significant bit first', () => {
    expect(packBits(bytes(0, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 0))).toEqual(bytes(0x61, 0x80));
  });

  it('names the bits in which bytes differ', () => {
    expect(differingBits(bytes(0x61, 0x80), bytes(0x61, 0x80))).toEqual([]);
    expect(differingBits(bytes(0x61, 0x80), bytes(0xe0, 0x81))).toEqual([0, 7, 15]);
  });
});

describe('numbers', () => {
  it('has three digits, scientific below a thousandth', () => {
    expect(formatShare(0)).toBe('0');
    expect(formatShare(1)).toBe('1.000');
    expect(formatShare(0.12345)).toBe('0.123');
    expect(formatShare(0.0012345)).toBe('0.00123');
    expect(formatShare(0.000012345)).toBe('1.23e-5');
    expect(formatShare(NaN)).toBe('not a number');
    expect(formatFactor(27.43)).toBe('27.4');
    expect(formatFactor(0.00123)).toBe('1.23e-3');
  });

  it('names probabilities below the smallest double', () => {
    expect(formatProbabilityOfSurprise(1)).toBe('0.500');
    expect(formatProbabilityOfSurprise(2000)).toBe('2^−2000.0');
    expect(formatProbabilityOfSurprise(Infinity)).toBe('0');
  });
});
