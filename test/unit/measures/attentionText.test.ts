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
  test('names the kind with its weight, what it would be by chance, the text, how far back it is, and the entropy', () => {
    expect(attentionSentence(chunk([0.1, 0.61, 0.1, 0.09, 0.1]), 0)).toBe(
      'Block 1 head 1 looks mostly at the same text earlier (61 %, 20 % if it read all places alike): “ fun”, 24 bytes back; entropy 1.25 of at most 2.32 bits.',
    );
    expect(attentionSentence(chunk([0.1, 0.1, 0.1, 0.42, 0.28]), 0)).toBe(
      'Block 1 head 1 looks most at the place before it (42 %, 20 % if it read all places alike): “␣= 1; le”, 8 bytes back; entropy 1.25 of at most 2.32 bits.',
    );
    expect(attentionSentence(chunk([0, 0, 0, 0, 1]), 0)).toBe(
      'Block 1 head 1 looks mostly at its own place (100 %, 20 % if it read all places alike); entropy 1.25 of at most 2.32 bits.',
    );
  });

  test('says of a head that looks at no known kind where it looks most', () => {
    expect(attentionSentence(chunk([0.18, 0.19, 0.2, 0.21, 0.22]), 0)).toBe(
      'Block 1 head 1 looks at no known kind of place much more than if it read all alike, most of all at “t b; fun”, the place that reads (22 %); entropy 1.25 of at most 2.32 bits.',
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
