/** @file What the Attention panel says in words, and the weights that it shows. Pure. */
import {
  ATTENTION_KINDS,
  attentionSentence,
  headName,
  KIND_TEXTS,
  LEAST_EXCESS,
  lookedAt,
  lookedAtText,
  mostDecided,
  placeDistance,
  placeName,
} from '../../model/measures/attentionText';
import { percent, shortNumber } from '../../model/measures/numberText';
import type { ChunkAttention, HeadFindings, HeadMeasures } from '../../model/protocol/attention';
import { formatCount } from '../shared/text';

/** Number of a head; null for the mean of all. */
export type ChosenHead = number | null;

/** [n] the weight of each place: a head's, or the mean of all heads'. */
export function shownWeights({ weights, places }: ChunkAttention, chosen: ChosenHead): Float32Array {
  const n = places.length;
  if (chosen !== null) return weights.subarray(chosen * n, (chosen + 1) * n);
  const means = new Float32Array(n);
  weights.forEach((weight, at) => {
    means[at % n]! += (weight * n) / weights.length;
  });
  return means;
}

/** What is shown: 'Block 2 head 3', or all heads. */
export function chosenName(measures: HeadMeasures, chosen: ChosenHead): string {
  return chosen === null ? 'all heads, mean' : headName(measures, chosen);
}

/** The sentence about the chosen head, or about the one that looks most decidedly at one kind of place. */
export function saidFirst(at: ChunkAttention, chosen: ChosenHead): { readonly head: number; readonly text: string } {
  const head = chosen ?? mostDecided(at);
  return { head, text: attentionSentence(at, head) };
}

/** Of a head that looks at no kind of place more than one that reads all alike. */
export const NO_KIND = 'other places';
/** What that means. */
export const NO_KIND_HINT = `“${NO_KIND}”: no kind of place has at least ${percent(LEAST_EXCESS)} of the head’s weight more than if it read all places alike`;

/** What a head looks at, in a few words with its weight, and in a sentence. */
export function looksAtText(
  measures: HeadMeasures,
  head: number,
): { readonly kind: string; readonly sentence: string } {
  const found = lookedAt(measures, head);
  return found === null
    ? { kind: NO_KIND, sentence: NO_KIND_HINT }
    : { kind: `${KIND_TEXTS[found.kind].name} ${percent(found.share)}`, sentence: `Looks at: ${lookedAtText(found)}` };
}

/** A place of the text with its weight. */
export function describePlace(at: ChunkAttention, weights: Float32Array, place: number): string {
  const kinds = at.places[place]!.kinds.filter((kind) => kind !== 'itself').map((kind) => KIND_TEXTS[kind].name);
  const what = kinds.length === 0 ? '' : ` (${kinds.join(', ')})`;
  return `${placeName(at, place)}, ${placeDistance(at, place)}${what}: ${percent(weights[place]!)}`;
}

/** What is predicted, and from how much of the text. */
export function describeChunk({ text, offset, places, bytesPerPlace }: ChunkAttention): string {
  return `“${text}” at byte ${formatCount(offset)}: heads read ${formatCount(places.length)} places of ${bytesPerPlace} bytes`;
}

/** What is outside of the picture, and how to read it. */
export function describeLimits({ bytesPerPlace, unread }: ChunkAttention): string {
  const parts = [
    `A place is one position of the bottleneck: the ${bytesPerPlace} bytes that it is the first to know; through convolutions it also knows text before them.`,
    unread === '' ? '' : `The last “${unread}” before the chunk comes to it by skip connections alone.`,
  ];
  return parts.filter((part) => part !== '').join(' ');
}

/** What the finder was measured on. */
export function describeFindings({ positions, chunks, totalChunks, counts }: HeadFindings): string {
  const part = chunks === totalChunks ? '' : `, in windows spread evenly over ${formatCount(totalChunks)} chunks`;
  const repeated = counts[ATTENTION_KINDS.indexOf('same')]!;
  return `Means over N = ${formatCount(positions)} positions (${formatCount(chunks)} chunks${part}); ${formatCount(repeated)} of them end in at least 4 bytes that their window has earlier`;
}

/** Bits or bytes in three digits; what was not measured is a dash. */
export function shortOrNone(value: number): string {
  return Number.isNaN(value) ? '–' : shortNumber(value);
}

/** A share; one of places that there never were is a dash. */
export function percentOrNone(share: number): string {
  return Number.isNaN(share) ? '–' : percent(share);
}
