/** @file The votes of all voters over an evaluated set of chunks, and which chunk of which text each of them is. */
import { VOTE_CODES } from './voteCodes';

/** A text whose voters are looked at. */
export interface SourceText {
  /** The document's URI, or the file's path. */
  readonly name: string;
  readonly bytes: Uint8Array;
  /** VS Code's language identifier, where it is known; the name's extension decides otherwise. */
  readonly languageId?: string;
}

/** Consecutive chunks of one text that stand one after the other in the matrix. */
export interface EvaluatedRun {
  /** Index of the text. */
  readonly text: number;
  /** Number of the first chunk in its text. */
  readonly firstChunk: number;
  /** Its column in the matrix. */
  readonly column: number;
  readonly count: number;
}

/** Which chunks were evaluated: the columns of a {@link VoteMatrix}. */
export interface EvaluatedChunks {
  readonly texts: readonly SourceText[];
  /** In the order of their columns. */
  readonly runs: readonly EvaluatedRun[];
  /** N, the columns. */
  readonly count: number;
  /** Complete chunks of all texts; more than N where only a part of them was evaluated. */
  readonly totalChunks: number;
}

/** The runs of each text of which something was evaluated, by the text's index. */
export function runsByText({ runs }: EvaluatedChunks): ReadonlyMap<number, readonly EvaluatedRun[]> {
  const byText = new Map<number, EvaluatedRun[]>();
  for (const run of runs) {
    const ofText = byText.get(run.text);
    if (ofText === undefined) byText.set(run.text, [run]);
    else ofText.push(run);
  }
  return byText;
}

/** Codes (`voteCodes`) of all votes, voter-major, so that one voter is read without touching the others. */
export interface VoteMatrix {
  /** 32·M; voter b·M + i is voter i of bit b. */
  readonly voters: number;
  readonly votersPerBit: number;
  readonly chunks: EvaluatedChunks;
  /** [32·M, N] */
  readonly codes: Uint8Array;
  /** [32·M, 256] how often each voter gave each code. */
  readonly histograms: Uint32Array;
}

/** Counts every voter's codes: the histograms of a matrix. */
export function codeHistograms(codes: Uint8Array, voters: number): Uint32Array {
  const histograms = new Uint32Array(voters * VOTE_CODES);
  const count = codes.length / voters;
  for (let voter = 0; voter < voters; voter++) {
    const histogram = histograms.subarray(voter * VOTE_CODES, (voter + 1) * VOTE_CODES);
    for (const code of codes.subarray(voter * count, (voter + 1) * count)) histogram[code]!++;
  }
  return histograms;
}

/** [256] how often one voter gave each code. */
export function voterHistogram(matrix: VoteMatrix, voter: number): Uint32Array {
  return matrix.histograms.subarray(voter * VOTE_CODES, (voter + 1) * VOTE_CODES);
}

/** [N] the codes of one voter. */
export function voterCodes(matrix: VoteMatrix, voter: number): Uint8Array {
  const { count } = matrix.chunks;
  return matrix.codes.subarray(voter * count, (voter + 1) * count);
}
