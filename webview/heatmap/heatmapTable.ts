/** @file The chunks of the picture as a table that a screen reader reads. */
import { CHUNK_BITS } from '../../model/measures/chunk';
import { element, table } from '../shared/dom';
import type { VoterTile } from '../../model/protocol/inspection';
import type { HeatmapTile } from '../../model/protocol/panels/heatmap';
import { formatBits, formatCount, formatShare, formatVoters } from '../shared/text';
import type { MeasureName } from './measured/measures';
import { effectiveVotersOf, MEASURES, MEMORY_MEASURES, mistakesOf, scoredBits, summaryOf } from './measured/measures';
import { UNMEASURED, voterCodeAt } from './describe';
import { chunkText } from './measured/chunkText';
import type { TileStore } from './measured/tiles';
import type { VoterMeasure } from './measured/voterMeasures';

/** Chunks that are listed at a time. */
export const TABLE_ROWS = 64;

export interface TableContent {
  readonly first: number;
  readonly count: number;
  readonly chunkCount: number;
  readonly byteLength: number;
  readonly store: TileStore<HeatmapTile>;
  readonly measure: MeasureName;
  /** The voters of a bit in place of the 32 bits; null for those. */
  readonly voters: TableVoters | null;
}

export interface TableVoters {
  readonly store: TileStore<VoterTile>;
  readonly measure: VoterMeasure;
  readonly bit: number;
  /** M */
  readonly votersPerBit: number;
}

/** A cell a voter of the bit. */
function voterValues({ store, voters }: TableContent, chunk: number, scored: number): string[] {
  const { measure, bit, votersPerBit: M } = voters!;
  const known = voters!.store.measured(chunk);
  return Array.from({ length: M }, (_, voter) => {
    if (bit >= scored) return '';
    const code = voterCodeAt(known, store.measured(chunk), measure, bit * M + voter, bit);
    return code === null ? UNMEASURED : measure.format(code, M).replace(/^.*≈ /, '');
  });
}

/** The chunk as a row of the table. */
export function chunkRow(content: TableContent, chunk: number): string[] {
  const name = `${formatCount(chunk + 1)} (byte ${formatCount(4 * chunk)})`;
  const measured = content.store.measured(chunk);
  if (measured === null) return [name, UNMEASURED];
  const scored = scoredBits(chunk, content.byteLength);
  const { tile, local } = measured;
  const measure = MEASURES[content.measure];
  const ofBit = (bit: number): string => {
    if (bit >= scored) return '';
    const value = measure.value(tile, CHUNK_BITS * local + bit);
    return content.measure === 'effectiveVoters' ? formatVoters(value) : formatShare(value);
  };
  const values =
    content.voters === null
      ? Array.from({ length: CHUNK_BITS }, (_, bit) => ofBit(bit))
      : voterValues(content, chunk, scored);
  return [
    name,
    chunkText(measured, scored),
    formatBits(tile.surprise[local]!),
    formatVoters(effectiveVotersOf(tile, local, scored, 1)),
    formatVoters(effectiveVotersOf(tile, local, scored, 0)),
    formatShare(summaryOf('density', tile, local, scored)),
    mistakesOf(tile, local, scored).join(', ') || 'none',
    ...(measure.isOfMemory ? MEMORY_MEASURES : []).map((name) => formatShare(summaryOf(name, tile, local, scored))),
    ...values,
  ];
}

export class HeatmapTable {
  readonly node: HTMLElement;
  readonly #rows = element('div', {
    class: 'table-pane',
    tabindex: '0',
    role: 'region',
    'aria-label': 'Chunks as a table',
  });
  readonly #earlier = element('button', { type: 'button' }, `Previous ${TABLE_ROWS}`);
  readonly #later = element('button', { type: 'button' }, `Next ${TABLE_ROWS}`);

  /** `onMove` is asked to move the window by so many chunks. */
  constructor(onMove: (chunks: number) => void) {
    this.#earlier.addEventListener('click', () => {
      onMove(-TABLE_ROWS);
    });
    this.#later.addEventListener('click', () => {
      onMove(TABLE_ROWS);
    });
    this.node = element(
      'div',
      { class: 'tables' },
      element('div', { class: 'pager' }, this.#earlier, this.#later),
      this.#rows,
    );
  }

  set(content: TableContent): void {
    const count = Math.min(TABLE_ROWS, content.count);
    this.#earlier.disabled = content.first === 0;
    this.#later.disabled = content.first + count >= content.chunkCount;
    const { voters } = content;
    const title =
      voters === null
        ? `columns of bits: ${MEASURES[content.measure].title}`
        : `columns of the voters of bit ${voters.bit}: ${voters.measure.title}`;
    const columns = [
      'Chunk',
      'Text',
      'Surprise, bits',
      'Effective voters, 1-bits',
      'Effective voters, 0-bits',
      'Mean density',
      'Mistaken bits',
      ...(MEASURES[content.measure].isOfMemory ? ['Surprise with memory, bits', 'Decided by memory'] : []),
      ...(voters === null
        ? Array.from({ length: CHUNK_BITS }, (_, bit) => `Bit ${bit}`)
        : Array.from({ length: voters.votersPerBit }, (_, voter) => `Voter ${voter}`)),
    ];
    const rows = Array.from({ length: count }, (_, index) => chunkRow(content, content.first + index));
    this.#rows.replaceChildren(
      table(
        `Chunks ${formatCount(content.first + 1)} to ${formatCount(content.first + count)} of ${formatCount(content.chunkCount)}; ` +
          title,
        columns,
        rows,
      ),
    );
  }
}
