/** @file The voter head on the processor's side of JavaScript: scores, chain and aggregation of one position, bit by bit, for decoding and for hovers. */
import type { Aggregation, BitAggregate } from './aggregation';
import { aggregateBit, aggregateQuickly } from './aggregation';
import { BIT_DECODINGS } from './bitDecoding';
import type { ModelConfig } from './config';
import { votersPerBit } from './config';
import type { Parameters, Tensor } from './parameters';

const BITS = 32;

/** The output projection, the bit chain and the aggregation (SPEC sections 3 and 4) of a model, for one position at a time. */
export class VoterHead {
  /** M, voters a bit. */
  readonly votersPerBit: number;
  /** Whether a bit's scores depend on the chunk's bits before it. */
  readonly chained: boolean;
  readonly aggregation: Aggregation;
  /** [32] τ of each bit. */
  readonly temperatures: Float32Array;
  /** Where bits are chained, `bit_chain.weight` column by column: U[b·M+i, c] for c < b stands at (b·(b−1)/2 + c)·M + i. */
  readonly chainColumns: Float32Array | undefined;
  readonly #config: ModelConfig;
  /** [32·M, D] and [32·M]. */
  readonly #weight: Float32Array;
  readonly #bias: Float32Array;
  readonly #bitScores: Float64Array;
  /** The chunk's bits as ±1, while a bit's scores are computed. */
  readonly #signs = new Float64Array(BITS);

  /**
   * @param parameters the model's, of which the head uses `output_projection` and `bit_chain`
   * @param temperatures [32] τ of each bit
   */
  constructor(config: ModelConfig, parameters: Parameters, temperatures: Float32Array) {
    this.#config = config;
    this.aggregation = config.aggregation;
    this.temperatures = temperatures;
    this.votersPerBit = votersPerBit(config);
    this.chained = BIT_DECODINGS[config.bit_decoding].hearsEarlierBits;
    this.#weight = required(parameters, 'output_projection.weight').data;
    this.#bias = required(parameters, 'output_projection.bias').data;
    this.chainColumns = this.chained
      ? chainColumns(required(parameters, 'bit_chain.weight').data, this.votersPerBit)
      : undefined;
    this.#bitScores = new Float64Array(this.votersPerBit);
  }

  /**
   * z = W·h + b, without the chain's part.
   * @param hidden [.., D] the network's output
   * @param at index of the position's first value in it
   * @returns [32·M], bit-major
   */
  scores(hidden: Float32Array, at = 0): Float32Array {
    const D = this.#config.embedding_dim;
    const rows = BITS * this.votersPerBit;
    const out = new Float32Array(rows);
    const weight = this.#weight;
    for (let row = 0, w = 0; row < rows; row++) {
      let sum = this.#bias[row]!;
      for (let d = 0; d < D; d++, w++) sum += weight[w]! * hidden[at + d]!;
      out[row] = sum;
    }
    return out;
  }

  /**
   * The scores of one bit: z_{b,i} + Σ_{c<b} U[b·M+i, c]·(2·y_c − 1); without a chain, z_{b,i} as they are.
   * @param scores [32·M] from `scores`
   * @param code the chunk's bits, bit 0 the most significant of 32; only those before `bit` are read
   * @returns [M], valid until the next call
   */
  bitScores(scores: Float32Array, bit: number, code: number): Float64Array {
    const M = this.votersPerBit;
    const out = this.#bitScores;
    const first = bit * M;
    for (let i = 0; i < M; i++) out[i] = scores[first + i]!;
    const columns = this.chainColumns;
    if (columns !== undefined) {
      const signs = this.#signs;
      for (let c = 0; c < bit; c++) signs[c] = ((code >>> (31 - c)) & 1) === 1 ? 1 : -1;
      const triangle = (bit * (bit - 1)) / 2;
      let c = 0;
      // Four columns in one pass, because reading and writing the sums is what costs.
      for (; c + 4 <= bit; c += 4) {
        const at = (triangle + c) * M;
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
      for (; c < bit; c++) {
        const at = (triangle + c) * M;
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
  aggregate(scores: Float32Array, bit: number, code: number, weights?: Float32Array): BitAggregate {
    const z = this.bitScores(scores, bit, code);
    const tau = this.temperatures[bit]!;
    return (
      (weights === undefined ? aggregateQuickly(z, this.aggregation, tau) : undefined) ??
      aggregateBit(z, 0, this.votersPerBit, this.aggregation, tau, weights)
    );
  }
}

/** The part of `bit_chain.weight` [32·M, 32] below its diagonal, one column of M voters after the other. */
function chainColumns(chain: Float32Array, M: number): Float32Array {
  const columns = new Float32Array(((BITS * (BITS - 1)) / 2) * M);
  let at = 0;
  for (let bit = 0; bit < BITS; bit++) {
    for (let c = 0; c < bit; c++) for (let i = 0; i < M; i++) columns[at++] = chain[(bit * M + i) * BITS + c]!;
  }
  return columns;
}

function required(parameters: Parameters, name: string): Tensor {
  const tensor = parameters.get(name);
  if (tensor === undefined) throw new Error(`The parameters lack ${name}, which the voter head needs.`);
  return tensor;
}
