/** @file Statistics of every voter over a corpus. */
import type { FindablePlace } from './documents';
import type { VoterPlace } from './inspection';
import type { CorpusParams } from './training';

/** What kind of voter it is, by its statistics; model/measures/voterClasses.ts defines each. */
export type VoterClass = 'dead' | 'narrow' | 'broad' | 'dense' | 'unheard' | 'contrary' | 'twin';

/** Which statistics a voter is asked of: those that are stored with the model, or those of the texts that were asked about last. */
export type StatisticsKind = 'gathered' | 'texts';

export interface StatisticsVoterParams extends VoterPlace {
  readonly of: StatisticsKind;
}

/** What Voter Statistics asks for; paths are absolute. */
export interface StatisticsParams extends CorpusParams {
  readonly folder: string;
  /** As for `LoadParams`. */
  readonly findings?: string;
  readonly device: string;
  /** Threads of one run; 0 lets the process choose. */
  readonly threads: number;
  /** Of the random examples. */
  readonly seed: number;
}

export interface StatisticsProgress {
  readonly folder: string;
  readonly chunks: number;
  readonly total: number;
}

/** The statistics of every voter of the loaded model, as far as pictures of all of them need it; row b·M + i is voter i of bit b. */
export interface StatisticsSummary {
  readonly checkpoint: string;
  readonly votersPerBit: number;
  /** N, the chunks that were looked at: samples of every bit; of `totalChunks` of the corpus. */
  readonly chunks: number;
  readonly totalChunks: number;
  readonly bytes: number;
  readonly files: readonly string[];
  /** What users know the text by, where its files' names say less. */
  readonly title?: string;
  /** Files that were met and not read. */
  readonly skipped: number;
  /** [32] chunks with a 1 there. */
  readonly ones: Int32Array;
  /** [32·M·2] of the vote by real bit 0 and 1; NaN where there is no such bit. */
  readonly means: Float64Array;
  readonly variances: Float64Array;
  /** [32·M] */
  readonly meanWeights: Float64Array;
  /** [32·M] share of chunks where its weight is above 0 and among the largest 10 % of its bit's. */
  readonly largeWeightShares: Float32Array;
  /** [32·M] share of chunks with v > ½. */
  readonly densities: Float32Array;
  /** [32·M] AUROC of the vote for its bit; NaN where only one value of the bit occurs. */
  readonly aurocs: Float32Array;
  /** [32·M] the voter of the same bit that votes most alike, −1 where there is none, and the correlation of their votes. */
  readonly nearest: Int32Array;
  readonly nearestCorrelations: Float32Array;
  /** Null where the statistics were gathered before there were any. */
  readonly contributions: MeanContributions | null;
  /** Of the voters that a context names, by row. */
  readonly automaticNames: readonly (VoterContext & { readonly row: number })[];
  /** [32·M] bit k of a mask stands for `classes[k].name`. */
  readonly classMasks: Uint8Array;
  readonly classes: readonly { readonly name: VoterClass; readonly voters: number }[];
}

/** What each voter brings to what the model says. */
export interface MeanContributions {
  /** N, the chunks that it was measured on. */
  readonly chunks: number;
  /** [32·M] share of them where its weight is the largest of its bit's, and no other as large. */
  readonly winShares: Float32Array;
  /** [32·M] mean change of a chunk's surprise if it alone were silenced, in bits: above 0 where it helped. */
  readonly effects: Float32Array;
  /** [32·M·3] the real bytes on which it saves most, most first, and bits per chunk; 0 where there are fewer. */
  readonly promotedBytes: Uint8Array;
  readonly promotedBits: Float32Array;
}

/** A chunk at which a voter is shown. */
export interface VoterExample {
  readonly path: string;
  /** In the file's text as it is now, where it is still there. */
  readonly offset: number;
  readonly vote: number;
  /** As it was when the statistics were gathered. */
  readonly place: FindablePlace;
  /** The chunk and what stands around it, visible as in a hover; null where the file cannot be read any more, or has it no more. */
  readonly text: { readonly before: string; readonly chunk: string; readonly after: string } | null;
}

/** The context that a voter is named after, with the numbers that tell. */
export interface VoterContext {
  /** Such as `before a vowel`. */
  readonly name: string;
  /** Chunks in which it votes above ½, and those of them that are in the context. */
  readonly votes: number;
  readonly there: number;
  /** Chunks of all N that are in the context. */
  readonly chunks: number;
}

/** Everything that is known of one voter over the corpus. */
export interface VoterDashboard extends VoterPlace {
  readonly checkpoint: string;
  /** N of the real bits 0 and 1. */
  readonly samples: readonly [zeros: number, ones: number];
  /** [64] raw counts of the vote over [0, 1] where the real bit is 0; a vote of exactly 1 falls in the last bin. */
  readonly zeros: Int32Array;
  /** [64] the same where it is 1. */
  readonly ones: Int32Array;
  /** By real bit 0 and 1; NaN where there is no such bit. */
  readonly means: readonly [zeros: number, ones: number];
  readonly variances: readonly [zeros: number, ones: number];
  readonly minimum: number;
  readonly maximum: number;
  readonly meanWeight: number;
  readonly largeWeightShare: number;
  readonly density: number;
  /** Share of its 1-bits where voting more makes the 1 less probable; NaN where there is none. */
  readonly invertedShare: number;
  readonly auroc: number;
  readonly classes: readonly VoterClass[];
  /** Null where no context tells its votes. */
  readonly automaticName: VoterContext | null;
  /** The voter of the same bit that votes most alike, measured on so many chunks; null where it does not vary. */
  readonly nearest: { readonly voter: number; readonly correlation: number; readonly chunks: number } | null;
  /** The largest votes, largest first. */
  readonly top: readonly VoterExample[];
  /** Chunks drawn at random, in the order of the corpus. */
  readonly sample: readonly VoterExample[];
}
