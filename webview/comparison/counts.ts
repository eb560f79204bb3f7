/** @file Bits per byte of both, on how many chunks B is less or more surprised, and how many chunks and bits both, only one, or neither has right. */
import { surpriseDifference } from '../../model/measures/surpriseDifference';
import type { ComparisonReady, ComparisonWithBytes } from '../../model/protocol/panels/comparison';
import { element, table } from '../shared/dom';
import { formatBits, formatCount, formatEffect, formatNumber } from '../shared/text';
import { percent } from '../../model/measures/numberText';
import { bitsPerByteLabel, OUTCOME_NAMES } from './describe';

/** The four counts of all bits together. */
export function totalBits(bits: Uint32Array): number[] {
  const totals = [0, 0, 0, 0];
  bits.forEach((count, at) => (totals[at % 4]! += count));
  return totals;
}

function sum(counts: ArrayLike<number>): number {
  return Array.from(counts).reduce((total, count) => total + count, 0);
}

/** A row of four counts with their shares, and their sum. */
function countRow(name: string, counts: ArrayLike<number>): string[] {
  const all = sum(counts);
  return [
    name,
    ...Array.from(counts, (count) => `${formatCount(count)} (${all === 0 ? '–' : percent(count / all)})`),
    formatCount(all),
  ];
}

const INTERVAL =
  '95 % interval of A − B: Student’s over 32 equal pieces of the text, each under A and B. Where it holds 0, this text is too short to tell.';

/** The interval of A − B of the bits per byte; '' where there is none. */
export function intervalText({ differenceInterval, bitsPerByte }: ComparisonWithBytes): string {
  // Without any difference there is nothing to be sure of.
  if (differenceInterval === null || bitsPerByte[0] === bitsPerByte[1]) return '';
  const [low, high] = differenceInterval;
  return `95 %: ${formatEffect(low)} to ${formatEffect(high)}`;
}

/** On how many chunks B is less surprised than A, and more, each with the mean size: many small gains can cost less than a few losses. */
export function changedSentence({ changed, chunkCount, surpriseA, surpriseB }: ComparisonWithBytes): string {
  const [better, worse] = changed;
  let [gain, loss] = [0, 0];
  for (let chunk = 0; chunk < chunkCount; chunk++) {
    const difference = surpriseDifference(surpriseA[chunk]!, surpriseB[chunk]!);
    if (difference > 0) gain += difference;
    else loss -= difference;
  }
  const by = (total: number, count: number): string => {
    const mean = Number.isFinite(total) ? formatNumber(total / count) : '∞';
    return count === 0 ? '' : ` (by ${mean} bits on average)`;
  };
  const same = chunkCount - better - worse;
  return `B is less surprised than A in ${formatCount(better)} chunks${by(gain, better)}, more in ${formatCount(worse)}${by(loss, worse)}, alike in ${formatCount(same)}.`;
}

const COLUMNS = ['', ...OUTCOME_NAMES, 'N'];

export class Counts {
  readonly node: HTMLElement;
  readonly #bitsPerByte = element('p', { class: 'bits-per-byte' });
  readonly #changed = element('p', { class: 'changed-chunks' });
  readonly #table = element('div', { class: 'counts-table' });
  #shown: ComparisonWithBytes | null = null;

  constructor() {
    this.node = element(
      'section',
      { class: 'counts', 'aria-label': 'Counts' },
      element('h2', {}, 'Bits per byte'),
      this.#bitsPerByte,
      this.#changed,
      element('h2', {}, 'Who is right'),
      this.#table,
    );
  }

  draw({ a, b }: Pick<ComparisonReady, 'a' | 'b'>, result: ComparisonWithBytes): void {
    if (this.#shown === result) return;
    this.#shown = result;
    const [ofA, ofB] = result.bitsPerByte;
    const part = (letter: string, value: string): HTMLElement =>
      element('span', {}, element('span', { class: 'muted-text' }, `${letter} `), element('strong', {}, value));
    const bounds = [a, b].map((side, index) => (bitsPerByteLabel(side) === '' ? '' : index === 0 ? 'A' : 'B')).join('');
    const upper =
      bounds === ''
        ? ''
        : bounds === 'AB'
          ? '≤: independent bits give upper bounds.'
          : `≤: ${bounds}’s independent bits give an upper bound.`;
    this.#bitsPerByte.replaceChildren(
      part('A', `${bitsPerByteLabel(a)}${formatBits(ofA)}`),
      part('B', `${bitsPerByteLabel(b)}${formatBits(ofB)}`),
      part('A − B', formatEffect(surpriseDifference(ofA, ofB))),
      element('span', { class: 'muted-text', title: INTERVAL }, intervalText(result)),
      element('span', { class: 'muted-text' }, upper),
    );
    this.#changed.textContent = changedSentence(result);
    this.#table.replaceChildren(
      table(
        'Right: the most probable value of the bit is the real one; a chunk is right when all its bits are',
        COLUMNS,
        [countRow('Chunks', result.chunks), countRow('Bits', totalBits(result.bits))],
      ),
    );
  }
}

/** The counts of each of the 32 bits of a chunk, as a table. */
export function bitCountRows(bits: Uint32Array): string[][] {
  return Array.from({ length: 32 }, (_, bit) => countRow(String(bit), bits.subarray(4 * bit, 4 * bit + 4)));
}

export const BIT_COUNT_COLUMNS = ['Bit', ...OUTCOME_NAMES, 'N'];
