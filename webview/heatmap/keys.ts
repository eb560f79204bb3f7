/** @file What a key means in the heatmap. Pure. */
import { BITS } from '../shared/rows';
import type { HeatmapCell } from './plot';

export type HeatmapAction =
  | { readonly kind: 'move'; readonly cell: { readonly chunk: number; readonly bit: number } }
  | { readonly kind: 'zoom'; readonly direction: 1 | -1 }
  | { readonly kind: 'lock' }
  | { readonly kind: 'toggleLock' };

/**
 * @param at the selected cell
 * @param page chunks that Page Up and Page Down move
 * @returns null for a key that means nothing here
 */
export function heatmapAction(key: string, at: HeatmapCell, page: number, chunkCount: number): HeatmapAction | null {
  const bit = at.bit ?? 0;
  const move = (chunk: number, toBit: number): HeatmapAction => ({
    kind: 'move',
    cell: {
      chunk: Math.min(chunkCount - 1, Math.max(0, chunk)),
      bit: Math.min(BITS - 1, Math.max(0, toBit)),
    },
  });
  switch (key) {
    case 'ArrowLeft':
      return move(at.chunk - 1, bit);
    case 'ArrowRight':
      return move(at.chunk + 1, bit);
    case 'ArrowUp':
      return move(at.chunk, bit - 1);
    case 'ArrowDown':
      return move(at.chunk, at.bit === null ? 0 : bit + 1);
    case 'PageUp':
      return move(at.chunk - page, bit);
    case 'PageDown':
      return move(at.chunk + page, bit);
    case 'Home':
      return move(0, bit);
    case 'End':
      return move(chunkCount - 1, bit);
    case '+':
    case '=':
      return { kind: 'zoom', direction: 1 };
    case '-':
      return { kind: 'zoom', direction: -1 };
    case 'Enter':
      return { kind: 'lock' };
    case ' ':
      return { kind: 'toggleLock' };
    default:
      return null;
  }
}
