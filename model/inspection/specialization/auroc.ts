/** @file AUROC of a voter's votes for a class of chunks, from histograms of its codes: exact but for votes that share a code. */
import { VOTE_CODES } from './voteCodes';

/**
 * Counts the codes of some chunks of one voter.
 * @param codes [N] the voter's
 * @param columns the chunks
 * @param out [256] receives the counts
 */
export function countCodesAt(codes: Uint8Array, columns: Uint32Array, out: Uint32Array): void {
  out.fill(0);
  for (const column of columns) out[codes[column]!]!++;
}

/**
 * Counts a voter's codes, a histogram for each class.
 * @param codes [N]
 * @param labels [N] class of each chunk
 * @param out [classes·256] receives the counts, class-major
 */
export function countCodesByClass(codes: Uint8Array, labels: Uint8Array, out: Uint32Array): void {
  out.fill(0);
  for (let i = 0; i < codes.length; i++) out[(labels[i]! << 8) | codes[i]!]!++;
}

/**
 * AUROC: the probability that a chunk in the class has a higher vote than one outside, ties counted as half,
 * Σ_c in_c·(Σ_{d<c} out_d + ½·out_c) / (n_in·n_out).
 * @param inside [256] from `start` on, counts of the codes of chunks in the class
 * @param all [256] counts of all chunks
 * @returns between 0 and 1; NaN where the class is empty or holds every chunk
 */
export function auroc(inside: ArrayLike<number>, all: ArrayLike<number>, start = 0): number {
  let below = 0;
  let insideCount = 0;
  let sum = 0;
  for (let code = 0; code < VOTE_CODES; code++) {
    const here = inside[start + code]!;
    const outside = all[code]! - here;
    sum += here * (below + outside / 2);
    below += outside;
    insideCount += here;
  }
  return sum / (insideCount * below);
}

/**
 * Mid-ranks of the codes, centred and scaled: with them in place of the votes, the mean over all chunks is 0 and the variance 1.
 * @param all [256] counts of all chunks
 * @param out [256] receives the rank of each code
 * @returns whether the votes differ at all; `out` is zero where they do not
 */
export function standardRanks(all: ArrayLike<number>, out: Float64Array): boolean {
  let count = 0;
  for (let code = 0; code < VOTE_CODES; code++) count += all[code]!;
  let below = 0;
  let squares = 0;
  for (let code = 0; code < VOTE_CODES; code++) {
    const here = all[code]!;
    const rank = below + here / 2 - count / 2;
    out[code] = rank;
    squares += here * rank * rank;
    below += here;
  }
  if (squares === 0) {
    out.fill(0);
    return false;
  }
  const scale = Math.sqrt(count / squares);
  for (let code = 0; code < VOTE_CODES; code++) out[code]! *= scale;
  return true;
}
