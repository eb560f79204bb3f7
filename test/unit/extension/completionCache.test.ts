/** @file Completions found again while the user types along them, and what is worth offering. */
import { describe, expect, test } from 'vitest';
import { CompletionCache, isWorthOffering } from '../../../extension/editor/completionCache';
import type { CompletionPlace } from '../../../extension/editor/completionCache';

/** A place at the end of `prefix`, which begins at `start`. */
function place(prefix: string, suffix = '', source = 'a', start = 0): CompletionPlace {
  return { source, offset: start + prefix.length, prefix, suffix };
}

function cacheWith(prefix: string, text: string, suffix = ''): CompletionCache {
  const cache = new CompletionCache();
  cache.add({ ...place(prefix, suffix), text });
  return cache;
}

describe('CompletionCache', () => {
  test('finds a completion where it was offered, and what is left of it after typing along', () => {
    const cache = cacheWith('const x', ' = await load()');
    expect(cache.find(place('const x'))).toBe(' = await load()');
    expect(cache.find(place('const x ='))).toBe(' await load()');
    expect(cache.find(place('const x = await loa'))).toBe('d()');
  });

  test('a completion of which one character is left is not offered again, and the model is asked anew', () => {
    expect(cacheWith('const x', ' = 1;').find(place('const x = 1'))).toBeUndefined();
    expect(cacheWith('const x', ' = 1').find(place('const x = 1'))).toBeUndefined();
  });

  test('knows nothing of other text, another suffix, another document or model', () => {
    const cache = cacheWith('const x', ' = 1', ';');
    expect(cache.find(place('const x -', ';'))).toBeUndefined();
    expect(cache.find(place('let x', ';'))).toBeUndefined();
    expect(cache.find(place('const x'))).toBeUndefined();
    expect(cache.find(place('const x', ';', 'b'))).toBeUndefined();
  });

  test('remembers that there was nothing to offer', () => {
    expect(cacheWith('zzz', '').find(place('zzz'))).toBe('');
    expect(cacheWith('zzz', '').find(place('zzzz'))).toBeUndefined();
  });

  test('prefixes that were cut at different lengths are the same place when their ends agree', () => {
    const cache = cacheWith('0123456789', 'abc');
    expect(cache.find(place('456789', '', 'a', 4))).toBe('abc');
    expect(cache.find(place('456789a', '', 'a', 4))).toBe('bc');
    expect(cache.find(place('996789', '', 'a', 4))).toBeUndefined();
    expect(cache.find(place('0123456789', '', 'a', 1))).toBeUndefined();
  });

  test('the newest answer for a place wins, and only the newest are kept', () => {
    const cache = cacheWith('p', 'old');
    cache.add({ ...place('p'), text: 'new' });
    expect(cache.find(place('p'))).toBe('new');
    for (let i = 0; i < 40; i++) cache.add({ ...place(`q${i}`), text: 't' });
    expect(cache.find(place('p'))).toBeUndefined();
  });

  test('is empty after clear', () => {
    const cache = cacheWith('p', 'text');
    cache.clear();
    expect(cache.find(place('p'))).toBeUndefined();
  });
});

test.each([
  ['', '', false],
  ['  \n\t', '', false],
  ['foo', '', true],
  ['foo', 'foo()', false],
  [' foo', ' foo', false],
  ['foo ', 'foo', false],
  ['foo', 'fo', true],
  ['foo', ' bar', true],
  [' n', '', false],
  [');', '', true],
])('isWorthOffering(%j, %j) is %j', (text, suffix, expected) => {
  expect(isWorthOffering(text, suffix)).toBe(expected);
});
