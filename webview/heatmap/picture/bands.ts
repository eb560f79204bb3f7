/** @file The rows of the picture: a band a bit, or one band for the voters of a bit, and the voters within a band. Pure. */
import { CHUNK_BITS } from '../../../model/measures/chunk';
import { bitRows } from '../../shared/rows';

/** A row a bit, a row a voter of all bits (as many as there are pixels for), or a row a voter of one bit. */
export type RowKind = 'bits' | 'voters' | 'bit';

export const ROW_KINDS: readonly { readonly value: RowKind; readonly label: string }[] = [
  { value: 'bits', label: '32 bits' },
  { value: 'voters', label: 'all voters' },
  { value: 'bit', label: 'voters of a bit' },
];

/** True for a kind that a reload restored. */
export function isRowKind(kind: string): kind is RowKind {
  return ROW_KINDS.some(({ value }) => value === kind);
}

export interface RowBands {
  /** Bits shown, top to bottom, each with its first pixel and the pixel after its last. */
  readonly bits: readonly number[];
  readonly tops: Int32Array;
  readonly bottoms: Int32Array;
  readonly height: number;
}

const ALL_BITS = Array.from({ length: CHUNK_BITS }, (_, bit) => bit);

/** @param bit whose voters are shown where the kind is `bit`; @param gap pixels between bytes */
export function rowBands(kind: RowKind, bit: number, height: number, gap: number): RowBands {
  if (kind === 'bit') return { bits: [bit], tops: Int32Array.of(0), bottoms: Int32Array.of(height), height };
  return { bits: ALL_BITS, ...bitRows(height, gap) };
}

/** The band at or nearest to a pixel, by its number from the top. */
export function bandAt({ tops, bottoms }: RowBands, y: number): number {
  let nearest = 0;
  let distance = Infinity;
  tops.forEach((top, band) => {
    const away = Math.max(top - y, y - bottoms[band]! + 1, 0);
    if (away < distance) {
      distance = away;
      nearest = band;
    }
  });
  return nearest;
}

/** Voters of a bit that share the pixel row `y` of a band that is `height` pixels high: from `first` up to `end`. */
export function votersAt(y: number, height: number, voters: number): { readonly first: number; readonly end: number } {
  const first = Math.min(voters - 1, Math.max(0, Math.floor((y * voters) / height)));
  return { first, end: Math.min(voters, Math.max(first + 1, Math.floor(((y + 1) * voters) / height))) };
}

/** First pixel of a voter's row, and the pixel after its last; a whole band where `voter` is null. Null where the bit is not shown. */
export function rowEdges(
  bands: RowBands,
  bit: number,
  voter: number | null,
  voters: number,
): readonly [top: number, bottom: number] | null {
  const band = bands.bits.indexOf(bit);
  if (band < 0) return null;
  const [top, bottom] = [bands.tops[band]!, bands.bottoms[band]!];
  if (voter === null) return [top, bottom];
  const size = (bottom - top) / voters;
  return [top + voter * size, top + (voter + 1) * size];
}
