/** @file The chunks that the model would have expected, most probable first, as a hover lists them. */
import type { VoterHead } from '../network/voterHead';
import type { Alternative } from '../protocol';
import { visibleText } from '../text/chunks';
import { utf8Prefix } from '../text/utf8';
import { codeBytes, mostProbableChunks } from './chunkSearch';

/** Partial chunks followed at a time for each alternative that is listed: enough that few hovers would list others with more. */
const WIDTH_PER_ALTERNATIVE = 4;
const LEAST_WIDTH = 16;

/**
 * The `count` most probable chunks of a position.
 * @param scores [32·M] from `VoterHead.scores`
 * @param before the bytes of the character that the chunk would go on with; empty where it begins at a character
 */
export function alternatives(head: VoterHead, scores: Float32Array, count: number, before: Uint8Array): Alternative[] {
  if (count === 0) return [];
  const width = Math.max(LEAST_WIDTH, WIDTH_PER_ALTERNATIVE * count);
  const chunks = mostProbableChunks(head, scores, count, { width });
  return chunks.map(({ code, logProbability }) => {
    const bytes = codeBytes(code);
    return {
      bytes,
      text: visibleText(bytes),
      validUtf8: utf8Prefix(Buffer.concat([before, bytes])).rest !== 'invalid',
      probability: Math.exp(logProbability),
    };
  });
}
