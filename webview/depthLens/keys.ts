/** @file What a key means in the lens. Pure. */

export type LensAction =
  | { readonly kind: 'depth'; readonly depth: number }
  /** To another chunk of the document. */
  | { readonly kind: 'chunk'; readonly chunk: number }
  | { readonly kind: 'toggleLock' };

/** Chunks that a page has. */
const PAGE = 8;

/**
 * @param at the chosen depth, and the number of the selected chunk
 * @returns null for a key that means nothing here
 */
export function lensAction(
  key: string,
  at: { readonly depth: number; readonly chunk: number },
  size: { readonly depths: number; readonly chunks: number },
): LensAction | null {
  const depth = (to: number): LensAction => ({ kind: 'depth', depth: Math.min(size.depths - 1, Math.max(0, to)) });
  const chunk = (to: number): LensAction => ({ kind: 'chunk', chunk: Math.min(size.chunks - 1, Math.max(0, to)) });
  switch (key) {
    case 'ArrowUp':
      return depth(at.depth - 1);
    case 'ArrowDown':
      return depth(at.depth + 1);
    case 'Home':
      return depth(0);
    case 'End':
      return depth(size.depths - 1);
    case 'ArrowLeft':
      return chunk(at.chunk - 1);
    case 'ArrowRight':
      return chunk(at.chunk + 1);
    case 'PageUp':
      return chunk(at.chunk - PAGE);
    case 'PageDown':
      return chunk(at.chunk + PAGE);
    case 'Enter':
    case ' ':
      return { kind: 'toggleLock' };
    default:
      return null;
  }
}
