/** @file In which order a bit's voters stand, left to right. */
import { CHUNK_BITS } from '../../model/measures/chunk';
import type { VotesReady } from '../../model/protocol/panels/votes';

/** The sign of a float32's bit pattern. */
const SIGN = 0x80000000;

export type VoterOrder = 'vote' | 'weight' | 'contribution' | 'effect' | 'effectSize' | 'index';

export const VOTER_ORDERS: readonly { readonly value: VoterOrder; readonly label: string }[] = [
  { value: 'vote', label: 'vote v' },
  { value: 'weight', label: 'weight w' },
  { value: 'contribution', label: 'contribution w·v' },
  { value: 'effect', label: 'effect' },
  { value: 'effectSize', label: '|effect|' },
  { value: 'index', label: 'voter number' },
];

/**
 * [32·M] the voter at each place, for each bit by itself: largest first, the lower number first among equals.
 * The bit patterns of float32 numbers sort as they do once those below 0 are turned around; a pattern and a voter number
 * fit one double, and typed arrays sort doubles without a comparison function.
 */
export function orderVoters(
  { votes, weights, effects }: Pick<VotesReady, 'votes' | 'weights' | 'effects'>,
  voters: number,
  order: VoterOrder,
): Uint16Array {
  const places = new Uint16Array(CHUNK_BITS * voters);
  const values = new Float32Array(voters);
  const patterns = new Uint32Array(values.buffer);
  const keys = new Float64Array(voters);
  for (let bit = 0; bit < CHUNK_BITS; bit++) {
    const start = bit * voters;
    if (order === 'index') {
      for (let voter = 0; voter < voters; voter++) places[start + voter] = voter;
      continue;
    }
    for (let voter = 0; voter < voters; voter++) {
      const cell = start + voter;
      // Adding 0 makes −0 equal to 0.
      if (order === 'vote') values[voter] = votes[cell]!;
      else if (order === 'weight') values[voter] = weights[cell]!;
      else if (order === 'effect') values[voter] = effects[cell]! + 0;
      else if (order === 'effectSize') values[voter] = Math.abs(effects[cell]!);
      else values[voter] = votes[cell]! * weights[cell]!;
    }
    for (let voter = 0; voter < voters; voter++) {
      const pattern = patterns[voter]!;
      const ascending = pattern >= SIGN ? 0xffffffff - pattern : pattern + SIGN;
      keys[voter] = (0xffffffff - ascending) * 65536 + voter;
    }
    keys.sort();
    for (let place = 0; place < voters; place++) places[start + place] = keys[place]! % 65536;
  }
  return places;
}
