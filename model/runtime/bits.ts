/** @file Bytes as the engine is fed them: every bit as ±1, most significant first (SPEC section 1). */

/** For each byte value its 8 bits as ±1. */
const SIGNS = new Float32Array(256 * 8);
for (let byte = 0; byte < 256; byte++) {
  for (let bit = 0; bit < 8; bit++) SIGNS[byte * 8 + bit] = (byte >> (7 - bit)) & 1 ? 1 : -1;
}

/** [n] bytes → [8n] values of ±1, into `out` where given. */
export function bytesToSigns(bytes: Uint8Array, out: Float32Array = new Float32Array(bytes.length * 8)): Float32Array {
  for (let i = 0; i < bytes.length; i++) {
    const from = bytes[i]! * 8;
    const to = i * 8;
    for (let bit = 0; bit < 8; bit++) out[to + bit] = SIGNS[from + bit]!;
  }
  return out;
}
