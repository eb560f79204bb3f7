/** @file What of a generated text is offered, rule by rule. */
import { describe, expect, it } from 'vitest';
import { endOfOffer, offeredText, withoutSuffix } from '../../../model/completion/postprocess';

describe('the end of an offer', () => {
  it.each([
    ['abc', true, -1],
    ['abc\ndef', true, 3],
    ['abc\r\ndef', true, 3],
    ['\nabc', true, 0],
    ['abc\ndef', false, -1],
    ['abc\n\ndef', false, 3],
    ['abc  \r\n \t\r\ndef', false, 5],
    ['a {\n  b\n}\n\nc', false, 9],
    ['\n\nabc\n', false, -1],
    ['\n\nabc\n\n', false, 5],
  ])('of %j, single line %s, is %i', (text, singleLine, expected) => {
    expect(endOfOffer(text, singleLine)).toBe(expected);
  });
});

describe('what follows already', () => {
  it.each([
    ['foo', '', 'foo'],
    ['foo', '   ', 'foo'],
    ['foo);', ');', 'foo'],
    ['foo)', ');', 'foo'],
    ['foo); bar();', ');', 'foo'],
    ['f(a), b', ')', 'f(a), b'],
    ['f(a)', ')', 'f(a'],
    ['turn x', 'turn x;', ''],
    ['turn', 'turn x;', ''],
    ['return', 'value', 'return'],
    ['abcabc', 'abc', ''],
    ['xabab', 'abab!', 'x'],
  ])('of %j before %j leaves %j', (text, suffix, expected) => {
    expect(withoutSuffix(text, suffix)).toBe(expected);
  });
});

describe('the offer', () => {
  it.each([
    ['foo(bar);\nbaz', true, '', 'foo(bar);'],
    ['foo(bar);\nbaz\n\nqux', false, '', 'foo(bar);\nbaz'],
    ['foo {\n    ', false, '', 'foo {'],
    ['foo {\r\n', false, '', 'foo {'],
    ['  ', true, '', ''],
    ['\t\n', false, '', ''],
    ['\n  foo', false, '', '\n  foo'],
    [' foo', true, '', ' foo'],
    ['\nfoo', true, '', ''],
    ['', true, '', ''],
    ['name);', true, ');', 'name'],
    [');', true, ');', ''],
    [' );', true, ');', ''],
    ['grün ☃', true, '', 'grün ☃'],
  ])('of %j, single line %s, before %j is %j', (text, singleLine, suffix, expected) => {
    const offered = offeredText(text, { singleLine, suffix });
    expect(offered).toBe(expected);
    expect(text.startsWith(offered)).toBe(true);
  });
});
