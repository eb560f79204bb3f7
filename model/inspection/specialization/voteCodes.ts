/** @file Votes as 8-bit codes that keep their order: what is ranked over many chunks is held in a quarter of the memory. */

// A voter's votes often all lie near 0 or near 1, where equal steps of v would leave one code. The codes are equal steps of
// u = σ(z/4) instead, z the voter's score: u = ⁴√v / (⁴√v + ⁴√(1 − v)). A step is 0.06 of the score at z = 0, 0.2 at |z| = 9.

export const VOTE_CODES = 256;

/** Code of v by the upper half of its float32 bits (sign, exponent, 7 bits of the mantissa), for v ≤ ½. */
const LOWER_CODES = lowerCodes();
const HALF = 0.5;

function lowerCodes(): Uint8Array {
  // ½ is 0x3f000000 as a float32.
  const codes = new Uint8Array(0x3f01);
  const bits = new Uint32Array(1);
  const value = new Float32Array(bits.buffer);
  for (let upper = 0; upper < codes.length; upper++) {
    bits[0] = upper << 16;
    codes[upper] = Math.min(127, Math.floor(VOTE_CODES * compressed(value[0]!)));
  }
  return codes;
}

/** u = ⁴√v / (⁴√v + ⁴√(1 − v)), between 0 and 1 as v is. */
function compressed(vote: number): number {
  const on = Math.sqrt(Math.sqrt(vote));
  return on / (on + Math.sqrt(Math.sqrt(1 - vote)));
}

const scratch = new Float32Array(1);
const scratchBits = new Uint32Array(scratch.buffer);

/**
 * The code of one vote: never decreasing in v, at least 128 exactly where v > ½.
 * @param vote v, between 0 and 1
 */
export function encodeVote(vote: number): number {
  if (vote > HALF) {
    scratch[0] = 1 - vote;
    return VOTE_CODES - 1 - LOWER_CODES[scratchBits[0]! >>> 16]!;
  }
  scratch[0] = vote;
  return LOWER_CODES[scratchBits[0]! >>> 16]!;
}

/** [256] the vote in the middle of each code: v = u⁴/(u⁴ + (1 − u)⁴) at u = (code + ½)/256. */
export const DECODED_VOTES: Float64Array = Float64Array.from({ length: VOTE_CODES }, (_, code) => {
  const on = ((code + 0.5) / VOTE_CODES) ** 4;
  const off = (1 - (code + 0.5) / VOTE_CODES) ** 4;
  return on / (on + off);
});
