/** @file Logistic mixing: a bit's probability from the votes, by weights that are learned as the text goes by (PAQ; Mattern 2012; Veness 2019). */
import { MEMORY_VOTERS } from '../measures/memoryVoters';
import type { MemoryVoter } from '../protocol/memory';
import { CONTEXTS } from './voters';

/** Votes that are mixed: those of the memory voters, then that of the trained model. */
export const VOTES = MEMORY_VOTERS.length + 1;
/** Places among the votes. */
export const MATCH_VOTE = CONTEXTS;
export const TRAINED_VOTE = MEMORY_VOTERS.length;

/** Least and most of a log-odds that is mixed. */
const MOST_LOGIT = 10;
/** No bit is held for more certain than this: what is learned from one text may be wrong in the next line. */
const MOST_CERTAIN = 1 - 1e-5;
const FIRST_WEIGHTS = { context: 0.15, match: 0.3, trained: 0.6 };
/** The rate falls from the first to the least as 1/(1 + bits/4000). */
const RATE = { first: 0.06, least: 0.01, bits: 4000 };

/** The least step of the trained model's certainty that chooses other weights, and the number of such steps. */
const CERTAINTY = { step: 1 / 1.5, steps: 12 };
const MATCH_LEVELS = 5;
/** Weight vectors of the three sets: by the bits of the byte so far, by length of the match and certainty of the trained model, by the byte before. */
const SET_SIZES = [256, MATCH_LEVELS * CERTAINTY.steps, 256];
const SETS = SET_SIZES.length;
const VECTORS = SET_SIZES.reduce((sum, size) => sum + size, 0);

export function logistic(logit: number): number {
  return 1 / (1 + Math.exp(-logit));
}

/** p of mixed log-odds, held off 0 and 1. */
function heldProbability(logit: number): number {
  return Math.min(MOST_CERTAIN, Math.max(1 - MOST_CERTAIN, logistic(logit)));
}

/** Log-odds as they are mixed: cut to ±10, and 0 of a p that is NaN, where every trained voter of the bit is silenced. */
export function logit(probability: number): number {
  if (Number.isNaN(probability)) return 0;
  return Math.max(-MOST_LOGIT, Math.min(MOST_LOGIT, Math.log(probability / (1 - probability))));
}

/** What memory voters say of one bit. */
export interface MixedBit {
  /** p of a 1. */
  readonly probability: number;
  /** [VOTES] log-odds. */
  readonly votes: Float32Array;
  /** [VOTES] */
  readonly weights: Float32Array;
}

/** A bit's mixture without some of the voters. */
export interface Mixture {
  /** p of a 1. */
  readonly probability: number;
  /** Share of the memory voters in the log-odds, 0..1: theirs by its size, over theirs and the trained model's. */
  readonly memoryShare: number;
}

/** Without some of the voters, with the same weights for the others. @param silenced [VOTES] 1 of a silenced one */
export function mixedWithout(
  { votes, weights }: MixedBit,
  silenced: ArrayLike<number>,
  trainedLogit = votes[TRAINED_VOTE]!,
): Mixture {
  let memory = 0;
  for (let vote = 0; vote < TRAINED_VOTE; vote++) if (silenced[vote] !== 1) memory += weights[vote]! * votes[vote]!;
  const trained = silenced[TRAINED_VOTE] === 1 ? 0 : weights[TRAINED_VOTE]! * trainedLogit;
  return { probability: heldProbability(memory + trained), memoryShare: shareOf(memory, trained) };
}

/** Share of memory's part of the log-odds in both parts, by size. */
function shareOf(memory: number, trained: number): number {
  return memory === 0 ? 0 : Math.abs(memory) / (Math.abs(memory) + Math.abs(trained));
}

/** [VOTES] 1 of those that are silenced. */
export function silencedFlags(silenced: readonly MemoryVoter[]): Uint8Array {
  return Uint8Array.from({ length: VOTES }, (_, vote) =>
    silenced.some((voter) => voter === MEMORY_VOTERS[vote]) ? 1 : 0,
  );
}

/** What chooses the weights. */
export interface MixingContext {
  /** Bits of the byte so far behind a 1, 1..255. */
  readonly partial: number;
  /** The byte before; 0 at the beginning. */
  readonly previous: number;
  /** 0 where nothing matches, else 1..4 by length. */
  readonly matchLevel: number;
}

/**
 * Three sets of weights, each with a vector chosen by its own context and learned by its own error; the mixture is the mean of their
 * three log-odds. So it is linear in the votes' log-odds, and the mean of the three vectors is the weight of each vote.
 */
export class Mixer {
  /** [VECTORS·VOTES] */
  readonly #weights = new Float32Array(VECTORS * VOTES);
  /** [3] first weight of each chosen vector, and the log-odds that it gives. */
  readonly #chosen = new Int32Array(SETS);
  readonly #logits = new Float64Array(SETS);
  #bits = 0;

  constructor() {
    for (let vector = 0; vector < VECTORS; vector++) {
      const at = vector * VOTES;
      this.#weights.fill(FIRST_WEIGHTS.context, at, at + VOTES);
      this.#weights[at + MATCH_VOTE] = FIRST_WEIGHTS.match;
      this.#weights[at + TRAINED_VOTE] = FIRST_WEIGHTS.trained;
    }
  }

  /**
   * p of a 1.
   * @param votes [VOTES] log-odds; 0 of a vote that says nothing
   */
  mix(votes: Float32Array, { partial, previous, matchLevel }: MixingContext): number {
    const certainty = Math.min(CERTAINTY.steps - 1, (Math.abs(votes[TRAINED_VOTE]!) / CERTAINTY.step) | 0);
    this.#chosen[0] = partial * VOTES;
    this.#chosen[1] = (SET_SIZES[0]! + matchLevel * CERTAINTY.steps + certainty) * VOTES;
    this.#chosen[2] = (SET_SIZES[0]! + SET_SIZES[1]! + previous) * VOTES;
    let sum = 0;
    for (let set = 0; set < SETS; set++) {
      const at = this.#chosen[set]!;
      let logit = 0;
      for (let vote = 0; vote < VOTES; vote++) logit += this.#weights[at + vote]! * votes[vote]!;
      this.#logits[set] = logit;
      sum += logit;
    }
    return heldProbability(sum / SETS);
  }

  /** Moves the vectors that the last call of `mix` chose. */
  learn(votes: Float32Array, bit: number): void {
    const rate = Math.max(RATE.least, RATE.first / (1 + this.#bits++ / RATE.bits));
    for (let set = 0; set < SETS; set++) {
      const step = rate * (bit - logistic(this.#logits[set]!));
      const at = this.#chosen[set]!;
      for (let vote = 0; vote < VOTES; vote++) this.#weights[at + vote]! += step * votes[vote]!;
    }
  }

  /** The weight of each vote in the last mixture. @param out [VOTES] */
  weights(out: Float32Array): void {
    for (let vote = 0; vote < VOTES; vote++) {
      let sum = 0;
      for (let set = 0; set < SETS; set++) sum += this.#weights[this.#chosen[set]! + vote]!;
      out[vote] = sum / SETS;
    }
  }

  copy(): Mixer {
    const copy = new Mixer();
    copy.#weights.set(this.#weights);
    copy.#bits = this.#bits;
    return copy;
  }
}
