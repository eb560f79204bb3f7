/** @file Bits as the model decided them: which are wrong, and means over those of one value. Pure. */

/** The bits of chunks, and what the model says of them. */
export interface PredictedBits {
  /** 0 or 1. */
  readonly bits: Uint8Array;
  /** p of a 1; NaN of a bit without voters. */
  readonly probabilities: Float32Array;
}

/** Whether the more probable value of a bit, at p = ½ a 1, is not the real one; p that is no number decides nothing. */
export function isWrong(probability: number, real: number): boolean {
  return !Number.isNaN(probability) && probability >= 0.5 !== (real === 1);
}

/** −log2 of the probability of a bit's real value: its surprise, in bits. @param probability p of a 1 */
export function surpriseOfBit(probability: number, real: number): number {
  return -Math.log2(real === 1 ? probability : 1 - probability);
}

export type BitVerdict = 'right' | 'mistake' | 'undecided';

/** What is said of a bit. */
export function verdictOf(probability: number, real: number): BitVerdict {
  if (Number.isNaN(probability)) return 'undecided';
  return isWrong(probability, real) ? 'mistake' : 'right';
}

/** The places from `from` to before `to` at which a bit is decided wrong. */
export function wrongBits({ bits, probabilities }: PredictedBits, from: number, to: number): number[] {
  const wrong: number[] = [];
  for (let at = from; at < to; at++) if (isWrong(probabilities[at]!, bits[at]!)) wrong.push(at);
  return wrong;
}

/** The mean of a measurement over the bits of one value, from `from` to before `to`; null where there is none (1-bits and 0-bits are never mixed). */
export function meanOverBits(
  values: ArrayLike<number>,
  bits: ArrayLike<number>,
  real: 0 | 1,
  from = 0,
  to = bits.length,
): number | null {
  let sum = 0;
  let samples = 0;
  for (let at = from; at < to; at++) {
    if (bits[at] !== real) continue;
    sum += values[at]!;
    samples++;
  }
  return samples === 0 ? null : sum / samples;
}
