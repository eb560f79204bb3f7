/** @file The chunks that the picture along the text shows, and the columns that they are drawn in. Pure. */
import { surpriseDifference } from '../../model/measures/surpriseDifference';
import type { ComparisonWithBytes } from '../../model/protocol/panels/comparison';

/** Chunks from `first` on. */
export interface ChunkSpan {
  readonly first: number;
  readonly count: number;
}

/** Fewest chunks that are shown, where there are as many. */
const LEAST = 16;

/** The span within `chunkCount` chunks; `null` is all of them. */
export function clampSpan(span: ChunkSpan | null, chunkCount: number): ChunkSpan {
  if (span === null) return { first: 0, count: chunkCount };
  const count = Math.min(chunkCount, Math.max(LEAST, Math.round(span.count)));
  return { first: Math.min(chunkCount - count, Math.max(0, Math.round(span.first))), count };
}

/** Zooms by `factor` (above 1: closer) around a chunk; null where that shows everything. */
export function zoomSpan(
  { first, count }: ChunkSpan,
  factor: number,
  around: number,
  chunkCount: number,
): ChunkSpan | null {
  const wanted = count / factor;
  if (wanted >= chunkCount) return null;
  const share = (around + 0.5 - first) / count;
  return clampSpan({ first: around + 0.5 - share * wanted, count: wanted }, chunkCount);
}

/** The span unchanged where it shows the chunk, else moved so that the chunk stands in its middle. */
export function followSpan(span: ChunkSpan, chunk: number, chunkCount: number): ChunkSpan {
  if (chunk >= span.first && chunk < span.first + span.count) return span;
  return clampSpan({ ...span, first: chunk - span.count / 2 }, chunkCount);
}

/** K columns over a span: each is the mean of its chunks. */
export interface SpanColumns {
  readonly count: number;
  /** [K+1] first chunk of each column, and the end. */
  readonly starts: Uint32Array;
  /** [K] bits a chunk. */
  readonly a: Float64Array;
  readonly b: Float64Array;
  readonly difference: Float64Array;
  /** [K·4] share of the column's chunks with each outcome. */
  readonly outcomes: Float64Array;
  /** The largest of the means of A and B that is finite. */
  readonly largest: number;
  /** The largest of the means of A−B without its sign that is finite. */
  readonly largestDifference: number;
}

/** At most `most` columns: one a chunk where they fit, else as many equal parts. */
export function spanColumns(result: ComparisonWithBytes, { first, count }: ChunkSpan, most: number): SpanColumns {
  const columns = Math.max(1, Math.min(count, Math.floor(most)));
  const starts = Uint32Array.from({ length: columns + 1 }, (_, k) => first + Math.floor((k * count) / columns));
  const a = new Float64Array(columns);
  const b = new Float64Array(columns);
  const difference = new Float64Array(columns);
  const outcomes = new Float64Array(4 * columns);
  let largest = 0;
  let largestDifference = 0;
  for (let k = 0; k < columns; k++) {
    const from = starts[k]!;
    const chunks = starts[k + 1]! - from;
    for (let chunk = from; chunk < starts[k + 1]!; chunk++) {
      a[k]! += result.surpriseA[chunk]!;
      b[k]! += result.surpriseB[chunk]!;
      difference[k]! += surpriseDifference(result.surpriseA[chunk]!, result.surpriseB[chunk]!);
      outcomes[4 * k + result.outcomes[chunk]!]! += 1 / chunks;
    }
    a[k]! /= chunks;
    b[k]! /= chunks;
    difference[k]! /= chunks;
    for (const mean of [a[k]!, b[k]!]) if (Number.isFinite(mean)) largest = Math.max(largest, mean);
    const apart = Math.abs(difference[k]!);
    if (Number.isFinite(apart)) largestDifference = Math.max(largestDifference, apart);
  }
  return { count: columns, starts, a, b, difference, outcomes, largest, largestDifference };
}

/** The column that holds a chunk of the span. */
export function columnOf({ starts, count }: SpanColumns, chunk: number): number {
  let low = 0;
  let high = count - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (starts[middle]! <= chunk) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** The chunk of a column where A and B differ most. */
export function chunkOfColumn(result: ComparisonWithBytes, { starts }: SpanColumns, column: number): number {
  let best = starts[column]!;
  let most = -1;
  for (let chunk = best; chunk < starts[column + 1]!; chunk++) {
    const difference = Math.abs(surpriseDifference(result.surpriseA[chunk]!, result.surpriseB[chunk]!));
    if (difference > most) {
      most = difference;
      best = chunk;
    }
  }
  return best;
}
