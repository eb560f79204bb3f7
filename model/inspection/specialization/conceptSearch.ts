/** @file Which voters know about a concept: every voter ranked by how well its vote tells labelled chunks from the others. */
import type { RankedVoters } from '../../protocol/voterAnalyses';
import type { Random } from '../../text/random';
import { Turns } from '../turns';
import type { TurnOptions } from '../turns';
import { auroc, countCodesAt, standardRanks } from './auroc';
import { studentTwoSided } from './distributions';
import { benjaminiHochberg } from './falseDiscovery';
import { groupCodes, mutualInformation } from './mutualInformation';
import { designEffects, groupCounters, planShuffles } from './shuffledNull';
import { DECODED_VOTES, VOTE_CODES } from './voteCodes';
import type { VoteMatrix } from './voteMatrix';
import { voterCodes, voterHistogram } from './voteMatrix';

/** False discovery rate at or below which a voter counts as found. */
export const FALSE_DISCOVERY_RATE = 0.05;
/** |AUROC − ½| from which on a voter counts as found: with many chunks, effects that nobody would see are significant too. */
const LEAST_EFFECT = 0.1;
/** Share of the label's entropy that a voter has to tell for the same reason. */
const LEAST_INFORMATION = 0.01;
/** The first code of votes above ½. */
const FIRST_ABOVE_HALF = VOTE_CODES / 2;
/** Chunks of the rarer kind below which a sample is small. */
const SMALL_SAMPLE = 30;

export interface RankOptions extends TurnOptions {
  readonly random: Random;
  /** Told now and then: voters done and in all. */
  readonly onProgress?: (done: number, total: number) => void;
}

/**
 * Ranks all voters.
 * @param labels [N] 1 where the chunk is labelled, 0 elsewhere; some of each
 * @throws the signal's reason when it is aborted
 */
export async function rankVoters(matrix: VoteMatrix, labels: Uint8Array, options: RankOptions): Promise<RankedVoters> {
  const { voters } = matrix;
  const n = matrix.chunks.count;
  const labelled = labels.reduce((sum, label) => sum + label, 0);
  const plan = planShuffles(labels, options.random);
  const result = {
    auroc: new Float32Array(voters),
    p: new Float64Array(voters),
    information: new Float32Array(voters),
    informationP: new Float64Array(voters),
    medianInside: new Float32Array(voters),
    medianOutside: new Float32Array(voters),
  };
  const inside = new Uint32Array(VOTE_CODES);
  // Only the rarer kind of chunk is counted; the other kind is the rest.
  const rarer = 2 * labelled <= n ? 1 : 0;
  const rare = Uint32Array.from(columnsWith(labels, rarer));
  const ranks = new Float64Array(VOTE_CODES);
  const counters = groupCounters();
  const outsideCount = n - labelled;
  // N/(N − 1) times the sum of squared weights: the variance of the sum of n_in ranks drawn without replacement.
  const squares = (labelled * outsideCount) / (n - 1);
  const turns = new Turns(options);
  for (let voter = 0; voter < voters; voter++) {
    if (turns.isDue) {
      options.onProgress?.(voter, voters);
      await turns.give();
    }
    const codes = voterCodes(matrix, voter);
    const all = voterHistogram(matrix, voter);
    countCodesAt(codes, rare, inside);
    if (rarer === 0) for (let code = 0; code < VOTE_CODES; code++) inside[code] = all[code]! - inside[code]!;
    result.medianInside[voter] = medianVote(labelled, (code) => inside[code]!);
    result.medianOutside[voter] = medianVote(outsideCount, (code) => all[code]! - inside[code]!);
    if (!standardRanks(all, ranks)) {
      result.auroc[voter] = 0.5;
      result.p[voter] = 1;
      result.informationP[voter] = 1;
      continue;
    }
    const groups = groupCodes(all, rare.length);
    const effects = designEffects(plan, codes, ranks, groups, counters);
    result.auroc[voter] = auroc(inside, all);
    // The ranks have mean 0, so Σ c·r over all chunks is their sum over the labelled ones.
    const statistic = rankSum(inside, ranks) / Math.sqrt(squares * effects.ranks);
    result.p[voter] = studentTwoSided(statistic, plan.shuffles);
    const { information, p } = mutualInformation(inside, all, groups, effects);
    result.information[voter] = information;
    result.informationP[voter] = p;
  }
  options.onProgress?.(voters, voters);
  const q = benjaminiHochberg(result.p);
  const informationQ = benjaminiHochberg(result.informationP);
  // Of a voter that never votes, high and low are both silence.
  const voting = Array.from({ length: voters }, (_, voter) => voter).filter((voter) => votes(matrix, voter));
  /** What of the voters is found, by falling effect. */
  const found = (rates: Float64Array, effect: (voter: number) => number, least: number): Uint32Array =>
    Uint32Array.from(
      voting
        .filter((voter) => rates[voter]! <= FALSE_DISCOVERY_RATE && effect(voter) >= least)
        .sort((a, b) => effect(b) - effect(a) || a - b),
    );
  return {
    ...result,
    q,
    informationQ,
    voting: voting.length,
    higher: found(q, (voter) => result.auroc[voter]! - 0.5, LEAST_EFFECT),
    lower: found(q, (voter) => 0.5 - result.auroc[voter]!, LEAST_EFFECT),
    informed: found(informationQ, (voter) => result.information[voter]!, LEAST_INFORMATION * entropy(labelled / n)),
    isSmallSample: Math.min(labelled, outsideCount) < SMALL_SAMPLE,
    shuffles: plan.shuffles,
    blockLength: plan.blockLength,
  };
}

function columnsWith(labels: Uint8Array, wanted: 0 | 1): number[] {
  const columns: number[] = [];
  labels.forEach((label, column) => {
    if (label === wanted) columns.push(column);
  });
  return columns;
}

/** The middle one of so many votes, the lower of two. */
function medianVote(count: number, ofCode: (code: number) => number): number {
  let code = 0;
  for (let upTo = ofCode(0); 2 * upTo < count; upTo += ofCode(code)) code++;
  return DECODED_VOTES[code]!;
}

function rankSum(inside: Uint32Array, ranks: Float64Array): number {
  let sum = 0;
  for (let code = 0; code < VOTE_CODES; code++) sum += inside[code]! * ranks[code]!;
  return sum;
}

/** Whether the voter votes above ½ in some chunk. */
function votes(matrix: VoteMatrix, voter: number): boolean {
  return voterHistogram(matrix, voter)
    .subarray(FIRST_ABOVE_HALF)
    .some((count) => count > 0);
}

/** Bits that there are to know of a label which this share of the chunks has. */
function entropy(share: number): number {
  return -share * Math.log2(share) - (1 - share) * Math.log2(1 - share);
}
