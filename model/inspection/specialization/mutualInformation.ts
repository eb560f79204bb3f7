/** @file Mutual information of a voter's votes and a yes-or-no label, corrected for the bias of a finite sample. */
import { chiSquaredUpper } from './distributions';
import { VOTE_CODES } from './voteCodes';

/** Groups of codes at most. */
export const MOST_GROUPS = 16;
/** Chunks of the rarer label that a group should hold on average. */
const LEAST_PER_GROUP = 5;

/** Neighbouring codes put together, so that each group has about equally many chunks. */
export interface CodeGroups {
  /** [256] group of each code. */
  readonly groupOf: Uint8Array;
  /** [R] share of the chunks in each group, all above 0. */
  readonly shares: readonly number[];
}

/**
 * Groups a voter's codes. A code is never split, so a voter that gives few codes has fewer groups.
 * @param all [256] counts of all chunks
 * @param rarer chunks of the rarer label, which bounds how many groups make sense
 */
export function groupCodes(all: ArrayLike<number>, rarer: number): CodeGroups {
  const wanted = Math.max(2, Math.min(MOST_GROUPS, Math.floor(rarer / LEAST_PER_GROUP)));
  const groupOf = new Uint8Array(VOTE_CODES);
  let count = 0;
  for (let code = 0; code < VOTE_CODES; code++) count += all[code]!;
  const sizes: number[] = [];
  let seen = 0;
  for (let code = 0; code < VOTE_CODES; code++) {
    const here = all[code]!;
    // A group is closed once the groups so far hold their share.
    const isClosed = sizes.length === 0 || seen >= (sizes.length * count) / wanted;
    if (here > 0 && isClosed) sizes.push(0);
    const group = Math.max(0, sizes.length - 1);
    groupOf[code] = group;
    if (here > 0) sizes[group]! += here;
    seen += here;
  }
  return { groupOf, shares: sizes.map((size) => size / count) };
}

/** How much more the labels' sums vary over shuffles than if all chunks were independent: 1 where they are. */
export interface DesignEffects {
  /** Of the sum of ranks. */
  readonly ranks: number;
  /** Of the counts in the groups, on average over the R − 1 ways in which they can differ. */
  readonly groups: number;
}

export interface MutualInformation {
  /** Bits, after the correction; slightly below 0 where there is none to find. */
  readonly information: number;
  /** Probability of as much information or more where label and votes are independent. */
  readonly p: number;
}

/**
 * I = Σ p(g, y)·log2 p(g, y)/(p(g)·p(y)) over groups g of codes, less its bias ((R_1 − 1) + (R_0 − 1) − (R − 1))/(2N ln 2) (Miller and
 * Madow; Panzeri and Treves: R the groups that occur, R_y those that occur with label y). Neighbouring chunks are alike, so
 * that there are fewer independent ones than N: the bias is multiplied by the groups' design effect, and 2N ln 2·I/δ is compared with
 * χ² of R − 1 degrees of freedom (Rao and Scott 1981), δ the larger of both design effects, because some ways in which the
 * groups can differ vary more than their mean: p is on the safe side.
 * @param inside [256] counts of the codes of labelled chunks
 * @param all [256] counts of all chunks
 * @param effects from the shuffled labels; less than 1 counts as 1
 */
export function mutualInformation(
  inside: ArrayLike<number>,
  all: ArrayLike<number>,
  { groupOf, shares }: CodeGroups,
  effects: DesignEffects,
): MutualInformation {
  const freedom = shares.length - 1;
  if (freedom < 1) return { information: 0, p: 1 };
  const ones = new Float64Array(shares.length);
  const zeros = new Float64Array(shares.length);
  let labelled = 0;
  let unlabelled = 0;
  for (let code = 0; code < VOTE_CODES; code++) {
    const here = inside[code]!;
    const outside = all[code]! - here;
    ones[groupOf[code]!]! += here;
    zeros[groupOf[code]!]! += outside;
    labelled += here;
    unlabelled += outside;
  }
  const count = labelled + unlabelled;
  let nats = 0;
  let occurringOnes = 0;
  let occurringZeros = 0;
  shares.forEach((share, group) => {
    const [one, zero] = [ones[group]!, zeros[group]!];
    if (one > 0) nats += one * Math.log(one / (share * labelled));
    if (zero > 0) nats += zero * Math.log(zero / (share * unlabelled));
    if (one > 0) occurringOnes++;
    if (zero > 0) occurringZeros++;
  });
  const bias =
    ((occurringOnes - 1 + occurringZeros - 1 - freedom) * Math.max(1, effects.groups)) / (2 * count * Math.LN2);
  const widest = Math.max(1, effects.ranks, effects.groups);
  return { information: nats / count / Math.LN2 - bias, p: chiSquaredUpper((2 * nats) / widest, freedom) };
}
