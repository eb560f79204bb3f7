/** @file Voters of a side, kept with the comparison and by name: what comes back after a reload, and what is refused. */
import { describe, expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import type { ComparedVoters } from '../../../../../extension/panels/comparison/comparedVoters';
import {
  comparedVoters,
  readVoters,
  UNCHANGED,
  VoterSets,
  withoutVoters,
} from '../../../../../extension/panels/comparison/comparedVoters';
import { ComparisonSubjects, readSubject } from '../../../../../extension/panels/comparison/comparisonSubject';

vi.mock('vscode', () => ({
  EventEmitter: class<T> {
    readonly #listeners: ((value: T) => void)[] = [];
    readonly event = (listener: (value: T) => void) => this.#listeners.push(listener);
    fire(value: T) {
      for (const listener of this.#listeners) listener(value);
    }
  },
}));

/** A workspace's memory, which holds what can be written as JSON alone. */
function memento(kept: Record<string, string> = {}): vscode.Memento {
  return {
    keys: () => Object.keys(kept),
    get: (key: string) => (kept[key] === undefined ? undefined : (JSON.parse(kept[key]) as unknown)),
    update: (key: string, value: unknown) => {
      kept[key] = JSON.stringify(value);
      return Promise.resolve();
    },
  } as vscode.Memento;
}

const CHANGES = [
  { bit: 12, voter: 7, vote: 0.25 },
  { bit: 3, voter: 17, vote: null },
  { bit: 3, voter: 2, vote: null },
];
const voters = comparedVoters(CHANGES, '/models/starter');
const set = { ...voters, folder: '/models/starter', name: 'no vowels' };

test('voters are in order, each once with its last change; without any the side is unchanged', () => {
  const again = comparedVoters([...CHANGES, { bit: 3, voter: 17, vote: 1 }], '/m');
  expect(again.changes).toEqual([
    { bit: 3, voter: 2, vote: null },
    { bit: 3, voter: 17, vote: 1 },
    { bit: 12, voter: 7, vote: 0.25 },
  ]);
  expect(comparedVoters([], '/m')).toBe(UNCHANGED);
  expect(withoutVoters(set, [{ bit: 3, voter: 17 }])).toEqual({
    name: null,
    folder: '/models/starter',
    changes: [CHANGES[2], CHANGES[0]],
  });
  expect(withoutVoters(set, CHANGES)).toBe(UNCHANGED);
});

const FOREIGN: readonly [string, unknown][] = [
  ['nothing', undefined],
  ['null', null],
  ['a text', '3/17'],
  ['no list', { ...set, changes: '3/17' }],
  ['no folder', { name: 'x', changes: CHANGES }],
  ['a bit that there is not', { ...set, changes: [{ bit: 32, voter: 0, vote: null }] }],
  ['half a voter', { ...set, changes: [{ bit: 3, voter: 0.5, vote: null }] }],
  ['a vote that there is not', { ...set, changes: [{ bit: 3, voter: 0, vote: 2 }] }],
  ['a vote that is missing', { ...set, changes: [...CHANGES, { bit: 3, voter: 0 }] }],
];

describe('what was kept', () => {
  test.each(FOREIGN)('of another form is refused: %s', async (_, foreign) => {
    expect(readVoters(foreign)).toBeNull();
    const subject = { folder: null, texts: null, voters: { a: UNCHANGED, b: foreign } };
    // A key without a value is kept by nobody.
    expect(readSubject(subject)).toBeNull();
    const memory = memento();
    await memory.update('smuggler.voterSets', [foreign ?? null, set]);
    expect(new VoterSets(memory).all).toEqual([set]);
  });

  test('comes back after a reload', async () => {
    const kept = {};
    const subject = {
      folder: '/models/other',
      texts: { a: 'file:///a', b: 'file:///b' },
      voters: { a: set, b: voters },
    };
    await new ComparisonSubjects(memento(kept)).set(subject);
    expect(new ComparisonSubjects(memento(kept)).subject).toEqual(subject);
    await new VoterSets(memento(kept)).keep(set);
    expect(new VoterSets(memento(kept)).all).toEqual([set]);
  });

  test('before voters were compared has all of them', () => {
    expect(readSubject({ folder: '/m', texts: null })).toEqual({
      folder: '/m',
      texts: null,
      voters: { a: UNCHANGED, b: UNCHANGED },
    });
    expect(readSubject({ folder: 3, texts: null })).toBeNull();
    expect(readSubject({ folder: null, texts: { a: 'file:///a' } })).toBeNull();
    expect(readSubject([])).toBeNull();
  });

  test('by name is in order, replaced by a set of the same name, and forgotten', async () => {
    const sets = new VoterSets(memento());
    await sets.keep(set);
    await sets.keep({ ...set, name: 'all bits' });
    const other = { ...comparedVoters([CHANGES[0]!], '/m'), folder: '/m', name: 'no vowels' };
    await sets.keep(other);
    expect(sets.all.map(({ name }) => name)).toEqual(['all bits', 'no vowels']);
    expect(sets.all[1]).toEqual(other);
    await sets.remove('all bits');
    expect(sets.all).toEqual([other]);
  });
});

test('one side changes, the other and the rest stay, and it is told what is new', async () => {
  const subjects = new ComparisonSubjects(memento());
  const told: string[] = [];
  subjects.onDidChange((what) => told.push(what));
  await subjects.setVoters('b', voters);
  const expected: ComparedVoters = voters;
  expect(subjects.subject).toEqual({ folder: null, texts: null, voters: { a: UNCHANGED, b: expected } });
  await subjects.set({ ...subjects.subject!, folder: '/m' });
  await subjects.setVoters('a', set);
  expect(subjects.subject).toEqual({ folder: '/m', texts: null, voters: { a: set, b: expected } });
  expect(told).toEqual(['voters', 'all', 'voters']);
});
