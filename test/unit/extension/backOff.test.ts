/** @file The back-off between restarts of a crashed process. */
import { expect, test } from 'vitest';
import { BackOff } from '../../../extension/modelProcess/backOff';

const options = { first: 100, longest: 500, attempts: 4, healthyAfter: 1_000 };

test('the first start does not wait, and each crash in a row doubles the wait up to the longest', () => {
  const backOff = new BackOff(options);
  const waits = [backOff.delay];
  for (let crash = 0; crash < 4; crash++) {
    backOff.crashed(10);
    waits.push(backOff.delay);
  }
  expect(waits).toEqual([0, 100, 200, 400, 500]);
});

test('it gives up after as many crashes in a row as are allowed, until it is reset', () => {
  const backOff = new BackOff(options);
  for (let crash = 0; crash < 3; crash++) backOff.crashed(10);
  expect(backOff.exhausted).toBe(false);
  backOff.crashed(10);
  expect(backOff.exhausted).toBe(true);
  backOff.reset();
  expect(backOff.exhausted).toBe(false);
  expect(backOff.delay).toBe(0);
});

test('a crash after a long life counts as the first again', () => {
  const backOff = new BackOff(options);
  for (let crash = 0; crash < 3; crash++) backOff.crashed(10);
  backOff.crashed(5_000);
  expect(backOff.delay).toBe(100);
  expect(backOff.exhausted).toBe(false);
});
