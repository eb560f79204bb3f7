/** @file What attention is called: kinds of places, heads, and what a head does, in one sentence whose every clause has its number. Pure. */
import type { AttentionKind, ChunkAttention, HeadMeasures } from '../protocol/attention';
import { percent, plural, shortNumber } from './numberText';
import { visibleLabel } from './visibleText';

interface KindText {
  /** Heads a column. */
  readonly name: string;
  /** In a sentence. */
  readonly phrase: string;
  /** What it is, with the name that the literature has for heads that look there. */
  readonly hint: string;
}

/** In the order in which measures have them. */
const KINDS = {
  itself: { name: 'itself', phrase: 'its own place', hint: 'The place that reads' },
  previous: {
    name: 'previous place',
    phrase: 'the place before it',
    hint: 'The place just before the one that reads: a previous-token head',
  },
  same: {
    name: 'same text earlier',
    phrase: 'the same text earlier',
    hint: 'Where the longest text of at least 4 bytes that was read last ended before: a duplicate-token head',
  },
  after: {
    name: 'after the same text',
    phrase: 'what followed the same text earlier',
    hint: 'The place after that earlier text, where what followed it stands: an induction head',
  },
  lineStart: { name: 'line start', phrase: 'starts of lines', hint: 'Places in which a line begins' },
  first: { name: 'window start', phrase: 'the window’s first place', hint: 'The first place of the window' },
} as const satisfies Readonly<Record<AttentionKind, KindText>>;

export const KIND_TEXTS: Readonly<Record<AttentionKind, KindText>> = KINDS;
export const ATTENTION_KINDS = Object.keys(KINDS) as readonly AttentionKind[];

/** A head looks at a kind of place where it gives it so much more of its weight than one that reads all places alike. */
export const LEAST_EXCESS = 0.1;

/** What a head looks at: the kind whose weight exceeds an even reader's most. */
export interface LookedAt {
  readonly kind: AttentionKind;
  readonly share: number;
  readonly even: number;
}

/** @returns null where no kind exceeds by {@link LEAST_EXCESS} */
export function lookedAt(
  { shares, evenShares }: Pick<HeadMeasures, 'shares' | 'evenShares'>,
  head: number,
): LookedAt | null {
  let most: LookedAt | null = null;
  ATTENTION_KINDS.forEach((kind, at) => {
    const share = shares[head * ATTENTION_KINDS.length + at]!;
    const even = evenShares[at]!;
    // NaN where no place is of the kind.
    const isMore = most === null ? share - even >= LEAST_EXCESS : share - even > most.share - most.even;
    if (isMore) most = { kind, share, even };
  });
  return most;
}

/** A head that reads all places alike, in a word or two. */
export const ALL_ALIKE = 'all alike';

/** What a head looks at, with what {@link ALL_ALIKE} has there: another kind may have more weight, and still exceed less. */
export function lookedAtText({ kind, share, even }: LookedAt): string {
  return `${KIND_TEXTS[kind].name} ${percent(share)} (${ALL_ALIKE}: ${percent(even)})`;
}

/** One head's measures. */
export interface HeadRow {
  /** From 0. */
  readonly block: number;
  readonly head: number;
  /** Bits. */
  readonly entropy: number;
  /** Bytes. */
  readonly distance: number;
  readonly looksAt: LookedAt | null;
  /** Weight of the places of each kind; NaN where there are none. */
  readonly shares: Readonly<Record<AttentionKind, number>>;
}

/** All heads, block by block. */
export function headRows(measures: HeadMeasures): HeadRow[] {
  const { heads, entropy, distance, shares } = measures;
  return Array.from(entropy, (bits, head) => ({
    block: Math.floor(head / heads),
    head: head % heads,
    entropy: bits,
    distance: distance[head]!,
    looksAt: lookedAt(measures, head),
    shares: Object.fromEntries(
      ATTENTION_KINDS.map((kind, at) => [kind, shares[head * ATTENTION_KINDS.length + at]!]),
    ) as Record<AttentionKind, number>,
  }));
}

/** The head that looks most decidedly at one kind of place. */
export function mostDecided(measures: HeadMeasures): number {
  const excess = (head: number): number => {
    const found = lookedAt(measures, head);
    return found === null ? 0 : found.share - found.even;
  };
  let best = 0;
  for (let head = 1; head < measures.blocks * measures.heads; head++) if (excess(head) > excess(best)) best = head;
  return best;
}

/** 'block 2 head 3', counted from 1. */
export function headName({ heads }: Pick<HeadMeasures, 'heads'>, head: number): string {
  return `block ${Math.floor(head / heads) + 1} head ${(head % heads) + 1}`;
}

/** How far a place is before the one that reads. */
export function placeDistance({ places, bytesPerPlace }: ChunkAttention, place: number): string {
  const back = places.length - 1 - place;
  return back === 0 ? 'the place that reads' : `${plural(bytesPerPlace * back, 'byte', 'bytes')} back`;
}

/** A place's text as it is called. */
export function placeName({ places }: ChunkAttention, place: number): string {
  const { text, length } = places[place]!;
  return length === 0 ? 'the beginning, before the text' : `“${visibleLabel(text)}”`;
}

/** What a head does at a chunk: the place with most of its weight, then the kind of place that exceeds an even reader's most. */
export function attentionSentence(at: ChunkAttention, head: number): string {
  const n = at.places.length;
  const weights = at.weights.subarray(head * n, (head + 1) * n);
  const best = weights.indexOf(Math.max(...weights));
  const name = headName(at, head);
  const title = name.charAt(0).toUpperCase() + name.slice(1);
  const looks = `${title} looks most at ${placeName(at, best)}, ${placeDistance(at, best)}`;
  const weight = percent(weights[best]!);
  const entropy = `entropy ${shortNumber(at.entropy[head]!)} of at most ${shortNumber(at.evenEntropy)} bits.`;
  const found = lookedAt(at, head);
  if (found === null) {
    return `${looks} (${weight}), and at no known kind of place much more than if it read all places alike; ${entropy}`;
  }
  const ofKind = at.places.flatMap(({ kinds }, place) => (kinds.includes(found.kind) ? [place] : []));
  const repeated = found.kind === 'same' && at.repeated !== null ? `, “${at.repeated.text}”` : '';
  const kind = `${KIND_TEXTS[found.kind].phrase}${repeated}`;
  const even = `${percent(found.even)} if it read all places alike`;
  if (ofKind.length === 1 && ofKind[0] === best) {
    // Its distance says already that it is the place that reads.
    const what = found.kind === 'itself' ? '' : `, ${kind}`;
    return `${looks}${what} (${weight}, ${even}); ${entropy}`;
  }
  const together = ofKind.length === 1 ? '' : ' together';
  return `${looks} (${weight}); of the known kinds of place it prefers ${kind} (${percent(found.share)}${together}, ${even}); ${entropy}`;
}

/** Why a model has no attention; null where it has. */
export function noAttention(config: {
  readonly bottleneck: string;
  readonly bottleneck_layers: number;
}): string | null {
  if (config.bottleneck_layers === 0) return 'This model has no attention: its bottleneck has no blocks.';
  if (config.bottleneck === 'transformer') return null;
  return 'This model has no attention: its bottleneck is dendritic, so each position chooses branches, and none reads another. Model Overview shows which branches were chosen.';
}
