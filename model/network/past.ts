/** @file What a graph that computes one position of a window at a time knows of those before it, and what it leaves to those after it. */
import type { Graph, Value } from '../graph/graph';
import { concat, slice } from '../graph/operators';
import type { ModelConfig } from './config';

/** Name of the input [1, D] that carries the sinusoidal position of a step. */
export const POSITION = 'position';
/** Name of the input [1, n] that carries the mask of a step's attention: 0 for the latest narrow positions there are, else {@link MASKED}. */
export const ATTENDED = 'attended';
/** Added to scores that must not count; large enough that exp of it is 0, small enough to stay finite. */
export const MASKED = -1e9;
/** Name of the input [1, Σ count·width] that carries all rows that the positions before a step left, kind by kind, the oldest first. */
export const BEFORE = 'before';
/** Name of the output [1, Σ width] that carries the rows that a step leaves, and beginning of those of a whole window. */
export const AFTER = 'after';

/** How many positions a whole window has at the narrowest resolution. */
export function narrowPositions({ context_chunks: T, stages: S }: ModelConfig): number {
  return Math.ceil(T / 2 ** S);
}

/** Rows of one kind that later positions need. */
export interface PastRows {
  /** How many of them, the latest ones. */
  readonly count: number;
  readonly width: number;
  /** Rows that a whole window leaves; a step leaves one. */
  readonly length: number;
  /** Whether the latest row belongs to the position after the one that left it: it comes two at a time. */
  readonly paired: boolean;
  /** Where they begin in {@link BEFORE}. */
  readonly offset: number;
}

/**
 * The rows that positions of a window leave to later ones. In the graph of a whole window they only go out; in that of a step, which
 * computes one position at each resolution that has a new one, the latest ones come in too.
 */
export class Past {
  /** In the order in which they are left. */
  readonly rows = new Map<string, PastRows>();
  /** The narrowest resolution with a new position; null where that is S. */
  readonly deepest: number | null;
  readonly #graph: Graph;
  readonly #whole: ReadonlyMap<string, PastRows> | null;
  readonly #left: Value[] = [];
  #before: Value | undefined;

  /** @param step for a step: what a whole window leaves, and the narrowest resolution that has a new position */
  constructor(graph: Graph, step?: { readonly rows: ReadonlyMap<string, PastRows>; readonly deepest: number }) {
    this.#graph = graph;
    this.#whole = step?.rows ?? null;
    this.deepest = step?.deepest ?? null;
  }

  get isStep(): boolean {
    return this.#whole !== null;
  }

  /** Leaves the rows of `value` [L, C], of which later positions need the latest `count`. @param paired see {@link PastRows} */
  leave(name: string, value: Value, count: number, paired = false): void {
    const [length, width] = value.shape as [number, number];
    if (count === 0) return;
    if (this.isStep) this.#left.push(value);
    else this.#graph.output(`${AFTER}:${name}`, value);
    const offset = [...this.rows.values()].reduce((sum, rows) => sum + rows.count * rows.width, 0);
    this.rows.set(name, { count, width, length, paired, offset });
  }

  /**
   * In a step, rows that were left before it, 0 where the window had not begun.
   * @param start,end of their elements, the oldest row first; all unless given
   * @returns [1, end − start]
   */
  before(name: string, start = 0, end?: number): Value {
    const sizes = [...this.#whole!.values()].map(({ count, width }) => count * width);
    this.#before ??= this.#graph.input(BEFORE, [1, sizes.reduce((sum, size) => sum + size, 0)]);
    const { offset, count, width } = this.#whole!.get(name)!;
    return slice(this.#before, 1, offset + start, offset + (end ?? count * width));
  }

  /** Makes the rows that a step left an output. */
  finish(): void {
    if (this.#left.length > 0) this.#graph.output(AFTER, concat(this.#left, 1));
  }
}
