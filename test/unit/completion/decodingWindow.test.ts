/** @file The window that a completion is decoded in: what it holds before and after it moves on. */
import { describe, expect, it } from 'vitest';
import { DecodingWindow } from '../../../model/inspection/decodingWindow';

const bytes = (text: string) => new TextEncoder().encode(text);
const shown = (window: DecodingWindow) =>
  new TextDecoder().decode(window.inputs.subarray(0, 4 * (window.position + 1))).replaceAll('\0', '_');

describe('a decoding window', () => {
  it.each([
    ['', 8, 2, '____'],
    ['a', 8, 2, '_______a'],
    ['abcde', 8, 2, '_______abcde'],
    ['0123456789abcdef', 8, 4, '0123456789abcdef'],
    ['0123456789abcde', 8, 4, '_0123456789abcde'],
    ['0123456789abcdefXYZW', 8, 4, '456789abcdefXYZW'],
    ['0123456789abcdefXYZW', 8, 1, '____0123456789abcdefXYZW'],
    ['0123456789abcdefXYZW', 8, 100, '456789abcdefXYZW'],
    ['abcdefgh', 1, 3, 'efgh'],
    ['', 1, 3, '____'],
  ])('for the prefix %j in %i chunks, with %i to come, holds %j', (prefix, context, generated, expected) => {
    const window = new DecodingWindow(bytes(prefix), context, generated);
    expect(shown(window)).toBe(expected);
    expect(window.inputs).toHaveLength(4 * context);
    expect(window.inputs.subarray(4 * (window.position + 1)).every((byte) => byte === 0)).toBe(true);
  });

  it('takes every chunk and moves on when it is full', () => {
    const window = new DecodingWindow(bytes('0123456789abcdef'), 6, 2);
    expect(shown(window)).toBe('0123456789abcdef');
    for (const chunk of ['AAAA', 'BBBB', 'CCCC', 'DDDD', 'EEEE']) window.append(bytes(chunk));
    expect(shown(window)).toBe('cdefAAAABBBBCCCCDDDDEEEE');
    window.append(bytes('FFFF'));
    expect(shown(window)).toBe('CCCCDDDDEEEEFFFF');
    expect(window.position).toBe(3);
    expect(window.inputs.subarray(16).every((byte) => byte === 0)).toBe(true);
  });

  it('of one chunk holds the last', () => {
    const window = new DecodingWindow(bytes('0123'), 1, 2);
    window.append(bytes('AAAA'));
    expect(shown(window)).toBe('AAAA');
    window.append(bytes('BBBB'));
    expect(shown(window)).toBe('BBBB');
    expect(window.position).toBe(0);
  });
});
