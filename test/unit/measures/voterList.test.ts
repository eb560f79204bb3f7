/** @file Voters as a user writes them. */
import { describe, expect, test } from 'vitest';
import { parseVoters, voterExamples } from '../../../model/measures/voterList';

const VOTERS = 16;
const places = (text: string) => {
  const list = parseVoters(text, VOTERS);
  if ('error' in list) throw new Error(list.error);
  return list.changes.map(({ bit, voter }) => `${bit}/${voter}`);
};
const error = (text: string) => {
  const list = parseVoters(text, VOTERS);
  return 'error' in list ? list.error : null;
};

test.each([1, 2, 16, 128])('examples can be written for a model of %i voters per bit', (votersPerBit) => {
  for (const example of Object.values(voterExamples(votersPerBit))) {
    expect(parseVoters(example, votersPerBit)).toHaveProperty('changes');
  }
});

describe('parseVoters', () => {
  test('one, a range, every bit, every voter, several', () => {
    expect(places('3/7')).toEqual(['3/7']);
    expect(places('3/0-2')).toEqual(['3/0', '3/1', '3/2']);
    expect(places('30-31/15')).toEqual(['30/15', '31/15']);
    expect(places('*/7')).toEqual(Array.from({ length: 32 }, (_, bit) => `${bit}/7`));
    expect(places('5/*')).toEqual(Array.from({ length: VOTERS }, (_, voter) => `5/${voter}`));
    expect(places(' 3/7,  4/1 ;5/2 ')).toEqual(['3/7', '4/1', '5/2']);
  });

  test('silences, or holds at the vote after =', () => {
    expect(parseVoters('3/7, 4/1-2=0.25, 5/5=1', VOTERS)).toEqual({
      changes: [
        { bit: 3, voter: 7, vote: null },
        { bit: 4, voter: 1, vote: 0.25 },
        { bit: 4, voter: 2, vote: 0.25 },
        { bit: 5, voter: 5, vote: 1 },
      ],
    });
  });

  test.each(['', '  ', '3', '3/', '/3', 'a/b', '3/4/5', '3/4-', '3/9-4', '3.5/1', '-1/4', '3/7='])(
    '“%s” cannot be read, and the form is told',
    (text) => {
      expect(error(text)).toMatch(/write bit\/voter, such as 3\/15, 5\/0-15 or /);
    },
  );

  test('bits, voters and votes that there are not', () => {
    expect(error('32/0')).toBe('“32/0” names a bit that there is not: bits are 0 to 31.');
    expect(error('3/16')).toBe('“3/16” names a voter that there is not: each bit has voters 0 to 15.');
    expect(error('3/0-16')).toMatch(/voters 0 to 15/);
    expect(error('40-50/3')).toMatch(/bits are 0 to 31/);
    expect(error('0-999999999/3')).toMatch(/bits are 0 to 31/);
    expect(error('3/4=1.5')).toMatch(/votes are 0 to 1/);
    expect(error('3/4=x')).toMatch(/votes are 0 to 1/);
  });
});
