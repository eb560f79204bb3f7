/** @file The made-up text and model that the states of the test page are about. */
import type { Provenance } from '../../../model/protocol/panels/messages';

export const BITS = 32;
const SAMPLE = `export function orderVoters(votes: Float32Array, weights: Float32Array): Uint16Array {
  const places = new Uint16Array(votes.length);
  for (let bit = 0; bit < BITS; bit++) {
    // Größe der Stimmen → largest first
    places.set(sortByVote(votes, bit), bit * voters);
  }
  return places;
}
`;

/** A small seeded generator (mulberry32), so that a picture is the same in every run. */
export function generator(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** `length` bytes of source text, the sample over and over. */
export function sampleBytes(length: number): Uint8Array {
  const sample = new TextEncoder().encode(SAMPLE);
  return Uint8Array.from({ length }, (_, index) => sample[index % sample.length]!);
}

export function provenance(voters: number): Provenance {
  return {
    model: 'starter',
    checkpoint: '3f9c1ab27d40',
    votersPerBit: voters,
    temperature: (0.05 * voters).toPrecision(2),
    aggregation: 'softmax',
    bitDecoding: 'chained',
    document: 'order.ts',
  };
}
