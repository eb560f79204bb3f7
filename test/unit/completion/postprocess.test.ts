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
  ])('of %j, single line %s, is %i', (text, isLine, expected) => {
    expect(endOfOffer(text, { until: isLine ? 'line' : 'paragraph', before: '' })).toBe(expected);
  });
});

describe('the end of a statement or block', () => {
  it.each([
    // The cursor's line goes on; a line beside it is the next statement.
    ['  return ', 'x;\n  y', 'x;'],
    ['  return ', 'x;\n}', 'x;'],
    ['  return ', 'x;\n', null],
    ['  call(', '\n    x,\n  );\n  y', '\n    x,\n  );'],
    ['  call(', '\n    x,\n  );', null],
    ['if (x) {', '\n  a;\n  b;\n}\nnext', '\n  a;\n  b;\n}'],
    ['if (x) {', '\r\n  a;\r\n}\r\nnext', '\r\n  a;\r\n}'],
    ['if (x) {', '\n  a;\n} else {\n  b;\n}\nnext', '\n  a;\n} else {\n  b;\n}'],
    ['\tif x:', '\n\t\ta\n\t\tb\n\telse:\n\t\tc\n\td', '\n\t\ta\n\t\tb\n\telse:\n\t\tc'],
    ['def f():', '\n    a\n    b\nx', '\n    a\n    b'],
    // An empty line: what is generated says how deep it is.
    ['{\n', '  a;\n  b;', '  a;'],
    ['{\n  ', 'for (x) {\n    a;\n  }\n  b;', 'for (x) {\n    a;\n  }'],
    ['x\n', '\n\na', null],
    ['x {', '\n', null],
  ])('of %j before %j is %j', (before, text, expected) => {
    const end = endOfOffer(text, { until: 'statement', before });
    expect(end < 0 ? null : text.slice(0, end)).toBe(expected);
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
  ])('of %j, single line %s, before %j is %j', (text, isLine, suffix, expected) => {
    const offered = offeredText(text, { until: isLine ? 'line' : 'paragraph', suffix, before: '' });
    expect(offered).toBe(expected);
    expect(text.startsWith(offered)).toBe(true);
  });
});

describe('the beginning that saves most', () => {
  const logs = (probabilities: readonly number[]) => [0, ...probabilities.map(Math.log)];
  const most = (text: string, probabilities: readonly number[], rest: string, suffix = '', before = '') =>
    mostSaving(text, logs(probabilities), { until: 'line', before, suffix, generated: text + rest });

  it.each([
    // 0.8·5 against 0.9·2
    ['ab cde', [1, 0.9, 0.8, 0.8, 0.8, 0.8], ' f', 'ab cde'],
    ['ab cde', [1, 0.9, 0.4, 0.4, 0.3, 0.1], ' f', 'ab'],
    ['f', [1], ' ', ''],
    // One character that can be seen.
    [' f', [1, 1], ' ', ''],
    ['', [], '', ''],
    // Two bytes, one character: 0.9·1 against 0.2·3.
    ['aü b', [1, 0.95, 0.9, 0.4, 0.2], ' ', 'aü'],
    ['☃', [1, 1, 1], '', ''],
    // White space alone is no offer, however sure it is.
    ['    x = 1', [1, 1, 1, 1, 0.4, 0.4, 0.4, 0.3, 0.2], '', '    x ='],
  ])('of %j with %j, then %j, is %j', (text, probabilities, rest, expected) => {
    expect(most(text, probabilities, rest)).toBe(expected);
  });

  it('leaves as they are those that end as the suffix does', () => {
    expect(most('f(a), b', [1, 1, 1, 1, 0.1, 0.1, 0.1], ' ', ')')).toBe('f(a');
  });

  it.each([
    ['return val', 'ue;', 'return '],
    ['return val', '', 'return '],
    ['return value', ';', 'return value'],
    ['return value', '\n', 'return value'],
    ['th', 'at', ''],
    ['naï', 've', ''],
    ['$sco', 'pe', ''],
  ])('ends %j, which goes on with %j, where a word ends: %j', (text, rest, expected) => {
    expect(most(text, new Array<number>(Buffer.byteLength(text)).fill(1), rest)).toBe(expected);
  });

  it.each([
    ['th', 'e', 'Returns', '', ''],
    // The text has the word.
    ['urns', ' it', 'Returns a. Ret', '', 'urns'],
    ['urns', ' it', 'Returned a. Ret', '', ''],
    [' the', ' ', 'Returns', '', ' the'],
    // Within a word that stands there, or against one.
    ['urns', ' it', 'Returns a. Ret', 'ain', ''],
    ['the', ' ', 'over ', 'fence', ''],
    ['the ', 'lazy', 'over ', 'fence', 'the '],
  ])('%j, then %j, between %j and %j is %j', (text, rest, before, suffix, expected) => {
    expect(most(text, new Array<number>(Buffer.byteLength(text)).fill(0.65), rest, suffix, before)).toBe(expected);
  });

  it('finishes a word to one that the text has not where it is sure of it', () => {
    expect(most('urns', [1, 0.9, 0.8, 0.75], ' it', '', 'Returned a. Ret')).toBe('urns');
    expect(most('urns it', [1, 0.9, 0.8, 0.75, 0.65, 0.65, 0.65], ' ', '', 'Returned a. Ret')).toBe('urns');
    expect(most('urns', [1, 0.9, 0.8, 0.75], ' it', 'ain', 'Returned a. Ret')).toBe('');
  });
});
