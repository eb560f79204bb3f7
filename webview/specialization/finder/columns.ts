/** @file The columns of the voter finder: what each says of a voter, in which unit, and how it is sorted and written. Pure. */
import { voterName } from '../../../model/measures/voterName';
import { VOTER_CLASSES } from '../../../model/measures/voterClasses';
import { escapedByte, SPACE_SIGN, signOf } from '../../../model/measures/visibleText';
import type { VoterFinder, VoterTable } from '../../../model/protocol/panels/specialization';
import type { VoterClass, VoterContext } from '../../../model/protocol/statistics';
import type { ExportCell } from '../../shared/export/panel';
import { formatEffect, formatLift, formatNumber, formatShare } from '../../shared/text';

/** Bytes that a row names of those that its voter promotes. */
const PROMOTED = 3;
/** Bits of effect are counted per so many chunks. */
const PER_CHUNKS = 1000;

/** All voters with what is known of each; voter i of bit b is row b·M + i. */
export class FinderRows {
  readonly count: number;
  readonly #contexts = new Map<number, VoterContext>();
  readonly #changes = new Map<number, number | null>();

  constructor(
    readonly finder: VoterFinder,
    readonly table: VoterTable,
  ) {
    this.count = table.densities.length;
    for (const context of table.automaticNames) this.#contexts.set(context.row, context);
    for (const { bit, voter, vote } of finder.changes) this.#changes.set(bit * table.votersPerBit + voter, vote);
  }

  bit(row: number): number {
    return Math.floor(row / this.table.votersPerBit);
  }

  voter(row: number): number {
    return row % this.table.votersPerBit;
  }

  /** `3/17`: what commands take. */
  id(row: number): string {
    return `${this.bit(row)}/${this.voter(row)}`;
  }

  /** The name that the user gave; '' without one. */
  ownName(row: number): string {
    return voterName(this.finder.ownNames, this.bit(row), this.voter(row));
  }

  /** The context that the voter is named after automatically. */
  context(row: number): VoterContext | null {
    return this.#contexts.get(row) ?? null;
  }

  /** The user's name, or else the automatic one. */
  name(row: number): string {
    return this.ownName(row) || (this.context(row)?.name ?? '');
  }

  classes(row: number): VoterClass[] {
    return VOTER_CLASSES.filter((_, k) => (this.table.classMasks[row]! >> k) & 1);
  }

  /** The vote at which it is held, null where it is silenced; undefined where it votes by itself. */
  change(row: number): number | null | undefined {
    return this.#changes.get(row);
  }

  /** `silenced`, `held at 1`, or '' where it votes by itself. */
  state(row: number): string {
    const change = this.change(row);
    return change === undefined ? '' : change === null ? 'silenced' : `held at ${formatNumber(change)}`;
  }

  /** Its vote at the selected chunk; NaN where that is not known. */
  here(row: number): number {
    return this.finder.here?.votes[row] ?? NaN;
  }

  /** The bytes that it promotes, most first, as they are shown. */
  promoted(row: number): string[] {
    const { contributions } = this.table;
    if (contributions === null) return [];
    return Array.from({ length: PROMOTED }, (_, k) => PROMOTED * row + k)
      .filter((at) => contributions.promotedBits[at]! > 0)
      .map((at) => byteSign(contributions.promotedBytes[at]!));
  }

  /** How many times as many of its votes are in its context as by chance. */
  lift(row: number): number {
    const context = this.context(row);
    return context === null ? NaN : (context.there / context.votes / context.chunks) * this.table.chunks;
  }
}

/** A byte as one sign, or `\xE2`. */
export function byteSign(byte: number): string {
  if (byte === 0x20) return SPACE_SIGN;
  return (byte < 0x80 ? signOf(String.fromCharCode(byte)) : null) ?? escapedByte(byte);
}

export type ColumnKey =
  | 'voter'
  | 'name'
  | 'effect'
  | 'votes'
  | 'wins'
  | 'here'
  | 'effectHere'
  | 'promotes'
  | 'evidence'
  | 'classes'
  | 'alike'
  | 'auroc'
  | 'weight';

export interface Column {
  readonly title: string;
  /** What its numbers are counted in; '' for words. */
  readonly unit: string;
  readonly hint: string;
  /** What is sorted: NaN and '' stand last, whichever way. */
  readonly value: (rows: FinderRows, row: number) => number | string;
  /** What a cell says; '' where nothing is known. */
  readonly text: (rows: FinderRows, row: number) => string;
}

/** A column of numbers. */
function numbers(
  title: string,
  unit: string,
  hint: string,
  value: (rows: FinderRows, row: number) => number,
  format: (value: number) => string,
): Column {
  const text = (rows: FinderRows, row: number): string => {
    const number = value(rows, row);
    return Number.isNaN(number) ? '' : format(number);
  };
  return { title, unit, hint, value, text };
}

/** A column of words. */
function words(title: string, hint: string, text: (rows: FinderRows, row: number) => string): Column {
  return { title, unit: '', hint, value: (rows, row) => text(rows, row).toLowerCase(), text };
}

const percent = (share: number): string => formatNumber(Number((100 * share).toPrecision(3)));

export const COLUMNS: Readonly<Record<ColumnKey, Column>> = {
  voter: {
    title: 'Voter',
    unit: 'bit/voter',
    hint: 'Bit 0 to 31, and the voter’s number in it',
    value: (_, row) => row,
    text: (rows, row) => rows.id(row),
  },
  name: words(
    'Name',
    'The name that you gave, or else the automatic one: “auto” from the gathered statistics, as hover and panels have it, “auto here” from the text of this table',
    (rows, row) => rows.name(row),
  ),
  effect: numbers(
    'Effect',
    'bits/1,000 chunks',
    'Change of the surprise if it alone were silenced: above 0 where it helps',
    ({ table }, row) => PER_CHUNKS * (table.contributions?.effects[row] ?? NaN),
    formatEffect,
  ),
  votes: numbers(
    'Votes',
    '% of chunks',
    'Share of the chunks in which it votes above ½',
    ({ table }, row) => 100 * table.densities[row]!,
    (value) => percent(value / 100),
  ),
  wins: numbers(
    'Wins',
    '% of chunks',
    'Share of the chunks in which its weight is the largest of its bit',
    ({ table }, row) => 100 * (table.contributions?.winShares[row] ?? NaN),
    (value) => percent(value / 100),
  ),
  here: numbers('Here', 'v', 'Its vote at the selected chunk', (rows, row) => rows.here(row), formatShare),
  effectHere: numbers(
    'Effect here',
    'bits',
    'Change of the selected chunk’s surprise if it alone were silenced',
    ({ finder }, row) => finder.here?.effects[row] ?? NaN,
    formatEffect,
  ),
  promotes: words('Promotes', 'The bytes at its place on which it saves most, most first', (rows, row) =>
    rows.promoted(row).join(' '),
  ),
  evidence: {
    title: 'Responds to',
    unit: '% of its votes, × chance',
    hint: 'The context of the automatic name: share of its votes above ½ that are there, and how many times the share of all chunks that is',
    value: (rows, row) => rows.lift(row),
    text: (rows, row) => {
      const context = rows.context(row);
      if (context === null) return '';
      return `${context.name}: ${percent(context.there / context.votes)} %, ${formatLift(rows.lift(row))}×`;
    },
  },
  classes: words('Kind', 'Dead, narrow, broad or dense; unheard, contrary, twin', (rows, row) =>
    rows.classes(row).join(', '),
  ),
  alike: {
    title: 'Most alike',
    unit: 'voter, r',
    hint: 'The voter of the same bit whose votes correlate most with its own',
    value: ({ table }, row) => (table.nearest[row]! < 0 ? NaN : table.nearestCorrelations[row]!),
    text: (rows, row) => {
      const { nearest, nearestCorrelations } = rows.table;
      return nearest[row]! < 0 ? '' : `${rows.bit(row)}/${nearest[row]!}, ${nearestCorrelations[row]!.toFixed(3)}`;
    },
  },
  auroc: numbers(
    'AUROC',
    'for its bit',
    'Probability that it votes more at a 1 than at a 0',
    ({ table }, row) => table.aurocs[row]!,
    formatShare,
  ),
  weight: numbers('Weight', 'mean w', 'Its mean weight', ({ table }, row) => table.meanWeights[row]!, formatShare),
};

export const COLUMN_KEYS = Object.keys(COLUMNS) as readonly ColumnKey[];

export function isColumnKey(key: string): key is ColumnKey {
  return key in COLUMNS;
}

export interface Sorting {
  readonly key: ColumnKey;
  readonly descending: boolean;
}

/** The rows in order: by the column, and equal ones by their number; what has no value stands last. */
export function sorted(rows: FinderRows, shown: Uint32Array, { key, descending }: Sorting): Uint32Array {
  const { value } = COLUMNS[key];
  const values = Array.from({ length: rows.count }, (_, row) => value(rows, row));
  const isMissing = (row: number): boolean => values[row] === '' || Number.isNaN(values[row]);
  const sign = descending ? -1 : 1;
  const known = shown.filter((row) => !isMissing(row));
  known.sort((a, b) => {
    const [ofA, ofB] = [values[a]!, values[b]!];
    return ofA < ofB ? -sign : ofA > ofB ? sign : a - b;
  });
  const order = new Uint32Array(shown.length);
  order.set(known);
  order.set(shown.filter(isMissing), known.length);
  return order;
}

/** Names of all columns of an exported table, its numbers not rounded. */
export const CSV_COLUMNS = [
  'bit',
  'voter',
  'name',
  'automatic name',
  'its votes there',
  'its votes above ½',
  'chunks there',
  'chunks',
  'state',
  'votes, % of chunks',
  'wins, % of chunks',
  'effect, bits per 1,000 chunks',
  'v here',
  'effect here, bits',
  ...Array.from({ length: PROMOTED }, (_, k) => [
    `promoted byte ${k + 1}`,
    `saved on it, bits per 1,000 chunks`,
  ]).flat(),
  'kind',
  'most alike voter',
  'r',
  'AUROC for its bit',
  'mean w',
] as const;

/** The cells of a voter, in the order of `CSV_COLUMNS`. */
export function csvRow(rows: FinderRows, row: number): ExportCell[] {
  const { table } = rows;
  const context = rows.context(row);
  const { contributions } = table;
  const number = (key: ColumnKey): number => COLUMNS[key].value(rows, row) as number;
  const known = (value: number): ExportCell => (Number.isNaN(value) ? null : value);
  return [
    rows.bit(row),
    rows.voter(row),
    rows.ownName(row),
    context?.name ?? '',
    context?.there ?? null,
    context?.votes ?? null,
    context?.chunks ?? null,
    table.chunks,
    rows.state(row),
    known(number('votes')),
    known(number('wins')),
    known(number('effect')),
    known(number('here')),
    known(number('effectHere')),
    ...Array.from({ length: PROMOTED }, (_, k) => {
      const at = PROMOTED * row + k;
      const saved = contributions?.promotedBits[at] ?? 0;
      return saved > 0 ? [byteSign(contributions!.promotedBytes[at]!), PER_CHUNKS * saved] : ['', null];
    }).flat(),
    rows.classes(row).join(' '),
    table.nearest[row]! < 0 ? null : table.nearest[row]!,
    known(number('alike')),
    known(number('auroc')),
    known(number('weight')),
  ];
}
