/** @file Error messages that quote what a stranger's file holds. */
import { expect, it } from 'vitest';
import { parseConfig } from '../../../model/network/config';
import { responseError } from '../../../model/process/requestErrors';
import { sentence } from '../../../model/process/sentence';

it('a message is one line, with what is invisible or turns text around made visible', () => {
  expect(sentence(' a\n  b\u202Ec\u0007d\u200B. ')).toBe('a b\\u202Ec␇d\\u200B.');
});

it('a message that is too long keeps its beginning and its end', () => {
  const long = sentence(`/model/config.json: "x" is ${'😀'.repeat(20_000)}, expected a number of at least 1.`);
  expect(long.length).toBeLessThanOrEqual(300);
  expect(long).toMatch(/^\/model\/config\.json: "x" is .*….*, expected a number of at least 1\.$/u);
  expect(Buffer.from(long).toString()).toBe(long);
});

it('the answer to a request quotes no more of a configuration', () => {
  for (const value of [{ stages: 'x\u202E'.repeat(20_000) }, { ['k'.repeat(40_000)]: 1 }, 'y'.repeat(40_000)]) {
    let message = '';
    try {
      parseConfig(value, '/model/config.json');
    } catch (error) {
      ({ message } = responseError(error));
    }
    expect(message.length).toBeGreaterThan(50);
    expect(message.length).toBeLessThanOrEqual(300);
    expect(message).not.toMatch(/\u202E/);
  }
});
