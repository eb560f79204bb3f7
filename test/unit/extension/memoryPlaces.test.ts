/** @file Where memory voters read: the places of those that did most, nested contexts as one. */
import { expect, it } from 'vitest';
import { memoryPlaces } from '../../../extension/editor/memoryPlaces';
import { MEMORY_VOTERS } from '../../../model/measures/memoryVoters';
import type { MemoryChunk, MemoryEvidence, MemoryVoter } from '../../../model/protocol/memory';

const V = MEMORY_VOTERS.length;

/** A chunk `lamp` at byte 200, of which these voters did something at these bytes. */
function chunkWith(
  ...voters: readonly (readonly [MemoryVoter, byte: number, effect: number, Partial<MemoryEvidence>])[]
): readonly [MemoryChunk, Uint8Array] {
  const bytes = Buffer.from(`${'.'.repeat(200)}lamp`);
  const nothing: MemoryEvidence = { times: 0, same: 0, last: null, line: null, length: 1 };
  const evidence = Array.from({ length: 4 * V }, () => nothing);
  const effects = new Float32Array(32 * (V + 1));
  for (const [voter, byte, effect, saw] of voters) {
    const place = MEMORY_VOTERS.indexOf(voter);
    effects[(8 * byte + 3) * (V + 1) + place] = effect;
    evidence[byte * V + place] = { ...nothing, ...saw };
  }
  const chunk: MemoryChunk = {
    ...{ checkpoint: 'abc', index: 50, offset: 200, length: 4, surprise: 1, trainedSurprise: 9, milliseconds: 1 },
    ...{ probabilities: new Float32Array(32), trainedProbabilities: new Float32Array(32) },
    ...{ votes: new Float32Array(32 * V), weights: new Float32Array(32 * (V + 1)), effects, evidence },
  };
  return [chunk, bytes];
}

it('a place is the context and the byte behind it; contexts that end alike are one place, the longest', () => {
  const places = memoryPlaces(
    ...chunkWith(
      ['order 3', 1, 2, { times: 4, same: 4, last: 90, line: 2, length: 3 }],
      ['order 5', 1, 1.25, { times: 2, same: 2, last: 90, line: 2, length: 5 }],
      ['word', 0, -0.5, { times: 1, same: 0, last: 40, line: 1, length: 4 }],
    ),
  );
  expect(places.map(({ offset, end }) => [offset, end])).toEqual([
    [85, 91],
    [36, 41],
  ]);
  expect(places[0]!.sentences).toEqual([
    'Memory’s order 3 read here (4 times, 4 × “a”): +2 bits of surprise without it.',
    'Memory’s order 5 read here (2 times, 2 × “a”): +1.25 bits of surprise without it.',
  ]);
  expect(places[1]!.sentences).toEqual(['Memory’s word read here (once, 0 × “l”): −0.5 bits of surprise without it.']);
});

it('none where nothing was seen in this document, or next to nothing was done', () => {
  expect(
    memoryPlaces(
      ...chunkWith(
        ['match', 0, 2, { times: 1, same: 1, last: null, length: 20 }],
        ['order 1', 0, 0.04, { times: 9, same: 1, last: 12, line: 0, length: 1 }],
      ),
    ),
  ).toEqual([]);
});

it('of a long copy its end is shown, of an indentation the byte behind it, and none begins before the text', () => {
  const places = memoryPlaces(
    ...chunkWith(
      ['match', 0, 3, { times: 1, same: 1, last: 150, line: 4, length: 120 }],
      ['indentation', 2, 2, { times: 8, same: 3, last: 60, line: 2, length: 8 }],
      ['order 2', 3, 1, { times: 8, same: 3, last: 1, line: 0, length: 2 }],
    ),
  );
  expect(places.map(({ offset, end }) => [offset, end])).toEqual([
    [118, 151],
    [60, 61],
    [0, 2],
  ]);
});
