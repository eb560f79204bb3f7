/** @file What attention is said to do: a sentence whose every clause has its number. */
import { describe, expect, test } from 'vitest';
import {
  ATTENTION_KINDS,
  attentionSentence,
  lookedAt,
  lookedAtText,
  noAttention,
} from '../../../model/measures/attentionText';
import type { AttentionKind, ChunkAttention } from '../../../model/protocol/attention';

const KINDS: readonly (readonly AttentionKind[])[] = [['first'], ['same'], ['lineStart'], ['previous'], ['itself']];
const TEXTS = ['it++', ') {↵ fun', '↵  let a', ' = 1; le', 't b; fun'];

/** One head over five places of 8 bytes. */
function chunk(weights: readonly number[]): ChunkAttention {
  const shareOf = (kind: AttentionKind) =>
    weights.reduce((sum, weight, place) => sum + (KINDS[place]!.includes(kind) ? weight : 0), 0);
  return {
    checkpoint: '0123456789ab',
    index: 20,
    chunkCount: 40,
    offset: 80,
    length: 4,
    text: 'ctio',
    blocks: 1,
    heads: 1,
    bytesPerPlace: 8,
    entropy: Float32Array.of(1.25),
    evenEntropy: Math.log2(5),
    distance: Float32Array.of(12),
    evenDistance: 16,
    shares: Float32Array.from(ATTENTION_KINDS, (kind) => (kind === 'after' ? NaN : shareOf(kind))),
    evenShares: Float32Array.from(ATTENTION_KINDS, (kind) => (kind === 'after' ? NaN : 0.2)),
    places: TEXTS.map((text, place) => ({ offset: 36 + 8 * place, length: 8, text, kinds: KINDS[place]! })),
    weights: Float32Array.from(weights),
    unread: '',
    repeated: { text: ' fun', ends: [52] },
    milliseconds: 1,
  };
}

describe('the sentence', () => {
  test('begins with the place that has the largest weight, and says what kind of place that is', () => {
    expect(attentionSentence(chunk([0.1, 0.61, 0.1, 0.09, 0.1]), 0)).toBe(
      'Block 1 head 1 looks most at “) {↵ fun”, 24 bytes back, the same text earlier, “ fun” (61 %, 20 % if it read all places alike); entropy 1.25 of at most 2.32 bits.',
    );
    expect(attentionSentence(chunk([0.1, 0.1, 0.1, 0.42, 0.28]), 0)).toBe(
      'Block 1 head 1 looks most at “␣= 1; le”, 8 bytes back, the place before it (42 %, 20 % if it read all places alike); entropy 1.25 of at most 2.32 bits.',
    );
    expect(attentionSentence(chunk([0, 0, 0, 0, 1]), 0)).toBe(
      'Block 1 head 1 looks most at “t b; fun”, the place that reads (100 %, 20 % if it read all places alike); entropy 1.25 of at most 2.32 bits.',
    );
  });

  test('begins with that place also where the kind that exceeds chance most is another', () => {
    const kinds: readonly (readonly AttentionKind[])[] = [['first'], [], [], ['previous'], ['itself']];
    const made = chunk([0.05, 0.6, 0.04, 0.05, 0.26]);
    const at = { ...made, places: made.places.map((place, i) => ({ ...place, kinds: kinds[i]! })) };
    at.shares.set([0.26, 0.05, NaN, NaN, NaN, 0.05]);
    at.evenShares.set([0.04, 0.04, NaN, NaN, NaN, 0.04]);
    expect(attentionSentence(at, 0)).toBe(
      'Block 1 head 1 looks most at “) {↵ fun”, 24 bytes back (60 %); of the known kinds of place it prefers its own place (26 %, 4.0 % if it read all places alike); entropy 1.25 of at most 2.32 bits.',
    );
  });

  test('says of a kind with several places what they have together', () => {
    const kinds: readonly (readonly AttentionKind[])[] = [['first'], ['lineStart'], ['lineStart'], [], []];
    const made = chunk([0.05, 0.4, 0.25, 0.1, 0.2]);
    const at = { ...made, places: made.places.map((place, i) => ({ ...place, kinds: kinds[i]! })) };
    at.shares.set([0.2, 0.1, NaN, NaN, 0.65, 0.05]);
    at.evenShares.set([0.2, 0.2, NaN, NaN, 0.4, 0.2]);
    expect(attentionSentence(at, 0)).toContain(
      '24 bytes back (40 %); of the known kinds of place it prefers starts of lines (65 % together, 40 % if it read all places alike)',
    );
  });

  test('says of a head that looks at no known kind where it looks most', () => {
    expect(attentionSentence(chunk([0.18, 0.19, 0.2, 0.21, 0.22]), 0)).toBe(
      'Block 1 head 1 looks most at “t b; fun”, the place that reads (22 %), and at no known kind of place much more than if it read all places alike; entropy 1.25 of at most 2.32 bits.',
    );
  });
});

test('what a head looks at says what a head that reads all places alike has there', () => {
  // Line starts have more weight, but would have more of it anyway.
  const shares = ATTENTION_KINDS.map((kind) => (kind === 'itself' ? 0.21 : kind === 'lineStart' ? 0.37 : 0.05));
  const evenShares = ATTENTION_KINDS.map((kind) => (kind === 'itself' ? 0.03 : kind === 'lineStart' ? 0.31 : 0.05));
  const found = lookedAt({ shares: Float32Array.from(shares), evenShares: Float32Array.from(evenShares) }, 0)!;
  expect(lookedAtText(found)).toBe('itself 21 % (all alike: 3.0 %)');
});

test('a model without attention says why', () => {
  expect(noAttention({ bottleneck: 'transformer', bottleneck_layers: 2 })).toBeNull();
  expect(noAttention({ bottleneck: 'dendritic', bottleneck_layers: 2 })).toContain('dendritic');
  expect(noAttention({ bottleneck: 'transformer', bottleneck_layers: 0 })).toContain('no blocks');
});
