/** @file How far a memory trusts its voters: what their evidence was worth so far, and the mixture of what they say. */
import { FIRST_ESTIMATE, UNSEEN } from './bitHistory';
import type { MixingContext } from './mixer';
import { MATCH_VOTE, Mixer, TRAINED_VOTE, VOTES } from './mixer';
import { CONTEXTS } from './voters';

/** Bytes of evidence for a bit: the state of each context, then what the match expects. */
export const EVIDENCE = CONTEXTS + 1;
const MATCH = CONTEXTS;
/** Matches of up to 16 bytes are told apart by 2, longer ones by 8. */
const MATCH_LENGTHS = 16;
/** What a first estimate counts for, in bits seen. */
const PRIOR_BITS = 3;
const MOST_COUNTED = 255;

/** Log-odds of a probability, of 4096 of them. */
const LOG_ODDS = Float32Array.from({ length: 4096 }, (_, i) => Math.log((i + 0.5) / (4095.5 - i)));

function logOdds(probability: number): number {
  return LOG_ODDS[Math.min(4095, (probability * 4096) | 0)]!;
}

/** What a match says of the next bit, 1..32; 0 says nothing. @param length in bytes */
export function matchEvidence(length: number, bit: number): number {
  const level = Math.min(MATCH_LENGTHS - 1, length < 16 ? length >> 1 : 8 + ((length - 16) >> 3));
  return 1 + 2 * level + bit;
}

/** 0 of no match, else 1..4 by its length. */
function matchLevel(evidence: number): number {
  return evidence === 0 ? 0 : 1 + ((evidence - 1) >> 3);
}

export class Weighing {
  /** [CONTEXTS·256] p of a 1, by voter and state; then how many bits that rests on. */
  readonly #estimates = new Float32Array(CONTEXTS * 256);
  readonly #counts = new Uint8Array(CONTEXTS * 256);
  /** [16] p that a match goes on, by its length. */
  readonly #matches = Float32Array.from({ length: MATCH_LENGTHS }, (_, i) => 1 - 0.5 / (i + 3));
  readonly #matchCounts = new Uint8Array(MATCH_LENGTHS);
  #mixer = new Mixer();
  /** [VOTES] log-odds of the bit that was weighed last. */
  readonly votes = new Float32Array(VOTES);
  readonly #context = { partial: 1, previous: 0, matchLevel: 0 };

  constructor() {
    for (let voter = 0; voter < CONTEXTS; voter++) this.#estimates.set(FIRST_ESTIMATE, 256 * voter);
  }

  /**
   * p of a 1.
   * @param evidence [EVIDENCE] from `at` on
   * @param trained log-odds of the trained model, at most ±10; 0 where there is none
   */
  weigh(
    evidence: Uint8Array,
    at: number,
    trained: number,
    { partial, previous }: Pick<MixingContext, 'partial' | 'previous'>,
  ): number {
    const { votes } = this;
    for (let voter = 0; voter < CONTEXTS; voter++) {
      const state = evidence[at + voter]!;
      votes[voter] = state === UNSEEN ? 0 : logOdds(this.#estimates[256 * voter + state]!);
    }
    const match = evidence[at + MATCH]!;
    const odds = match === 0 ? 0 : logOdds(this.#matches[(match - 1) >> 1]!);
    votes[MATCH_VOTE] = (match & 1) === 0 ? odds : -odds;
    votes[TRAINED_VOTE] = trained;
    this.#context.partial = partial;
    this.#context.previous = previous;
    this.#context.matchLevel = matchLevel(match);
    return this.#mixer.mix(votes, this.#context);
  }

  /** Learns how the bit that was weighed last went on. */
  learn(evidence: Uint8Array, at: number, bit: number): void {
    this.#mixer.learn(this.votes, bit);
    this.count(evidence, at, bit);
  }

  /** Learns what the evidence is worth, but not how it is mixed. */
  count(evidence: Uint8Array, at: number, bit: number): void {
    for (let voter = 0; voter < CONTEXTS; voter++) {
      const state = evidence[at + voter]!;
      if (state === UNSEEN) continue;
      const cell = 256 * voter + state;
      const counted = this.#counts[cell]!;
      this.#estimates[cell]! += (bit - this.#estimates[cell]!) / (counted + PRIOR_BITS);
      if (counted < MOST_COUNTED) this.#counts[cell] = counted + 1;
    }
    const match = evidence[at + MATCH]!;
    if (match === 0) return;
    const length = (match - 1) >> 1;
    const counted = this.#matchCounts[length]!;
    const right = ((match - 1) & 1) === bit ? 1 : 0;
    this.#matches[length]! += (right - this.#matches[length]!) / (counted + PRIOR_BITS + 1.5);
    if (counted < MOST_COUNTED) this.#matchCounts[length] = counted + 1;
  }

  /** The weight of each vote in the bit that was weighed last. @param out [VOTES] */
  weights(out: Float32Array): void {
    this.#mixer.weights(out);
  }

  copy(): Weighing {
    const copy = new Weighing();
    copy.#estimates.set(this.#estimates);
    copy.#counts.set(this.#counts);
    copy.#matches.set(this.#matches);
    copy.#matchCounts.set(this.#matchCounts);
    copy.#mixer = this.#mixer.copy();
    return copy;
  }
}
