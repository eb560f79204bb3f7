/** @file What a key means in the matrix of votes. Pure. */
import { CHUNK_BITS } from '../../model/measures/chunk';

export type VotesAction =
  /** To a place in a bit's row, counted in the order that is shown. */
  | { readonly kind: 'move'; readonly bit: number; readonly place: number }
  | { readonly kind: 'lock' }
  | { readonly kind: 'toggleLock' }
  /** Silences the selected voters, holds them at 0, at 1 and no more, or lets them vote by themselves again. */
  | { readonly kind: 'silence' | 'hold' | 'restore' };

/**
 * @param at the selected bit and place; the place is null where a bit without a voter is selected
 * @returns null for a key that means nothing here
 */
export function votesAction(
  key: string,
  at: { readonly bit: number; readonly place: number | null } | null,
  voters: number,
): VotesAction | null {
  const bit = at?.bit ?? 0;
  const place = at?.place ?? 0;
  const page = Math.max(1, Math.round(voters / 8));
  const move = (toBit: number, toPlace: number): VotesAction => ({
    kind: 'move',
    bit: Math.min(CHUNK_BITS - 1, Math.max(0, toBit)),
    place: Math.min(voters - 1, Math.max(0, toPlace)),
  });
  // The first key only enters the matrix.
  const sideways = (by: number): VotesAction => move(bit, at?.place == null ? 0 : place + by);
  switch (key) {
    case 'ArrowLeft':
      return sideways(-1);
    case 'ArrowRight':
      return sideways(1);
    case 'ArrowUp':
      return move(at === null ? 0 : bit - 1, place);
    case 'ArrowDown':
      return move(at === null ? 0 : bit + 1, place);
    case 'Home':
      return move(bit, 0);
    case 'End':
      return move(bit, voters - 1);
    case 'PageUp':
      return move(bit, place - page);
    case 'PageDown':
      return move(bit, place + page);
    case 'Delete':
    case 's':
      return at === null ? null : { kind: 'silence' };
    case 'c':
      return at === null ? null : { kind: 'hold' };
    case 'Backspace':
    case 'S':
      return at === null ? null : { kind: 'restore' };
    case 'Enter':
      return { kind: 'lock' };
    case ' ':
      return { kind: 'toggleLock' };
    default:
      return null;
  }
}
