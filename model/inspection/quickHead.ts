/** @file A voter head approximated for searching many partial chunks: tables in place of exponentials. */
import type { BitAggregate } from '../network/aggregation';
import { shareBuffers, signalBound, sumShares } from '../network/aggregation';
import { usesTemperature } from '../network/aggregations';
import type { ChunkScores } from '../network/chunkScores';
import type { VoterHead } from '../network/voterHead';
import type { BitModel } from './chunkSearch';

/** Scores beyond ±this count as this. */
const RANGE = 40;
/** Relative error of a table entry between two nodes, at most. */
const PRECISION = 3e-4;
const SMALLEST_STEP = 1 / 512;

/** ln p of a bit is off by no more than this where it is above `QUICK_FLOOR`; by far less where p is near 1. */
export const QUICK_ERROR = 2 * PRECISION;
/** Below this ln probability the bound on the scores may show. */
export const QUICK_FLOOR = -30;

/**
 * With e(z) = exp(τ·(σ(z) − 1)) (softmax; accordingly `confidence`, and 1 for `mean` and `dense`), p = Σ e·σ(z)/Σ e. Both e·σ(z) and
 * e·(1 − σ(z)) are functions of the score alone, so they stand in a table, and a voter costs two interpolations instead of two
 * exponentials. Good to find chunks with; their probabilities are then taken from the head itself.
 */
export class QuickHead implements BitModel {
  readonly chained = true;
  /** One a bit, shared between bits of equal τ. */
  readonly #tables: readonly Table[];

  readonly #columns: Float32Array;
  readonly #votersPerBit: number;
  readonly #head: VoterHead;
  /** [32·M] Σ_c U[b·M+i, c]: what the chain takes from each score where all bits before are 0. */
  readonly #chainSums: Float64Array;
  /** By hidden vector, the scores that were asked about last. */
  readonly #vectors: (Float32Array | undefined)[] = [];
  /** [32·M] the scores of each bit as they were asked for last, and the bits before it then. */
  readonly #latest: Float64Array;
  readonly #latestCodes = new Uint32Array(32);

  private constructor(head: VoterHead, columns: Float32Array, tables: readonly Table[]) {
    const { votersPerBit: M, bitsPerVector } = head;
    this.#head = head;
    this.#tables = tables;
    this.#columns = columns;
    this.#votersPerBit = M;
    this.#chainSums = new Float64Array(32 * M);
    this.#latest = new Float64Array(32 * M);
    for (let bit = 1, at = 0; bit < 32; bit++) {
      for (let c = 0; c < bit % bitsPerVector; c++) {
        for (let i = 0; i < M; i++, at++) this.#chainSums[bit * M + i]! += columns[at]!;
      }
    }
  }

  /** Nothing where it would gain nothing (independent bits) or not be near enough (`max`, a very large τ). */
  static of(head: VoterHead): QuickHead | undefined {
    const columns = head.chainWeights;
    if (columns === undefined) return undefined;
    const byTau = new Map<number, Table | undefined>();
    const tables: Table[] = [];
    for (const tau of head.temperatures) {
      if (!byTau.has(tau)) byTau.set(tau, makeTable(head, tau));
      const table = byTau.get(tau);
      if (table === undefined) return undefined;
      tables.push(table);
    }
    return new QuickHead(head, columns, tables);
  }

  /** As `VoterHead.aggregate`, nearly. What follows from `scores` is kept until another array comes, so it must not change. */
  aggregate(scores: ChunkScores, bit: number, code: number): BitAggregate {
    const z = this.#bitScores(scores, bit, code);
    const { values, perUnit, last } = this.#tables[bit]!;
    const end = (bit + 1) * this.#votersPerBit;
    let ones = 0;
    let zeros = 0;
    for (let i = bit * this.#votersPerBit; i < end; i++) {
      const x = Math.min(Math.max((z[i]! + RANGE) * perUnit, 0), last);
      const node = x | 0;
      const beyond = x - node;
      const at = 2 * node;
      const one = values[at]!;
      const zero = values[at + 1]!;
      ones += one + beyond * (values[at + 2]! - one);
      zeros += zero + beyond * (values[at + 3]! - zero);
    }
    const sum = ones + zeros;
    return { probability: ones / sum, logProbability: Math.log(ones / sum), logComplement: Math.log(zeros / sum) };
  }

  /**
   * As `VoterHead.bitScores`: adds to the scores that were asked for last, for each bit before that has changed since, its
   * column twice. Partial chunks that a search follows have most of their bits in common.
   * @returns #latest, in which the bit's scores begin at bit·M
   */
  #bitScores(scores: ChunkScores, bit: number, code: number): Float64Array {
    const M = this.#votersPerBit;
    const { bitsPerVector } = this.#head;
    const latest = this.#latest;
    const vector = scores.of(bit, code);
    const place = bit % bitsPerVector;
    const start = bit - place;
    const index = start / bitsPerVector;
    if (vector !== this.#vectors[index]) {
      this.#vectors[index] = vector;
      const first = start * M;
      for (let row = 0; row < vector.length; row++) latest[first + row] = vector[row]! - this.#chainSums[first + row]!;
      this.#latestCodes.fill(0, start, start + bitsPerVector);
    }
    const columns = this.#columns;
    // The bits before that read the same vector.
    const before = place === 0 ? 0 : ((code >>> (32 - bit)) << (32 - bit)) & (0xffffffff >>> start);
    let changed = before ^ this.#latestCodes[bit]!;
    this.#latestCodes[bit] = before;
    const begin = this.#head.chainStart(bit);
    const row = bit * M;
    while (changed !== 0) {
      const c = Math.clz32(changed);
      changed &= ~(0x80000000 >>> c);
      const column = begin + (c - start) * M;
      const twice = ((code >>> (31 - c)) & 1) === 1 ? 2 : -2;
      for (let i = 0; i < M; i++) latest[row + i]! += twice * columns[column + i]!;
    }
    return latest;
  }
}

interface Table {
  /** [2·(nodes + 1)] e·σ(z) and e·(1 − σ(z)) in turn. */
  readonly values: Float32Array;
  /** Nodes for a score difference of 1. */
  readonly perUnit: number;
  /** The last node. */
  readonly last: number;
}

function makeTable({ aggregation }: VoterHead, tau: number): Table | undefined {
  const strongest = signalBound(aggregation);
  if (strongest === null) return undefined;
  // |f''/f| ≤ (1 + τ/4)² for what is tabulated, and linear interpolation is off by step²/8 of that at most.
  const steepness = 1 + (usesTemperature(aggregation) ? tau / 4 : 0);
  let step = 1 / 16;
  while ((steepness * step) ** 2 / 8 > PRECISION) step /= 2;
  if (!(step >= SMALLEST_STEP)) return undefined;
  const last = (2 * RANGE) / step;
  const nodes = Float64Array.from({ length: last + 2 }, (_, node) => node * step - RANGE);
  const shares = shareBuffers(nodes.length);
  sumShares(nodes, aggregation, tau, strongest, shares);
  const values = new Float32Array(2 * nodes.length);
  for (let node = 0; node < nodes.length; node++) {
    values[2 * node] = shares.one[node]!;
    values[2 * node + 1] = shares.zero[node]!;
  }
  return { values, perUnit: 1 / step, last };
}
