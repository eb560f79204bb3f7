/** @file The tree of the clusters beside the map: where branches meet says how unlike they are. Pure. */
import type { ClusterTree } from '../../model/protocol/voterAnalyses';

/** A cluster: the middle of what it joins, and the height at which it was joined. */
interface Branch {
  readonly middle: number;
  readonly height: number;
}

/** Where a tree is drawn. */
export interface TreeFrame {
  /** Pixel at which leaves end, and the pixel of the greatest height. */
  readonly leaves: number;
  readonly root: number;
  /** Rows have their tree beside them, columns below. */
  readonly along: 'rows' | 'columns';
}

/** The height at the root: the end of the scale; 0 where nothing was joined. */
export function treeHeight({ heights }: ClusterTree): number {
  return heights.reduce((most, height) => Math.max(most, height), 0);
}

/**
 * The branches as an SVG path.
 * @param middles [n] pixel in the middle of each place; NaN where the place is not shown, which is left out of the tree
 */
export function treePath(tree: ClusterTree, middles: Float64Array, { leaves, root, along }: TreeFrame): string {
  const most = treeHeight(tree) || 1;
  const depth = (height: number): number => leaves + ((root - leaves) * height) / most;
  const branches = new Map<string, Branch | null>();
  const branch = (first: number, end: number): Branch | null => {
    if (end - first > 1) return branches.get(`${first} ${end}`) ?? null;
    return Number.isNaN(middles[first]!) ? null : { middle: middles[first]!, height: 0 };
  };
  let path = '';
  tree.heights.forEach((height, merge) => {
    const [first, split, end] = tree.merges.subarray(3 * merge, 3 * merge + 3);
    const halves = [branch(first!, split!), branch(split!, end!)];
    const [a, b] = halves;
    const key = `${first!} ${end!}`;
    if (a == null || b == null) {
      branches.set(key, a ?? b ?? null);
      return;
    }
    branches.set(key, { middle: (a.middle + b.middle) / 2, height });
    const [from, at, to] = [depth(a.height), depth(height), depth(b.height)];
    path +=
      along === 'rows'
        ? `M${from},${a.middle}H${at}V${b.middle}H${to}`
        : `M${a.middle},${from}V${at}H${b.middle}V${to}`;
  });
  return path;
}
