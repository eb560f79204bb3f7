/** @file Runs the model over texts and keeps the votes of every voter for every chunk. */
import { CHUNK_BITS, CHUNK_BYTES } from '../../measures/chunk';
import { votersPerBit } from '../../network/config';
import type { Inference } from '../../runtime/inference';
import { fillWindow } from '../../text/windows';
import { InspectionError } from '../documentChunk';
import type { SpreadWindow } from '../spreadWindows';
import { spreadWindows } from '../spreadWindows';
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
  const { windows, count, total } = spreadWindows(texts, T, limit);
  if (total === 0) {
    throw new InspectionError(`There is no text to look at: none has a complete chunk of ${CHUNK_BYTES} bytes.`);
  }
  const chunks: EvaluatedChunks = { texts, runs: runsOf(windows), count, totalChunks: total };
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
    taken.forEach((window, row) => {
      fillWindow(texts[window.text]!.bytes, window, T, inputs, row * stride);
    });
    const { votes } = await inference.forward(inputs, batch);
    taken.forEach(({ firstTarget, scoreFrom, scoreTo }, row) => {
      const scored = scoreTo - scoreFrom;
      const from = (row * T + scoreFrom - firstTarget) * voters;
      for (let voter = 0; voter < voters; voter++) {
        const to = voter * chunks.count + done;
        for (let i = 0; i < scored; i++) {
          const code = encodeVote(votes[from + i * voters + voter]!);
          codes[to + i] = code;
          histograms[voter * VOTE_CODES + code]!++;
        }
      }
      done += scored;
    });
    options.onProgress?.(done, chunks.count);
  }
  return { voters, votersPerBit: M, chunks, codes, histograms };
}

/** The windows' chunks as columns; neighbouring ones of a text are one run. */
function runsOf(windows: readonly SpreadWindow[]): EvaluatedRun[] {
  const runs: EvaluatedRun[] = [];
  let column = 0;
  for (const { text, scoreFrom, scoreTo } of windows) {
    const count = scoreTo - scoreFrom;
    const last = runs.at(-1);
    if (last?.text === text && last.firstChunk + last.count === scoreFrom) {
      runs[runs.length - 1] = { ...last, count: last.count + count };
    } else {
      runs.push({ text, firstChunk: scoreFrom, column, count });
    }
    column += count;
  }
  return runs;
}
