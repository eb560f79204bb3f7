/** @file Runs the model over texts and keeps the votes of every voter for every chunk. */
import { votersPerBit } from '../../network/config';
import type { Inference } from '../../runtime/inference';
import { CHUNK_BITS, CHUNK_BYTES } from '../../text/chunks';
import type { DocumentWindow } from '../../text/windows';
import { documentWindows, fillWindow } from '../../text/windows';
import { InspectionError } from '../inspector';
import type { TurnOptions } from '../turns';
import { Turns } from '../turns';
import { encodeVote, VOTE_CODES } from './voteCodes';
import type { EvaluatedChunks, EvaluatedRun, SourceText, VoteMatrix } from './voteMatrix';

/** Bytes of one matrix, at a byte a vote: 131,072 chunks of a model with 128 voters a bit. */
export const MOST_VOTES = 2 ** 29;
/** Positions in one batch of windows: about 30 ms of work, so that a hover that came in between is answered soon. */
const BATCH_POSITIONS = 256;

export interface CollectOptions extends TurnOptions {
  /** Chunks evaluated at most; beyond it, windows spread evenly over the texts. */
  readonly maxChunks: number;
  /** Told after every batch: chunks done and in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

interface PlacedWindow {
  readonly text: number;
  readonly window: DocumentWindow;
  readonly column: number;
}

/**
 * The votes that predicted each complete chunk of the texts from the chunks before it, as everywhere else in the inspection
 * (with chained bits, given the chunk's own bits before).
 * @throws InspectionError where no text has a complete chunk
 * @throws the signal's reason when it is aborted
 */
export async function collectVotes(
  inference: Pick<Inference, 'config' | 'forward'>,
  texts: readonly SourceText[],
  options: CollectOptions,
): Promise<VoteMatrix> {
  const { config } = inference;
  const T = config.context_chunks;
  const M = votersPerBit(config);
  const voters = CHUNK_BITS * M;
  const limit = Math.max(1, Math.min(options.maxChunks, Math.floor(MOST_VOTES / voters)));
  const { windows, chunks } = placeWindows(texts, T, limit);
  const codes = new Uint8Array(voters * chunks.count);
  const histograms = new Uint32Array(voters * VOTE_CODES);
  const stride = CHUNK_BYTES * (T + 1);
  const batch = Math.max(1, Math.floor(BATCH_POSITIONS / T));
  const inputs = new Uint8Array(batch * stride);
  const turns = new Turns(options);
  let done = 0;
  for (let first = 0; first < windows.length; first += batch) {
    await turns.give();
    const taken = windows.slice(first, first + batch);
    // A last batch that is not full computes zeros in vain, so that there is one session.
    inputs.fill(0);
    taken.forEach(({ text, window }, row) => {
      fillWindow(texts[text]!.bytes, window, T, inputs, row * stride);
    });
    const { votes } = await inference.forward(inputs, batch);
    taken.forEach(({ window, column }, row) => {
      const count = window.scoreTo - window.scoreFrom;
      const from = (row * T + window.scoreFrom - window.firstTarget) * voters;
      for (let voter = 0; voter < voters; voter++) {
        const to = voter * chunks.count + column;
        for (let i = 0; i < count; i++) {
          const code = encodeVote(votes[from + i * voters + voter]!);
          codes[to + i] = code;
          histograms[voter * VOTE_CODES + code]!++;
        }
      }
      done += count;
    });
    options.onProgress?.(done, chunks.count);
  }
  return { voters, votersPerBit: M, chunks, codes, histograms };
}

/** Chooses what is evaluated: every window, or as many as fit, spread evenly; at least one. */
function placeWindows(
  texts: readonly SourceText[],
  context: number,
  limit: number,
): { readonly windows: readonly PlacedWindow[]; readonly chunks: EvaluatedChunks } {
  const all = texts.flatMap(({ bytes }, text) => {
    const chunkCount = Math.floor(bytes.length / CHUNK_BYTES);
    return documentWindows(0, chunkCount, chunkCount, context).map((window) => ({ text, window }));
  });
  const totalChunks = all.reduce((sum, { window }) => sum + window.scoreTo - window.scoreFrom, 0);
  if (totalChunks === 0) {
    throw new InspectionError(`There is no text to look at: none has a complete chunk of ${CHUNK_BYTES} bytes.`);
  }
  const kept = Math.min(1, limit / totalChunks);
  const windows: PlacedWindow[] = [];
  const runs: EvaluatedRun[] = [];
  let column = 0;
  let seen = 0;
  for (const { text, window } of all) {
    const count = window.scoreTo - window.scoreFrom;
    seen += count;
    // Kept as soon as its share of the chunks seen so far leaves room for it.
    if (column + count > Math.ceil(seen * kept) || column + count > limit) {
      if (windows.length > 0 || seen < totalChunks) continue;
    }
    windows.push({ text, window, column });
    const last = runs.at(-1);
    if (last?.text === text && last.firstChunk + last.count === window.scoreFrom) {
      runs[runs.length - 1] = { ...last, count: last.count + count };
    } else {
      runs.push({ text, firstChunk: window.scoreFrom, column, count });
    }
    column += count;
  }
  return { windows, chunks: { texts, runs, count: column, totalChunks } };
}
