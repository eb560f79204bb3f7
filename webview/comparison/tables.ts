/** @file The pictures as tables that a screen reader reads: chunks around the selected one, its bits, counts of each bit. */
import { surpriseDifference } from '../../model/measures/surpriseDifference';
import type { ComparisonWithBytes } from '../../model/protocol/panels/comparison';
import type { ComparedChunk } from '../../model/protocol/comparison';
import { element, table } from '../shared/dom';
import type { ExportTable } from '../shared/export/panel';
import { formatBits, formatCount, formatEffect } from '../shared/text';
import { BIT_COUNT_COLUMNS, bitCountRows } from './counts';
import { BIT_COLUMNS, bitRowsOf, chunkTexts, OUTCOME_NAMES } from './describe';

/** Chunks that are listed. */
const ROWS = 64;

const CHUNK_COLUMNS = ['Chunk', 'Text', 'Surprise A, bits', 'Surprise B, bits', 'A−B', 'Right'];

/** One row a chunk. */
export function chunkRow(result: ComparisonWithBytes, chunk: number): string[] {
  const { bytesA, bytesB, surpriseA, surpriseB, outcomes } = result;
  const text = chunkTexts(bytesA, chunk).text;
  const other = bytesB === null ? text : chunkTexts(bytesB, chunk).text;
  return [
    `${formatCount(chunk + 1)} (byte ${formatCount(4 * chunk)})`,
    text === other ? text : `${text} | ${other}`,
    formatBits(surpriseA[chunk]!),
    formatBits(surpriseB[chunk]!),
    formatEffect(surpriseDifference(surpriseA[chunk]!, surpriseB[chunk]!)),
    OUTCOME_NAMES[outcomes[chunk]!]!,
  ];
}

/** Every chunk that is compared, for export. */
export function comparisonTable(result: ComparisonWithBytes): ExportTable {
  return {
    columns: ['Chunk', 'Byte', 'Text', 'Text B', 'Surprise A, bits', 'Surprise B, bits', 'A−B', 'Right'],
    rows: Array.from(result.surpriseA, (a, chunk) => {
      const text = chunkTexts(result.bytesA, chunk).text;
      const other = result.bytesB === null ? text : chunkTexts(result.bytesB, chunk).text;
      const b = result.surpriseB[chunk]!;
      return [
        chunk + 1,
        4 * chunk,
        text,
        other,
        a,
        b,
        surpriseDifference(a, b),
        OUTCOME_NAMES[result.outcomes[chunk]!]!,
      ];
    }),
  };
}

export class Tables {
  readonly node: HTMLElement;
  readonly #pane = element('div', {
    class: 'table-pane',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Comparison as tables',
  });
  readonly #earlier = element('button', { type: 'button' }, `Previous ${ROWS}`);
  readonly #later = element('button', { type: 'button' }, `Next ${ROWS}`);

  /** @param onMove another chunk is to be selected, so many chunks on */
  constructor(onMove: (chunks: number) => void) {
    this.#earlier.addEventListener('click', () => {
      onMove(-ROWS);
    });
    this.#later.addEventListener('click', () => {
      onMove(ROWS);
    });
    this.node = element(
      'div',
      { class: 'tables', hidden: '' },
      element('div', { class: 'pager' }, this.#earlier, this.#later),
      this.#pane,
    );
  }

  /** @param around number of a chunk; those of its part of 64 are listed */
  draw(result: ComparisonWithBytes | null, pair: ComparedChunk | null, around: number): void {
    const tables: HTMLTableElement[] = [];
    this.#earlier.disabled = true;
    this.#later.disabled = true;
    if (result !== null) {
      const first = Math.floor(around / ROWS) * ROWS;
      const count = Math.min(ROWS, result.chunkCount - first);
      this.#earlier.disabled = first === 0;
      this.#later.disabled = first + count >= result.chunkCount;
      const rows = Array.from({ length: count }, (_, index) => chunkRow(result, first + index));
      const caption = `Chunks ${formatCount(first + 1)} to ${formatCount(first + count)} of ${formatCount(result.chunkCount)}`;
      tables.push(table(caption, CHUNK_COLUMNS, rows));
    }
    if (pair !== null) {
      const caption = `Votes for chunk ${formatCount(pair.index + 1)}; voters are effective voters 1/Σw²`;
      tables.push(table(caption, BIT_COLUMNS, bitRowsOf(pair)));
    }
    if (result !== null)
      tables.push(table('Who has each bit of a chunk right', BIT_COUNT_COLUMNS, bitCountRows(result.bits)));
    this.#pane.replaceChildren(...tables);
  }
}
