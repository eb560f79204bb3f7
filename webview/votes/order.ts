/** @file In which order a bit's voters stand, left to right. */
import { BITS } from '../shared/rows';

export type VoterOrder = 'vote' | 'weight' | 'contribution' | 'index';

export const VOTER_ORDERS: readonly { readonly value: VoterOrder; readonly label: string }[] = [
  { value: 'vote', label: 'vote v' },
  { value: 'weight', label: 'weight w' },
  { value: 'contribution', label: 'contribution w·v' },
  { value: 'index', label: 'voter number' },
];

/**
 * [32·M] the voter at each place, for each bit by itself: largest first, the lower number first among equals.
 * Votes and weights are ≥ 0, so their float32 bit patterns sort as they do; a pattern and a voter number fit one double,
 * and typed arrays sort doubles without a comparison function.
 */
export function orderVoters(
  votes: Float32Array,
  weights: Float32Array,
  voters: number,
  order: VoterOrder,
): Uint16Array {
  const places = new Uint16Array(BITS * voters);
  const values = new Float32Array(voters);
  const patterns = new Uint32Array(values.buffer);
  const keys = new Float64Array(voters);
  for (let bit = 0; bit < BITS; bit++) {
    const start = bit * voters;
    if (order === 'index') {
      for (let voter = 0; voter < voters; voter++) places[start + voter] = voter;
      continue;
    }
    for (let voter = 0; voter < voters; voter++) {
      const vote = votes[start + voter]!;
      const weight = weights[start + voter]!;
      values[voter] = order === 'vote' ? vote : order === 'weight' ? weight : vote * weight;
    }
    for (let voter = 0; voter < voters; voter++) keys[voter] = (0xffffffff - patterns[voter]!) * 65536 + voter;
    keys.sort();
    for (let place = 0; place < voters; place++) places[start + place] = keys[place]! % 65536;
  }
  return places;
}
