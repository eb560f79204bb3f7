/** @file How few voters decide: votes above ½, effective voters and the k-ablation of SPEC section 5, for 1-bits and 0-bits. */
import type { Sparsity, SparsityOfBits } from '../protocol/inspection';
import { activationDensity, effectiveVoters } from './measures';

/** Share by which the loss may grow where only the k voters of the largest weights are heard. */
const LOSS_TOLERANCE = 0.01;

/** Sums over the bits of one value. */
interface Sums {
  bits: number;
  votesAboveHalf: number;
  effectiveVoters: number;
  /** [M] loss in bits with the k = 1 … M voters of the largest weights. */
  readonly losses: Float64Array;
}

/**
 * Adds the loss of one bit with only its k voters of the largest weights, their weights renormalised, for k = 1 … M:
 * −log2 Σ_k w·s/Σ_k w, s = v where the bit is 1 and 1 − v where it is 0. Of equal weights the first voter comes first.
 * @param z [M] the bit's scores
 * @param weights [.., M] w of its voters from `start` on
 * @param losses [M] receives the sums
 */
function addAblationLosses(
  z: Float64Array,
  weights: Float32Array,
  start: number,
  bit: number,
  losses: Float64Array,
): void {
  const order = Uint32Array.from(z.keys()).sort((a, b) => weights[start + b]! - weights[start + a]! || a - b);
  let mass = 0;
  let right = 0;
  order.forEach((voter, k) => {
    const weight = weights[start + voter]!;
    mass += weight;
    right += weight / (1 + Math.exp(bit === 1 ? -z[voter]! : z[voter]!));
    losses[k]! -= Math.log2(right / mass);
  });
}

/** The smallest k with which the loss is at most 1 % above that of all M voters. @param losses [M], of k = 1 … M */
export function operationalVoters(losses: Float64Array): number {
  const most = losses.at(-1)! * (1 + LOSS_TOLERANCE);
  return losses.findIndex((loss) => loss <= most) + 1;
}

/** Gathers the figures bit by bit, of a chunk or of a text. */
export class SparsityTally {
  readonly #sums: readonly [zeros: Sums, ones: Sums];

  /** @param votersPerBit M */
  constructor(private readonly votersPerBit: number) {
    const none = (): Sums => ({
      bits: 0,
      votesAboveHalf: 0,
      effectiveVoters: 0,
      losses: new Float64Array(votersPerBit),
    });
    this.#sums = [none(), none()];
  }

  /**
   * Adds one scored bit.
   * @param z [M] its scores
   * @param votes [.., M] v of its voters from `start` on
   * @param weights the same for w
   */
  add(z: Float64Array, votes: Float32Array, weights: Float32Array, start: number, bit: 0 | 1): void {
    const M = this.votersPerBit;
    const sums = this.#sums[bit];
    sums.bits++;
    sums.votesAboveHalf += activationDensity(votes, start, M) * M;
    sums.effectiveVoters += effectiveVoters(weights, start, M);
    addAblationLosses(z, weights, start, bit, sums.losses);
  }

  /** [M] bits that all bits so far cost with only the k = 1 … M voters of the largest weights of each. */
  get losses(): Float64Array {
    const [zeros, ones] = this.#sums;
    return ones.losses.map((loss, k) => loss + zeros.losses[k]!);
  }

  result(): Sparsity {
    const [zeros, ones] = this.#sums;
    return { ones: ofBits(ones), zeros: ofBits(zeros), operationalVoters: operationalVoters(this.losses) };
  }
}

function ofBits({ bits, votesAboveHalf, effectiveVoters: effective, losses }: Sums): SparsityOfBits | null {
  if (bits === 0) return null;
  return {
    bits,
    votesAboveHalf: votesAboveHalf / bits,
    effectiveVoters: effective / bits,
    operationalVoters: operationalVoters(losses),
  };
}
