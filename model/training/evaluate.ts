/** @file Bits per byte of a model on texts it did not train on (SPEC section 4). */
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import type { Inference, Scores } from '../runtime/inference';
import { inspectionGrid } from '../text/chunks';
import type { CorpusFile } from '../text/corpus';
import type { DocumentWindow } from '../text/windows';
import { documentWindows, fillWindow } from '../text/windows';
import { TrainingError } from './errors';

const LARGEST_BATCH = 16;

/** What one file costs: −Σ log2 of the probability of its real bits. */
export interface FileBits {
  readonly bits: number;
  /** Bytes scored. */
  readonly bytes: number;
}

export interface Evaluation {
  /** −Σ log2 of the probability of the real bits, over the bytes scored. */
  readonly bitsPerByte: number;
  /** [4] the same of the chunks' first to last bytes by themselves. */
  readonly bitsPerByteByPlace: readonly number[];
  /** Bytes scored: 4 a chunk. */
  readonly bytes: number;
  readonly chunks: number;
  /** Of each file, in their order. */
  readonly byFile: readonly FileBits[];
}

export interface EvaluateOptions {
  /** Stops between two batches; the promise is then rejected with the signal's reason. */
  readonly signal?: AbortSignal;
  /** Told after every batch: chunks scored so far and in all. */
  readonly onProgress?: (chunks: number, total: number) => void;
}

interface PlacedWindow {
  /** Place of its file. */
  readonly file: number;
  readonly grid: Uint8Array;
  readonly window: DocumentWindow;
}

function* placedWindows(files: readonly CorpusFile[], context: number): Generator<PlacedWindow> {
  for (const [file, { bytes }] of files.entries()) {
    const chunkCount = Math.floor(bytes.length / CHUNK_BYTES);
    const grid = inspectionGrid(bytes);
    for (const window of documentWindows(0, chunkCount, chunkCount, context)) yield { file, grid, window };
  }
}

/** Adds Σ −ln p of the real bits over a window's scored chunks, in nats, to the sums [4] of the bytes' places in a chunk. */
function addWindowNats(
  nats: Float64Array,
  scores: Scores,
  row: number,
  { firstTarget, scoreFrom, scoreTo }: DocumentWindow,
  context: number,
): void {
  const start = (row * context + scoreFrom - firstTarget) * CHUNK_BITS;
  const end = (row * context + scoreTo - firstTarget) * CHUNK_BITS;
  for (let i = start; i < end; i++) nats[(i >> 3) & 3]! -= scores.logLikelihoods[i]!;
}

/** Complete chunks of all files. */
export function completeChunks(files: readonly CorpusFile[]): number {
  return files.reduce((sum, { bytes }) => sum + Math.floor(bytes.length / CHUNK_BYTES), 0);
}

/**
 * Scores every complete chunk of every file once, with at least half a window of context where the file has it.
 * @throws TrainingError (`corpus`) where no file has a complete chunk
 */
export async function evaluate(
  inference: Inference,
  files: readonly CorpusFile[],
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  const total = completeChunks(files);
  if (total === 0) {
    throw new TrainingError('corpus', `There is nothing to score: no file has ${CHUNK_BYTES} bytes of text or more.`);
  }
  const context = inference.config.context_chunks;
  const stride = CHUNK_BYTES * (context + 1);
  // One batch size for all batches, because each has a session of its own; a last batch that is not full scores zeros in vain.
  const perWindow = Math.max(1, Math.floor(context / 2));
  const batch = Math.min(LARGEST_BATCH, Math.ceil(total / perWindow));
  const bytes = new Uint8Array(batch * stride);
  let pending: PlacedWindow[] = [];
  let chunks = 0;
  const natsOfFiles = files.map(() => new Float64Array(CHUNK_BYTES));

  const flush = async (): Promise<void> => {
    options.signal?.throwIfAborted();
    bytes.fill(0, pending.length * stride);
    const scores = await inference.score(bytes, batch);
    pending.forEach(({ file, window }, row) => {
      addWindowNats(natsOfFiles[file]!, scores, row, window, context);
      chunks += window.scoreTo - window.scoreFrom;
    });
    pending = [];
    options.onProgress?.(chunks, total);
  };
  for (const placed of placedWindows(files, context)) {
    fillWindow(placed.grid, placed.window, context, bytes, pending.length * stride);
    pending.push(placed);
    if (pending.length === batch) await flush();
  }
  if (pending.length > 0) await flush();
  const bitsPerByteByPlace = Array.from({ length: CHUNK_BYTES }, (_, place) => {
    return natsOfFiles.reduce((sum, nats) => sum + nats[place]!, 0) / Math.LN2 / chunks;
  });
  const byFile = files.map(({ bytes: { length } }, i) => ({
    bits: natsOfFiles[i]!.reduce((sum, nats) => sum + nats, 0) / Math.LN2,
    bytes: CHUNK_BYTES * Math.floor(length / CHUNK_BYTES),
  }));
  const bitsPerByte = bitsPerByteByPlace.reduce((sum, bits) => sum + bits, 0) / CHUNK_BYTES;
  return { bitsPerByte, bitsPerByteByPlace, bytes: CHUNK_BYTES * chunks, chunks, byFile };
}

/** The least a file contributes to a quick measurement, so that most of its chunks have their context. */
const LEAST_SHARE = 2048;

/**
 * A part of the files for a measurement that must be quick: the beginnings of files spread evenly over all of them, of about
 * `limit` bytes together. The same files give the same part.
 * @param least bytes that a file contributes, where it has so many
 */
export function sampleFiles(files: readonly CorpusFile[], limit: number, least = LEAST_SHARE): readonly CorpusFile[] {
  if (files.reduce((sum, { bytes }) => sum + bytes.length, 0) <= limit) return files;
  const count = Math.max(1, Math.min(files.length, Math.floor(limit / least)));
  const share = Math.floor(limit / count);
  return Array.from({ length: count }, (_, i) => {
    const file = files[Math.floor((i * files.length) / count)]!;
    return { path: file.path, bytes: file.bytes.subarray(0, share) };
  });
}
