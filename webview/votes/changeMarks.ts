/** @file The shapes over cells whose voters are silenced or held: told apart without colour. */
import { rectangle } from '../shared/chart/path';

/** Classes of the shapes, in the order in which they are drawn. */
export const CHANGE_CLASSES = ['changed-cell', 'silenced', 'held-zero', 'held-one', 'held-between'] as const;

type ChangeClass = (typeof CHANGE_CLASSES)[number];

/** A changed voter's cell in the picture. */
export interface ChangedCell {
  readonly x: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  /** Null: silenced. */
  readonly vote: number | null;
}

/** Cells narrower than this would have no shape: they are drawn this wide. */
const LEAST_WIDTH = 5;

/**
 * One path a class: a slash through an emptied cell for silenced, a hollow triangle down for held at 0, a full one up for
 * held at 1, a diamond for between. Where cells are narrow, one shape stands for the neighbours of its kind.
 */
export function changeMarks(cells: Iterable<ChangedCell>): Readonly<Record<ChangeClass, string>> {
  const parts: Record<ChangeClass, string> = {
    'changed-cell': '',
    silenced: '',
    'held-zero': '',
    'held-one': '',
    'held-between': '',
  };
  const drawn = new Set<string>();
  for (const cell of cells) {
    const name = classOf(cell.vote);
    if (cell.width < LEAST_WIDTH) {
      const place = `${name} ${cell.top} ${Math.floor(cell.x / LEAST_WIDTH)}`;
      if (drawn.has(place)) continue;
      drawn.add(place);
    }
    const width = Math.max(cell.width, LEAST_WIDTH);
    const x = cell.x + (cell.width - width) / 2;
    const { top, height } = cell;
    parts['changed-cell'] += rectangle(x, top, width, height);
    // A little inside, so that neighbours do not run together.
    const left = x + 0.75;
    const right = x + width - 0.75;
    const middle = x + width / 2;
    const bottom = top + height - 1;
    const upper = top + 0.5;
    if (name === 'silenced') parts.silenced += `M${left},${bottom}L${right},${upper}`;
    else if (name === 'held-one') parts['held-one'] += `M${left},${bottom}L${middle},${upper}L${right},${bottom}z`;
    else if (name === 'held-zero') parts['held-zero'] += `M${left},${upper}L${middle},${bottom}L${right},${upper}z`;
    else {
      const center = (upper + bottom) / 2;
      parts['held-between'] += `M${left},${center}L${middle},${upper}L${right},${center}L${middle},${bottom}z`;
    }
  }
  return parts;
}

function classOf(vote: number | null): ChangeClass {
  if (vote === null) return 'silenced';
  return vote === 0 ? 'held-zero' : vote === 1 ? 'held-one' : 'held-between';
}
