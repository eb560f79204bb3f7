/** @file Numbers as the command line prints them. */
import { expect, test } from 'vitest';
import { formatMilliseconds, formatNumber } from '../../../model/commandLine/format';

test('a number below 0 has a minus sign', () => {
  expect([-0.25, -1111].map(formatNumber)).toEqual(['−0.250', '−1111']);
});

test('no number has an exponent', () => {
  expect([1.114, 99.94, 99.96, 1111, 123_456, 0].map(formatNumber)).toEqual([
    '1.11',
    '99.9',
    '100',
    '1111',
    '123456',
    '0.00',
  ]);
  expect([0.5, 42.42, 999.4, 999.6, 1113, 61_234, 123_456].map(formatMilliseconds)).toEqual([
    '0.500 ms',
    '42.4 ms',
    '999 ms',
    '1.00 s',
    '1.11 s',
    '61.2 s',
    '123 s',
  ]);
});
