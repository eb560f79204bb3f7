/** @file What each vote of a memory did over a text: how often it said something, how often rightly, and what the text would cost without it. */
import { mixedWithout, silencedFlags, TRAINED_VOTE, VOTES } from './mixer';
import type { MixedBit } from './mixer';
import type { MemoryVoter, MemoryVoters } from '../protocol/memory';

export class VoterTally {
  readonly #silenced: Uint8Array;
  #bits = 0;
  #surprise = 0;
  /** [VOTES] bits on which it said something, of those where it leant to the real value, and the sum of its weights there. */
  readonly #voted = new Float64Array(VOTES);
  readonly #right = new Float64Array(VOTES);
  readonly #weights = new Float64Array(VOTES);
  /** [VOTES] bits of surprise without it. */
  readonly #effects = new Float64Array(VOTES);

  /** @param silenced memory voters that are left out of the mixture, but not of what their votes were */
  constructor(silenced: readonly MemoryVoter[]) {
    this.#silenced = silencedFlags(silenced);
  }

  /** Counts one bit. @param real its value */
  add(mixed: MixedBit, real: number): void {
    const surpriseOf = (flags: Uint8Array) => {
      const { probability } = mixedWithout(mixed, flags);
      return -Math.log2(real === 1 ? probability : 1 - probability);
    };
    const surprise = surpriseOf(this.#silenced);
    this.#bits++;
    this.#surprise += surprise;
    const without = this.#silenced.slice();
    for (let vote = 0; vote < VOTES; vote++) {
      const logOdds = mixed.votes[vote]!;
      // The trained voters always say something, if only a half.
      if (logOdds === 0 && vote !== TRAINED_VOTE) continue;
      this.#voted[vote]!++;
      this.#weights[vote]! += mixed.weights[vote]!;
      if (logOdds > 0 === (real === 1)) this.#right[vote]!++;
      if (this.#silenced[vote] === 1) continue;
      without[vote] = 1;
      this.#effects[vote]! += surpriseOf(without) - surprise;
      without[vote] = 0;
    }
  }

  get voters(): Pick<MemoryVoters, 'bytes' | 'bitsPerByte' | 'voted' | 'right' | 'weights' | 'effects'> {
    const bytes = this.#bits / 8;
    return {
      bytes,
      bitsPerByte: this.#surprise / bytes,
      voted: Float32Array.from(this.#voted, (count) => count / this.#bits),
      right: Float32Array.from(this.#right, (count, vote) => count / this.#voted[vote]!),
      weights: Float32Array.from(this.#weights, (sum, vote) => sum / this.#voted[vote]!),
      effects: Float32Array.from(this.#effects, (sum) => sum / bytes),
    };
  }
}
