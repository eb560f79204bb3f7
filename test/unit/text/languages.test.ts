/** @file The languages of a corpus, by the names of its files. */
import { expect, test } from 'vitest';
import { languageName, languageShares, languagesText } from '../../../model/text/languages';

test('a language by its ending, whatever its case; unknown endings as they are', () => {
  expect(['a/b.ts', 'X.PY', 'notes.md', 'data.foo', 'Makefile', '.gitignore'].map(languageName)).toEqual([
    'TypeScript',
    'Python',
    'Markdown',
    '.foo',
    'No ending',
    'No ending',
  ]);
});

test('files and bytes of each, the largest first', () => {
  const file = (path: string, length: number) => ({ path, bytes: new Uint8Array(length) });
  const shares = languageShares([file('a.md', 10), file('b.ts', 50), file('c.tsx', 20), file('d.py', 10)]);
  expect(shares).toEqual([
    { name: 'TypeScript', files: 2, bytes: 70 },
    { name: 'Markdown', files: 1, bytes: 10 },
    { name: 'Python', files: 1, bytes: 10 },
  ]);
  expect(languagesText(shares)).toBe('TypeScript 78 %, Markdown 11 %, Python 11 %');
});

test('small ones are counted', () => {
  const shares = [40, 30, 15, 10, 3, 2].map((bytes, i) => ({ name: `L${i}`, files: 1, bytes }));
  expect(languagesText(shares)).toBe('L0 40 %, L1 30 %, L2 15 %, L3 10 %, 2 others 5 %');
  expect(languagesText(shares.slice(0, 5))).toMatch(/, 1 other 3 %$/);
});
