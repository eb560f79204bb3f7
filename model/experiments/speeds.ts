/** @file How fast models predict: timed in turns, so that all of them meet the same load of the machine. */
import { quantile } from 'simple-statistics';
import { CHUNK_BYTES } from '../measures/chunk';
import { hiddenVectors } from '../network/config';
import type { Inference } from '../runtime/inference';
import { timed } from '../runtime/timing';

/** Next chunks that are timed one by one in a round. */
export const CALLS = 20;

/** What one model did in one round. */
export interface Speed {
  /** Of whole windows, every chunk of which is predicted. */
  readonly chunksPerSecond: number;
  /** Milliseconds of one next chunk, the time of half of the calls and of 19 of 20. */
  readonly p50: number;
  readonly p95: number;
}

/** p of the chunk after a window: its trunk anew, and the voters at its last position. @param window [4T] */
async function predictNext(inference: Inference, window: Uint8Array): Promise<void> {
  const { count, width } = hiddenVectors(inference.config);
  const hidden = await inference.hidden(window, 1);
  // Independent bits do not hear the chunk that they predict.
  await inference.voters(hidden.slice(-count * width), new Uint8Array(CHUNK_BYTES));
}

/**
 * Times models of independent bits and one context T, one after the other, round by round. A first run of each, which compiles, is not
 * among them.
 * @param bytes [B, 4(T+1)]
 * @returns [rounds][models]
 * @throws the signal's reason when it is aborted
 */
export async function timeInTurns(
  models: readonly Inference[],
  bytes: Uint8Array,
  batch: number,
  rounds: number,
  signal: AbortSignal | undefined,
): Promise<Speed[][]> {
  const chunks = bytes.length / CHUNK_BYTES - batch;
  const window = bytes.subarray(0, bytes.length / batch - CHUNK_BYTES);
  const once = async (inference: Inference): Promise<Speed> => {
    signal?.throwIfAborted();
    const milliseconds = await timed(() => inference.probabilities(bytes, batch));
    const calls: number[] = [];
    for (let call = 0; call < CALLS; call++) calls.push(await timed(() => predictNext(inference, window)));
    return { chunksPerSecond: (1000 * chunks) / milliseconds, p50: quantile(calls, 0.5), p95: quantile(calls, 0.95) };
  };
  for (const inference of models) await once(inference);
  const speeds: Speed[][] = [];
  for (let round = 0; round < rounds; round++) {
    const ofRound: Speed[] = [];
    for (const inference of models) ofRound.push(await once(inference));
    speeds.push(ofRound);
  }
  return speeds;
}

/** The fastest of rounds, each figure by itself: what other programs take is no part of a model's cost. */
export function fastest(rounds: readonly Speed[]): Speed | null {
  if (rounds.length === 0) return null;
  return {
    chunksPerSecond: Math.max(...rounds.map(({ chunksPerSecond }) => chunksPerSecond)),
    p50: Math.min(...rounds.map(({ p50 }) => p50)),
    p95: Math.min(...rounds.map(({ p95 }) => p95)),
  };
}
