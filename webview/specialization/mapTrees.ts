/** @file The dendrograms of the map: of its voters to the right of it, of its contexts below. */
import { svgElement } from '../shared/dom';
import type { ClusterTree } from '../../model/protocol/voterAnalyses';
import { treePath } from './dendrogram';
import type { Edges } from './order';

/** CSS pixels between cells and leaves, and from leaves to root. */
const GAP = 4;
const DEPTH = 40;

export interface TreesContent {
  readonly voters: ClusterTree | null;
  readonly contexts: ClusterTree | null;
  readonly rows: Edges;
  readonly columns: Edges;
  /** For each place of the clusters' order its place in the picture; −1 where it is left out. */
  readonly rowPlaces: readonly number[];
  readonly columnPlaces: readonly number[];
  /** Corner of the cells. */
  readonly left: number;
  readonly top: number;
}

/** The middle of each place of the clusters' order; NaN where it is left out. */
function middles({ starts, ends }: Edges, offset: number, places: readonly number[]): Float64Array {
  return Float64Array.from(places, (place) => (place < 0 ? NaN : offset + (starts[place]! + ends[place]!) / 2));
}

export class MapTrees {
  readonly node = svgElement('g', { class: 'trees' });
  readonly #voters = svgElement('path', { class: 'tree voter-tree' });
  readonly #contexts = svgElement('path', { class: 'tree context-tree' });

  constructor() {
    this.node.append(this.#voters, this.#contexts);
  }

  draw({ voters, contexts, rows, columns, rowPlaces, columnPlaces, left, top }: TreesContent): void {
    const right = left + (columns.ends.at(-1) ?? 0) + GAP;
    const bottom = top + (rows.ends.at(-1) ?? 0) + GAP;
    this.#voters.setAttribute(
      'd',
      voters === null
        ? ''
        : treePath(voters, middles(rows, top, rowPlaces), { leaves: right, root: right + DEPTH, along: 'rows' }),
    );
    this.#contexts.setAttribute(
      'd',
      contexts === null
        ? ''
        : treePath(contexts, middles(columns, left, columnPlaces), {
            leaves: bottom,
            root: bottom + DEPTH,
            along: 'columns',
          }),
    );
  }
}
