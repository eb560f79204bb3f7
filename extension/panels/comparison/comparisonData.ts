/** @file A comparison in the form in which its panel shows it, and what of the two sides cannot be compared as it stands. Pure. */
import { basename } from 'node:path';
import type { BitDecoding } from '../../../model/network/bitDecoding';
import { hasExactLikelihood } from '../../../model/network/bitDecoding';
import { CHUNK_BITS } from '../../../model/measures/chunk';
import { surpriseDifference } from '../../../model/measures/surpriseDifference';
import type { Comparison } from '../../../model/protocol/comparison';
import type { VoterChange } from '../../../model/protocol/inspection';
import type { ModelSummary } from '../../../model/protocol/models';
import type { ComparisonWithBytes, Continued } from '../../../model/protocol/panels/comparison';
import type { ComparedVoters } from './comparedVoters';
import type { ComparisonSides } from './comparisonMeasurement';
import type { ComparisonSummary } from './comparisonSubject';
import { validChanges } from '../../editor/voterChanges';
import { temperatureText } from '../../temperatureText';

/** The numbers with the bytes that they are of; `b` is null where both sides read the same text. */
export function resultOf(comparison: Comparison, a: Uint8Array, b: Uint8Array | null): ComparisonWithBytes {
  const { byteLength } = comparison;
  return { ...comparison, bytesA: a.slice(0, byteLength), bytesB: b === null ? null : b.slice(0, byteLength) };
}

/** The largest |A−B| of a chunk's surprise, in bits. */
export function largestDifference({ surpriseA, surpriseB }: ComparisonWithBytes): number {
  let largest = 0;
  surpriseA.forEach((surprise, chunk) => {
    largest = Math.max(largest, Math.abs(surpriseDifference(surprise, surpriseB[chunk]!)));
  });
  return largest;
}

/** The counts of all 32 bits together. */
export function totalBits(bits: Uint32Array): [number, number, number, number] {
  const totals: [number, number, number, number] = [0, 0, 0, 0];
  bits.forEach((count, at) => (totals[at % 4]! += count));
  return totals;
}

export function summaryOf(
  result: ComparisonWithBytes,
  { folder, changesA, changesB }: Pick<ComparisonSides, 'folder' | 'changesA' | 'changesB'>,
): Omit<ComparisonSummary, 'continuations'> {
  return {
    folder,
    changedVoters: [changesA.length, changesB.length],
    bitsPerByte: result.bitsPerByte,
    chunks: [...result.chunks],
    bits: totalBits(result.bits),
    largestDifference: largestDifference(result),
  };
}

/** What both write, as text. */
export function continuationTexts({ result }: Continued): ComparisonSummary['continuations'] {
  const text = (bytes: Uint8Array) => new TextDecoder().decode(bytes);
  return result === null ? null : [text(result.a.bytes), text(result.b.bytes)];
}

/** The changes of voters that a model has: a set may have been made for another one. */
export function changesFor(model: ModelSummary, { changes }: ComparedVoters): readonly VoterChange[] {
  return validChanges(changes, model.votersPerBit);
}

/** What is known of the two texts. */
export interface ComparedTexts {
  readonly same: boolean;
  readonly bytesA: number;
  readonly bytesB: number;
  /** Null until they are measured. */
  readonly result: Pick<ComparisonWithBytes, 'chunkCount' | 'equalChunks'> | null;
}

/** What is changed of the voters of both sides. */
export interface VotersOfSides {
  readonly a: ComparedVoters;
  readonly b: ComparedVoters;
  /** Whether numbers elsewhere are with memory, those of the comparison without. */
  readonly memory: boolean;
}

/** 12,345 */
function grouped(value: number): string {
  return value.toLocaleString('en-US');
}

function isSameFunction(a: ModelSummary, b: ModelSummary): boolean {
  const config = (model: ModelSummary) => JSON.stringify(Object.entries(model.config).sort());
  return a.checkpoint === b.checkpoint && config(a) === config(b);
}

/** What a user has to know of the voters that are changed on one side. */
function voterNotes(letter: 'A' | 'B', model: ModelSummary, voters: ComparedVoters): string[] {
  const changes = changesFor(model, voters);
  const notes: string[] = [];
  if (voters.folder !== null && voters.folder !== model.folder) {
    notes.push(
      `The voters of ${letter} were chosen in another model, ${basename(voters.folder)}: here they are those with the same numbers.`,
    );
  }
  const missing = voters.changes.length - changes.length;
  if (missing > 0) {
    notes.push(
      `${grouped(missing)} of ${letter}’s changed voters ${missing === 1 ? 'is' : 'are'} left out: its model has ${model.votersPerBit} per bit.`,
    );
  }
  const silenced = Array.from({ length: CHUNK_BITS }, (_, bit) => bit).filter(
    (bit) => changes.filter((change) => change.bit === bit && change.vote === null).length === model.votersPerBit,
  );
  if (silenced.length > 0) {
    notes.push(
      `${letter} has no voter left for ${silenced.length === 1 ? 'bit' : 'bits'} ${silenced.join(', ')}: each counts one bit of surprise, and is never right.`,
    );
  }
  return notes;
}

function aggregationText(model: ModelSummary): string {
  const temperature = temperatureText(model);
  return temperature === null ? model.config.aggregation : `${model.config.aggregation} with τ = ${temperature}`;
}

/** What a side does where the other does something else; the exact one is named first. */
const DECODING_NOTES: Readonly<Record<BitDecoding, string>> = {
  chained: 'chains its bits: its p of a bit knows the chunk’s real bits before it, and its bits per byte is exact.',
  independent: 'predicts them independently: its bits per byte is an upper bound.',
};

/** What a user has to know to read the comparison rightly, one sentence each. */
export function comparisonNotes(
  a: ModelSummary,
  b: ModelSummary,
  texts: ComparedTexts,
  { a: votersA, b: votersB, memory }: VotersOfSides,
): string[] {
  const notes: string[] = [];
  const changed = [changesFor(a, votersA), changesFor(b, votersB)];
  if (isSameFunction(a, b) && JSON.stringify(changed[0]) === JSON.stringify(changed[1])) {
    const same = changed[0]!.length === 0 ? 'the same model' : 'the same model with the same voters changed';
    notes.push(
      texts.same
        ? `A and B are ${same} on the same text, so every difference is 0.`
        : `A and B are ${same} on two texts.`,
    );
  }
  notes.push(...voterNotes('A', a, votersA), ...voterNotes('B', b, votersB));
  if (memory) notes.push('Both are without memory here, also in what they write.');
  if (a.config.bit_decoding !== b.config.bit_decoding) {
    const sides = [`A ${DECODING_NOTES[a.config.bit_decoding]}`, `B ${DECODING_NOTES[b.config.bit_decoding]}`];
    const isExact = hasExactLikelihood(a.config.bit_decoding);
    notes.push((isExact ? sides : sides.toReversed()).join(' '));
  }
  if (a.votersPerBit !== b.votersPerBit) {
    notes.push(
      `A has ${a.votersPerBit} voters per bit, B ${b.votersPerBit}: votes are compared as shares of the voters, p and surprise as they are.`,
    );
  }
  if (aggregationText(a) !== aggregationText(b)) {
    notes.push(
      `A aggregates by ${aggregationText(a)}, B by ${aggregationText(b)}: effective voters do not mean the same.`,
    );
  }
  if (a.config.context_chunks !== b.config.context_chunks) {
    notes.push(`A reads windows of ${a.config.context_chunks} chunks, B of ${b.config.context_chunks}.`);
  }
  if (texts.bytesA !== texts.bytesB) {
    const shared = Math.min(texts.bytesA, texts.bytesB);
    notes.push(
      `Text A has ${grouped(texts.bytesA)} bytes, text B ${grouped(texts.bytesB)}: the first ${grouped(shared)} of both are compared.`,
    );
  }
  if (!texts.same && texts.result !== null) {
    const { equalChunks, chunkCount } = texts.result;
    notes.push(
      equalChunks === chunkCount
        ? `All ${grouped(chunkCount)} chunks hold the same bytes in both texts.`
        : `${grouped(equalChunks)} of ${grouped(chunkCount)} chunks hold the same bytes in both texts; elsewhere A and B predict different ones.`,
    );
  }
  return notes;
}
