/** @file Whether a caret stands in a comment or a string. */
import { expect, test } from 'vitest';
import { isInCommentOrString } from '../../../extension/editor/commentOrString';

test.each([
  ['typescript', 'const a = 1; ', false],
  ['typescript', 'const a = "', true],
  ['typescript', 'const a = "b\\"', true],
  ['typescript', 'const a = "b\\\\"', false],
  ['typescript', "it('does not", true],
  ['typescript', "it('unclosed\nnext", false],
  ['typescript', 'const a = `one\ntwo ${', true],
  ['typescript', '// it', true],
  ['typescript', "// it's\nnext ", false],
  ['typescript', '/* one\ntwo', true],
  ['typescript', '/* one\ntwo */ x', false],
  ['typescript', '"//" + x', false],
  ['rust', "fn f<'a>(x: &'a str) ", false],
  ['python', '# a "quote', true],
  ['python', 'x = """one "two" \n', true],
  ['python', 'x = """one""" + ', false],
  ['python', 'x // y', false],
  ['lua', '--[[ one\ntwo', true],
  ['lua', '-- one\ntwo', false],
  ['html', '<!-- one\ntwo', true],
  ['html', "<p>it's", false],
  ['markdown', 'it\'s `code // "', false],
  ['nobody-knows', '"', false],
])('%s: after %j it is %j', (language, before, expected) => {
  expect(isInCommentOrString(language, before)).toBe(expected);
});
