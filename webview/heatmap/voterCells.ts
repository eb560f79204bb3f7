/** @file Painting voters × chunks: 4,096 × 1,000 cells in a few milliseconds. */
import type { HeatmapVoters } from '../shared/messages';
import { BITS } from '../shared/rows';
import type { RowBands } from './bands';
import { votersAt } from './bands';
import type { Column } from './cells';
import { FADED, GAP_FROM } from './cells';

/** Visible chunks of one block: their places among the visible ones, and in the block. */
interface Run {
  readonly codes: Uint8Array;
  /** Chunks of the block: codes of a voter stand beside each other. */
  readonly stride: number;
  readonly at: number;
  readonly local: number;
  readonly count: number;
}

/** What is known of a visible chunk's voters. */
export interface VoterColumn {
  readonly block: HeatmapVoters;
  readonly local: number;
  /** The numbers are from before the last edit. */
  readonly faded: boolean;
}

/** Neighbouring chunks of one block are painted together. */
function runsOf(columns: readonly (VoterColumn | null)[]): Run[] {
  const runs: Run[] = [];
  for (let at = 0; at < columns.length;) {
    const column = columns[at] ?? null;
    let end = at + 1;
    while (end < columns.length && column !== null && columns[end]?.block === column.block) end++;
    if (column !== null) {
      const { block, local } = column;
      runs.push({ codes: block.codes, stride: block.count, at, local, count: end - at });
    }
    at = end;
  }
  return runs;
}

/** For each chunk the largest code of the voters from `first` to `end`, counted from the chunk's real bit where `masks` is 255. */
function largestCodes(runs: readonly Run[], first: number, end: number, masks: Uint8Array, largest: Uint8Array): void {
  largest.fill(0);
  for (const { codes, stride, at, local, count } of runs) {
    for (let voter = first; voter < end; voter++) {
      const from = voter * stride + local;
      for (let i = 0; i < count; i++) {
        const code = codes[from + i]! ^ masks[at + i]!;
        if (code > largest[at + i]!) largest[at + i] = code;
      }
    }
  }
}

/** A pixel row: which chunk each pixel shows, or none (a gap, or nothing known). */
function chunkOfPixels(columns: readonly Column[], width: number, ratio: number): Int32Array {
  const chunks = new Int32Array(width).fill(-1);
  const gap = width / columns.length >= GAP_FROM ? 1 : 0;
  columns.forEach(({ left, right }, at) => {
    const from = Math.round(left * ratio);
    chunks.fill(at, from, Math.max(from + 1, Math.round(right * ratio) - gap));
  });
  return chunks;
}

/** What is shown of the voters. */
export interface VoterPicture {
  readonly columns: readonly Column[];
  /** [columns] */
  readonly voters: readonly (VoterColumn | null)[];
  /** In device pixels. */
  readonly bands: RowBands;
  /** M */
  readonly votersPerBit: number;
  /** [256] colours of the codes. */
  readonly pixels: Uint32Array;
  /** Codes count from the real bit: needs the measurements of bits too. */
  readonly fromReal: boolean;
}

/**
 * Fills an image of `width` device pixels a row; rows of voters that share a pixel show the largest code among them.
 * @param ratio device pixels a CSS pixel
 */
export function paintVoters(image: Uint32Array, width: number, ratio: number, picture: VoterPicture): void {
  const { columns, voters, bands, votersPerBit, pixels, fromReal } = picture;
  const runs = runsOf(voters);
  const chunks = chunkOfPixels(columns, width, ratio);
  const masks = new Uint8Array(columns.length);
  const largest = new Uint8Array(columns.length);
  const colors = new Uint32Array(columns.length);
  const isKnown = new Uint8Array(columns.length);
  const line = new Uint32Array(width);
  bands.bits.forEach((bit, band) => {
    columns.forEach(({ measured, scored }, at) => {
      const isReal = fromReal && measured?.block.bits[BITS * measured.local + bit] === 1;
      masks[at] = isReal ? 255 : 0;
      isKnown[at] = voters[at] !== null && bit < scored && (!fromReal || measured !== null) ? 1 : 0;
    });
    const top = bands.tops[band]!;
    const height = bands.bottoms[band]! - top;
    const rowGap = height / votersPerBit >= GAP_FROM ? 1 : 0;
    let shown = -1;
    for (let y = 0; y < height; y++) {
      const { first, end } = votersAt(y, height, votersPerBit);
      if (first !== shown) {
        shown = first;
        largestCodes(runs, bit * votersPerBit + first, bit * votersPerBit + end, masks, largest);
        for (let at = 0; at < colors.length; at++) {
          const color = isKnown[at] === 1 ? pixels[largest[at]!]! : 0;
          colors[at] = voters[at]?.faded === true && color !== 0 ? ((color & 0xffffff) | FADED) >>> 0 : color;
        }
        for (let x = 0; x < width; x++) {
          const at = chunks[x]!;
          line[x] = at < 0 ? 0 : colors[at]!;
        }
      }
      const isGap = rowGap === 1 && votersAt(y + 1, height, votersPerBit).first !== first;
      if (!isGap) image.set(line, (top + y) * width);
    }
  });
}
