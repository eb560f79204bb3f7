/** @file Which bits of a chunk were decided wrong, and by which voters: the same in hover and votes view. Pure. */

/** The bits of a chunk, and what the model says of them. */
export interface DecidedBits {
  /** [32] 0 or 1. */
  readonly bits: Uint8Array;
  /** [32] 1 where the bit is real text. */
  readonly scored: Uint8Array;
  /** [32] p of a 1. */
  readonly probabilities: Float32Array;
}

/** A voter by its name, bit and number, with what it said. */
export interface VotingVoter {
  readonly bit: number;
  readonly voter: number;
  readonly vote: number;
  readonly weight: number;
}

/** So many of the voters that failed are named. */
export const FAILED_VOTERS = 3;

/** Whether the more probable value of a bit is not the real one. */
export function isMistake(data: DecidedBits, bit: number): boolean {
  return data.scored[bit] === 1 && (data.probabilities[bit]! >= 0.5 ? 1 : 0) !== data.bits[bit];
}

/**
 * The voters that had the largest part in wrong decisions, weight times distance of the vote from the real bit; one per bit at most.
 * @param chunk votes and weights [32·M], bit-major
 */
export function failedVoters(
  chunk: DecidedBits & { readonly votes: Float32Array; readonly weights: Float32Array },
  votersPerBit: number,
  limit: number,
): VotingVoter[] {
  const part = ({ bit, vote, weight }: VotingVoter) => weight * Math.abs(vote - chunk.bits[bit]!);
  const worst: VotingVoter[] = [];
  for (let bit = 0; bit < 32; bit++) {
    if (!isMistake(chunk, bit)) continue;
    const ofBit = Array.from({ length: votersPerBit }, (_, voter): VotingVoter => {
      const at = bit * votersPerBit + voter;
      return { bit, voter, vote: chunk.votes[at]!, weight: chunk.weights[at]! };
    });
    worst.push(ofBit.reduce((most, each) => (part(each) > part(most) ? each : most)));
  }
  return worst.toSorted((a, b) => part(b) - part(a)).slice(0, limit);
}
