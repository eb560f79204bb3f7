/** @file The cache holds what was used last, within its bound. */
import { expect, it } from 'vitest';
import { LruCache } from '../../../model/inspection/lruCache';

it('drops what was not used for longest', () => {
  const cache = new LruCache<number>(30);
  cache.set('a', 1, 9);
  cache.set('b', 2, 9);
  cache.set('c', 3, 9);
  expect(cache.bytes).toBe(30);
  expect(cache.get('a')).toBe(1);
  cache.set('d', 4, 9);
  expect([cache.get('a'), cache.get('b'), cache.get('c'), cache.get('d')]).toEqual([1, undefined, 3, 4]);
  expect(cache.bytes).toBe(30);
});

it('counts a replaced value once and keeps nothing that is larger than itself', () => {
  const cache = new LruCache<number>(20);
  cache.set('a', 1, 9);
  cache.set('a', 2, 5);
  expect(cache.bytes).toBe(6);
  cache.set('b', 3, 20);
  expect(cache.get('b')).toBeUndefined();
  expect(cache.get('a')).toBe(2);
});
