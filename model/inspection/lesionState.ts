/** @file What a model says of one chunk and what it would write from there on, with its own head or one whose voters are changed. */
import { CHUNK_BITS } from '../measures/chunk';
import type { ChunkScores } from '../network/chunkScores';
import type { LesionState } from '../protocol/lesions';
import type { AlternativeContext } from './alternatives';
import { alternative } from './alternatives';
import { mostProbableChunks } from './chunkSearch';
import type { ContinuationOptions, ContinuationStart } from './continuation';
import { continueText } from './continuation';
import type { DecodingModel } from './decode';

export type DecodingHead = DecodingModel['head'];

/** A chunk of a document at which the model is asked. */
export interface LesionPosition extends AlternativeContext {
  /** From `VoterHead.at`. */
  readonly scores: ChunkScores;
}

/** Partial chunks of each length that are followed to find the most probable chunk. */
const WIDTH = 64;

/** @throws the signal's reason when it is aborted */
export async function lesionState(
  model: DecodingModel,
  position: LesionPosition,
  { prefix, ...options }: Pick<ContinuationStart, 'prefix'> & ContinuationOptions,
): Promise<LesionState> {
  const { head } = model;
  const { scores, before, realCode, scoredBits } = position;
  const probabilities = new Float32Array(CHUNK_BITS);
  let surprise = 0;
  for (let bit = 0; bit < CHUNK_BITS; bit++) {
    const p = head.aggregate(scores, bit, realCode);
    probabilities[bit] = p.probability;
    const isOne = ((realCode >>> (31 - bit)) & 1) === 1;
    if (bit < scoredBits) surprise -= (isOne ? p.logProbability : p.logComplement) / Math.LN2;
  }
  // Only where no score is a number is there no most probable chunk.
  const best = mostProbableChunks(head, scores, 1, { width: WIDTH })[0] ?? { code: 0, logProbability: NaN };
  const { bytes } = await continueText(model, { prefix, before }, options);
  return {
    probabilities,
    surprise,
    mostProbable: alternative(best, position),
    continuation: new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes),
  };
}
