/** @file What a key means in the map. Pure. */

export type MapAction =
  /** To a place in the picture, counted in the order that is shown. */
  | { readonly kind: 'move'; readonly row: number; readonly column: number }
  | { readonly kind: 'bit'; readonly by: 1 | -1 }
  | { readonly kind: 'lock' }
  | { readonly kind: 'toggleLock' };

export interface MapPlace {
  /** Null where no voter is selected. */
  readonly row: number | null;
  readonly column: number;
}

/** @returns null for a key that means nothing here */
export function mapAction(key: string, at: MapPlace, rows: number, columns: number): MapAction | null {
  const row = at.row ?? 0;
  const move = (toRow: number, toColumn: number): MapAction | null =>
    rows === 0
      ? null
      : {
          kind: 'move',
          row: Math.min(rows - 1, Math.max(0, toRow)),
          column: Math.min(columns - 1, Math.max(0, toColumn)),
        };
  // The first key only enters the map.
  const by = (step: number): MapAction | null => move(at.row === null ? 0 : row + step, at.column);
  const page = Math.max(1, Math.round(rows / 8));
  switch (key) {
    case 'ArrowUp':
      return by(-1);
    case 'ArrowDown':
      return by(1);
    case 'PageUp':
      return by(-page);
    case 'PageDown':
      return by(page);
    case 'ArrowLeft':
      return move(row, at.column - 1);
    case 'ArrowRight':
      return move(row, at.column + 1);
    case 'Home':
      return move(0, at.column);
    case 'End':
      return move(rows - 1, at.column);
    case '[':
      return { kind: 'bit', by: -1 };
    case ']':
      return { kind: 'bit', by: 1 };
    case 'Enter':
      return { kind: 'lock' };
    case ' ':
      return { kind: 'toggleLock' };
    default:
      return null;
  }
}
