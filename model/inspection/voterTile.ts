/** @file Votes or weights of every voter over consecutive chunks, a byte each: what a picture of all voters is painted from. */
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import { votersPerBit } from '../network/config';
import type { VoterQuantity, VoterTile, VoterTileParams } from '../protocol/inspection';
import type { Inference } from '../runtime/inference';
import type { DocumentWindow } from '../text/windows';
import { documentWindows, fillWindow } from '../text/windows';
import type { InspectedDocument } from './inspector';
import type { TurnOptions } from './turns';
import { Turns } from './turns';

/** Chunks answered at most: with 128 voters a bit, 4 MB. */
export const MOST_TILE_CHUNKS = 1024;
/** Positions in one batch of windows: about 30 ms of work, so that a hover that came in between is answered soon. */
const BATCH_POSITIONS = 256;
/** Weights from 1/(32M) to 32/M have codes of their own. */
const WEIGHT_OCTAVES = 5;

/** The code of a vote: 255·v; of a weight: 255·(½ + log2(w·M)/10), cut to 0 … 255. Both rounded. */
export function voterCode(quantity: VoterQuantity, value: number, voters: number): number {
  const position = quantity === 'vote' ? value : 0.5 + Math.log2(value * voters) / (2 * WEIGHT_OCTAVES);
  return Math.round(255 * Math.min(1, Math.max(0, position)));
}

/**
 * Every voter at consecutive chunks, with chained bits given the chunk's real bits; the numbers are those of `ChunkInspection`,
 * to within a code. The range is cut to the document and to {@link MOST_TILE_CHUNKS}.
 * @throws the signal's reason when it is aborted
 */
export async function voterTile(
  model: { readonly inference: Pick<Inference, 'config' | 'forward'>; readonly checkpoint: string },
  { bytes }: InspectedDocument,
  { firstChunk, count, quantity }: Pick<VoterTileParams, 'firstChunk' | 'count' | 'quantity'>,
  options: TurnOptions = {},
): Promise<VoterTile> {
  const { config } = model.inference;
  const T = config.context_chunks;
  const M = votersPerBit(config);
  const chunkCount = Math.ceil(bytes.length / CHUNK_BYTES);
  const from = Math.min(chunkCount, Math.max(0, firstChunk));
  const n = Math.max(0, Math.min(chunkCount - from, count, MOST_TILE_CHUNKS));
  const codes = new Uint8Array(CHUNK_BITS * M * n);
  const windows = documentWindows(from, from + n, chunkCount, T);
  const batch = Math.max(1, Math.floor(BATCH_POSITIONS / T));
  const stride = CHUNK_BYTES * (T + 1);
  const inputs = new Uint8Array(batch * stride);
  const turns = new Turns(options);
  for (let done = 0; done < windows.length; done += batch) {
    await turns.give();
    const taken = windows.slice(done, done + batch);
    // A last batch that is not full computes zeros in vain, so that there is one session.
    inputs.fill(0);
    taken.forEach((window, row) => {
      fillWindow(bytes, window, T, inputs, row * stride);
    });
    const forward = await model.inference.forward(inputs, batch);
    const values = quantity === 'vote' ? forward.votes : forward.weights;
    taken.forEach((window, row) => {
      encodeWindow(values, row * T, window, { codes, from, n, quantity, M });
    });
  }
  const checkpoint = model.checkpoint;
  return { checkpoint, firstChunk: from, count: n, votersPerBit: M, quantity, codes };
}

interface Target {
  readonly codes: Uint8Array;
  readonly from: number;
  readonly n: number;
  readonly quantity: VoterQuantity;
  readonly M: number;
}

/** Writes what a window scores, turned from chunks × voters to voters × chunks. */
function encodeWindow(
  values: Float32Array,
  position: number,
  { firstTarget, scoreFrom, scoreTo }: DocumentWindow,
  { codes, from, n, quantity, M }: Target,
): void {
  const voters = CHUNK_BITS * M;
  for (let chunk = scoreFrom; chunk < scoreTo; chunk++) {
    const at = (position + chunk - firstTarget) * voters;
    for (let voter = 0; voter < voters; voter++) {
      codes[voter * n + chunk - from] = voterCode(quantity, values[at + voter]!, M);
    }
  }
}
