/** @file The statistics of every voter over a corpus: one pass, in the windows that inspection uses. */
import type { VoterStatistics } from '../checkpoint/voterStatistics';
import type { Heard } from '../network/aggregations';
import { AGGREGATIONS } from '../network/aggregations';
import type { ModelConfig } from '../network/config';
import { votersPerBit } from '../network/config';
import type { Inference } from '../runtime/inference';
import { CHUNK_BYTES } from '../text/chunks';
import type { CorpusFile } from '../text/corpus';
import { CorpusError } from '../text/corpus';
import { documentWindows, fillWindow } from '../text/windows';
import type { DocumentWindow } from '../text/windows';
import { chunkCode } from './chunkSearch';
import type { TurnOptions } from './turns';
import { Turns } from './turns';
import { VoterAccumulator } from './voterAccumulator';

/** Positions in one batch: their votes and weights are 32 MB for the default model. */
const BATCH_POSITIONS = 1024;

export interface CorpusStatisticsOptions extends TurnOptions {
  /** Of the random examples. */
  readonly seed: number;
  /** Told after every batch: chunks seen so far and in all. */
  readonly onProgress?: (chunks: number, total: number) => void;
}

interface PlacedWindow extends DocumentWindow {
  readonly bytes: Uint8Array;
}

/** Complete chunks of a file; a last one that is padded is not counted. */
export function chunksOfFile({ bytes }: CorpusFile): number {
  return Math.floor(bytes.length / CHUNK_BYTES);
}

/**
 * Sees every complete chunk of every file once, in the grid from the file's first byte, with at least half a window of context where the
 * file has it, so that the votes are those that an inspection of the file shows. Chunks are numbered through all files in their order.
 * @throws CorpusError where no file has a complete chunk
 */
export async function corpusStatistics(
  inference: Pick<Inference, 'config' | 'temperatures' | 'forward'>,
  files: readonly CorpusFile[],
  options: CorpusStatisticsOptions,
): Promise<VoterStatistics> {
  const { config, temperatures } = inference;
  const turns = new Turns(options);
  const total = files.reduce((sum, file) => sum + chunksOfFile(file), 0);
  if (total === 0) {
    throw new CorpusError(`There is nothing to gather: no file has ${CHUNK_BYTES} bytes of text or more.`);
  }
  const T = config.context_chunks;
  const stride = CHUNK_BYTES * (T + 1);
  const accumulator = new VoterAccumulator({
    votersPerBit: votersPerBit(config),
    heard: heardOf(config),
    temperatures,
    chunks: total,
    seed: options.seed,
  });
  // One batch size for all batches, because each has a session of its own; a last batch that is not full computes zeros in vain.
  const windowsInAll = Math.ceil(total / Math.max(1, Math.floor(T / 2)));
  const batch = Math.max(1, Math.min(windowsInAll, Math.floor(BATCH_POSITIONS / T)));
  const inputs = new Uint8Array(batch * stride);
  let pending: PlacedWindow[] = [];
  let chunks = 0;

  const flush = async (): Promise<void> => {
    await turns.give();
    inputs.fill(0, pending.length * stride);
    const positions = await inference.forward(inputs, batch);
    pending.forEach(({ bytes, firstTarget, scoreFrom, scoreTo }, row) => {
      for (let chunk = scoreFrom; chunk < scoreTo; chunk++, chunks++) {
        accumulator.add(positions, row * T + chunk - firstTarget, chunkCode(bytes, CHUNK_BYTES * chunk));
      }
    });
    pending = [];
    options.onProgress?.(chunks, total);
  };
  for (const file of files) {
    const chunkCount = chunksOfFile(file);
    for (const window of documentWindows(0, chunkCount, chunkCount, T)) {
      fillWindow(file.bytes, window, T, inputs, pending.length * stride);
      pending.push({ ...window, bytes: file.bytes });
      if (pending.length === batch) await flush();
    }
  }
  if (pending.length > 0) await flush();
  return accumulator.finish();
}

function heardOf({ aggregation }: ModelConfig): Heard | null {
  const { weighting } = AGGREGATIONS[aggregation];
  return weighting.kind === 'softmax' ? weighting.heard : null;
}
