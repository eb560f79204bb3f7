/** @file What a key means in the picture along the text. Pure. */
import type { ChunkSpan } from './span';

export type AlongAction =
  | { readonly kind: 'move'; readonly chunk: number }
  | { readonly kind: 'zoom'; readonly factor: number }
  | { readonly kind: 'whole' }
  | { readonly kind: 'lock' }
  | { readonly kind: 'toggleLock' };

export const ZOOM_STEP = 2;

/**
 * @param chunk the selected chunk
 * @returns null for a key that means nothing here
 */
export function alongAction(key: string, chunk: number, span: ChunkSpan, chunkCount: number): AlongAction | null {
  const move = (to: number): AlongAction => ({ kind: 'move', chunk: Math.min(chunkCount - 1, Math.max(0, to)) });
  const page = Math.max(1, Math.round(span.count / 10));
  switch (key) {
    case 'ArrowLeft':
      return move(chunk - 1);
    case 'ArrowRight':
      return move(chunk + 1);
    case 'PageUp':
      return move(chunk - page);
    case 'PageDown':
      return move(chunk + page);
    case 'Home':
      return move(0);
    case 'End':
      return move(chunkCount - 1);
    case '+':
    case '=':
      return { kind: 'zoom', factor: ZOOM_STEP };
    case '-':
      return { kind: 'zoom', factor: 1 / ZOOM_STEP };
    case '0':
      return { kind: 'whole' };
    case 'Enter':
      return { kind: 'lock' };
    case ' ':
      return { kind: 'toggleLock' };
    default:
      return null;
  }
}
