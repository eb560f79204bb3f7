/** @file Names of voters from what they do: the context in which most of a voter's votes above ½ are, and few of all chunks. */
import { CHUNK_BITS, CHUNK_BYTES } from '../measures/chunk';
import type { AutomaticName } from '../checkpoint/voterStatistics';
import type { NamingContexts } from './namingContexts';

const BYTE_BITS = 8;
/** At least so many votes above ½ are in a context that names a voter, and this share of them all. */
const LEAST_THERE = 8;
const LEAST_SHARE = 0.5;
/** A context holds at least so many times as many of the votes as of all chunks. */
const LEAST_LIFT = 2;
/** Probability that chance gives a voter any name, if its votes fell on chunks at random. */
const FALSE_NAME = 0.01;

/** Counts in which contexts each voter votes above ½. */
export class NameCounts {
  readonly #labels: number;
  /** [32·M, labels] */
  readonly #counts: Uint32Array;
  /** [4, labels] how many chunks have a label at each of their bytes. */
  readonly #places: Uint32Array;
  #chunks = 0;

  constructor(
    private readonly contexts: NamingContexts,
    private readonly votersPerBit: number,
  ) {
    this.#labels = contexts.words.length;
    this.#counts = new Uint32Array(CHUNK_BITS * votersPerBit * this.#labels);
    this.#places = new Uint32Array(CHUNK_BYTES * this.#labels);
  }

  /** @param labels from `NamingContexts.label`, of one chunk, from `at` on */
  addChunk(labels: Uint16Array, at: number): void {
    const { dimensions } = this.contexts;
    this.#chunks++;
    for (let k = 0; k < CHUNK_BYTES; k++) {
      for (let d = 0; d < dimensions; d++) this.#places[k * this.#labels + labels[at + k * dimensions + d]!]!++;
    }
  }

  /** A voter of `bit` votes above ½ at the chunk whose labels stand at `at`. */
  addVote(bit: number, voter: number, labels: Uint16Array, at: number): void {
    const { dimensions } = this.contexts;
    const from = at + (bit >> 3) * dimensions;
    const row = (bit * this.votersPerBit + voter) * this.#labels;
    for (let d = 0; d < dimensions; d++) this.#counts[row + labels[from + d]!]!++;
  }

  /** @param votes [32·M] chunks in which each voter votes above ½ */
  names(votes: Int32Array): AutomaticName[] {
    const names: AutomaticName[] = [];
    votes.forEach((count, row) => {
      const name = this.#nameOf(row, count);
      if (name !== null) names.push(name);
    });
    return names;
  }

  /** Of the contexts that name the voter the one that agrees best with its votes, by the correlation of the two (φ). */
  #nameOf(row: number, votes: number): AutomaticName | null {
    const N = this.#chunks;
    const places = Math.floor(row / this.votersPerBit / BYTE_BITS) * this.#labels;
    const leastEvidence = Math.log(this.#labels / FALSE_NAME);
    let best: AutomaticName | null = null;
    let largest = 0;
    for (let label = 0; label < this.#labels; label++) {
      const there = this.#counts[row * this.#labels + label]!;
      if (there < LEAST_THERE || there < LEAST_SHARE * votes) continue;
      const name = this.contexts.words[label] ?? null;
      const chunks = this.#places[places + label]!;
      const share = chunks / N;
      if (name === null || there < LEAST_LIFT * share * votes) continue;
      if (votes * divergence(there / votes, share) < leastEvidence) continue;
      const agreement = (there - votes * share) / Math.sqrt(votes * (N - votes) * share * (1 - share));
      if (agreement <= largest) continue;
      largest = agreement;
      best = { row, name, votes, there, chunks };
    }
    return best;
  }
}

/** KL divergence of two shares in nats: n times it bounds −ln of the probability of a share `a` or more where `b` is the rule (Chernoff). */
function divergence(a: number, b: number): number {
  return a * Math.log(a / b) + (a === 1 ? 0 : (1 - a) * Math.log((1 - a) / (1 - b)));
}
