/** @file What a key means in the heatmap. Pure. */
import { CHUNK_BITS } from '../../model/measures/chunk';
import type { RowKind } from './picture/bands';
import type { HeatmapCell } from './picture/cell';

export type HeatmapAction =
  | { readonly kind: 'move'; readonly cell: HeatmapCell }
  | { readonly kind: 'zoom'; readonly direction: 1 | -1 }
  /** To the voters of another bit. */
  | { readonly kind: 'bit'; readonly bit: number }
  | { readonly kind: 'lock' }
  | { readonly kind: 'toggleLock' };

/** What the keys move in. */
export interface KeyRange {
  /** Chunks that Page Up and Page Down move. */
  readonly page: number;
  readonly chunkCount: number;
  readonly rows: RowKind;
  /** The bit whose voters are shown, where the rows are those. */
  readonly bit: number;
  readonly votersPerBit: number;
}

/** The row `by` rows further down: a bit, or a voter. */
function rowBeside({ bit, voter }: HeatmapCell, by: number, range: KeyRange): { bit: number; voter: number | null } {
  const { rows, votersPerBit: M } = range;
  if (rows === 'bits') {
    // The first key only enters the picture.
    return { bit: bit === null ? 0 : Math.min(CHUNK_BITS - 1, Math.max(0, bit + by)), voter: null };
  }
  const [least, most] = rows === 'bit' ? [range.bit * M, (range.bit + 1) * M - 1] : [0, CHUNK_BITS * M - 1];
  const at = (bit ?? range.bit) * M + (voter ?? 0);
  const next = Math.min(most, Math.max(least, voter === null ? at : at + by));
  return { bit: Math.floor(next / M), voter: next % M };
}

/**
 * @param at the selected cell
 * @returns null for a key that means nothing here
 */
export function heatmapAction(key: string, at: HeatmapCell, range: KeyRange): HeatmapAction | null {
  const { page, chunkCount, rows } = range;
  const to = (chunk: number, by = 0): HeatmapAction => {
    const row = by === 0 && at.bit !== null ? { bit: at.bit, voter: at.voter } : rowBeside(at, by, range);
    return { kind: 'move', cell: { chunk: Math.min(chunkCount - 1, Math.max(0, chunk)), ...row } };
  };
  switch (key) {
    case 'ArrowLeft':
      return to(at.chunk - 1);
    case 'ArrowRight':
      return to(at.chunk + 1);
    case 'ArrowUp':
      return to(at.chunk, -1);
    case 'ArrowDown':
      return to(at.chunk, 1);
    case 'PageUp':
      return to(at.chunk - page);
    case 'PageDown':
      return to(at.chunk + page);
    case 'Home':
      return to(0);
    case 'End':
      return to(chunkCount - 1);
    case '+':
    case '=':
      return { kind: 'zoom', direction: 1 };
    case '-':
      return { kind: 'zoom', direction: -1 };
    case '[':
    case ']':
      return rows === 'bit'
        ? { kind: 'bit', bit: (range.bit + (key === ']' ? 1 : CHUNK_BITS - 1)) % CHUNK_BITS }
        : null;
    case 'Enter':
      return { kind: 'lock' };
    case ' ':
      return { kind: 'toggleLock' };
    default:
      return null;
  }
}
