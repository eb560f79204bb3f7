/** @file IEEE 754 half precision ⇄ float32, rounded to nearest even, with subnormals, infinities and NaN. */

const float = new Float32Array(1);
const bits = new Uint32Array(float.buffer);

/** The 16 bits of the half nearest to a number (taken as float32 first). */
export function encodeHalf(value: number): number {
  float[0] = value;
  const x = bits[0]!;
  const sign = (x >>> 16) & 0x8000;
  const magnitude = x & 0x7fffffff;
  if (magnitude > 0x7f800000) return sign | 0x7e00; // NaN
  if (magnitude >= 0x477ff000) return sign | 0x7c00; // at least 65520: rounds to infinity
  if (magnitude < 0x33000001) return sign; // at most 2^-25: rounds to zero
  let half: number;
  let dropped: number;
  let width: number;
  if (magnitude < 0x38800000) {
    // Below 2^-14: subnormal, a multiple of 2^-24.
    width = 126 - (magnitude >>> 23);
    const mantissa = (magnitude & 0x7fffff) | 0x800000;
    half = mantissa >>> width;
    dropped = mantissa & ((1 << width) - 1);
  } else {
    width = 13;
    half = (magnitude - 0x38000000) >>> 13;
    dropped = magnitude & 0x1fff;
  }
  const middle = 1 << (width - 1);
  // A carry out of the mantissa raises the exponent, which is right.
  if (dropped > middle || (dropped === middle && (half & 1) === 1)) half++;
  return sign | half;
}

/** The number that 16 bits stand for. */
export function decodeHalf(half: number): number {
  const sign = half & 0x8000 ? -1 : 1;
  const exponent = (half >> 10) & 0x1f;
  const fraction = half & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Infinity : NaN;
  return sign * (1 + fraction / 1024) * 2 ** (exponent - 15);
}

let decoded: Float32Array | undefined;

/** Decodes many halves, by a table of all 65536. */
export function decodeHalves(halves: Uint16Array): Float32Array {
  decoded ??= Float32Array.from({ length: 0x10000 }, (_, half) => decodeHalf(half));
  const values = new Float32Array(halves.length);
  for (let i = 0; i < halves.length; i++) values[i] = decoded[halves[i]!]!;
  return values;
}
