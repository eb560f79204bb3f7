/** @file Voters silenced or held at a vote: what a bit's voters then say together, exactly, from its scores alone (SPEC section 4). */
import { CHUNK_BITS } from '../measures/chunk';
import type { BitAggregate, ShareBuffers, ShareSums } from '../network/aggregation';
import type { Aggregation } from '../network/aggregations';
import { aggregateBit, SAFE_SUM, shareBuffers, strongestSignal, sumShares } from '../network/aggregation';
import type { ChunkScores, TrunkWindow } from '../network/chunkScores';
import type { VoterHead } from '../network/voterHead';
import type { VoterChange } from '../protocol/inspection';
import type { BitModel } from './chunkSearch';
import { activeVoters, effectiveVoters } from './measures';

/** What is left of a sum must be at least this share of it: a float64 difference then still has nine digits. */
const LEAST_SHARE = 1e-6;

/** A change of voters that the model does not have, or a vote that is none; the message is for the user. */
export class VoterChangeError extends Error {
  override readonly name = 'VoterChangeError';
}

export function isVoterChangeError(error: unknown): error is VoterChangeError {
  return error instanceof VoterChangeError;
}

/** A bit whose voters are all silenced says nothing: p is NaN, and it counts as the toss of a coin, one bit of surprise. */
export const NO_VOTERS: BitAggregate = {
  probability: NaN,
  logProbability: -Math.LN2,
  logComplement: -Math.LN2,
};

/** What each voter of a bit brings into the sums that p is made of, and those sums. */
export type VoterShares = ShareBuffers & ShareSums;

/**
 * The shares of one bit's voters.
 * @param z [M] scores
 * @param buffers from `shareBuffers`, filled here
 */
export function voterShares(
  z: Float64Array,
  aggregation: Aggregation,
  tau: number,
  buffers = shareBuffers(z.length),
): VoterShares {
  const { weight, one, zero } = buffers;
  const { weights, ones, zeros } = sumShares(z, aggregation, tau, strongestSignal(z, aggregation), buffers);
  return { weight, one, zero, weights, ones, zeros };
}

/** Whether what is left of the three sums without some voters is exact enough to be divided. */
export function isExact(shares: VoterShares, weights: number, ones: number, zeros: number): boolean {
  return (
    shares.ones > SAFE_SUM &&
    shares.zeros > SAFE_SUM &&
    weights > LEAST_SHARE * shares.weights &&
    ones > LEAST_SHARE * shares.ones &&
    zeros > LEAST_SHARE * shares.zeros
  );
}

/** One voter of a bit, silenced (`vote` null) or held at a vote. */
export type BitChange = Pick<VoterChange, 'voter' | 'vote'>;

/**
 * What a bit's voters say with some of them changed. Silenced voters only, by the closed form of SPEC section 4,
 * p' = (p − Σ_S w·v)/(1 − Σ_S w), and 1 − p' likewise; where that would lose digits, and with votes held, from the scores again.
 * @param z [M] the bit's scores
 * @param changes at most one of each voter
 * @returns `NO_VOTERS` where every voter is silenced; ln p is −∞ where every vote that counts is held at 0, and ln(1 − p) where at 1
 */
export function changedAggregate(
  z: Float64Array,
  aggregation: Aggregation,
  tau: number,
  changes: readonly BitChange[],
): BitAggregate {
  if (changes.length === z.length && changes.every(({ vote }) => vote === null)) return NO_VOTERS;
  if (changes.some(({ vote }) => vote !== null)) return recomputedAggregate(z, aggregation, tau, changes);
  const shares = voterShares(z, aggregation, tau);
  let { weights, ones, zeros } = shares;
  for (const { voter } of changes) {
    weights -= shares.weight[voter]!;
    ones -= shares.one[voter]!;
    zeros -= shares.zero[voter]!;
  }
  if (!isExact(shares, weights, ones, zeros)) return recomputedAggregate(z, aggregation, tau, changes);
  return {
    probability: ones / weights,
    logProbability: Math.log(ones / weights),
    logComplement: Math.log(zeros / weights),
  };
}

/** The scores that are left, with ln(v) − ln(1 − v) in place of the score of a vote that is held. */
function changedScores(z: Float64Array, changes: readonly BitChange[]): Float64Array {
  const scores = z.slice();
  const silenced: number[] = [];
  for (const { voter, vote } of changes) {
    if (vote === null) silenced.push(voter);
    else scores[voter] = Math.log(vote) - Math.log1p(-vote);
  }
  if (silenced.length === 0) return scores;
  const isSilent = new Uint8Array(z.length);
  for (const voter of silenced) isSilent[voter] = 1;
  return scores.filter((_, voter) => isSilent[voter] === 0);
}

/**
 * The same from the scores that are left.
 * @param weights receives w of the voters that are left, from index 0 on
 */
export function recomputedAggregate(
  z: Float64Array,
  aggregation: Aggregation,
  tau: number,
  changes: readonly BitChange[],
  weights?: Float64Array,
): BitAggregate {
  const scores = changedScores(z, changes);
  if (scores.length === 0) return NO_VOTERS;
  const aggregate = aggregateBit(scores, 0, scores.length, aggregation, tau, weights);
  if (Number.isNaN(aggregate.probability)) return aggregate;
  // Votes of exactly 0 (or 1) alone: a likelihood that is nothing, whose logarithm the sum above cannot take.
  const log = (value: number) => (Number.isNaN(value) ? -Infinity : value);
  return {
    probability: aggregate.probability,
    logProbability: log(aggregate.logProbability),
    logComplement: log(aggregate.logComplement),
  };
}

/** What a bit's voters say with some of them changed, and how few of those that are left decide. */
export interface ChangedBit extends BitAggregate {
  /** 1/Σw² */
  readonly effectiveVoters: number;
  /** #{w > 1/M'}, M' the voters that are left. */
  readonly activeVoters: number;
  /** Share with v > ½ of the voters that are left. */
  readonly density: number;
}

/** A voter head with changes in force at every position: what searches and decoding take in place of the head itself. */
export class ChangedHead implements BitModel {
  readonly #byBit: readonly (readonly BitChange[])[];

  /**
   * @param changes the last of several for one voter counts
   * @throws VoterChangeError where one names a bit, a voter or a vote that does not exist
   */
  constructor(
    private readonly head: VoterHead,
    changes: readonly VoterChange[],
  ) {
    const byBit = Array.from({ length: CHUNK_BITS }, () => new Map<number, number | null>());
    for (const change of changes) {
      checkChange(change, head.votersPerBit);
      byBit[change.bit]!.set(change.voter, change.vote);
    }
    this.#byBit = byBit.map((votes) => Array.from(votes, ([voter, vote]) => ({ voter, vote })));
  }

  get chained(): boolean {
    return this.head.chained;
  }

  /** Bits of which a voter is changed, ascending. */
  get changedBits(): number[] {
    return this.#byBit.flatMap((changes, bit) => (changes.length > 0 ? [bit] : []));
  }

  at(window: TrunkWindow, t: number): ChunkScores {
    return this.head.at(window, t);
  }

  /** The scores of a bit's voters, which no change moves. */
  bitScores(scores: ChunkScores, bit: number, code: number): Float64Array {
    return this.head.bitScores(scores, bit, code);
  }

  /** As `VoterHead.aggregate`, without weights. */
  aggregate(scores: ChunkScores, bit: number, code: number): BitAggregate {
    const changes = this.#byBit[bit]!;
    if (changes.length === 0) return this.head.aggregate(scores, bit, code);
    const z = this.head.bitScores(scores, bit, code);
    return changedAggregate(z, this.head.aggregation, this.head.temperatures[bit]!, changes);
  }

  /** As `aggregate`, with the measures of the weights; of a bit without voters they are 0. */
  measure(scores: ChunkScores, bit: number, code: number): ChangedBit {
    const z = this.head.bitScores(scores, bit, code);
    const left = changedScores(z, this.#byBit[bit]!);
    if (left.length === 0) return { ...NO_VOTERS, effectiveVoters: 0, activeVoters: 0, density: 0 };
    const weights = new Float64Array(left.length);
    const tau = this.head.temperatures[bit]!;
    const aggregate = recomputedAggregate(z, this.head.aggregation, tau, this.#byBit[bit]!, weights);
    return {
      ...aggregate,
      effectiveVoters: effectiveVoters(weights, 0, left.length),
      activeVoters: activeVoters(weights, 0, left.length),
      density: left.filter((score) => score > 0).length / left.length,
    };
  }

  /** Bits of which every voter is silenced. */
  bitsWithoutVoters(): number[] {
    const isSilent = (changes: readonly BitChange[]) =>
      changes.length === this.head.votersPerBit && changes.every(({ vote }) => vote === null);
    return this.#byBit.flatMap((changes, bit) => (isSilent(changes) ? [bit] : []));
  }
}

function checkChange({ bit, voter, vote }: VoterChange, votersPerBit: number): void {
  const isIndex = (value: number, bound: number) => Number.isInteger(value) && value >= 0 && value < bound;
  if (!isIndex(bit, CHUNK_BITS)) throw new VoterChangeError(`Bit ${bit} cannot be changed: expected one of 0 to 31.`);
  if (!isIndex(voter, votersPerBit)) {
    throw new VoterChangeError(
      `Voter ${voter} of bit ${bit} cannot be changed: the model has voters 0 to ${votersPerBit - 1} a bit.`,
    );
  }
  if (vote !== null && !(vote >= 0 && vote <= 1)) {
    throw new VoterChangeError(`Voter ${voter} of bit ${bit} cannot vote ${vote}: expected a number from 0 to 1.`);
  }
}
