/** @file The chunks that the model would have expected, most probable first, as a hover lists them. */
import { CHUNK_BITS } from '../measures/chunk';
import { visibleLabel } from '../measures/visibleText';
import type { ChunkScores } from '../network/chunkScores';
import type { VoterHead } from '../network/voterHead';
import type { Alternative } from '../protocol/inspection';
import { utf8Prefix } from '../measures/utf8';
import type { BitModel, ChunkCandidate } from './chunkSearch';
import { codeBytes, mostProbableChunks } from './chunkSearch';
import { QUICK_ERROR, QUICK_FLOOR, QuickHead } from './quickHead';

/** Partial chunks followed at a time for each alternative that is listed: enough that few hovers would list others with more. */
const WIDTH_PER_ALTERNATIVE = 4;
const LEAST_WIDTH = 32;

/** What there is to a chunk beside its probability. */
export interface AlternativeContext {
  /** The bytes of the character that the chunk would go on with; empty where it begins at a character. */
  readonly before: Uint8Array;
  /** The bits that are really there, as a chunk's code, and how many of them are text. */
  readonly realCode: number;
  readonly scoredBits: number;
}

/**
 * The `count` most probable chunks of a position.
 * @param scores from `VoterHead.at`
 */
export function alternatives(
  head: VoterHead,
  scores: ChunkScores,
  count: number,
  context: AlternativeContext,
): Alternative[] {
  if (count === 0) return [];
  const width = Math.max(LEAST_WIDTH, WIDTH_PER_ALTERNATIVE * count);
  const chunks = quickly(head, scores, count, width) ?? mostProbableChunks(head, scores, count, { width });
  return chunks.map((chunk) => alternative(chunk, context));
}

/** A chunk as it is shown. */
export function alternative(
  { code, logProbability }: Pick<ChunkCandidate, 'code' | 'logProbability'>,
  { before, realCode, scoredBits }: AlternativeContext,
): Alternative {
  const bytes = codeBytes(code);
  const difference = code ^ realCode;
  const isFlipped = (_: unknown, bit: number) => bit < scoredBits && ((difference >>> (31 - bit)) & 1) === 1;
  return {
    bytes,
    text: visibleLabel(bytes),
    validUtf8: utf8Prefix(Buffer.concat([before, bytes])).rest !== 'invalid',
    probability: Math.exp(logProbability),
    flippedBits: Uint8Array.from({ length: CHUNK_BITS }, (__, bit) => bit).filter(isFlipped),
  };
}

const quickHeads = new WeakMap<VoterHead, { readonly quick: QuickHead | undefined }>();

/** Found by the quick head with a margin for its error, then ranked by the head itself; nothing where the quick head does not reach. */
function quickly(head: VoterHead, scores: ChunkScores, count: number, width: number): ChunkCandidate[] | undefined {
  let entry = quickHeads.get(head);
  if (entry === undefined) quickHeads.set(head, (entry = { quick: QuickHead.of(head) }));
  const { quick } = entry;
  if (quick === undefined) return undefined;
  // The errors of a chunk's bits have no reason to agree, and near-certain bits have hardly any: a tenth of their sum is plenty.
  const slack = 0.1 * CHUNK_BITS * 2 * QUICK_ERROR;
  const found = mostProbableChunks(quick, scores, count, { width, slack });
  const last = found[Math.min(count, found.length) - 1];
  if (last === undefined || last.logProbability < QUICK_FLOOR) return undefined;
  return rescored(head, scores, found)
    .sort((a, b) => b.logProbability - a.logProbability)
    .slice(0, count);
}

/** Chunks with the exact ln of their probability; what several have in common is computed once. */
function rescored(head: BitModel, scores: ChunkScores, chunks: readonly ChunkCandidate[]): ChunkCandidate[] {
  const byPrefix = Array.from({ length: CHUNK_BITS }, () => new Map<number, readonly [number, number]>());
  return chunks.map((chunk) => {
    let logProbability = 0;
    byPrefix.forEach((known, bit) => {
      const prefix = bit === 0 ? 0 : chunk.code >>> (32 - bit);
      let logs = known.get(prefix);
      if (logs === undefined) {
        const p = head.aggregate(scores, bit, chunk.code);
        known.set(prefix, (logs = [p.logComplement, p.logProbability]));
      }
      logProbability += logs[(chunk.code >>> (31 - bit)) & 1]!;
    });
    return { ...chunk, logProbability };
  });
}
