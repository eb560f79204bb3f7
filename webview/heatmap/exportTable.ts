/** @file The chunks in view as a table, a row a chunk. Pure. */
import { CHUNK_BITS } from '../../model/measures/chunk';
import type { ExportCell, ExportTable } from '../shared/export/panel';
import { voterCodeAt } from './describe';
import { chunkText } from './measured/chunkText';
import type { TableContent } from './heatmapTable';
import { effectiveVotersOf, MEASURES, MEMORY_MEASURES, mistakesOf, scoredBits, summaryOf } from './measured/measures';

const COLUMNS = [
  'chunk',
  'byte',
  'text',
  'surprise in bits',
  'effective voters of 1-bits',
  'effective voters of 0-bits',
  'mean density',
  'mistaken bits',
] as const;

function bitCells({ store, measure }: TableContent, chunk: number, scored: number): ExportCell[] {
  const measured = store.measured(chunk);
  return Array.from({ length: CHUNK_BITS }, (_, bit) =>
    measured === null || bit >= scored
      ? null
      : MEASURES[measure].value(measured.tile, CHUNK_BITS * measured.local + bit),
  );
}

function voterCells({ store, voters }: TableContent, chunk: number, scored: number): ExportCell[] {
  const { measure, bit, votersPerBit: M } = voters!;
  const known = voters!.store.measured(chunk);
  return Array.from({ length: M }, (_, voter) => {
    const code = bit < scored ? voterCodeAt(known, store.measured(chunk), measure, bit * M + voter, bit) : null;
    return code === null ? null : measure.value(code, M);
  });
}

/** The table alternative with every chunk in view; nothing but its place of a chunk that has not been measured. */
export function heatmapTable(content: TableContent): ExportTable {
  const { first, count, byteLength, store, measure, voters } = content;
  const titles =
    voters === null
      ? Array.from({ length: CHUNK_BITS }, (_, bit) => `${MEASURES[measure].label}, bit ${bit}`)
      : Array.from(
          { length: voters.votersPerBit },
          (_, voter) => `${voters.measure.label}, bit ${voters.bit}, voter ${voter}`,
        );
  const ofMemory = MEASURES[measure].isOfMemory ? MEMORY_MEASURES : [];
  const rows = Array.from({ length: count }, (_, index): ExportCell[] => {
    const chunk = first + index;
    const scored = scoredBits(chunk, byteLength);
    const cells = voters === null ? bitCells(content, chunk, scored) : voterCells(content, chunk, scored);
    const measured = store.measured(chunk);
    if (measured === null)
      return [chunk, 4 * chunk, null, null, null, null, null, null, ...ofMemory.map(() => null), ...cells];
    const { tile, local } = measured;
    return [
      chunk,
      4 * chunk,
      chunkText(measured, scored),
      tile.surprise[local]!,
      effectiveVotersOf(tile, local, scored, 1),
      effectiveVotersOf(tile, local, scored, 0),
      summaryOf('density', tile, local, scored),
      mistakesOf(tile, local, scored).join(' '),
      ...ofMemory.map((name) => summaryOf(name, tile, local, scored)),
      ...cells,
    ];
  });
  return { columns: [...COLUMNS, ...ofMemory.map((name) => MEASURES[name].minimap), ...titles], rows };
}
