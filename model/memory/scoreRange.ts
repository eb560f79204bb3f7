/** @file Text scored with memory, range after range, where nothing is kept of it but the sums. */
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import type { RangeInspection } from '../protocol/inspection';
import type { Memory } from './memory';
import { logit } from './mixer';
import { EVIDENCE } from './weighing';

/**
 * Scores and learns the chunks of a range, which go on where the memory stands.
 * @param documentBytes length of the document, whose last chunk may be padded
 * @returns [n] −log2 of the probability of each chunk's real bits
 */
export function scoreRange(
  memory: Memory,
  { bits, probabilities, firstChunk, count }: Pick<RangeInspection, 'bits' | 'probabilities' | 'firstChunk' | 'count'>,
  documentBytes: number,
): Float32Array {
  const evidence = new Uint8Array(EVIDENCE);
  return Float32Array.from({ length: count }, (_, chunk) => {
    const real = Math.min(CHUNK_BYTES, documentBytes - CHUNK_BYTES * (firstChunk + chunk));
    let surprise = 0;
    for (let at = CHUNK_BITS * chunk; at < CHUNK_BITS * chunk + 8 * real; at++) {
      const bit = bits[at]!;
      const p = memory.scoreBit(bit, logit(probabilities[at]!), evidence, 0);
      surprise -= Math.log2(bit === 1 ? p : 1 - p);
    }
    return surprise;
  });
}
