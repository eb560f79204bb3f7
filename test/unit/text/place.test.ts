/** @file Places that are found again in a text that was edited since. */
import { describe, expect, it } from 'vitest';
import { findAgain, placeIn } from '../../../model/text/place';

const bytes = (text: string): Uint8Array => Buffer.from(text);
const TEXT = 'one word here, one word there, and one word more: the word is repeated.';
const place = placeIn(bytes(TEXT), TEXT.indexOf('word there'), 4);
const found = (text: string): string | null => {
  const at = findAgain(bytes(text), place);
  return at === null ? null : text.slice(at, at + 10);
};

describe('a place', () => {
  it('is where it was in a text that is the same, at its edges too', () => {
    expect(findAgain(bytes(TEXT), place)).toBe(place.offset);
    for (const offset of [0, 4, TEXT.length - 4])
      expect(findAgain(bytes(TEXT), placeIn(bytes(TEXT), offset, 4))).toBe(offset);
  });

  it('is found by what stands around it, before and after an edit, not at another equal word', () => {
    expect(found(`A line before.\n${TEXT}`)).toBe('word there');
    expect(found(TEXT.slice(9))).toBe('word there');
    expect(found(`word word word word ${TEXT}`)).toBe('word there');
  });

  it('is found by one side where the other was edited', () => {
    expect(found(TEXT.replace('word there', 'word THERE'))).toBe('word THERE');
    expect(found(TEXT.replace('here, one word there', 'here: a word there'))).toBe('word there');
  });

  it('is where it was when its bytes are still there, whatever stands around them', () => {
    expect(found(TEXT.replace('one word there', 'our word THERE'))).toBe('word THERE');
  });

  it('of several is the one nearest to where it was', () => {
    const same = 'the same text. '.repeat(20);
    const tenth = placeIn(bytes(same), 150, 4);
    expect(findAgain(bytes(same), tenth)).toBe(150);
    expect(findAgain(bytes(`xx${same}`), tenth)).toBe(152);
    expect(findAgain(bytes(same.slice(2)), tenth)).toBe(148);
  });

  it('is gone where its bytes are, or stand among others only', () => {
    expect(found(TEXT.replace('word there', 'thing there'))).toBeNull();
    expect(found('another word, elsewhere')).toBeNull();
    expect(found('')).toBeNull();
  });
});
