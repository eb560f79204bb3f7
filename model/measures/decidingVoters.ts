/** @file Which bits of a chunk were decided wrong, and which voters decided: the same in hover and votes view. Pure. */
import { CHUNK_BITS } from './chunk';
import type { PredictedBits } from './decidedBits';
import { isWrong, surpriseOfBit } from './decidedBits';
import { plural } from './numberText';

/** The 32 bits of a chunk, and what the model says of them. */
export interface DecidedBits extends PredictedBits {
  /** [32] 1 where the bit is real text. */
  readonly scored: Uint8Array;
}

/** The same with its voters, [32·M] each, bit-major. */
export interface DecidedChunk extends DecidedBits {
  readonly votes: Float32Array;
  readonly weights: Float32Array;
  /** Change of the chunk's surprise, in bits, if that voter alone were silenced: above 0 where it helped. */
  readonly effects: Float32Array;
}

/** A voter by its name, bit and number, with what it said and did. */
export interface VotingVoter {
  readonly bit: number;
  readonly voter: number;
  readonly vote: number;
  readonly weight: number;
  readonly effect: number;
}

/** So many of the voters that decided are named. */
export const DECIDING_VOTERS = 3;
/** Bits of surprise that a voter alone has to change at least to be named: below, others say the same. */
export const LEAST_NAMED_EFFECT = 0.05;

/** Said where no voter is named. */
export const NOBODY_DECIDED = `No voter alone decided: without any one of them less than ${LEAST_NAMED_EFFECT} bits more surprise`;

/** Whether a bit of the text is decided wrong. */
export function isMistake({ bits, scored, probabilities }: DecidedBits, bit: number): boolean {
  return scored[bit] === 1 && isWrong(probabilities[bit]!, bits[bit]!);
}

/** How many bits of the text are decided wrong. */
export function countMistakes(chunk: DecidedBits): number {
  return chunk.bits.reduce((count, _, bit) => count + Number(isMistake(chunk, bit)), 0);
}

/** Said of a surprise where p, a 32-bit float, rounds to 0 or 1. */
export const MORE_BITS = 'more than 24';

/** The bit of the text whose real value was the least expected, of equal ones the first, with its surprise in bits; null where no bit has one. */
export function mostWrongBit({
  bits,
  scored,
  probabilities,
}: DecidedBits): { readonly bit: number; readonly surprise: number } | null {
  let worst: { readonly bit: number; readonly surprise: number } | null = null;
  for (let bit = 0; bit < CHUNK_BITS; bit++) {
    const surprise = surpriseOfBit(probabilities[bit]!, bits[bit]!);
    if (scored[bit] !== 1 || Number.isNaN(surprise)) continue;
    if (worst === null || surprise > worst.surprise) worst = { bit, surprise };
  }
  return worst;
}

function voterAt(chunk: DecidedChunk, votersPerBit: number, bit: number, voter: number): VotingVoter {
  const at = bit * votersPerBit + voter;
  return { bit, voter, vote: chunk.votes[at]!, weight: chunk.weights[at]!, effect: chunk.effects[at]! };
}

/** Of each bit that counts the voter with the largest part, the lower number first among equals; the largest part first. */
function oneOfEachBit(
  chunk: DecidedChunk,
  votersPerBit: number,
  counts: (bit: number) => boolean,
  part: (effect: number) => number,
): VotingVoter[] {
  const found: VotingVoter[] = [];
  for (let bit = 0; bit < 32; bit++) {
    if (!counts(bit)) continue;
    let best = 0;
    for (let voter = 1; voter < votersPerBit; voter++) {
      const at = bit * votersPerBit;
      if (part(chunk.effects[at + voter]!) > part(chunk.effects[at + best]!)) best = voter;
    }
    found.push(voterAt(chunk, votersPerBit, bit, best));
  }
  return found.sort((a, b) => part(b.effect) - part(a.effect));
}

/**
 * The voters that cost most in wrong decisions: of each wrong byte first the one that cost most, then the others; one per bit at
 * most, and nobody where no bit is wrong, or where no voter alone cost more than next to nothing.
 */
export function failedVoters(chunk: DecidedChunk, votersPerBit: number, limit: number): VotingVoter[] {
  const worst = oneOfEachBit(
    chunk,
    votersPerBit,
    (bit) => isMistake(chunk, bit),
    (effect) => -effect,
  ).filter(({ effect }) => effect <= -LEAST_NAMED_EFFECT);
  const bytes = new Set<number>();
  const [first, rest]: [VotingVoter[], VotingVoter[]] = [[], []];
  for (const voter of worst) {
    const byte = voter.bit >> 3;
    (bytes.has(byte) ? rest : first).push(voter);
    bytes.add(byte);
  }
  return [...first, ...rest].slice(0, limit);
}

/** Whether a bit is a 1 for which no voter voted: none is above ½. */
export function isUnvoted({ bits, votes }: DecidedChunk, votersPerBit: number, bit: number): boolean {
  const own = votes.subarray(bit * votersPerBit, (bit + 1) * votersPerBit);
  return bits[bit] === 1 && own.every((vote) => vote <= 0.5);
}

/** Said of a bit that is `isUnvoted`. */
export const NOBODY_VOTED = 'nobody voted for the 1';

/**
 * How many bits are wrong beside those whose failed voters are named, and why: '6 more wrong bits: nobody voted for the 1'. '' where
 * there is none, and where bits have but one voter, which nothing is without.
 * @param named of `failedVoters`
 */
export function otherMistakesText(chunk: DecidedChunk, votersPerBit: number, named: readonly VotingVoter[]): string {
  if (votersPerBit < 2) return '';
  const isNamed = new Set(named.map(({ bit }) => bit));
  const others = Array.from(chunk.bits.keys()).filter((bit) => isMistake(chunk, bit) && !isNamed.has(bit));
  if (others.length === 0) return '';
  const isFailed = new Set(failedVoters(chunk, votersPerBit, CHUNK_BITS).map(({ bit }) => bit));
  const [unlisted, rest] = [others.filter((bit) => isFailed.has(bit)), others.filter((bit) => !isFailed.has(bit))];
  const unvoted = rest.filter((bit) => isUnvoted(chunk, votersPerBit, bit));
  const reasons = [
    { count: unvoted.length, words: NOBODY_VOTED },
    { count: rest.length - unvoted.length, words: `no voter alone cost ${LEAST_NAMED_EFFECT} bits` },
    { count: unlisted.length, words: unlisted.length === 1 ? 'another voter failed' : 'other voters failed' },
  ].filter(({ count }) => count > 0);
  const why = reasons.map(({ count, words }) => (reasons.length === 1 ? words : `at ${count} ${words}`));
  const more = named.length === 0 ? '' : 'more ';
  return `${plural(others.length, `${more}wrong bit`, `${more}wrong bits`)}: ${why.join(', ')}`;
}

/** The voters without which the real text would be more surprising, the most first, one per bit at most; nobody where no voter alone did much. */
export function decidingVoters(chunk: DecidedChunk, votersPerBit: number, limit: number): VotingVoter[] {
  return oneOfEachBit(
    chunk,
    votersPerBit,
    (bit) => chunk.scored[bit] === 1,
    (effect) => effect,
  )
    .filter(({ effect }) => effect >= LEAST_NAMED_EFFECT)
    .slice(0, limit);
}

/** The voters of a bit with the largest effect on the surprise, whichever way; nobody where the bit is padding. */
export function decidingVotersOfBit(
  chunk: DecidedChunk,
  votersPerBit: number,
  bit: number,
  limit: number,
): VotingVoter[] {
  if (chunk.scored[bit] !== 1) return [];
  return Array.from({ length: votersPerBit }, (_, voter) => voterAt(chunk, votersPerBit, bit, voter))
    .sort((a, b) => Math.abs(b.effect) - Math.abs(a.effect))
    .slice(0, limit);
}
