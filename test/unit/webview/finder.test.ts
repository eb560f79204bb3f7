/** @file The voter finder without a page: what a query finds, how rows are sorted, what they say, how they are spread and exported. */
import { describe, expect, it } from 'vitest';
import {
  COLUMN_KEYS,
  COLUMNS,
  CSV_COLUMNS,
  csvRow,
  FinderRows,
  sorted,
} from '../../../webview/specialization/finder/columns';
import type { ColumnKey } from '../../../webview/specialization/finder/columns';
import { matching, parseQuery } from '../../../webview/specialization/finder/query';
import { spreadOf } from '../../../webview/specialization/finder/spread';
import { finder, voterTable } from '../../webview/page/specialization';

const M = 8;
const table = voterTable(M);
const rows = new FinderRows(finder(M, { table, ownNames: { '3/7': 'Opens a word' } }), table);
const all = Uint32Array.from({ length: 32 * M }, (_, row) => row);

function found(query: string): number[] {
  const parsed = parseQuery(query);
  expect(parsed.problem, query).toBeNull();
  return [...matching(rows, parsed)];
}

const where = (test: (row: number) => boolean): number[] => [...all].filter(test);

describe('a query', () => {
  it.each<[string, (row: number) => boolean]>([
    ['', () => true],
    ['dead', (row) => row % 3 === 1],
    ['ALIVE', (row) => row % 3 !== 1],
    ['-dead twin', (row) => row % 3 !== 1 && row % 11 === 0],
    ['kind:twin', (row) => row % 3 !== 1 && row % 11 === 0],
    ['bit:6', (row) => row >> 3 === 6],
    ['bit:6-8 voter:0', (row) => row % 8 === 0 && row >> 3 >= 6 && row >> 3 <= 8],
    ['byte:2', (row) => row >> 6 === 2],
    ['3/7', (row) => row === 31],
    ['vowel', (row) => row % 7 === 0 && row % 3 === 0],
    ['name:"after a space"', (row) => row % 7 === 0 && row % 3 === 1 && table.densities[row]! > 0],
    ['WORD', (row) => row === 31],
    ['named', (row) => row === 31],
    ['auto', (row) => row % 7 === 0 && row % 3 !== 1 && row !== 31],
    ['wins>9', (row) => table.contributions!.winShares[row]! > 0.09],
    ['votes<=40 votes>=40', (row) => 100 * table.densities[row]! === 40],
    ['votes=0', (row) => row % 3 === 1],
    ['effect<-5', (row) => 1000 * table.contributions!.effects[row]! < -5],
    ['r>0.98', (row) => row % 3 !== 1 && row % 11 === 0],
    ['lift>3', (row) => row % 7 === 0 && row % 3 !== 1],
    ['here', (row) => row % 4 === 3],
    ['here>0.2 here<0.3', (row) => row % 4 === 1],
    ['silenced', (row) => row === 0],
    ['held', (row) => row === 2],
    ['promotes:␣ bit:0', (row) => row < 8 && row % 3 !== 1],
    ['promotes:" " bit:0', (row) => row < 8 && row % 3 !== 1],
  ])('%s', (query, test) => {
    expect(found(query)).toEqual(where(test));
  });

  it('says which terms say nothing, and what is known, and goes by the others', () => {
    for (const term of ['wns>3', 'wins>', 'wins>x', 'bit:', 'bit:a', 'colour:red']) {
      const parsed = parseQuery(`dead ${term}`);
      expect(parsed.problem, term).toContain(`“${term}” is not understood. Known are`);
      expect([...matching(rows, parsed)]).toEqual(found('dead'));
    }
  });

  it('meets no number where none is known', () => {
    const without = voterTable(M, { contributions: null });
    const unknown = new FinderRows(finder(M, { table: without, here: null }), without);
    expect(matching(unknown, parseQuery('wins<200'))).toHaveLength(0);
    expect(matching(unknown, parseQuery('here'))).toHaveLength(0);
    expect(COLUMNS.effect.text(unknown, 0)).toBe('');
    expect(COLUMNS.promotes.text(unknown, 0)).toBe('');
  });
});

describe('sorting', () => {
  const order = (key: ColumnKey, descending: boolean): number[] => [...sorted(rows, all, { key, descending })];

  it.each(COLUMN_KEYS)('by %s: every row once, in order, and what is missing last', (key) => {
    for (const descending of [false, true]) {
      const values = order(key, descending).map((row) => COLUMNS[key].value(rows, row));
      const known = values.filter((value) => value !== '' && !Number.isNaN(value));
      expect(values.slice(0, known.length)).toEqual(known);
      known.slice(1).forEach((value, at) => {
        expect(descending ? known[at]! >= value : known[at]! <= value).toBe(true);
      });
      expect(new Set(order(key, descending)).size).toBe(all.length);
    }
  });

  it('leaves equal rows by their number, whichever way', () => {
    const dead = order('votes', true).filter((row) => row % 3 === 1);
    expect(dead).toEqual(dead.toSorted((a, b) => a - b));
  });

  it('takes less than 50 ms for 4,096 voters, the query included', () => {
    const large = voterTable(128);
    const many = new FinderRows(finder(128, { table: large }), large);
    const times = COLUMN_KEYS.map((key) => {
      const start = process.cpuUsage();
      sorted(many, matching(many, parseQuery('-dead vowel votes>0')), { key, descending: true });
      sorted(many, matching(many, parseQuery('')), { key, descending: true });
      const { user, system } = process.cpuUsage(start);
      return (user + system) / 1000;
    });
    expect(times.toSorted((a, b) => a - b)[COLUMN_KEYS.length >> 1]).toBeLessThan(50);
  });
});

describe('what a row says', () => {
  it('the user’s name goes before the automatic one, whose context stays told with its evidence', () => {
    const named = new FinderRows(finder(M, { table, ownNames: { '5/2': 'mine' } }), table);
    expect(5 * M + 2).toBe(42);
    expect(COLUMNS.name.text(named, 42)).toBe('mine');
    expect(COLUMNS.name.text(rows, 42)).toBe('before a vowel');
    expect(COLUMNS.evidence.text(named, 42)).toBe('before a vowel: 80 %, 4×');
    expect(COLUMNS.evidence.text(rows, 1)).toBe('');
  });

  it('how a voter is changed, and whom it is most alike', () => {
    expect([0, 1, 2].map((row) => rows.state(row))).toEqual(['silenced', '', 'held at 1']);
    expect(COLUMNS.alike.text(rows, 0)).toBe('0/1, 0.990');
    expect(COLUMNS.promotes.text(rows, 0)).toBe('␣ b \\xC3');
  });

  it('a row of the export has a cell for every column, numbers not rounded', () => {
    const cells = csvRow(rows, 42);
    expect(cells).toHaveLength(CSV_COLUMNS.length);
    const cell = (name: (typeof CSV_COLUMNS)[number]) => cells[CSV_COLUMNS.indexOf(name)];
    expect(cell('bit')).toBe(5);
    expect(cell('voter')).toBe(2);
    expect(cell('automatic name')).toBe('before a vowel');
    expect(cell('chunks')).toBe(4820);
    expect(cell('wins, % of chunks')).toBe(100 * table.contributions!.winShares[42]!);
    expect(cell('kind')).toBe('narrow');
    expect(csvRow(rows, 1)[CSV_COLUMNS.indexOf('r')]).toBeNull();
  });
});

describe('the spread', () => {
  it('counts every shown row that has a value, the ends in the first and the last bin', () => {
    const spread = spreadOf(rows, all, 'auroc')!;
    expect(spread.count).toBe(32 * M);
    expect(spread.bins.reduce((sum, count) => sum + count, 0)).toBe(32 * M);
    expect(spread.bins[0]).toBeGreaterThan(0);
    expect(spread.bins.at(-1)).toBeGreaterThan(0);
    expect(spread.least).toBeLessThan(spread.median);
    expect(spread.median).toBeLessThan(spread.most);
    expect(spreadOf(rows, all, 'alike')!.count).toBe(where((row) => row % 3 !== 1).length);
  });

  it('is none of words, and of nothing', () => {
    for (const key of ['voter', 'name', 'classes'] as const) expect(spreadOf(rows, all, key)).toBeNull();
    expect(spreadOf(rows, new Uint32Array(), 'votes')).toBeNull();
  });
});
