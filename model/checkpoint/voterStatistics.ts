/** @file What is known of every voter of a model over a corpus, as it is gathered and stored. */
import type { VoterContext } from '../protocol/statistics';

/** Bins of a histogram of votes over [0, 1]; a vote of exactly 1 falls in the last. */
export const VOTE_BINS = 64;
/** Examples kept of each kind for each voter. */
export const EXAMPLES = 8;
/** Bytes kept of those that a voter promotes. */
export const PROMOTED_BYTES = 3;

/** Examples of each voter: chunks by their number in the corpus, −1 where there are fewer. */
export interface VoterExamples {
  /** [32·M·8] */
  readonly chunks: Int32Array;
  /** [32·M·8] the votes there. */
  readonly votes: Float32Array;
  /** [32·M·8] the chunks themselves as 32-bit integers, to know them again. */
  readonly codes: Int32Array;
}

/** What a voter is called after what it does. */
export interface AutomaticName extends VoterContext {
  /** b·M + i */
  readonly row: number;
}

/** What each voter brings to what the model says, over the `weightChunks` chunks. */
export interface VoterContributions {
  /** [32·M] chunks where its weight is the largest of its bit's, and no other as large. */
  readonly winCounts: Int32Array;
  /** [32·M] Σ of the change of the chunk's surprise if it alone were silenced, in bits: above 0 where it helped. */
  readonly effects: Float64Array;
  /** [32·M·3] the real bytes on which those sums are the largest, largest first, and the sums; 0 bits where there are fewer. */
  readonly promotedBytes: Uint8Array;
  readonly promotedBits: Float32Array;
}

/** Statistics of all voters of a model over N chunks; voter i of bit b is row b·M + i. */
export interface VoterStatistics {
  /** M */
  readonly votersPerBit: number;
  /** N, the chunks that were looked at: samples of every bit. */
  readonly chunks: number;
  /** Complete chunks of the corpus: more than N where only windows spread evenly over it were looked at. */
  readonly totalChunks: number;
  /** [32] how many of them have a 1 there. */
  readonly ones: Int32Array;
  /** [32·M·2·64] raw counts of votes, by real bit 0 and 1. */
  readonly histograms: Int32Array;
  /** [32·M·2] mean and variance (over N, not N − 1) of the vote by real bit 0 and 1; NaN where there is none. */
  readonly means: Float64Array;
  readonly variances: Float64Array;
  /** [32·M] smallest and largest vote. */
  readonly minima: Float32Array;
  readonly maxima: Float32Array;
  /** [32·M] mean w. */
  readonly meanWeights: Float64Array;
  /** [32·M] of `weightChunks` evenly chosen chunks those where w is above 0 and among the largest 10 % of the bit's weights (⌈M/10⌉ of them, and those equal to the last). */
  readonly largeWeightCounts: Int32Array;
  readonly weightChunks: number;
  /** [32·M] chunks with v > ½. */
  readonly activeCounts: Int32Array;
  /** [32·M] chunks with a 1 where ∂p/∂z is negative (SPEC section 4): with softmax v < p − 1/τ. 0 where weights do not depend on votes. */
  readonly invertedCounts: Int32Array;
  /** The largest votes, largest first; of equal ones the first in the corpus. */
  readonly top: VoterExamples;
  /** Chunks drawn at random, each as likely as any other, in the order of the corpus. */
  readonly sample: VoterExamples;
  /**
   * [32·M] of those that ever vote above ½ the voter of the same bit whose votes correlate most with this one's, and the
   * correlation; −1 and NaN where there is none.
   */
  readonly nearest: Int32Array;
  readonly nearestCorrelations: Float32Array;
  /** Chunks that the correlations were measured on. */
  readonly correlationChunks: number;
  /** Null where the statistics were gathered before there were any. */
  readonly contributions: VoterContributions | null;
  /** By row; of the voters for which there is one. */
  readonly names: readonly AutomaticName[];
}
