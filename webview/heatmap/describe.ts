/** @file What the heatmap says in words about its cells and its window. Pure. */
import { verdictOf } from '../../model/measures/decidedBits';
import { CHUNK_BITS } from '../../model/measures/chunk';
import { unreadText } from '../../model/measures/memoryText';
import { plural } from '../../model/measures/numberText';
import type { MemoryReading } from '../../model/protocol/memory';
import { formatBits, formatCount, formatProbability, meanOfChunks } from '../shared/text';
import type { VoterTile } from '../../model/protocol/inspection';
import type { HeatmapTile } from '../../model/protocol/panels/heatmap';
import type { Measure } from './measured/measures';
import type { DocumentSummary } from './measured/summary';
import { MEASURES, mistakesOf, scoredBits } from './measured/measures';
import type { HeatmapCell } from './picture/cell';
import type { ChunkRange, KnownChunk, MeasuredChunk, TileStore } from './measured/tiles';
import { chunkText } from './measured/chunkText';
import type { VoterMeasure } from './measured/voterMeasures';

interface DocumentSize {
  readonly chunkCount: number;
  readonly byteLength: number;
  readonly memory?: MemoryReading | null;
}

/** What is said where nothing has been measured, yet or, in an exported panel, ever. */
export const UNMEASURED = 'not measured';

/** What a cell of the measurements of bits says. */
export interface DescribedBits {
  readonly store: TileStore<HeatmapTile>;
  readonly byteLength: number;
  readonly measure: Measure;
}

/** What a cell of voters says. */
export interface DescribedVoters {
  readonly store: TileStore<VoterTile>;
  readonly measure: VoterMeasure;
  /** M */
  readonly votersPerBit: number;
  /** Voters that share the cell's pixels. */
  readonly shared: { readonly first: number; readonly end: number };
}

/** One line a fact; the first names the chunk. `voters` where the rows are voters. */
export function describeCell(
  { store, byteLength, measure }: DescribedBits,
  voters: DescribedVoters | null,
  cell: HeatmapCell,
): string[] {
  const measured = store.measured(cell.chunk);
  const place = `${formatCount(cell.chunk + 1)}, byte ${formatCount(4 * cell.chunk)}`;
  const scored = scoredBits(cell.chunk, byteLength);
  const head = measured === null ? `Chunk ${place}` : `“${chunkText(measured, scored)}” · chunk ${place}`;
  if (cell.bit !== null && cell.bit >= scored) {
    return [head, `bit ${cell.bit}: padding after the end of the text, not scored`];
  }
  const voterLines = voters === null || cell.voter === null ? [] : describeVoter(voters, measured, cell);
  if (measured === null) return [head, ...voterLines, UNMEASURED];
  const { tile, local } = measured;
  const lines = [head, ...voterLines];
  if (cell.bit !== null) {
    const index = CHUNK_BITS * local + cell.bit;
    const [real, p] = [tile.bits[index]!, tile.probabilities[index]!];
    lines.push(`bit ${cell.bit}: real ${real}, p(1) ${formatProbability(p)}, ${verdictOf(p, real)}`);
    // Whatever the colours show, with how many voters decided beside it.
    if (voters === null) {
      const shown = new Set([measure, MEASURES.effectiveVoters]);
      for (const told of shown) lines.push(told.format(told.value(tile, index)));
    }
  }
  const mistakes = mistakesOf(tile, local, scored).length;
  const withMemory = tile.memory?.surprise[local];
  const beside = withMemory === undefined ? '' : `, with memory ${formatBits(withMemory)}`;
  lines.push(
    `chunk: surprise ${formatBits(tile.surprise[local]!)} bits${beside}, ${plural(mistakes, 'mistake', 'mistakes')}`,
  );
  return lines;
}

/** The code of a voter at a chunk, counted from the real bit where that is what is shown; null where it is not known. */
export function voterCodeAt(
  known: KnownChunk<VoterTile> | null,
  measured: MeasuredChunk | null,
  measure: VoterMeasure,
  voter: number,
  bit: number,
): number | null {
  if (known === null) return null;
  const code = known.tile.codes[voter * known.tile.count + known.local]!;
  if (!measure.fromReal) return code;
  if (measured === null) return null;
  return measured.tile.bits[CHUNK_BITS * measured.local + bit] === 1 ? 255 - code : code;
}

/** The voter, and where others share its pixels, the one that the picture shows. */
function describeVoter(
  { store, measure, votersPerBit: M, shared }: DescribedVoters,
  measured: MeasuredChunk | null,
  { chunk, bit, voter }: HeatmapCell,
): string[] {
  const known = store.measured(chunk);
  const value = (index: number): number | null => voterCodeAt(known, measured, measure, bit! * M + index, bit!);
  const code = value(voter!);
  const lines = [`voter ${voter!} of bit ${bit!}: ${code === null ? UNMEASURED : measure.format(code, M)}`];
  if (shared.end - shared.first <= 1 || code === null) return lines;
  let strongest = shared.first;
  for (let index = shared.first; index < shared.end; index++) if (value(index)! > value(strongest)!) strongest = index;
  const text = measure.format(value(strongest)!, M);
  lines.push(`shown: the largest of voters ${shared.first}–${shared.end - 1}, voter ${strongest} with ${text}`);
  return lines;
}

/**
 * Which part of the document is shown and what is selected in it.
 * @param isOfMemory what is shown needs memory: first, why that says nothing of the part
 */
export function describeWindow(
  size: DocumentSize,
  shown: ChunkRange,
  selected: HeatmapCell | null,
  isOfMemory: boolean,
): string {
  const end = shown.first + shown.count;
  const lastByte = Math.min(4 * end, size.byteLength) - 1;
  const missing = isOfMemory ? missingMemory(size, lastByte + 1) : null;
  const parts = [
    ...(missing === null ? [] : [missing]),
    `Chunks ${formatCount(shown.first + 1)}–${formatCount(end)} of ${formatCount(size.chunkCount)}`,
    `bytes ${formatCount(4 * shown.first)}–${formatCount(lastByte)}`,
  ];
  if (selected !== null) {
    parts.push(`selected chunk ${formatCount(selected.chunk + 1)}, byte ${formatCount(4 * selected.chunk)}`);
  }
  return parts.join(' · ');
}

/**
 * What the strip of the whole document shows, from all words to the fewest.
 * @param bins columns of the strip; where chunks share them, each is a mean
 */
export function describeStrip(
  { chunkCount, bins, measured }: Pick<DocumentSummary, 'chunkCount' | 'bins' | 'measured'>,
  name: string,
): readonly [string, ...string[]] {
  const [all, known] = [formatCount(chunkCount), formatCount(measured)];
  const mean = chunkCount > bins ? `, ${meanOfChunks(chunkCount / bins)}` : '';
  const isWhole = measured >= chunkCount;
  const long = `${name}${mean}, ${isWhole ? `N = ${known} chunks` : `${known} of ${all} chunks measured`}`;
  const short = `${name}${mean}, ${isWhole ? `N = ${known}` : `${known} of ${all} measured`}`;
  return [`Whole document: ${long}`, `Document: ${long}`, `Document: ${short}`];
}

/** Why memory says nothing of all bytes up to `end`; null where it does. */
function missingMemory({ memory }: DocumentSize, end: number): string | null {
  if (memory == null) return 'Memory is off.';
  const { progress } = memory;
  return progress !== null && progress.bytes >= progress.total && end <= progress.total
    ? null
    : unreadText(memory, end);
}
