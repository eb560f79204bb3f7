/** @file `voters.jsonl`: written so that it diffs well, read with one sentence for each thing that can be wrong. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isVoterNotesError, readVoterNotes, setVoterNote } from '../../../model/checkpoint/voterNotes';

const M = 16;
let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'smuggler-notes-'));
  file = path.join(folder, 'voters.jsonl');
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

const at = new Date('2026-03-01T10:00:00Z');
const set = (bit: number, voter: number, name: string, note = '') =>
  setVoterNote(folder, M, { bit, voter, name, note }, at);

async function failure(promise: Promise<unknown>) {
  const error: unknown = await promise.catch((caught: unknown) => caught);
  if (!isVoterNotesError(error)) expect.fail(`expected a notes error, got ${String(error)}`);
  expect(error.message).toMatch(/^[^\n]+\.$/);
  return error;
}

describe('notes on voters', () => {
  it('are none where there is no file', async () => {
    expect(await readVoterNotes(folder, M)).toEqual([]);
  });

  it('are lines sorted by bit and voter, keys always in the same order', async () => {
    await set(20, 3, 'quotes', 'opens a string\nor closes it');
    await set(2, 11, 'digits');
    await set(2, 4, ' indentation ');
    expect(readFileSync(file, 'utf8')).toBe(
      [
        '{"votersPerBit":16}',
        '{"bit":2,"voter":4,"name":"indentation","note":"","updated":"2026-03-01T10:00:00.000Z"}',
        '{"bit":2,"voter":11,"name":"digits","note":"","updated":"2026-03-01T10:00:00.000Z"}',
        '{"bit":20,"voter":3,"name":"quotes","note":"opens a string\\nor closes it","updated":"2026-03-01T10:00:00.000Z"}',
        '',
      ].join('\n'),
    );
    expect((await readVoterNotes(folder, M)).map(({ name }) => name)).toEqual(['indentation', 'digits', 'quotes']);
  });

  it('change one line when one is changed, and lose it when it is emptied', async () => {
    await set(1, 1, 'a');
    await set(2, 2, 'b');
    const before = readFileSync(file, 'utf8').split('\n');
    await set(1, 1, 'c', 'why');
    const after = readFileSync(file, 'utf8').split('\n');
    expect(after.filter((line, i) => line !== before[i])).toHaveLength(1);
    expect((await set(1, 1, '', ' ')).map(({ name }) => name)).toEqual(['b']);
    expect(await readVoterNotes(folder, M)).toHaveLength(1);
  });

  it('keep every one of many changes at once', async () => {
    await Promise.all(Array.from({ length: 20 }, (_, i) => set(i, i % M, `n${i}`)));
    expect(await readVoterNotes(folder, M)).toHaveLength(20);
  });

  it('take lines in any order and with Windows line ends', async () => {
    const line = (bit: number) => `{"updated":"2026-01-01","note":"","name":"x","voter":0,"bit":${bit}}`;
    writeFileSync(file, `{"votersPerBit":16}\r\n${line(9)}\r\n\r\n${line(3)}\r\n`);
    expect((await readVoterNotes(folder, M)).map(({ bit }) => bit)).toEqual([3, 9]);
  });

  it('are refused where the model has another number of voters', async () => {
    await set(0, 15, 'x');
    const error = await failure(readVoterNotes(folder, 128));
    expect(error.message).toContain('16 voters a bit, but this one has 128');
    expect(error.reason).toBe('file');
    await failure(setVoterNote(folder, 128, { bit: 0, voter: 0, name: 'y', note: '' }));
    expect(await readVoterNotes(folder, M)).toHaveLength(1);
  });

  it.each([
    ['not json', /line 1: found "not json", expected a JSON object/],
    ['[]', /line 1: found "\[\]", expected a JSON object/],
    ['{}', /key "votersPerBit" of line 1 is missing, expected 16/],
    ['', /line 1/],
    [
      '{"votersPerBit":16}\n{"bit":32,"voter":0,"name":"","note":"","updated":"2026-01-01"}',
      /line 2: key "bit" is 32, expected an integer from 0 to 31/,
    ],
    [
      '{"votersPerBit":16}\n{"bit":3,"voter":16,"name":"","note":"","updated":"2026-01-01"}',
      /key "voter" is 16, expected an integer from 0 to 15/,
    ],
    [
      '{"votersPerBit":16}\n{"bit":3,"voter":1,"name":7,"note":"","updated":"2026-01-01"}',
      /key "name" is 7, expected a string/,
    ],
    [
      '{"votersPerBit":16}\n{"bit":3,"voter":1,"name":"","note":"","updated":"soon"}',
      /key "updated" is "soon", expected a date/,
    ],
    ...['a\\nb', 'a\\u202eb', 'a\\u2069', 'x'.repeat(81)].map((name): [string, RegExp] => [
      `{"votersPerBit":16}\n{"bit":3,"voter":1,"name":"${name}","note":"","updated":"2026-01-01"}`,
      /line 2: key "name" is .*, expected one line of at most 80 characters, without controls/,
    ]),
    ...['b\\u0000', '\\u2067b', '\\ud800'].map((note): [string, RegExp] => [
      `{"votersPerBit":16}\n{"bit":3,"voter":1,"name":"","note":"${note}","updated":"2026-01-01"}`,
      /line 2: key "note" is .*, expected at most 4000 characters, without controls/,
    ]),
    ...[
      '1',
      'Jan 1',
      '2026-02-31',
      '2026-02-31T00:00:00Z',
      '2026-13-01',
      '2026-01-01T25:00:00Z',
      '2026-01-01T00:00:00+99:00',
    ].map((updated): [string, RegExp] => [
      `{"votersPerBit":16}\n{"bit":3,"voter":1,"name":"","note":"","updated":"${updated}"}`,
      /key "updated" is .*, expected a date such as/,
    ]),
    [
      '{"votersPerBit":16}\n{"bit":3,"voter":1,"name":"a","name":"b","note":"","updated":"2026-01-01"}',
      /line 2: key "name" is there twice/,
    ],
    [
      '{"votersPerBit":16}\n{"bit":3,"voter":1,"name":"","note":"","updated":"2026-01-01","color":1}',
      /key "color" is unknown/,
    ],
    [
      '{"votersPerBit":16}\n{"bit":3,"voter":1,"name":"a","note":"","updated":"2026-01-01"}\n{"bit":3,"voter":1,"name":"b","note":"","updated":"2026-01-01"}',
      /line 3: bit 3, voter 1 is there twice/,
    ],
  ])('name what is wrong in %j, and leave the file as it is', async (text, message) => {
    writeFileSync(file, text);
    expect((await failure(readVoterNotes(folder, M))).message).toMatch(message);
    await failure(set(1, 1, 'x'));
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('may hold line ends and tabs in a note, and emoji made of several characters in a name', async () => {
    const notes = await set(1, 1, '👩‍💻 größe ', 'first\r\n\tsecond');
    expect(notes).toMatchObject([{ name: '👩‍💻 größe', note: 'first\r\n\tsecond' }]);
    expect(await readVoterNotes(folder, M)).toEqual(notes);
  });

  it('are refused where they are not UTF-8', async () => {
    writeFileSync(file, Uint8Array.from([0x7b, 0xff, 0x7d]));
    expect((await failure(readVoterNotes(folder, M))).message).toContain('not UTF-8');
  });

  it.each([
    [{ bit: 32, voter: 0, name: 'x', note: '' }, /Bit 32 does not exist/],
    [{ bit: 0, voter: 16, name: 'x', note: '' }, /Voter 16 does not exist, expected 0 to 15/],
    [{ bit: 0, voter: 0.5, name: 'x', note: '' }, /Voter 0.5 does not exist/],
    [{ bit: 0, voter: 0, name: 'a\nb', note: '' }, /expected one line/],
    [{ bit: 0, voter: 0, name: 'x'.repeat(81), note: '' }, /81 characters/],
    [{ bit: 0, voter: 0, name: '', note: 'x'.repeat(4001) }, /4001 characters/],
    [{ bit: 0, voter: 0, name: 'a\u202Eb', note: '' }, /^The name of a voter is .*without controls/],
    [{ bit: 0, voter: 0, name: 'a\u2028b', note: '' }, /^The name of a voter is .*one line/],
    [{ bit: 0, voter: 0, name: 'a', note: 'b\u0000' }, /^The note of a voter is .*without controls/],
    [{ bit: 0, voter: 0, name: 'a', note: '\u2067b' }, /^The note of a voter is .*without controls/],
  ])('refuse %o', async (change, message) => {
    const error = await failure(setVoterNote(folder, M, change));
    expect(error.reason).toBe('request');
    expect(error.message).toMatch(message);
  });
});
