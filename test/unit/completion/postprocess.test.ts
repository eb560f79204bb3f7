/** @file What of a generated text is offered, rule by rule. */
import { describe, expect, it } from 'vitest';
import { endOfOffer, mostSaving, offeredText, withoutSuffix } from '../../../model/completion/postprocess';

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

describe('the beginning that saves most', () => {
  const logs = (probabilities: readonly number[]) => [0, ...probabilities.map(Math.log)];
  it.each([
    // 0.9·1, 0.8·2, 0.5·3, 0.45·4: the last
    ['four', [1, 0.9, 0.8, 0.45], '', 'fou'],
    ['four', [1, 0.9, 0.8, 0.6], '', 'four'],
    ['four', [1, 0.9, 0.1, 0.1], '', 'fo'],
    ['f', [1], '', ''],
    ['', [], '', ''],
    // Two bytes, one character: 0.9·1 against 0.4·2.
    ['aüb', [1, 0.95, 0.9, 0.4], '', 'aü'],
    ['☃', [1, 1, 1], '', ''],
    // White space alone is no offer, however sure it is.
    ['    x = 1', [1, 1, 1, 1, 0.4, 0.4, 0.4, 0.3, 0.2], '', '    x ='],
    // A beginning that ends as the suffix does would lose its end.
    ['f(a), b', [1, 1, 1, 1, 0.1, 0.1, 0.1], ')', 'f(a'],
  ])('of %j with %j before %j is %j', (text, probabilities, suffix, expected) => {
    expect(mostSaving(text, logs(probabilities), { singleLine: true, suffix })).toBe(expected);
  });
});
