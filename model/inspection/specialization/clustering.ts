/** @file Hierarchical clustering by average linkage, to put rows that behave alike beside each other. */

import type { ClusterTree } from '../../protocol/voterAnalyses';
import { Turns } from '../turns';
import type { TurnOptions } from '../turns';

export interface ClusteredRows {
  /** [n] row numbers. */
  readonly order: Uint32Array;
  readonly tree: ClusterTree;
}

/** Two clusters that were merged, by their rows. */
interface Merge {
  readonly halves: readonly [readonly number[], readonly number[]];
  readonly height: number;
}

/**
 * An order of the rows of a matrix such that rows of one cluster stand together. Average linkage on 1 − r, r Pearson's
 * correlation of two rows; a constant row correlates with none. The two halves of a cluster are turned so that their
 * nearest ends touch. Time and memory O(n²), by nearest-neighbour chains (Murtagh 1983), which give the same tree as merging
 * the nearest pair each time.
 * @param matrix [n, width], row-major, finite
 * @throws the signal's reason when it is aborted
 */
export async function clusterRows(
  matrix: ArrayLike<number>,
  n: number,
  width: number,
  options: TurnOptions = {},
): Promise<ClusteredRows> {
  if (n === 0) return { order: new Uint32Array(0), tree: treeOf([], new Uint32Array(0)) };
  const turns = new Turns(options);
  const base = await correlationDistances(matrix, n, width, turns);
  const distances = base.slice();
  const members: number[][] = Array.from({ length: n }, (_, row) => [row]);
  const isActive = new Uint8Array(n).fill(1);
  const chain: number[] = [];
  const tree: Merge[] = [];
  for (let merges = 0; merges < n - 1;) {
    if (turns.isDue) await turns.give();
    if (chain.length === 0) chain.push(isActive.indexOf(1));
    const top = chain.at(-1)!;
    const previous = chain.at(-2);
    const nearest = nearestCluster(distances, isActive, n, top, previous);
    if (nearest !== previous) {
      chain.push(nearest);
      continue;
    }
    // Both are the other's nearest: merged into the lower number.
    chain.length -= 2;
    const [into, from] = top < nearest ? [top, nearest] : [nearest, top];
    tree.push({ halves: [members[into]!, members[from]!], height: distances[into * n + from]! });
    averageDistances(distances, isActive, n, into, from, members[into]!.length, members[from]!.length);
    members[into] = joined(members[into]!, members[from]!, base, n);
    isActive[from] = 0;
    merges++;
  }
  const order = Uint32Array.from(members[isActive.indexOf(1)]!);
  return { order, tree: treeOf(tree, order) };
}

/** Merges of rows as merges of the intervals of places that the rows have in the end. */
function treeOf(merges: readonly Merge[], order: Uint32Array): ClusterTree {
  const places = new Uint32Array(order.length);
  order.forEach((row, place) => {
    places[row] = place;
  });
  const bounds = new Uint32Array(3 * merges.length);
  merges.forEach(({ halves }, merge) => {
    const [a, b] = halves.map((rows) => rows.reduce((least, row) => Math.min(least, places[row]!), Infinity));
    const first = Math.min(a!, b!);
    bounds.set([first, Math.max(a!, b!), first + halves[0].length + halves[1].length], 3 * merge);
  });
  return { merges: bounds, heights: Float32Array.from(merges, ({ height }) => height) };
}

/** [n, n] 1 − r of every pair of rows. */
async function correlationDistances(
  matrix: ArrayLike<number>,
  n: number,
  width: number,
  turns: Turns,
): Promise<Float64Array> {
  const standard = new Float64Array(n * width);
  for (let row = 0; row < n; row++) {
    let mean = 0;
    for (let k = 0; k < width; k++) mean += matrix[row * width + k]! / width;
    let squares = 0;
    for (let k = 0; k < width; k++) squares += (matrix[row * width + k]! - mean) ** 2;
    const scale = squares > 1e-20 ? 1 / Math.sqrt(squares) : 0;
    for (let k = 0; k < width; k++) standard[row * width + k] = (matrix[row * width + k]! - mean) * scale;
  }
  const distances = new Float64Array(n * n);
  for (let a = 0; a < n; a++) {
    if (turns.isDue) await turns.give();
    for (let b = a + 1; b < n; b++) {
      let r = 0;
      for (let k = 0; k < width; k++) r += standard[a * width + k]! * standard[b * width + k]!;
      distances[a * n + b] = distances[b * n + a] = 1 - r;
    }
  }
  return distances;
}

/** The nearest other cluster; on a tie the one before it in the chain, or else the lowest number. */
function nearestCluster(
  distances: Float64Array,
  isActive: Uint8Array,
  n: number,
  cluster: number,
  previous: number | undefined,
): number {
  let nearest = previous ?? -1;
  let least = previous === undefined ? Infinity : distances[cluster * n + previous]!;
  for (let other = 0; other < n; other++) {
    if (isActive[other] === 0 || other === cluster) continue;
    const distance = distances[cluster * n + other]!;
    if (distance < least) {
      least = distance;
      nearest = other;
    }
  }
  return nearest;
}

/** Distances of a merged cluster: the mean over all pairs of rows (Lance and Williams' update for average linkage). */
function averageDistances(
  distances: Float64Array,
  isActive: Uint8Array,
  n: number,
  into: number,
  from: number,
  intoSize: number,
  fromSize: number,
): void {
  for (let other = 0; other < n; other++) {
    if (isActive[other] === 0 || other === into || other === from) continue;
    const distance =
      (intoSize * distances[into * n + other]! + fromSize * distances[from * n + other]!) / (intoSize + fromSize);
    distances[into * n + other] = distances[other * n + into] = distance;
  }
}

/** One row of both clusters, each turned so that the nearest of their ends touch. */
function joined(left: readonly number[], right: readonly number[], base: Float64Array, n: number): number[] {
  const gap = (a: number, b: number) => base[a * n + b]!;
  const options: readonly (readonly [number, boolean, boolean])[] = [
    [gap(left.at(-1)!, right[0]!), false, false],
    [gap(left.at(-1)!, right.at(-1)!), false, true],
    [gap(left[0]!, right[0]!), true, false],
    [gap(left[0]!, right.at(-1)!), true, true],
  ];
  const [, turnLeft, turnRight] = options.reduce((best, option) => (option[0] < best[0] ? option : best));
  return [...(turnLeft ? left.toReversed() : left), ...(turnRight ? right.toReversed() : right)];
}
