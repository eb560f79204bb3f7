/** @file The scores of all voters at the bits of a text, gathered in one pass, and what changed voters would say of them, in float64. */
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import { chunkCode } from '../inspection/chunkSearch';
import type { TurnOptions } from '../inspection/turns';
import { Turns } from '../inspection/turns';
import { aggregateBit, aggregateQuickly } from '../network/aggregation';
import type { Aggregation } from '../network/aggregations';
import { VoterHead } from '../network/voterHead';
import type { Inference } from '../runtime/inference';
import { inspectionGrid } from '../text/chunks';
import type { CorpusFile } from '../text/corpus';
import { documentWindows, fillWindow } from '../text/windows';
import { sampleFiles } from '../training/evaluate';

/** Votes of a model on N chunks. */
export interface BitScores {
  /** N */
  readonly chunks: number;
  /** M */
  readonly voters: number;
  readonly aggregation: Aggregation;
  /** [32] τ of each bit; NaN where the aggregation has none. */
  readonly temperatures: Float32Array;
  /** [N, 32, M] z */
  readonly z: Float32Array;
  /** [N] the real bits, bit 0 the most significant of 32 */
  readonly codes: Uint32Array;
  /** Chunks of each file, which follow each other. */
  readonly files: readonly number[];
}

/** What the model reads in place of a text; the chunks that it has to predict stay the real ones. */
export type Corrupt = (bytes: Uint8Array) => Uint8Array;

export interface CollectOptions extends TurnOptions {
  /** For models whose bits are independent: others hear the chunk's real bits. */
  readonly corrupt?: Corrupt;
  /** Told of the chunks that are done after every window. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * The scores at the first complete chunks of files spread over the text, about `chunks` together: a window of each file, or more where
 * there are few.
 * @throws the signal's reason when it is aborted
 */
export async function collectScores(
  inference: Inference,
  files: readonly CorpusFile[],
  chunks: number,
  { corrupt = (bytes) => bytes, onProgress, ...turnOptions }: CollectOptions = {},
): Promise<BitScores> {
  const { config } = inference;
  const T = config.context_chunks;
  const head = new VoterHead(config, inference.parameters, inference.temperatures);
  const M = head.votersPerBit;
  const sample = sampleFiles(files, chunks * CHUNK_BYTES, T * CHUNK_BYTES);
  const counts = sample.map(({ bytes }) => Math.floor(bytes.length / CHUNK_BYTES));
  const total = counts.reduce((sum, count) => sum + count, 0);
  const z = new Float32Array(total * CHUNK_BITS * M);
  const codes = new Uint32Array(total);
  const turns = new Turns(turnOptions);
  const inputs = new Uint8Array(CHUNK_BYTES * (T + 1));
  let done = 0;
  for (const [i, { bytes }] of sample.entries()) {
    const real = inspectionGrid(bytes);
    const read = inspectionGrid(corrupt(bytes));
    for (const window of documentWindows(0, counts[i]!, counts[i]!, T)) {
      fillWindow(read, window, T, inputs, 0);
      const trunk = { hidden: await inference.hidden(inputs.subarray(0, -CHUNK_BYTES), 1), inputs };
      for (let chunk = window.scoreFrom; chunk < window.scoreTo; chunk++) {
        if (turns.isDue) await turns.give();
        const code = chunkCode(real, CHUNK_BYTES * chunk);
        const scores = head.at(trunk, chunk - window.firstTarget);
        for (let b = 0; b < CHUNK_BITS; b++) z.set(head.bitScores(scores, b, code), (done * CHUNK_BITS + b) * M);
        codes[done++] = code;
      }
      onProgress?.(done, total);
    }
  }
  const { temperatures } = inference;
  const { aggregation } = config;
  return { chunks: total, voters: M, aggregation, temperatures: temperatures.slice(), z, codes, files: counts };
}

/** The scores of each file by itself, in their order; files without a chunk are left out. */
export function scoresByFile(scores: BitScores): BitScores[] {
  const stride = CHUNK_BITS * scores.voters;
  let end = 0;
  return scores.files
    .map((chunks) => {
      const start = end;
      end += chunks;
      const z = scores.z.subarray(start * stride, end * stride);
      return { ...scores, chunks, z, codes: scores.codes.subarray(start, end), files: [chunks] };
    })
    .filter(({ chunks }) => chunks > 0);
}

/** The real value of a bit of chunk n. */
export function realBit({ codes }: BitScores, n: number, bit: number): 0 | 1 {
  return (codes[n]! >>> (31 - bit)) & 1 ? 1 : 0;
}

/**
 * Calls back with every bit's scores.
 * @param each z [M] is valid until the next call
 */
export function forEachBit(scores: BitScores, each: (z: Float64Array, n: number, bit: number) => void): void {
  const M = scores.voters;
  const z = new Float64Array(M);
  for (let n = 0; n < scores.chunks; n++) {
    for (let bit = 0; bit < CHUNK_BITS; bit++) {
      const start = (n * CHUNK_BITS + bit) * M;
      for (let i = 0; i < M; i++) z[i] = scores.z[start + i]!;
      each(z, n, bit);
    }
  }
}

/**
 * Bits per byte where voters say something else.
 * @param change gives the scores that count, at least one; unless given they are as they are
 */
export function bitsPerByteOf(
  scores: BitScores,
  change: (z: Float64Array, n: number, bit: number) => Float64Array = (z) => z,
): number {
  let nats = 0;
  forEachBit(scores, (z, n, bit) => {
    const changed = change(z, n, bit);
    const tau = scores.temperatures[bit]!;
    const { logProbability, logComplement } =
      aggregateQuickly(changed, scores.aggregation, tau) ??
      aggregateBit(changed, 0, changed.length, scores.aggregation, tau);
    nats -= realBit(scores, n, bit) === 1 ? logProbability : logComplement;
  });
  return nats / Math.LN2 / (CHUNK_BYTES * scores.chunks);
}
