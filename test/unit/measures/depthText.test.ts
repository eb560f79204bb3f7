/** @file The depth lens in words: where the real text became the likeliest, where surprise fell, and how a block is read. */
import { describe, expect, it } from 'vitest';
import { depthName, depthSentences, fitText, readoutSentence, readoutText } from '../../../model/measures/depthText';
import type { Depth, DepthLens, DepthTop } from '../../../model/protocol/depth';

const DEPTHS: readonly Depth[] = [
  { block: null, readout: 'mean', explained: null },
  { block: { id: 'input_embedding', kind: 'embedding', level: 0, channels: 4 }, readout: 'direct', explained: null },
  {
    block: { id: 'processor.bottleneck.blocks.0', kind: 'transformer', level: 1, channels: 8 },
    readout: 'fitted',
    explained: 0.6149,
  },
  {
    block: { id: 'processor.decoder.stages.0.blocks', kind: 'decoder', level: 0, channels: 4 },
    readout: 'model',
    explained: null,
  },
];
const REAL: DepthTop = { text: 'ing ', probability: 0.4, isReal: true };
const OTHER: DepthTop = { text: 'ion ', probability: 0.25, isReal: false };

/** Two chunks, of which the second is looked at. */
function lens(tops: readonly DepthTop[], surprise: readonly number[]): DepthLens {
  const beside = <T>(values: readonly T[], other: T) => values.flatMap((value) => [other, value]);
  return {
    checkpoint: 'a',
    index: 7,
    chunkCount: 9,
    offset: 28,
    length: 4,
    text: 'ing ',
    reading: 'fitted',
    depths: DEPTHS,
    fit: { files: 5, chunks: 5136, heldOut: 1290 },
    firstChunk: 6,
    texts: ['work', 'ing '],
    surprise: Float32Array.from(beside(surprise, 99)),
    effectiveVoters: Float32Array.from(beside([50, 51, 52, 53.5], 99)),
    wrongBits: Uint8Array.from(beside([9, 7, 8, 3], 32)),
    tops: beside<DepthTop | null>(tops, null),
    isWhole: false,
    bits: new Uint8Array(32),
    scored: new Uint8Array(32).fill(1),
    probabilities: new Float32Array(4 * 32),
    bitVoters: new Float32Array(4 * 32),
    milliseconds: 1,
  };
}

describe('sentences', () => {
  const falls = [21.25, 20, 4, 3.5];

  it('say where the real text became the likeliest, and what was before', () => {
    expect(depthSentences(lens([OTHER, REAL, OTHER, REAL], falls))).toEqual([
      '“ing ” becomes the likeliest chunk at Decoder 1 (p 0.4); before, “ion ” (p 0.25) is.',
      'Surprise falls from 21.3 bits without the trunk to 3.5, most at Transformer 1 (−16).',
      'Wrong bits: 9 without the trunk, 3 at the end; effective voters per bit: 50 and 53.5.',
    ]);
  });

  it('say that it always was, or is not', () => {
    const first = (tops: readonly DepthTop[]) => depthSentences(lens(tops, falls))[0];
    expect(first([REAL, REAL, REAL, { ...REAL, probability: 0.9 }])).toBe(
      '“ing ” is the likeliest chunk at all depths: p 0.4 without the trunk, 0.9 at the end.',
    );
    expect(first([OTHER, OTHER, OTHER, OTHER])).toBe('At the end “ion ” is the likeliest chunk (p 0.25), not “ing ”.');
    expect(first([OTHER, OTHER, REAL, OTHER])).toBe(
      'At the end “ion ” is the likeliest chunk (p 0.25), not “ing ”, which was the likeliest at Transformer 1 (p 0.4).',
    );
  });

  it('say where surprise rose', () => {
    const tops = [OTHER, OTHER, OTHER, OTHER];
    expect(depthSentences(lens(tops, [3, 2, 4, 8]))[1]).toBe(
      'Surprise rises from 3 bits without the trunk to 8, most at Decoder 1 (+4).',
    );
  });
});

it('depths are named, and how each is read is said', () => {
  expect(DEPTHS.map((depth) => `${depthName(depth)}: ${readoutText(depth)}`)).toEqual([
    'No trunk: mean only',
    'Input embedding: read as it is',
    'Transformer 1: fitted, R² 0.61',
    'Decoder 1: the model itself',
  ]);
  expect(readoutSentence(DEPTHS[2]!)).toContain('61 % of the variance');
  expect(new Set(DEPTHS.map(readoutSentence)).size).toBe(4);
  expect(fitText(lens([REAL, REAL, REAL, REAL], [1, 1, 1, 1]).fit)).toBe(
    'Maps fitted on 5,136 chunks of 5 sample texts, R² on 1,290 others',
  );
});
