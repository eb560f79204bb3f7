/** @file Where else voters agree: the places of a text where a set of voters is on and off as at a given chunk. */
import { Turns } from '../turns';
import type { TurnOptions } from '../turns';
import { encodeVote } from './voteCodes';
import type { VoteMatrix } from './voteMatrix';
import { voterCodes } from './voteMatrix';

/** The voters of a pattern, each on (v above the threshold) or off. */
export interface VoterPattern {
  /** b·M + i of each. */
  readonly voters: readonly number[];
  /** 1 for on, 0 for off. */
  readonly on: Uint8Array;
  /** To within a code, except at ½, which is exact. */
  readonly threshold: number;
}

/** Consecutive chunks at which enough voters agree. */
export interface AgreementRun {
  /** Index of the text, number of the first chunk in it, and how many chunks there are. */
  readonly text: number;
  readonly firstChunk: number;
  readonly count: number;
  /** Mean share of the voters that agree: what places are ranked by. */
  readonly agreement: number;
}

export interface AgreementResult {
  /** The best places, by agreement; of equal ones the longest first, then in the order of the text. */
  readonly runs: readonly AgreementRun[];
  /** How many there are in all. */
  readonly found: number;
  /** Chunks in them, of all that were looked at. */
  readonly matchingChunks: number;
  /** [voters + 1] chunks at which exactly so many of the voters agree: how rare the pattern is. */
  readonly histogram: Uint32Array;
}

export interface AgreementOptions extends TurnOptions {
  /** Share of the voters that have to agree at every chunk of a place. */
  readonly minAgreement: number;
  /** Places answered at most. */
  readonly limit: number;
}

/**
 * Finds the places. One ends where too few voters agree, and where the text or what was evaluated of it ends.
 * @throws the signal's reason when it is aborted
 */
export async function findAgreement(
  matrix: VoteMatrix,
  pattern: VoterPattern,
  options: AgreementOptions,
): Promise<AgreementResult> {
  const { count } = matrix.chunks;
  const size = pattern.voters.length;
  const agreeing = new Uint16Array(count);
  // The code that the threshold falls into counts as off, as ½ itself does.
  const threshold = encodeVote(pattern.threshold);
  const turns = new Turns(options);
  for (const [k, voter] of pattern.voters.entries()) {
    if (turns.isDue) await turns.give();
    const codes = voterCodes(matrix, voter);
    const on = pattern.on[k]!;
    for (let column = 0; column < count; column++) if ((codes[column]! > threshold ? 1 : 0) === on) agreeing[column]!++;
  }
  const histogram = new Uint32Array(size + 1);
  for (const voters of agreeing) histogram[voters]!++;
  // A share of 0.9 of 10 voters is 9 of them, whatever 0.9·10 is in floating point.
  const runs = placesOf(matrix, agreeing, size, Math.ceil(options.minAgreement * size - 1e-9));
  const ranked = runs.toSorted((a, b) => b.agreement - a.agreement || b.count - a.count);
  return {
    runs: ranked.slice(0, options.limit),
    found: runs.length,
    matchingChunks: runs.reduce((sum, run) => sum + run.count, 0),
    histogram,
  };
}

function placesOf(matrix: VoteMatrix, agreeing: Uint16Array, size: number, needed: number): AgreementRun[] {
  const places: AgreementRun[] = [];
  for (const { text, firstChunk, column, count } of matrix.chunks.runs) {
    for (let from = 0; from < count; from++) {
      if (agreeing[column + from]! < needed) continue;
      let to = from;
      let agreements = 0;
      while (to < count && agreeing[column + to]! >= needed) agreements += agreeing[column + to++]!;
      const length = to - from;
      places.push({ text, firstChunk: firstChunk + from, count: length, agreement: agreements / (size * length) });
      from = to;
    }
  }
  return places;
}
