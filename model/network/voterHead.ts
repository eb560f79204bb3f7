/** @file The voter head on the processor's side of JavaScript: scores, chain and aggregation of one position, bit by bit, for decoding and for hovers. */
import { CHUNK_BITS } from '../measures/chunk';
import type { BitAggregate } from './aggregation';
import type { Aggregation } from './aggregations';
import { aggregateBit, aggregateQuickly } from './aggregation';
import { ByteStageArithmetic } from './byteStageArithmetic';
import type { ChunkScores, TrunkWindow } from './chunkScores';
import { Projection } from './chunkScores';
import type { ModelConfig } from './config';
import { chainColumns, hiddenVectors, votersPerBit } from './config';
import type { Parameters } from './parameters';
import { required } from './parameters';

/** The output projection, the bit chain and the aggregation (SPEC sections 3 and 4) of a model, for one position at a time. */
export class VoterHead {
  /** M, voters a bit. */
  readonly votersPerBit: number;
  /** Consecutive bits whose voters read the same hidden vector. */
  readonly bitsPerVector: number;
  /** Whether a bit's scores depend on the chunk's bits before it. */
  readonly chained: boolean;
  readonly aggregation: Aggregation;
  /** [32] τ of each bit. */
  readonly temperatures: Float32Array;
  /**
   * Where voters hear the bits before their own, `bit_chain.weight` column by column: U[b·M+i, c], c below the place of b among its
   * vector's bits, stands at `chainStart(b)` + c·M + i.
   */
  readonly chainWeights: Float32Array | undefined;
  readonly #width: number;
  readonly #projection: Projection;
  readonly #stage: ByteStageArithmetic | undefined;
  readonly #bitScores: Float64Array;
  /** [32·M] where only some bits are asked for. */
  #someScores: Float32Array | undefined;
  /** The chunk's bits as ±1, while a bit's scores are computed. */
  readonly #signs = new Float64Array(CHUNK_BITS);

  /**
   * @param parameters the model's, of which the head uses `output_projection`, `bit_chain` and, where there is one, the byte stage
   * @param temperatures [32] τ of each bit
   */
  constructor(config: ModelConfig, parameters: Parameters, temperatures: Float32Array) {
    this.aggregation = config.aggregation;
    this.temperatures = temperatures;
    this.votersPerBit = votersPerBit(config);
    const { count, width, bits } = hiddenVectors(config);
    this.bitsPerVector = bits;
    this.#width = width;
    const columns = chainColumns(config);
    this.chained = columns > 0 || count > 1;
    this.#projection = new Projection(
      required(parameters, 'output_projection.weight').data,
      required(parameters, 'output_projection.bias').data,
      width,
    );
    this.#stage =
      config.byte_channels === undefined ? undefined : new ByteStageArithmetic(config, parameters, this.#projection);
    this.chainWeights =
      columns > 0 ? packChain(required(parameters, 'bit_chain.weight').data, this.votersPerBit, columns) : undefined;
    this.#bitScores = new Float64Array(this.votersPerBit);
  }

  /** The scores of the chunk after position t of a window. */
  at(window: TrunkWindow, t: number): ChunkScores {
    if (this.#stage !== undefined) return this.#stage.at(window, t);
    const scores = this.#projection.apply(window.hidden, t * this.#width, 0, CHUNK_BITS * this.votersPerBit);
    return { of: () => scores };
  }

  /**
   * The scores of some bits of a chunk that is known.
   * @param vectors from `Inference.vectors`
   * @param t position in them
   * @param bits the only ones that may be asked for, with the chunk's own bytes
   * @returns valid until the next call
   */
  ofVectors(vectors: Float32Array, t: number, bits: readonly number[]): ChunkScores {
    const M = this.votersPerBit;
    const count = CHUNK_BITS / this.bitsPerVector;
    const scores = (this.#someScores ??= new Float32Array(CHUNK_BITS * M));
    for (const bit of bits) {
      const from = (t * count + Math.floor(bit / this.bitsPerVector)) * this.#width;
      const first = 4 * Math.floor((bit * M) / 4);
      const end = 4 * Math.ceil(((bit + 1) * M) / 4);
      scores.set(this.#projection.apply(vectors, from, first, end - first), first);
    }
    return { of: (bit) => scores.subarray((bit - (bit % this.bitsPerVector)) * M) };
  }

  /** Where the columns of a bit begin in `chainWeights`. */
  chainStart(bit: number): number {
    return chainStart(bit, this.bitsPerVector) * this.votersPerBit;
  }

  /**
   * The scores of one bit: z_{b,i} + Σ_c U[b·M+i, c]·(2·y_c − 1) over the bits before it that read its vector; without a chain, z_{b,i}
   * as they are.
   * @param code the chunk's bits, bit 0 the most significant of 32; only those before `bit` are read
   * @returns [M], valid until the next call
   */
  bitScores(scores: ChunkScores, bit: number, code: number): Float64Array {
    const M = this.votersPerBit;
    const out = this.#bitScores;
    const vector = scores.of(bit, code);
    const place = bit % this.bitsPerVector;
    const first = place * M;
    for (let i = 0; i < M; i++) out[i] = vector[first + i]!;
    const columns = this.chainWeights;
    if (columns !== undefined) {
      const signs = this.#signs;
      const start = bit - place;
      for (let c = 0; c < place; c++) signs[c] = ((code >>> (31 - start - c)) & 1) === 1 ? 1 : -1;
      const begin = this.chainStart(bit);
      let c = 0;
      // Four columns in one pass, because reading and writing the sums is what costs.
      for (; c + 4 <= place; c += 4) {
        const at = begin + c * M;
        const s0 = signs[c]!;
        const s1 = signs[c + 1]!;
        const s2 = signs[c + 2]!;
        const s3 = signs[c + 3]!;
        for (let i = 0; i < M; i++) {
          out[i]! +=
            s0 * columns[at + i]! +
            s1 * columns[at + M + i]! +
            s2 * columns[at + 2 * M + i]! +
            s3 * columns[at + 3 * M + i]!;
        }
      }
      for (; c < place; c++) {
        const at = begin + c * M;
        const sign = signs[c]!;
        for (let i = 0; i < M; i++) out[i]! += sign * columns[at + i]!;
      }
    }
    return out;
  }

  /**
   * p of one bit (SPEC section 4), given the bits before it.
   * @param code as for `bitScores`
   * @param weights receives w of its M voters from index 0 on
   */
  aggregate(scores: ChunkScores, bit: number, code: number, weights?: Float32Array): BitAggregate {
    const z = this.bitScores(scores, bit, code);
    const tau = this.temperatures[bit]!;
    return (
      (weights === undefined ? aggregateQuickly(z, this.aggregation, tau) : undefined) ??
      aggregateBit(z, 0, this.votersPerBit, this.aggregation, tau, weights)
    );
  }
}

/** Columns before those of a bit, where bit b has as many as its place among the bits of its vector. */
function chainStart(bit: number, bits: number): number {
  const place = bit % bits;
  return (((bit - place) / bits) * bits * (bits - 1) + place * (place - 1)) / 2;
}

/** The part of `bit_chain.weight` [32·M, bits] that leads from earlier bits, one column of M voters after the other. */
function packChain(chain: Float32Array, M: number, bits: number): Float32Array {
  const packed = new Float32Array(chainStart(CHUNK_BITS, bits) * M);
  let at = 0;
  for (let bit = 0; bit < CHUNK_BITS; bit++) {
    for (let c = 0; c < bit % bits; c++) {
      for (let i = 0; i < M; i++) packed[at++] = chain[(bit * M + i) * bits + c]!;
    }
  }
  return packed;
}
