/** @file A head: what makes the probabilities of a chunk's 32 bits from a hidden vector, and learns without the trunk below. */
import { CHUNK_BITS } from '../../measures/chunk';
import { sigmoid, softplus } from '../../network/aggregation';

export interface Head {
  /** All numbers that it learns. */
  readonly weights: readonly Float64Array[];
  /**
   * @param h [D]
   * @param out [32] receives ln p/(1 − p) of each bit
   */
  logits(h: Float64Array, out: Float64Array): void;
  /**
   * One step of gradient descent at one position.
   * @param code the real chunk, bit 0 the most significant of 32
   */
  learn(h: Float64Array, code: number, rate: number): void;
}

export function parametersOf({ weights }: Head): number {
  return weights.reduce((sum, { length }) => sum + length, 0);
}

/** The value of a bit of a chunk. */
export function bitOf(code: number, bit: number): 0 | 1 {
  return (code >>> (CHUNK_BITS - 1 - bit)) & 1 ? 1 : 0;
}

/** −Σ ln p of the real bits, in nats. @param logits [32] */
export function natsOf(logits: Float64Array, code: number): number {
  let nats = 0;
  for (let bit = 0; bit < CHUNK_BITS; bit++) nats += softplus(bitOf(code, bit) === 1 ? -logits[bit]! : logits[bit]!);
  return nats;
}

/** The derivative of a bit's nats by its logit: p minus the real bit. */
export function errorOf(logit: number, real: 0 | 1): number {
  return sigmoid(logit) - real;
}

/** Normal numbers around 0. */
export function normals(count: number, deviation: number, random: { normal(): number }): Float64Array {
  return Float64Array.from({ length: count }, () => deviation * random.normal());
}
