/** @file The seeded generator of everything random in a run; its state is four integers that can be saved as JSON. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { mersenne } from 'pure-rand/generator/mersenne';
import { xoroshiro128plusFromState } from 'pure-rand/generator/xoroshiro128plus';

/** The whole state of a {@link Random}: four 32-bit integers. */
export interface RandomState {
  readonly words: readonly number[];
}

type Generator = ReturnType<typeof xoroshiro128plusFromState>;

/** A xoroshiro128+ generator. It keeps nothing but its state, so a restored one goes on bit by bit. */
export class Random {
  private constructor(private readonly generator: Generator) {}

  /**
   * @param seed any safe integer; different seeds give different streams
   * @throws RangeError where it is none
   */
  static fromSeed(seed: number): Random {
    if (!Number.isSafeInteger(seed)) throw new RangeError(`The seed is ${seed}, expected an integer.`);
    // xoroshiro's own seeding and steps are linear over bits, which leaves streams of close seeds correlated; the
    // Mersenne Twister's seeding is not. One for each half of the seed.
    const low = mersenne(seed | 0);
    const high = mersenne(Math.floor(seed / 2 ** 32) | 0);
    const words = Array.from({ length: 4 }, () => (low.next() + Math.imul(high.next(), 0x9e3779b1)) | 0);
    return new Random(xoroshiro128plusFromState(words));
  }

  /** @throws RangeError where the state is not four 32-bit integers, or is all zeros (the generator's fixed point) */
  static fromState(state: RandomState): Random {
    const { words } = state;
    if (words.length !== 4 || words.some((word) => word !== (word | 0)) || words.every((word) => word === 0)) {
      throw new RangeError(`The random state is ${JSON.stringify(words)}, expected four 32-bit integers, not all 0.`);
    }
    return new Random(xoroshiro128plusFromState(words));
  }

  state(): RandomState {
    return { words: [...this.generator.getState()] };
  }

  /** Uniform in [0, 1), 53 bits. */
  uniform(): number {
    return uniformFloat64(this.generator);
  }

  /** Uniform in 0..bound−1, without bias. @throws RangeError where `bound` is not a positive integer */
  integer(bound: number): number {
    if (!Number.isSafeInteger(bound) || bound < 1) {
      throw new RangeError(`The bound is ${bound}, expected a positive integer.`);
    }
    return uniformInt(this.generator, 0, bound - 1);
  }

  /** Standard normal (Box–Muller; the second value is not kept, or it would be hidden state). */
  normal(): number {
    const radius = Math.sqrt(-2 * Math.log(1 - this.uniform()));
    return radius * Math.cos(2 * Math.PI * this.uniform());
  }
}
