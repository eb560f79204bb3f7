/** @file A made-up but realistic state of the Attention panel: hand-made heads over the sample text. */
import type { ReadPlaces, WindowPlaces } from '../../../model/inspection/attentionPlaces';
import { placeSpan, readPlaces } from '../../../model/inspection/attentionPlaces';
import { HeadTally } from '../../../model/inspection/headTally';
import { ATTENTION_KINDS } from '../../../model/measures/attentionText';
import { characterStart } from '../../../model/measures/utf8';
import { visibleLabel, visibleText } from '../../../model/measures/visibleText';
import type { AttentionKind, ChunkAttention, HeadFindings } from '../../../model/protocol/attention';
import type { AttentionReady } from '../../../model/protocol/panels/attention';
import { windowOfChunk } from '../../../model/text/windows';
import { generator, provenance, sampleBytes } from './sample';

const T = 64;
const HEADS = 4;
/** What each head looks at, and with how much of its weight; null for one that reads all over. */
const MADE: readonly (readonly [AttentionKind, number] | null)[] = [
  ['previous', 0.72],
  null,
  ['lineStart', 0.64],
  ['itself', 0.41],
  null,
  ['same', 0.61],
  ['after', 0.48],
  ['first', 0.33],
];
const BLOCKS = MADE.length / HEADS;

/** [n] of a head: its share on the places that it looks at, the rest here and there. */
function weightsOf(head: number, { kinds }: ReadPlaces, n: number): Float32Array {
  const random = generator(100 * n + head);
  const noise = Float32Array.from({ length: n }, () => random() ** 3);
  const all = noise.reduce((sum, value) => sum + value, 0);
  const made = MADE[head] ?? null;
  const places = made === null ? [] : kinds[made[0]];
  const share = made === null || places.length === 0 ? 0 : made[1];
  return noise.map(
    (value, place) => ((1 - share) * value) / all + (places.includes(place) ? share / places.length : 0),
  );
}

function windowAt(bytes: Uint8Array, index: number): { readonly places: WindowPlaces; readonly position: number } {
  const { firstTarget } = windowOfChunk(index, Math.ceil(bytes.length / 4), T);
  const places = { bytes, firstTarget, chunks: 2 };
  return { places, position: Math.floor((index - firstTarget) / 2) };
}

function chunkAttention(bytes: Uint8Array, index: number): ChunkAttention {
  const { places, position } = windowAt(bytes, index);
  const n = position + 1;
  const read = readPlaces(places, position);
  const tally = new HeadTally(BLOCKS, HEADS, 8);
  tally.add((head) => weightsOf(head, read, n), read, position);
  const end = placeSpan(places, position).to;
  return {
    checkpoint: '3f9c1ab27d40',
    index,
    chunkCount: Math.ceil(bytes.length / 4),
    offset: 4 * index,
    length: 4,
    text: visibleLabel(bytes.subarray(4 * index, 4 * index + 4)),
    ...tally.means(),
    places: Array.from({ length: n }, (_, place) => {
      const { from, to } = placeSpan(places, place);
      const kinds = ATTENTION_KINDS.filter((kind) => read.kinds[kind].includes(place));
      const text = visibleText(bytes.subarray(characterStart(bytes, from), characterStart(bytes, to)));
      return { offset: from, length: to - from, text, kinds };
    }),
    weights: Float32Array.from(MADE.flatMap((_, head) => [...weightsOf(head, read, n)])),
    unread: visibleText(bytes.subarray(end, 4 * index)),
    repeated: read.repeated && {
      text: visibleLabel(bytes.subarray(end - read.repeated.length, end)),
      ends: read.repeated.ends,
    },
    milliseconds: 2,
  };
}

function headFindings(bytes: Uint8Array): HeadFindings {
  const chunkCount = Math.ceil(bytes.length / 4);
  const tally = new HeadTally(BLOCKS, HEADS, 8);
  for (let index = 2; index < chunkCount; index += 2) {
    const { places, position } = windowAt(bytes, index);
    const read = readPlaces(places, position);
    tally.add((head) => weightsOf(head, read, position + 1), read, position);
  }
  return {
    checkpoint: '3f9c1ab27d40',
    ...tally.means(),
    positions: tally.positions,
    counts: tally.counts,
    chunks: chunkCount,
    totalChunks: chunkCount,
    milliseconds: 40,
  };
}

/** A chunk of `byteLength` bytes of text, with the findings over all of it. */
export function attention(index: number, change: Partial<AttentionReady> = {}, byteLength = 1200): AttentionReady {
  const bytes = sampleBytes(byteLength);
  return {
    kind: 'ready',
    provenance: provenance(128),
    at: chunkAttention(bytes, index),
    findings: headFindings(bytes),
    outdated: false,
    work: null,
    failure: null,
    ...change,
  };
}
