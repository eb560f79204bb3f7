/** @file What the heatmap says in words about its cells and its window. Pure. */
import { BITS } from '../shared/rows';
import { formatBits, formatCount, formatShare, visibleText } from '../shared/text';
import type { Measure } from './measures';
import { isMistake, mistakesOf, scoredBits } from './measures';
import type { HeatmapCell } from './plot';
import type { ChunkRange, MeasuredChunk, TileStore } from './tiles';

interface DocumentSize {
  readonly chunkCount: number;
  readonly byteLength: number;
}

/** The chunk as text, without what pads it at the end of the document. */
export function chunkText({ block, local }: MeasuredChunk, scored: number): string {
  return visibleText(block.bytes.subarray(4 * local, 4 * local + scored / 8));
}

/** One line a fact; the first names the chunk. */
export function describeCell(store: TileStore, byteLength: number, measure: Measure, cell: HeatmapCell): string[] {
  const measured = store.measured(cell.chunk);
  const place = `Chunk ${formatCount(cell.chunk + 1)}, byte ${formatCount(4 * cell.chunk)}`;
  if (measured === null) return [place, 'not measured yet'];
  const { block, local } = measured;
  const scored = scoredBits(cell.chunk, byteLength);
  const lines = [`${chunkText(measured, scored)}  ${place}`];
  if (cell.bit !== null && cell.bit >= scored) {
    lines.push(`bit ${cell.bit}: padding after the end of the text, not scored`);
  } else if (cell.bit !== null) {
    const index = BITS * local + cell.bit;
    const verdict = isMistake(block, index) ? 'mistake' : 'right';
    lines.push(
      `bit ${cell.bit}: real ${block.bits[index]!}, p(1) ${formatShare(block.probabilities[index]!)}, ${verdict}`,
      measure.format(measure.value(block, index)),
    );
  }
  const mistakes = mistakesOf(block, local, scored).length;
  lines.push(`chunk: surprise ${formatBits(block.surprise[local]!)} bits, ${mistakes} mistakes`);
  return lines;
}

/** Which part of the document is shown and what is selected in it. */
export function describeWindow(size: DocumentSize, shown: ChunkRange, selected: HeatmapCell | null): string {
  const end = shown.first + shown.count;
  const lastByte = Math.min(4 * end, size.byteLength) - 1;
  const parts = [
    `Chunks ${formatCount(shown.first + 1)}–${formatCount(end)} of ${formatCount(size.chunkCount)}`,
    `bytes ${formatCount(4 * shown.first)}–${formatCount(lastByte)}`,
  ];
  if (selected !== null) {
    parts.push(`selected chunk ${formatCount(selected.chunk + 1)}, byte ${formatCount(4 * selected.chunk)}`);
  }
  return parts.join(' · ');
}
