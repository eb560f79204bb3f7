/** @file Painting voters × chunks: 4,096 × 1,000 cells in a few milliseconds, since each tile is brought to rows of pixels only once. */
import { CHUNK_BITS } from '../../../model/measures/chunk';
import type { VoterTile } from '../../../model/protocol/inspection';
import type { RowBands, RowKind } from './bands';
import { rowBands, votersAt } from './bands';
import type { Column } from './cells';
import { FADED, GAP_FROM } from './cells';

/** Voters that share a row of pixels. */
export interface VoterRow {
  readonly bit: number;
  /** Voters b·M + i from `first` up to `end`. */
  readonly first: number;
  readonly end: number;
  /** Device pixels from `top` up to `bottom`. */
  readonly top: number;
  readonly bottom: number;
}

/** The rows of a picture whose bands are given in device pixels. */
export function voterRows(bands: RowBands, votersPerBit: number): VoterRow[] {
  return bands.bits.flatMap((bit, band) => {
    const top = bands.tops[band]!;
    const height = bands.bottoms[band]! - top;
    const gap = height / votersPerBit >= GAP_FROM ? 1 : 0;
    const rows: VoterRow[] = [];
    for (let y = 0; y < height;) {
      const { first, end } = votersAt(y, height, votersPerBit);
      let next = y + 1;
      while (next < height && votersAt(next, height, votersPerBit).first === first) next++;
      const from = bit * votersPerBit;
      rows.push({ bit, first: from + first, end: from + end, top: top + y, bottom: top + next - gap });
      y = next;
    }
    return rows;
  });
}

/** The row at or nearest to a device pixel: what the picture shows there. */
export function voterRowAt(rows: readonly VoterRow[], y: number): VoterRow {
  const away = ({ top, bottom }: VoterRow): number => Math.max(top - y, y - bottom + 1, 0);
  return rows.reduce((nearest, row) => (away(row) < away(nearest) ? row : nearest));
}

/** The row that a voter b·M + i shares; null where it is not shown. */
export function voterRowOf(rows: readonly VoterRow[], voter: number): VoterRow | null {
  return rows.find(({ first, end }) => voter >= first && voter < end) ?? null;
}

/** A tile by rows of pixels: [rows, chunks] the largest and the smallest code of the voters that share a row. */
interface ReducedTile {
  readonly rows: readonly VoterRow[];
  readonly largest: Uint8Array;
  readonly smallest: Uint8Array;
}

function reduce({ codes, count }: VoterTile, rows: readonly VoterRow[]): ReducedTile {
  const largest = new Uint8Array(rows.length * count);
  const smallest = new Uint8Array(rows.length * count).fill(255);
  rows.forEach(({ first, end }, row) => {
    const to = row * count;
    for (let voter = first; voter < end; voter++) {
      const from = voter * count;
      for (let i = 0; i < count; i++) {
        const code = codes[from + i]!;
        if (code > largest[to + i]!) largest[to + i] = code;
        if (code < smallest[to + i]!) smallest[to + i] = code;
      }
    }
  });
  return { rows, largest, smallest };
}

/** What is known of a visible chunk's voters. */
export interface VoterColumn {
  readonly tile: VoterTile;
  readonly local: number;
  /** The numbers are from before the last edit. */
  readonly faded: boolean;
}

/** What is shown of the voters. */
export interface VoterPicture {
  readonly columns: readonly Column[];
  /** [columns] */
  readonly voters: readonly (VoterColumn | null)[];
  /** The same array as long as the rows are the same. */
  readonly rows: readonly VoterRow[];
  /** [256] colours of the codes. */
  readonly pixels: Uint32Array;
  /** Codes count from the real bit: needs the measurements of bits too. */
  readonly fromReal: boolean;
}

/** A row of pixels: which chunk each shows, or none (−1) in a gap. */
function chunkOfPixels(columns: readonly Column[], width: number, ratio: number): Int32Array {
  const chunks = new Int32Array(width).fill(-1);
  const gap = width / columns.length >= GAP_FROM ? 1 : 0;
  columns.forEach(({ left, right }, at) => {
    const from = Math.round(left * ratio);
    chunks.fill(at, from, Math.max(from + 1, Math.round(right * ratio) - gap));
  });
  return chunks;
}

export class VoterPainter {
  readonly #reduced = new WeakMap<VoterTile, ReducedTile>();
  #rows: readonly VoterRow[] = [];
  #rowsKey = '';

  /** Rows in device pixels: the same array until they are other ones. @param gap pixels between bytes */
  rows(kind: RowKind, bit: number, height: number, gap: number, votersPerBit: number): readonly VoterRow[] {
    const key = `${kind} ${kind === 'bit' ? bit : ''} ${height} ${gap} ${votersPerBit}`;
    if (key !== this.#rowsKey) {
      this.#rowsKey = key;
      this.#rows = voterRows(rowBands(kind, bit, height, gap), votersPerBit);
    }
    return this.#rows;
  }

  /**
   * Fills an image of `width` device pixels a row. Where voters share a row, the largest code among them is shown.
   * @param ratio device pixels a CSS pixel
   */
  paint(image: Uint32Array, width: number, ratio: number, picture: VoterPicture): void {
    const { columns, voters, rows, pixels, fromReal } = picture;
    const chunks = chunkOfPixels(columns, width, ratio);
    const tiles = voters.map((column) => (column === null ? null : this.#rowsOf(column.tile, rows)));
    const colors = new Uint32Array(columns.length);
    const line = new Uint32Array(width);
    rows.forEach(({ bit, top, bottom }, row) => {
      for (let at = 0; at < colors.length; at++) {
        const { measured, scored } = columns[at]!;
        const column = voters[at] ?? null;
        const tile = tiles[at] ?? null;
        colors[at] = 0;
        if (column === null || tile === null || bit >= scored || (fromReal && measured === null)) continue;
        const index = row * column.tile.count + column.local;
        const isReal = fromReal && measured!.tile.bits[CHUNK_BITS * measured!.local + bit] === 1;
        const color = pixels[isReal ? 255 - tile.smallest[index]! : tile.largest[index]!]!;
        colors[at] = column.faded ? ((color & 0xffffff) | FADED) >>> 0 : color;
      }
      for (let x = 0; x < width; x++) {
        const at = chunks[x]!;
        line[x] = at < 0 ? 0 : colors[at]!;
      }
      for (let y = top; y < bottom; y++) image.set(line, y * width);
    });
  }

  #rowsOf(tile: VoterTile, rows: readonly VoterRow[]): ReducedTile {
    let reduced = this.#reduced.get(tile);
    if (reduced?.rows !== rows) {
      reduced = reduce(tile, rows);
      this.#reduced.set(tile, reduced);
    }
    return reduced;
  }
}
