/** @file Training windows at uniformly random byte offsets (SPEC sections 1 and 7), and the rates of the 32 bits. */
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import type { CorpusFile } from './corpus';
import { CorpusError } from './corpus';
import type { Random, RandomState } from './random';

/** A batch of windows. */
export interface Batch {
  /** [B, 4(T+1)] */
  readonly bytes: Uint8Array;
  /** [B, T] 1 where the target chunk is four bytes of text, 0 where any of them is padding. */
  readonly scored: Uint8Array;
}

/**
 * Draws windows of T+1 chunks. A window begins at byte s of a file, for every s equally likely over all files from
 * which at least one whole chunk of text is predicted. s = −4 begins with the zero start chunk as inspection lays it;
 * s = −7, −6, −5 put 3, 2, 1 more zeros between it and the text as completion does. Windows that run past the end are
 * padded with zeros on the right, so that short files and the ends of files are seen as often as everything else.
 */
export class WindowSampler {
  private readonly files: readonly CorpusFile[];
  /** Offsets of all files up to and including file i. */
  private readonly offsets: Float64Array;
  private readonly total: number;

  /**
   * @param context T, chunks that are predicted in a window
   * @throws CorpusError where no file has a whole chunk
   */
  constructor(
    files: readonly CorpusFile[],
    private readonly context: number,
    private readonly random: Random,
  ) {
    this.files = files.filter((file) => offsetCount(file) > 0);
    this.offsets = new Float64Array(this.files.length);
    let total = 0;
    this.files.forEach((file, i) => {
      total += offsetCount(file);
      this.offsets[i] = total;
    });
    this.total = total;
    if (total === 0) {
      throw new CorpusError(
        `The text has no file of at least ${CHUNK_BYTES} bytes among ${files.length}, expected one to draw windows from.`,
      );
    }
  }

  /** The next `batch` windows. */
  next(batch: number): Batch {
    const width = CHUNK_BYTES * (this.context + 1);
    const bytes = new Uint8Array(batch * width);
    const scored = new Uint8Array(batch * this.context);
    for (let i = 0; i < batch; i++) {
      const draw = this.random.integer(this.total);
      const file = this.files[this.fileAt(draw)]!;
      const before = this.offsets[this.fileAt(draw)]! - offsetCount(file);
      const start = firstOffset(file) + (draw - before);
      const text = file.bytes;
      const from = Math.max(0, start);
      bytes.set(text.subarray(from, Math.min(text.length, start + width)), i * width + from - start);
      for (let t = 0; t < this.context; t++) {
        const target = start + CHUNK_BYTES * (t + 1);
        if (target >= 0 && target + CHUNK_BYTES <= text.length) scored[i * this.context + t] = 1;
      }
    }
    return { bytes, scored };
  }

  /** State of the generator: with the same files and T, a sampler with this state draws the same windows. */
  state(): RandomState {
    return this.random.state();
  }

  private fileAt(draw: number): number {
    let low = 0;
    let high = this.offsets.length - 1;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (draw < this.offsets[middle]!) high = middle;
      else low = middle + 1;
    }
    return low;
  }
}

/** The smallest s; a text under 7 bytes has no whole chunk to predict at some of the shifted alignments. */
function firstOffset(file: CorpusFile): number {
  return file.bytes.length < 7 ? -4 : -7;
}

/** Number of s; the largest is n − 8, where the last chunk of the text is predicted from the one before it. */
function offsetCount(file: CorpusFile): number {
  return Math.max(0, file.bytes.length - 8 - firstOffset(file) + 1);
}

/**
 * Share of ones of each bit over all chunks at all alignments of the files; ½ where there is no chunk at all.
 * A bit that never changes has rate 0 or 1.
 * @returns [32]
 */
export function bitRates(files: readonly CorpusFile[]): Float32Array {
  // [4][256]: how often each byte value stands at each place of a chunk.
  const counts = Array.from({ length: CHUNK_BYTES }, () => new Float64Array(256));
  let chunks = 0;
  for (const { bytes } of files) {
    const starts = bytes.length - CHUNK_BYTES + 1;
    if (starts <= 0) continue;
    chunks += starts;
    const histogram = new Float64Array(256);
    for (const byte of bytes) histogram[byte]!++;
    counts.forEach((count, place) => {
      for (let value = 0; value < 256; value++) count[value]! += histogram[value]!;
      // Place p of a chunk holds every byte but the first p and the last 3 − p.
      for (let i = 0; i < place; i++) count[bytes[i]!]!--;
      for (let i = starts + place; i < bytes.length; i++) count[bytes[i]!]!--;
    });
  }
  const rates = new Float32Array(CHUNK_BITS).fill(0.5);
  if (chunks === 0) return rates;
  for (let b = 0; b < CHUNK_BITS; b++) {
    let ones = 0;
    counts[b >> 3]!.forEach((count, value) => {
      if ((value >> (7 - (b & 7))) & 1) ones += count;
    });
    rates[b] = ones / chunks;
  }
  return rates;
}
