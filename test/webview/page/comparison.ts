/** @file A made-up but realistic state of the comparison, as the extension host would send it. */
import type { ComparisonReady, ComparisonWithBytes } from '../../../model/protocol/panels/comparison';
import type { ComparedChunk, ComparedChunkSide, ComparedContinuations } from '../../../model/protocol/comparison';
import type { VoterChange } from '../../../model/protocol/inspection';
import type { Provenance } from '../../../model/protocol/panels/messages';

const BITS = 32;

/** Numbers that differ from chunk to chunk in a regular way: what the tests expect can be computed. */
export function surpriseOf(side: 'a' | 'b', chunk: number): number {
  const shape = 5 + 4 * Math.sin(chunk / 7) + 3 * Math.sin(chunk * 2.3);
  return Math.fround(Math.max(0.1, side === 'a' ? shape : shape + 3 * Math.sin(chunk / 23) + Math.cos(chunk * 1.1)));
}

/** Index of the outcome: of every 16 chunks 6 both right, 3 only A, 2 only B, 5 both wrong. */
export function outcomeOf(chunk: number): number {
  const at = (7 * chunk) % 16;
  return at < 6 ? 0 : at < 9 ? 1 : at < 11 ? 2 : 3;
}

export interface ResultOptions {
  /** Both sides have the same numbers. */
  readonly equal?: boolean;
  /** B's text, where it is another one. */
  readonly bytesB?: Uint8Array;
}

export function comparisonResult(
  bytes: Uint8Array,
  { equal = false, bytesB }: ResultOptions = {},
): ComparisonWithBytes {
  const n = Math.ceil(bytes.length / 4);
  const surpriseA = Float32Array.from({ length: n }, (_, chunk) => surpriseOf('a', chunk));
  const surpriseB = equal ? surpriseA.slice() : Float32Array.from({ length: n }, (_, chunk) => surpriseOf('b', chunk));
  const outcomes = Uint8Array.from({ length: n }, (_, chunk) => (equal ? (chunk % 3 === 0 ? 3 : 0) : outcomeOf(chunk)));
  const chunks = new Uint32Array(4);
  outcomes.forEach((outcome) => (chunks[outcome]! += 1));
  const bits = new Uint32Array(4 * BITS);
  for (let bit = 0; bit < BITS; bit++) {
    const all = Math.floor(bytes.length / 4) + (bit < 8 * (bytes.length % 4) ? 1 : 0);
    const onlyA = equal ? 0 : Math.floor(all / 50);
    const onlyB = equal ? 0 : Math.floor(all / 70);
    const wrong = Math.floor(all / (4 + (bit % 8)));
    bits.set([all - onlyA - onlyB - wrong, onlyA, onlyB, wrong], 4 * bit);
  }
  const total = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);
  const places = [1, 2, 3].map((wanted) => {
    const found = Array.from({ length: n }, (_, chunk) => chunk).filter((chunk) => outcomes[chunk] === wanted);
    const gain = (chunk: number): number => {
      const difference = surpriseA[chunk]! - surpriseB[chunk]!;
      return wanted === 1 ? -difference : wanted === 2 ? difference : Math.abs(difference);
    };
    return Uint32Array.from(found.sort((x, y) => gain(y) - gain(x)).slice(0, 500));
  });
  const all = Array.from({ length: n }, (_, chunk) => chunk);
  const gain = (chunk: number): number => surpriseA[chunk]! - surpriseB[chunk]!;
  const better = all.filter((chunk) => gain(chunk) > 0).sort((x, y) => gain(y) - gain(x));
  const worse = all.filter((chunk) => gain(chunk) < 0).sort((x, y) => gain(x) - gain(y));
  return {
    checkpoints: ['3f9c1ab27d40', '77aa01c2e9d3'],
    byteLength: bytes.length,
    chunkCount: n,
    bytesA: bytes,
    bytesB: bytesB ?? null,
    surpriseA,
    surpriseB,
    outcomes,
    chunks,
    bits,
    bitsPerByte: [total(surpriseA) / bytes.length, total(surpriseB) / bytes.length],
    differenceInterval: equal ? [0, 0] : [-0.3, 0.02],
    equalChunks: n,
    changed: [better.length, worse.length],
    places: [
      places[0]!,
      places[1]!,
      places[2]!,
      Uint32Array.from(better.slice(0, 500)),
      Uint32Array.from(worse.slice(0, 500)),
    ],
  };
}

function side(bytes: Uint8Array, chunk: number, voters: number, seed: number): ComparedChunkSide {
  const bits = Uint8Array.from(
    { length: BITS },
    (_, bit) => ((bytes[4 * chunk + (bit >> 3)] ?? 0) >> (7 - (bit & 7))) & 1,
  );
  const doubt = (bit: number): number => (bit % 8 < 2 ? 0.02 : 0.3 + 0.29 * Math.sin(seed + chunk + 1.9 * bit));
  const probabilities = Float32Array.from({ length: BITS }, (_, bit) =>
    bits[bit] === 1 ? 1 - doubt(bit) : doubt(bit),
  );
  const histogram = new Uint32Array(BITS * 32);
  for (let bit = 0; bit < BITS; bit++) {
    for (let voter = 0; voter < voters; voter++) {
      const spread = 0.25 * Math.sin(12.9 * voter + seed) ** 3;
      const vote = Math.min(0.999, Math.max(0, probabilities[bit]! * (0.6 + 0.4 * Math.cos(voter)) + spread));
      histogram[32 * bit + Math.floor(32 * vote)]! += 1;
    }
  }
  return {
    text: new TextDecoder().decode(bytes.subarray(4 * chunk, 4 * chunk + 4)),
    bits,
    probabilities,
    effectiveVoters: probabilities.map((p) => voters * (1 - 0.8 * p)),
    histogram,
    surprise: surpriseOf(seed === 1 ? 'a' : 'b', chunk),
  };
}

export function chunkPair(bytes: Uint8Array, index: number, equal = false): ComparedChunk {
  const length = Math.min(4, bytes.length - 4 * index);
  const a = side(bytes, index, 128, 1);
  return {
    checkpoints: ['3f9c1ab27d40', '77aa01c2e9d3'],
    index,
    offset: 4 * index,
    scored: Uint8Array.from({ length: BITS }, (_, bit) => (bit < 8 * length ? 1 : 0)),
    a,
    b: equal ? a : side(bytes, index, 64, 2),
  };
}

/** What both write after a chunk: B parts from A at its eleventh byte, and A from the text at its twentieth. */
export function continuations(bytes: Uint8Array, index: number, equal = false): ComparedContinuations {
  const offset = 4 * index;
  const real = bytes.slice(offset, offset + 48);
  const written = (shared: number, rest: string) =>
    Uint8Array.from([...real.subarray(0, shared), ...new TextEncoder().encode(rest)]);
  const a = { offset, real, bytes: written(19, '→ größer\n}'), surprise: 14.25, realSurprise: 41.5 };
  const b = { offset, real, bytes: written(10, '\t(value: string)'), surprise: 21.75, realSurprise: 47.25 };
  return { checkpoints: ['3f9c1ab27d40', '77aa01c2e9d3'], a, b: equal ? a : b };
}

/** Voters silenced, and two held. */
export const CHANGES: readonly VoterChange[] = [
  ...[3, 17, 29, 64].map((voter) => ({ bit: 3, voter, vote: null })),
  { bit: 12, voter: 7, vote: 1 },
  { bit: 12, voter: 90, vote: 0.25 },
];

export function comparison(
  provenance: Provenance,
  bytes: Uint8Array,
  change: Partial<ComparisonReady> = {},
): ComparisonReady {
  return {
    kind: 'ready',
    a: provenance,
    b: {
      ...provenance,
      model: 'tiny',
      checkpoint: 'b07c55e91d02',
      votersPerBit: 64,
      temperature: '3.2',
      bitDecoding: 'independent',
    },
    notes: [
      'A chains its bits: its p of a bit knows the chunk’s real bits before it, and its bits per byte is exact. B predicts them independently: its bits per byte is an upper bound.',
      'A has 128 voters per bit, B 64: votes are compared as shares of the voters, p and surprise as they are.',
    ],
    generation: 1,
    result: comparisonResult(bytes),
    outdated: false,
    work: null,
    failure: null,
    chunk: null,
    continued: null,
    voters: { a: { name: null, changes: [] }, b: { name: null, changes: [] } },
    present: 0,
    ...change,
  };
}
