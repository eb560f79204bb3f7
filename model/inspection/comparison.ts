/** @file Two models on two texts, each with its voters as they are or changed: surprise and mistakes of every chunk side by side, the votes for one, and what both write on. */
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import { characterStart } from '../measures/utf8';
import type {
  ComparedChunk,
  ComparedChunkSide,
  ComparedContinuations,
  Comparison,
  ContinuationsParams,
  ContinuedSide,
} from '../protocol/comparison';
import type { VoterChange } from '../protocol/inspection';
import { ComparisonTally } from './comparisonTally';
import { continueText } from './continuation';
import type { InspectedDocument, InspectedModel, Inspector } from './inspector';
import { InspectionError } from './documentChunk';
import { ChangedHead } from './lesions';
import type { TurnOptions } from './turns';
import { Turns } from './turns';

/** A model with what it knows of the texts that it has read. */
export interface ComparedModel extends InspectedModel {
  readonly inspector: Inspector;
}

/** One side: a text, the model that reads it, and what is changed of its voters. */
export interface ComparedSide {
  readonly model: ComparedModel;
  readonly document: InspectedDocument;
  readonly changes: readonly VoterChange[];
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
  const cut = ({ document, ...side }: ComparedSide): ComparedSide => ({
    ...side,
    document: { ...document, bytes: document.bytes.subarray(0, byteLength) },
  });
  return { a: cut(a), b: cut(isSameModel(a.model, b.model) ? { ...b, model: a.model } : b), byteLength };
}

/** True where one measurement serves both sides. */
function isOneMeasurement(a: ComparedSide, b: ComparedSide): boolean {
  const isSameVoters = JSON.stringify(a.changes) === JSON.stringify(b.changes);
  return a.model === b.model && isSameVoters && Buffer.compare(a.document.bytes, b.document.bytes) === 0;
}

/**
 * Compares the texts chunk by chunk, over the bytes that both have.
 * @throws InspectionError where a text is empty
 * @throws VoterChangeError where a change names no voter of its model, or no vote
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
  const measure = ({ model, document, changes }: ComparedSide, from: number) =>
    model.inspector.inspectRange(document, from, STEP, { ...options, changes });
  const turns = new Turns(options);
  for (let from = 0; from < chunkCount; from += STEP) {
    // What is known already is not measured again, and then nothing else gives way.
    await turns.give();
    const ofA = await measure(a, from);
    tally.add(ofA, isOne ? ofA : await measure(b, from));
    options.onProgress?.(Math.min(chunkCount, from + STEP), chunkCount);
  }
  return tally.result([first.model.checkpoint, second.model.checkpoint]);
}

/**
 * The votes of both for the chunk that holds byte `offset`.
 * @param offset one at or after the end of what both have means the last chunk
 * @throws InspectionError where a text is empty
 * @throws VoterChangeError where a change names no voter of its model, or no vote
 */
export async function compareChunk(first: ComparedSide, second: ComparedSide, offset: number): Promise<ComparedChunk> {
  const { a, b } = sidesOf(first, second);
  const ofA = await chunkSide(a, offset);
  const ofB = isOneMeasurement(a, b) ? ofA : await chunkSide(b, offset);
  return {
    checkpoints: [first.model.checkpoint, second.model.checkpoint],
    index: ofA.index,
    offset: ofA.offset,
    scored: ofA.scored,
    a: ofA.side,
    b: ofB.side,
  };
}

type SideOfChunk = Pick<ComparedChunk, 'index' | 'offset' | 'scored'> & { readonly side: ComparedChunkSide };

async function chunkSide({ model, document, changes }: ComparedSide, at: number): Promise<SideOfChunk> {
  const chunk = await model.inspector.inspectChunk(document, at, 0);
  const { index, offset, scored, text, bits, probabilities, effectiveVoters, votes } = chunk;
  let { surprise } = chunk;
  for (const [bit, after] of await model.inspector.changedBits(document, at, changes)) {
    probabilities[bit] = after.probability;
    effectiveVoters[bit] = after.effectiveVoters;
    if (scored[bit] === 1) surprise += after.moreSurprise;
  }
  for (const { bit, voter, vote } of changes) votes[bit * model.head.votersPerBit + voter] = vote ?? NaN;
  return {
    index,
    offset,
    scored,
    side: { text, bits, probabilities, effectiveVoters, histogram: voteHistogram(votes), surprise },
  };
}

/**
 * What both would write from the chunk on that holds byte `offset`, beside what really stands there.
 * @param offset one at or after the end of what both have means the last chunk
 * @throws InspectionError where a text is empty
 * @throws VoterChangeError where a change names no voter of its model, or no vote
 * @throws the signal's reason when it is aborted
 */
export async function compareContinuations(
  first: ComparedSide,
  second: ComparedSide,
  asked: Pick<ContinuationsParams, 'offset' | 'maxBytes'>,
  options: TurnOptions = {},
): Promise<ComparedContinuations> {
  const { a, b } = sidesOf(first, second);
  const ofA = await continuedSide(a, asked, options);
  return {
    checkpoints: [first.model.checkpoint, second.model.checkpoint],
    a: ofA,
    b: isOneMeasurement(a, b) ? ofA : await continuedSide(b, asked, options),
  };
}

async function continuedSide(
  { model, document, changes }: ComparedSide,
  { offset, maxBytes }: Pick<ContinuationsParams, 'offset' | 'maxBytes'>,
  options: TurnOptions,
): Promise<ContinuedSide> {
  const { bytes } = document;
  const { inference, inspector } = model;
  const last = Math.ceil(bytes.length / CHUNK_BYTES) - 1;
  const chunk = Math.min(last, Math.floor(offset / CHUNK_BYTES));
  const first = CHUNK_BYTES * chunk;
  const head = changes.length === 0 ? model.head : new ChangedHead(model.head, changes);
  const start = { prefix: bytes.subarray(0, first), before: bytes.subarray(characterStart(bytes, first), first) };
  const written = await continueText({ inference, head }, start, { maxBytes, signal: options.signal });
  const chunks = Math.ceil(maxBytes / CHUNK_BYTES);
  const { surprise } = await inspector.inspectRange(document, chunk, chunks, { ...options, changes });
  return {
    offset: first - written.begun,
    bytes: written.bytes,
    surprise: -written.logProbability / Math.LN2,
    real: bytes.slice(first - written.begun, first + CHUNK_BYTES * chunks),
    realSurprise: surprise.reduce((sum, value) => sum + value, 0),
  };
}

/** Votes [32·M] counted in equal parts of [0, 1], without those that are NaN: [32·VOTE_BINS]. */
function voteHistogram(votes: Float32Array): Uint32Array {
  const M = votes.length / CHUNK_BITS;
  const histogram = new Uint32Array(CHUNK_BITS * VOTE_BINS);
  votes.forEach((vote, at) => {
    if (Number.isNaN(vote)) return;
    const bin = Math.min(VOTE_BINS - 1, Math.floor(vote * VOTE_BINS));
    histogram[Math.floor(at / M) * VOTE_BINS + bin]! += 1;
  });
  return histogram;
}
