/** @file The measurements of the chunks that one window scores, taken out of a batch of scored windows. */
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import type { Scores } from '../runtime/inference';
import type { DocumentWindow } from '../text/windows';

/** Measurements of the n chunks that a window scores. */
export interface WindowMeasures {
  /** Number of the first of them in the document. */
  readonly firstChunk: number;
  /** [n·32] p of a 1. */
  readonly probabilities: Float32Array;
  /** [n·32] 1/Σw². */
  readonly effectiveVoters: Float32Array;
  /** [n·32] share of voters with v > ½. */
  readonly density: Float32Array;
  /** [n·32] number of voters with w > 1/M. */
  readonly activeVoters: Uint16Array;
  /** [n] −log2 of the probability of the real bits; padding does not count. */
  readonly surprise: Float32Array;
}

/**
 * Copies one window's measurements.
 * @param scores a batch of scored windows
 * @param firstPosition of the window in it, counted over all its [B·T] positions
 * @param documentBytes length of the document, whose last chunk may be padded
 */
export function measureWindow(
  scores: Scores,
  firstPosition: number,
  window: DocumentWindow,
  documentBytes: number,
): WindowMeasures {
  const n = window.scoreTo - window.scoreFrom;
  const from = (firstPosition + window.scoreFrom - window.firstTarget) * CHUNK_BITS;
  const to = from + n * CHUNK_BITS;
  const surprise = Float32Array.from({ length: n }, (_, i) => {
    const realBytes = Math.min(CHUNK_BYTES, documentBytes - (window.scoreFrom + i) * CHUNK_BYTES);
    let sum = 0;
    for (let b = 0; b < 8 * realBytes; b++) sum += scores.logLikelihoods[from + i * CHUNK_BITS + b]!;
    return -sum / Math.LN2;
  });
  return {
    firstChunk: window.scoreFrom,
    probabilities: scores.probabilities.slice(from, to),
    effectiveVoters: scores.effectiveVoters.slice(from, to),
    density: scores.density.slice(from, to),
    activeVoters: Uint16Array.from(scores.activeVoters.subarray(from, to)),
    surprise,
  };
}

/** Memory of a window's measurements. */
export function measuresBytes(measures: WindowMeasures): number {
  return (
    measures.probabilities.byteLength +
    measures.effectiveVoters.byteLength +
    measures.density.byteLength +
    measures.activeVoters.byteLength +
    measures.surprise.byteLength
  );
}
