/** @file What attention heads do, summed up over positions: entropy, distance, and the weight of each kind of place. */
import { ATTENTION_KINDS } from '../measures/attentionText';
import type { HeadMeasures } from '../protocol/attention';
import type { ReadPlaces } from './attentionPlaces';

/** Σ of a property of heads, and of one that reads all places alike. */
class HeadSums {
  readonly ofHeads: Float64Array;
  even = 0;

  constructor(heads: number) {
    this.ofHeads = new Float64Array(heads);
  }
}

export class HeadTally {
  readonly #entropy: HeadSums;
  readonly #distance: HeadSums;
  readonly #shares: readonly HeadSums[];
  /** [kinds] positions that have a place of the kind. */
  readonly counts = new Int32Array(ATTENTION_KINDS.length);
  #positions = 0;

  /** @param heads of a block */
  constructor(
    private readonly blocks: number,
    private readonly heads: number,
    private readonly bytesPerPlace: number,
  ) {
    const sums = (): HeadSums => new HeadSums(blocks * heads);
    this.#entropy = sums();
    this.#distance = sums();
    this.#shares = ATTENTION_KINDS.map(sums);
  }

  /** Heads of all blocks. */
  get headCount(): number {
    return this.blocks * this.heads;
  }

  /** Positions that were added. */
  get positions(): number {
    return this.#positions;
  }

  /** @param weightsOf [n] of a head, for the places up to the position */
  add(weightsOf: (head: number) => Float32Array, { kinds }: ReadPlaces, position: number): void {
    this.#positions++;
    const n = position + 1;
    this.#entropy.even += Math.log2(n);
    this.#distance.even += (this.bytesPerPlace * position) / 2;
    const ofKinds = ATTENTION_KINDS.map((kind) => kinds[kind]);
    ofKinds.forEach((places, kind) => {
      this.counts[kind]! += places.length > 0 ? 1 : 0;
      this.#shares[kind]!.even += places.length / n;
    });
    for (let head = 0; head < this.headCount; head++) {
      const weights = weightsOf(head);
      for (let place = 0; place < n; place++) {
        const weight = weights[place]!;
        if (weight > 0) this.#entropy.ofHeads[head]! -= weight * Math.log2(weight);
        this.#distance.ofHeads[head]! += weight * this.bytesPerPlace * (position - place);
      }
      ofKinds.forEach((places, kind) => {
        for (const place of places) this.#shares[kind]!.ofHeads[head]! += weights[place]!;
      });
    }
  }

  /** Means over the positions; of a kind's weight over those that have such a place. */
  means(): HeadMeasures {
    const { blocks, heads, bytesPerPlace, counts } = this;
    const N = this.#positions;
    return {
      blocks,
      heads,
      bytesPerPlace,
      entropy: Float32Array.from(this.#entropy.ofHeads, (sum) => sum / N),
      evenEntropy: this.#entropy.even / N,
      distance: Float32Array.from(this.#distance.ofHeads, (sum) => sum / N),
      evenDistance: this.#distance.even / N,
      shares: Float32Array.from({ length: blocks * heads * ATTENTION_KINDS.length }, (_, at) => {
        const kind = at % ATTENTION_KINDS.length;
        return this.#shares[kind]!.ofHeads[(at - kind) / ATTENTION_KINDS.length]! / counts[kind]!;
      }),
      evenShares: Float32Array.from(this.#shares, ({ even }, kind) => even / counts[kind]!),
    };
  }
}
