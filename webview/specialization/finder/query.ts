/** @file What the user looks for in the voter finder: words, kinds, and terms such as `bit:6`, `name:vowel`, `wins>10`. Pure. */
import { VOTER_CLASSES } from '../../../model/measures/voterClasses';
import type { ColumnKey, FinderRows } from './columns';
import { COLUMNS } from './columns';

/** Whether a voter is looked for. */
type Test = (rows: FinderRows, row: number) => boolean;

export interface Query {
  readonly test: Test;
  /** Terms that say nothing, and what is known in their place; null where all are understood. */
  readonly problem: string | null;
}

/** Words that stand for a test of their own. */
const WORDS: Readonly<Record<string, Test>> = {
  ...Object.fromEntries(
    VOTER_CLASSES.map((name): [string, Test] => [name, (rows, row) => rows.classes(row).includes(name)]),
  ),
  alive: (rows, row) => !rows.classes(row).includes('dead'),
  silenced: (rows, row) => rows.change(row) === null,
  held: (rows, row) => typeof rows.change(row) === 'number',
  named: (rows, row) => rows.ownName(row) !== '',
  auto: (rows, row) => rows.ownName(row) === '' && rows.context(row) !== null,
  here: (rows, row) => rows.here(row) > 0.5,
};

/** What a number is compared with, in the unit of its column. */
const NUMBERS: Readonly<Record<string, ColumnKey>> = {
  votes: 'votes',
  wins: 'wins',
  effect: 'effect',
  here: 'here',
  effecthere: 'effectHere',
  lift: 'evidence',
  r: 'alike',
  auroc: 'auroc',
  weight: 'weight',
};

const COMPARISONS: Readonly<Record<string, (a: number, b: number) => boolean>> = {
  '>': (a, b) => a > b,
  '<': (a, b) => a < b,
  '>=': (a, b) => a >= b,
  '<=': (a, b) => a <= b,
  '=': (a, b) => a === b,
};

/** Texts that a term looks into. */
const TEXTS: Readonly<Record<string, (rows: FinderRows, row: number) => string>> = {
  name: (rows, row) => `${rows.ownName(row)}\n${rows.context(row)?.name ?? ''}`,
  kind: (rows, row) => rows.classes(row).join(' '),
};

/** Whole numbers that a term names, one or from one to another. */
const PLACES: Readonly<Record<string, (rows: FinderRows, row: number) => number>> = {
  bit: (rows, row) => rows.bit(row),
  byte: (rows, row) => rows.bit(row) >> 3,
  voter: (rows, row) => rows.voter(row),
};

/** All that can be written, for the hint and for a term that says nothing. */
export const QUERY_HELP =
  `words of a name; ${Object.keys(WORDS).join(', ')}; bit:6 or bit:0-7, byte:2, voter:29, 3/17; name:vowel, promotes:e; ` +
  `${Object.keys(NUMBERS).join(', ')} with >, <, >=, <=, = (wins>10); - before a term leaves out`;

/** The tests that a text stands for; every term has to be met. */
export function parseQuery(text: string): Query {
  const tests: Test[] = [];
  const unknown: string[] = [];
  for (const [term] of text.matchAll(/(?:[^\s"]|"[^"]*"?)+/g)) {
    const isNot = term.length > 1 && term.startsWith('-');
    const test = testOf((isNot ? term.slice(1) : term).replaceAll('"', ''));
    if (test === null) unknown.push(term);
    else tests.push(isNot ? (rows, row) => !test(rows, row) : test);
  }
  return {
    test: (rows, row) => tests.every((test) => test(rows, row)),
    problem:
      unknown.length === 0
        ? null
        : `${unknown.map((term) => `“${term}”`).join(', ')} is not understood. Known are ${QUERY_HELP}.`,
  };
}

/** Null for a term of a known form that says nothing. */
function testOf(term: string): Test | null {
  const lower = term.toLowerCase();
  const word = WORDS[lower];
  if (word !== undefined) return word;
  if (/^\d+\/\d+$/.test(term)) return (rows, row) => rows.id(row) === term;
  const compared = /^([a-z]+)(>=|<=|>|<|=)(.*)$/.exec(lower);
  if (compared !== null) {
    const key = NUMBERS[compared[1]!];
    const bound = Number(compared[3]);
    if (key === undefined || compared[3] === '' || Number.isNaN(bound)) return null;
    const holds = COMPARISONS[compared[2]!]!;
    const { value } = COLUMNS[key];
    return (rows, row) => holds(value(rows, row) as number, bound);
  }
  const field = /^([a-z]+):(.*)$/s.exec(term);
  if (field !== null) return fieldTest(field[1]!, field[2]!);
  return (rows, row) => TEXTS['name']!(rows, row).toLowerCase().includes(lower);
}

function fieldTest(field: string, wanted: string): Test | null {
  if (wanted === '') return null;
  if (field === 'promotes') {
    const sign = wanted === ' ' ? '␣' : wanted;
    return (rows, row) => rows.promoted(row).includes(sign);
  }
  const text = TEXTS[field];
  if (text !== undefined) {
    const lower = wanted.toLowerCase();
    return (rows, row) => text(rows, row).toLowerCase().includes(lower);
  }
  const place = PLACES[field];
  const range = /^(\d+)(?:-(\d+))?$/.exec(wanted);
  if (place === undefined || range === null) return null;
  const [first, last] = [Number(range[1]), Number(range[2] ?? range[1])];
  return (rows, row) => place(rows, row) >= first && place(rows, row) <= last;
}

/** The rows that are looked for, by their number. */
export function matching(rows: FinderRows, { test }: Query): Uint32Array {
  return Uint32Array.from({ length: rows.count }, (_, row) => row).filter((row) => test(rows, row));
}
