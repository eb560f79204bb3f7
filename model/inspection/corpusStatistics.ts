/** @file The statistics of every voter over a corpus, or over windows spread evenly over it: one pass, in the windows that inspection uses. */
import { CHUNK_BYTES } from '../measures/chunk';
import type { VoterStatistics } from '../checkpoint/voterStatistics';
import { hiddenSize, votersPerBit } from '../network/config';
import type { Inference } from '../runtime/inference';
import type { CorpusFile } from '../text/corpus';
import { CorpusError } from '../text/corpus';
import { fillWindow } from '../text/windows';
import { NameCounts } from './automaticNames';
import { chunkCode } from './chunkSearch';
import { NamingContexts } from './namingContexts';
import { spreadWindows } from './spreadWindows';
import type { TurnOptions } from './turns';
import { Turns } from './turns';
import { VoterAccumulator } from './voterAccumulator';

/** Positions whose hidden vectors are computed at once, and of which voters: their votes are 4 MB with 128 voters per bit. */
const BATCH_POSITIONS = 1024;
const BATCH_CHUNKS = 256;
/** Chunks looked at, at most: of a share of 1 %, what is measured on so many is off by less than 0.1 % of all chunks. */
export const MOST_CHUNKS = 65_536;

export interface CorpusStatisticsOptions extends TurnOptions {
  /** Of the random examples. */
  readonly seed: number;
  /** Chunks looked at, at most; MOST_CHUNKS unless given. */
  readonly maxChunks?: number;
  /** Positions whose hidden vectors are computed at once, BATCH_POSITIONS unless given: nothing else is answered meanwhile. */
  readonly batchPositions?: number;
  /** Told after every batch: chunks seen so far and in all. */
  readonly onProgress?: (chunks: number, total: number) => void;
}

/** Complete chunks of a file; a last one that is padded is not counted. */
export function chunksOfFile({ bytes }: CorpusFile): number {
  return Math.floor(bytes.length / CHUNK_BYTES);
}

/**
 * Sees every complete chunk of every file once, or where there are more than `maxChunks`, those of windows spread evenly over the files; in
 * the grid from a file's first byte, with at least half a window of context where the file has it, so that the votes are those that an
 * inspection of the file shows. Chunks are numbered through all files in their order. The voters are computed of the chunks that a window
 * scores alone, and not of those that are its context.
 * @throws CorpusError where no file has a complete chunk
 */
export async function corpusStatistics(
  inference: Pick<Inference, 'config' | 'temperatures' | 'vectors' | 'voters'>,
  files: readonly CorpusFile[],
  options: CorpusStatisticsOptions,
): Promise<VoterStatistics> {
  const { config, temperatures } = inference;
  const turns = new Turns(options);
  const T = config.context_chunks;
  const { windows, count, total } = spreadWindows(files, T, options.maxChunks ?? MOST_CHUNKS);
  if (total === 0) {
    throw new CorpusError(`There is nothing to gather: no file has ${CHUNK_BYTES} bytes of text or more.`);
  }
  const contexts = new NamingContexts(files, windows);
  const accumulator = new VoterAccumulator({
    votersPerBit: votersPerBit(config),
    aggregation: config.aggregation,
    temperatures,
    chunks: count,
    totalChunks: total,
    seed: options.seed,
    names: new NameCounts(contexts, votersPerBit(config)),
  });
  // One size for all batches, because each has a session of its own; a last one that is not full computes zeros in vain.
  const batch = Math.max(1, Math.min(windows.length, Math.floor((options.batchPositions ?? BATCH_POSITIONS) / T)));
  const rows = Math.min(count, BATCH_CHUNKS);
  const stride = CHUNK_BYTES * (T + 1);
  const inputs = new Uint8Array(batch * stride);
  const width = hiddenSize(config).reduce((product, size) => product * size, 1);
  const labelled = CHUNK_BYTES * contexts.dimensions;
  const pending = {
    hidden: new Float32Array(rows * width),
    bytes: new Uint8Array(rows * CHUNK_BYTES),
    codes: new Uint32Array(rows),
    chunks: new Uint32Array(rows),
    labels: new Uint16Array(rows * labelled),
  };
  const starts = [0];
  for (const file of files) starts.push(starts.at(-1)! + chunksOfFile(file));
  let ready = 0;
  let seen = 0;

  const flush = async (): Promise<void> => {
    await turns.give();
    const positions = await inference.voters(pending.hidden, pending.bytes);
    const { codes, chunks } = pending;
    accumulator.add({ count: ready, positions, codes, chunks, labels: pending.labels.subarray(0, ready * labelled) });
    seen += ready;
    ready = 0;
    options.onProgress?.(seen, count);
  };
  for (let first = 0; first < windows.length; first += batch) {
    await turns.give();
    const taken = windows.slice(first, first + batch);
    inputs.fill(0);
    taken.forEach((window, row) => {
      fillWindow(files[window.text]!.bytes, window, T, inputs, row * stride);
    });
    const hidden = await inference.vectors(inputs, batch);
    for (const [row, { text, firstTarget, scoreFrom, scoreTo }] of taken.entries()) {
      const file = files[text]!;
      for (let chunk = scoreFrom; chunk < scoreTo; chunk++) {
        const from = (row * T + chunk - firstTarget) * width;
        const offset = CHUNK_BYTES * chunk;
        pending.hidden.set(hidden.subarray(from, from + width), ready * width);
        pending.bytes.set(file.bytes.subarray(offset, offset + CHUNK_BYTES), ready * CHUNK_BYTES);
        pending.codes[ready] = chunkCode(file.bytes, offset);
        pending.chunks[ready] = starts[text]! + chunk;
        contexts.label(file, offset, pending.labels, ready * labelled);
        if (++ready === rows) await flush();
      }
    }
  }
  if (ready > 0) await flush();
  return accumulator.finish(turns);
}
