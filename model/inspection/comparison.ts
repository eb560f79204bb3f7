/** @file Two models on two texts: surprise and mistakes of every chunk side by side, and the votes for one chunk side by side. */
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import type { ComparedChunk, ComparedChunkSide, Comparison } from '../protocol/comparison';
import type { ChunkInspection } from '../protocol/inspection';
import { ComparisonTally } from './comparisonTally';
import type { InspectedDocument, InspectedModel, Inspector } from './inspector';
import { InspectionError } from './inspector';
import type { TurnOptions } from './turns';
import { Turns } from './turns';

/** A model with what it knows of the texts that it has read. */
export interface ComparedModel extends InspectedModel {
  readonly inspector: Inspector;
}

/** One side: a text, and the model that reads it. */
export interface ComparedSide {
  readonly model: ComparedModel;
  readonly document: InspectedDocument;
}

export interface CompareOptions extends TurnOptions {
  /** Told after every step: chunks compared, of all. */
  readonly onProgress?: (chunks: number, total: number) => void;
}

/** Equal parts of [0, 1] in which the votes of a bit are counted. */
const VOTE_BINS = 32;
/** Chunks of one step: some batches of windows, so that cancelling and progress come soon. */
const STEP = 2048;

/** Whether two models are the same function: the same weights and the same configuration. */
export function isSameModel(a: InspectedModel, b: InspectedModel): boolean {
  const config = (model: InspectedModel) => JSON.stringify(Object.entries(model.inference.config).sort());
  return a === b || (a.checkpoint === b.checkpoint && config(a) === config(b));
}

/**
 * Both sides with the bytes that both have. What follows a byte changes nothing before it, so nothing is lost by cutting. Where the models
 * are the same one, both are read by A's, so that equal texts have equal numbers to the last digit.
 */
function sidesOf(a: ComparedSide, b: ComparedSide): { a: ComparedSide; b: ComparedSide; byteLength: number } {
  const byteLength = Math.min(a.document.bytes.length, b.document.bytes.length);
  if (byteLength === 0) throw new InspectionError('One of the two texts is empty: there is nothing to compare.');
  const cut = ({ model, document }: ComparedSide): ComparedSide => ({
    model,
    document: { ...document, bytes: document.bytes.subarray(0, byteLength) },
  });
  return { a: cut(a), b: cut(isSameModel(a.model, b.model) ? { ...b, model: a.model } : b), byteLength };
}

/** True where one measurement serves both sides. */
function isOneMeasurement(a: ComparedSide, b: ComparedSide): boolean {
  return a.model === b.model && Buffer.compare(a.document.bytes, b.document.bytes) === 0;
}

/**
 * Compares the texts chunk by chunk, over the bytes that both have.
 * @throws InspectionError where a text is empty
 * @throws the signal's reason when it is aborted
 */
export async function compareTexts(
  first: ComparedSide,
  second: ComparedSide,
  options: CompareOptions = {},
): Promise<Comparison> {
  const { a, b, byteLength } = sidesOf(first, second);
  const isOne = isOneMeasurement(a, b);
  const chunkCount = Math.ceil(byteLength / CHUNK_BYTES);
  const tally = new ComparisonTally(byteLength);
  const turns = new Turns(options);
  for (let from = 0; from < chunkCount; from += STEP) {
    // What is known already is not measured again, and then nothing else gives way.
    await turns.give();
    const ofA = await a.model.inspector.inspectRange(a.document, from, STEP, options);
    tally.add(ofA, isOne ? ofA : await b.model.inspector.inspectRange(b.document, from, STEP, options));
    options.onProgress?.(Math.min(chunkCount, from + STEP), chunkCount);
  }
  return tally.result([first.model.checkpoint, second.model.checkpoint]);
}

/**
 * The votes of both for the chunk that holds byte `offset`.
 * @param offset one at or after the end of what both have means the last chunk
 * @throws InspectionError where a text is empty
 */
export async function compareChunk(first: ComparedSide, second: ComparedSide, offset: number): Promise<ComparedChunk> {
  const { a, b } = sidesOf(first, second);
  const ofA = await a.model.inspector.inspectChunk(a.document, offset, 0);
  const ofB = isOneMeasurement(a, b) ? ofA : await b.model.inspector.inspectChunk(b.document, offset, 0);
  return {
    checkpoints: [first.model.checkpoint, second.model.checkpoint],
    index: ofA.index,
    offset: ofA.offset,
    scored: ofA.scored,
    a: sideOf(ofA),
    b: sideOf(ofB),
  };
}

function sideOf({ text, bits, probabilities, effectiveVoters, votes, surprise }: ChunkInspection): ComparedChunkSide {
  return { text, bits, probabilities, effectiveVoters, histogram: voteHistogram(votes), surprise };
}

/** Votes [32·M] counted in equal parts of [0, 1]: [32·VOTE_BINS]. */
function voteHistogram(votes: Float32Array): Uint32Array {
  const M = votes.length / CHUNK_BITS;
  const histogram = new Uint32Array(CHUNK_BITS * VOTE_BINS);
  votes.forEach((vote, at) => {
    const bin = Math.min(VOTE_BINS - 1, Math.floor(vote * VOTE_BINS));
    histogram[Math.floor(at / M) * VOTE_BINS + bin]! += 1;
  });
  return histogram;
}
