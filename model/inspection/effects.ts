/** @file What each single voter does to a chunk: the change if it alone were silenced, for all 32·M of them without a forward pass. */
import { CHUNK_BITS } from '../measures/chunk';
import type { BitAggregate } from '../network/aggregation';
import { shareBuffers } from '../network/aggregation';
import type { ChunkScores } from '../network/chunkScores';
import type { VoterHead } from '../network/voterHead';
import { isExact, NO_VOTERS, recomputedAggregate, voterShares } from './lesions';

/** The effects of silencing one voter alone. With chained bits the real bits stand before, so that other bits do not change. */
export interface VoterEffects {
  /** [32·M] change of the chunk's surprise, in bits; above 0 where the voter helped. 0 at bits that are not scored. */
  readonly surprise: Float32Array;
  /** [32·M] change of the bit's p; NaN where the voter is its bit's only one. */
  readonly probability: Float32Array;
}

/**
 * p' = (p − w·v)/(1 − w) and 1 − p' likewise (SPEC section 4), and from the scores again where that would lose digits.
 * @param scores from `VoterHead.at`
 * @param code the chunk's real bits
 * @param scoredBits how many of them, from the first, are text
 */
export function voterEffects(head: VoterHead, scores: ChunkScores, code: number, scoredBits: number): VoterEffects {
  const M = head.votersPerBit;
  const surprise = new Float32Array(CHUNK_BITS * M);
  const probability = new Float32Array(CHUNK_BITS * M);
  const buffers = shareBuffers(M);
  for (let bit = 0; bit < CHUNK_BITS; bit++) {
    const z = head.bitScores(scores, bit, code);
    const tau = head.temperatures[bit]!;
    const shares = voterShares(z, head.aggregation, tau, buffers);
    const isOne = ((code >>> (31 - bit)) & 1) === 1;
    const isScored = bit < scoredBits;
    const p = shares.ones / shares.weights;
    const likelihood = (isOne ? shares.ones : shares.zeros) / shares.weights;
    let before: BitAggregate | undefined;
    for (let voter = 0; voter < M; voter++) {
      const at = bit * M + voter;
      const weights = shares.weights - shares.weight[voter]!;
      const ones = shares.ones - shares.one[voter]!;
      const zeros = shares.zeros - shares.zero[voter]!;
      if (isExact(shares, weights, ones, zeros)) {
        probability[at] = ones / weights - p;
        if (isScored) surprise[at] = -Math.log2((isOne ? ones : zeros) / weights / likelihood);
        continue;
      }
      before ??= recomputedAggregate(z, head.aggregation, tau, []);
      const after = M === 1 ? NO_VOTERS : recomputedAggregate(z, head.aggregation, tau, [{ voter, vote: null }]);
      probability[at] = after.probability - before.probability;
      if (isScored) {
        const key = isOne ? 'logProbability' : 'logComplement';
        surprise[at] = (before[key] - after[key]) / Math.LN2;
      }
    }
  }
  return { surprise, probability };
}
