/** @file Keys that stand twice in one object of a JSON text. */
import { expect, test } from 'vitest';
import { duplicateKey } from '../../../model/files/duplicateKey';

test.each([
  ['{}', null],
  ['{"a":1,"b":{"a":[{"a":1},{"a":2}]},"c":"a"}', null],
  ['["a","a",{"a":"\\"a\\":1"}]', null],
  ['{"a":1,"b":2,"a":1}', 'a'],
  ['{"a" :1,\n"\\u0061"\t: 2}', 'a'],
  ['{"b":[{"x\\\\":1,"x\\\\":2}],"b":1}', 'x\\'],
  ['{"\\"":1,"x":{},"\\"":2}', '"'],
  ['{"__proto__":1,"__proto__":2}', '__proto__'],
])('%s has %j twice', (json, key) => {
  JSON.parse(json);
  expect(duplicateKey(json)).toBe(key);
});

test('in a megabyte as well, in time', () => {
  const keys = Array.from({ length: 50_000 }, (_, i) => `"${'\\\\'.repeat(8)}${i}":0`);
  expect(duplicateKey(`{${keys.join()}}`)).toBeNull();
  expect(duplicateKey(`{${keys.join()},${keys[0]!}}`)).toBe(`${'\\'.repeat(8)}0`);
});
