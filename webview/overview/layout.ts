/** @file Where the blocks of the network stand: down the left arm of a U, through the bottleneck, up the right arm. */
import type { BlockSummary } from '../../model/protocol/models';
import { isByteStage } from './describe';

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly width: number;
  readonly height: number;
}

/** Data goes from one block to a later one; a skip goes from encoder to decoder of one level. */
export interface Connection {
  readonly from: number;
  readonly to: number;
  readonly skip: boolean;
}

export interface UShape {
  /** One per block. */
  readonly boxes: readonly Box[];
  readonly connections: readonly Connection[];
  readonly width: number;
  readonly height: number;
}

/** Narrowest picture that can be read, in pixels. */
export const MIN_WIDTH = 340;

const BOX_HEIGHT = 48;
const ROW = 62;
const MARGIN = 6;
/** Between the columns, at least. */
const GAP = 36;
/** Pixels that the longest name of a block needs. */
const NAMED = 150;
const WIDEST = 220;

/** Column (0 left, 1 middle, 2 right) and row of every block. */
function places(blocks: readonly BlockSummary[], stages: number): [number, number][] {
  // A byte stage stands between the trunk's output and the voters.
  const top = blocks.some(isByteStage) ? 2 : 0;
  const bottom = top + 2 + 2 * stages;
  let bottleneck = 0;
  return blocks.map((block) => {
    const { kind, level } = block;
    switch (kind) {
      case 'embedding':
        return [0, top];
      case 'convolution':
        return [0, top + 1];
      case 'encoder':
        return [0, top + 2 + 2 * level];
      case 'downsample':
        return [0, top + 1 + 2 * level];
      case 'transformer':
      case 'dendritic':
        return [1, bottom + bottleneck++];
      case 'upsample':
        return [2, isByteStage(block) ? 2 : top + 3 + 2 * level];
      case 'decoder':
        return [2, isByteStage(block) ? 1 : top + 2 + 2 * level];
      case 'output':
        return [2, top + 1];
      case 'voters':
        return [2, 0];
    }
  });
}

/** @param width pixels that there are; the picture is never narrower than {@link MIN_WIDTH} */
export function uShape(blocks: readonly BlockSummary[], stages: number, width: number): UShape {
  const full = Math.max(MIN_WIDTH, width);
  const room = full - 2 * MARGIN;
  // The bottleneck stands below the columns at its sides, so that in little room it may reach below them.
  const box = Math.min(WIDEST, Math.max((room - 2 * GAP) / 3, Math.min(NAMED, (room - GAP) / 2)));
  const lefts = [MARGIN, (full - box) / 2, full - MARGIN - box];
  const boxes = places(blocks, stages).map(([column, row]) => ({
    x: lefts[column]!,
    y: MARGIN + row * ROW,
    width: box,
    height: BOX_HEIGHT,
  }));
  const connections: Connection[] = blocks.slice(1).map((_, i) => ({ from: i, to: i + 1, skip: false }));
  blocks.forEach((encoder, from) => {
    if (encoder.kind !== 'encoder') return;
    const to = blocks.findIndex(({ kind, level }) => kind === 'decoder' && level === encoder.level);
    if (to >= 0) connections.push({ from, to, skip: true });
  });
  const height = Math.max(0, ...boxes.map(({ y }) => y)) + BOX_HEIGHT + MARGIN;
  return { boxes, connections, width: full, height };
}

/** The line of a connection as the `d` of an SVG path: straight in a column, a bend from column to column. */
export function connectionPath({ boxes }: UShape, { from, to, skip }: Connection): string {
  const a = boxes[from]!;
  const b = boxes[to]!;
  const centre = (box: Box) => box.x + box.width / 2;
  const middle = (box: Box) => box.y + box.height / 2;
  if (skip) return `M${a.x + a.width},${middle(a)}H${b.x}`;
  if (a.x === b.x)
    return a.y < b.y ? `M${centre(a)},${a.y + a.height}V${b.y}` : `M${centre(a)},${a.y}V${b.y + b.height}`;
  // Down into the bottleneck from the left; out of it to the right and up.
  if (b.y >= a.y) return `M${centre(a)},${a.y + a.height}V${middle(b)}H${b.x}`;
  return `M${a.x + a.width},${middle(a)}H${centre(b)}V${b.y + b.height}`;
}
