/** @file The pinned chunk (A) and the live one (B), bit by bit: what is compared, and what is said of it. Pure. */
import { CHUNK_BITS } from '../../model/measures/chunk';
import type { PinnedChunk, VotesReady } from '../../model/protocol/panels/votes';
import { formatBits, formatChange, formatEffect, formatShare, formatVoters } from '../shared/text';

/** What both chunks have of each bit. */
export type ChunkNumbers = Pick<PinnedChunk, 'bits' | 'scored' | 'probabilities' | 'effectiveVoters' | 'surprise'>;

/** A−B; NaN where the bit is padding in either. */
export interface ChunkDifference {
  /** [32] */
  readonly probabilities: Float64Array;
  /** [32] */
  readonly effectiveVoters: Float64Array;
  readonly surprise: number;
}

/** A−B of p, effective voters and surprise. */
export function difference(a: ChunkNumbers, b: ChunkNumbers): ChunkDifference {
  const minus = (of: 'probabilities' | 'effectiveVoters'): Float64Array =>
    Float64Array.from({ length: CHUNK_BITS }, (_, bit) =>
      a.scored[bit] === 1 && b.scored[bit] === 1 ? a[of][bit]! - b[of][bit]! : NaN,
    );
  return {
    probabilities: minus('probabilities'),
    effectiveVoters: minus('effectiveVoters'),
    surprise: a.surprise - b.surprise,
  };
}

/** The line over the picture: which two chunks, and their surprise. */
export function pinnedTitle(a: PinnedChunk, b: VotesReady): string {
  const where = a.provenance.document === b.provenance.document ? '' : ` of ${a.provenance.document}`;
  const model =
    a.provenance.checkpoint === b.provenance.checkpoint
      ? ''
      : ` under ${a.provenance.model} ${a.provenance.checkpoint}`;
  const surprise = `${formatBits(a.surprise)} − ${formatBits(b.surprise)} = ${formatChange(a.surprise - b.surprise)} bits`;
  return `A “${a.text}” − B “${b.text}”: surprise ${surprise} · A pinned at byte ${a.offset}${where}${model}`;
}

/** Columns of the two chunks as a table. */
export const PINNED_COLUMNS = ['Bit', 'Real A', 'Real B', 'p(1) A', 'p(1) B', 'A−B', 'Voters A', 'Voters B', 'A−B'];

/** One row per bit; padding has no numbers. */
export function pinnedRows(a: ChunkNumbers, b: ChunkNumbers): string[][] {
  const minus = difference(a, b);
  const known = (chunk: ChunkNumbers, bit: number, text: string): string => (chunk.scored[bit] === 1 ? text : '–');
  const signed = (value: number): string => (Number.isNaN(value) ? '–' : formatEffect(value));
  return Array.from({ length: CHUNK_BITS }, (_, bit) => [
    String(bit),
    known(a, bit, String(a.bits[bit]!)),
    known(b, bit, String(b.bits[bit]!)),
    known(a, bit, formatShare(a.probabilities[bit]!)),
    known(b, bit, formatShare(b.probabilities[bit]!)),
    signed(minus.probabilities[bit]!),
    known(a, bit, formatVoters(a.effectiveVoters[bit]!)),
    known(b, bit, formatVoters(b.effectiveVoters[bit]!)),
    signed(minus.effectiveVoters[bit]!),
  ]);
}
