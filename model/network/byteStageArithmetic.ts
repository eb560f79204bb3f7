/** @file The byte stage in plain arithmetic, one byte after the other: what decoding and hovers need of a chunk whose bytes are not all known. */
import { CHUNK_BYTES } from '../measures/chunk';
import { LAYER_NORM_EPSILON } from '../graph/functions';
import { LONGEST_NGRAM, ngramRows, NGRAM_TABLES } from './byteNgrams';
import type { ChunkScores, Projection, TrunkWindow } from './chunkScores';
import type { ModelConfig } from './config';
import { hiddenVectors, votersPerBit } from './config';
import { expOfNegative } from './exponential';
import type { Parameters } from './parameters';
import { kernelChannels, required } from './parameters';

const BYTE_VALUES = 256;
/** From here on erf is 1 but for less than 1e-14. */
const ERF_END = 5.5;

/** erf x, within 1e-14. */
export function erf(x: number): number {
  const r = Math.abs(x);
  if (!(r < ERF_END)) return Number.isNaN(r) ? NaN : Math.sign(x);
  // 2/√π·e^(−r²)·Σ 2^n·r^(2n+1)/(2n+1)!!: all terms are positive, so that no digits are lost.
  let term = r;
  let sum = r;
  for (let n = 1; term > 1e-17 * sum; n++) {
    term *= (2 * r * r) / (2 * n + 1);
    sum += term;
  }
  return Math.sign(x) * (2 / Math.sqrt(Math.PI)) * expOfNegative(-r * r) * sum;
}

function gelu(x: number): number {
  return 0.5 * x * (1 + erf(x * Math.SQRT1_2));
}

/** LayerNorm of one position. */
function layerNorm(x: Float64Array, weight: Float32Array, bias: Float32Array): Float64Array {
  const mean = x.reduce((sum, value) => sum + value, 0) / x.length;
  const variance = x.reduce((sum, value) => sum + (value - mean) ** 2, 0) / x.length;
  const scale = 1 / Math.sqrt(variance + LAYER_NORM_EPSILON);
  return x.map((value, c) => (value - mean) * scale * weight[c]! + bias[c]!);
}

/**
 * One ConvBlock. What a position adds to itself and to later ones, its *contribution*, is one product; delay by delay it has the
 * channels whose kernels reach that far (the last ones, since kernels ascend), then the residual's.
 */
class ConvBlock {
  /** Length of a contribution. */
  readonly columns: number;
  /** [C_in, columns] */
  readonly #weight: Float32Array;
  readonly #bias: Float32Array;
  readonly #residualBias: Float32Array;
  readonly #normWeight: Float32Array;
  readonly #normBias: Float32Array;
  readonly #channels: number;
  /** By delay: where its channels start in a contribution, and the first of them. */
  readonly #delays: readonly { readonly start: number; readonly first: number }[];

  constructor(config: ModelConfig, parameters: Parameters, name: string, channels: number) {
    const sizes = config.kernel_sizes;
    const counts = kernelChannels(config, channels);
    const firstOf = (kernel: number) => counts.slice(0, kernel).reduce((sum, count) => sum + count, 0);
    const delays: { start: number; first: number }[] = [];
    let columns = 0;
    for (let d = 0; d < sizes.at(-1)!; d++) {
      const first = firstOf(sizes.findIndex((size) => size > d));
      delays.push({ start: columns, first });
      columns += channels - first;
    }
    const residual = required(parameters, `${name}.residual.weight`);
    const inputs = residual.shape[1]!;
    this.columns = columns + channels;
    this.#delays = delays;
    this.#channels = channels;
    this.#weight = new Float32Array(inputs * this.columns);
    this.#bias = new Float32Array(channels);
    sizes.forEach((size, n) => {
      const { data } = required(parameters, `${name}.convs.${n}.weight`);
      const before = firstOf(n);
      this.#bias.set(required(parameters, `${name}.convs.${n}.bias`).data, before);
      for (let d = 0; d < size; d++) {
        const { start, first } = delays[d]!;
        for (let o = 0; o < counts[n]!; o++) {
          for (let i = 0; i < inputs; i++) {
            this.#weight[i * this.columns + start + before + o - first] = data[(o * inputs + i) * size + size - 1 - d]!;
          }
        }
      }
    });
    for (let o = 0; o < channels; o++) {
      for (let i = 0; i < inputs; i++) this.#weight[i * this.columns + columns + o] = residual.data[o * inputs + i]!;
    }
    this.#residualBias = required(parameters, `${name}.residual.bias`).data;
    this.#normWeight = required(parameters, `${name}.norm.weight`).data;
    this.#normBias = required(parameters, `${name}.norm.bias`).data;
  }

  /**
   * Adds the contribution of a part of a position's input channels.
   * @param x its values from index `at` on, `count` of them
   * @param channel the first of these channels
   * @param out [columns]
   */
  contribute(x: ArrayLike<number>, at: number, count: number, channel: number, out: Float64Array): void {
    const { columns } = this;
    const weight = this.#weight;
    let i = 0;
    // Four channels in one pass, because reading and writing the sums is what costs.
    for (; i + 4 <= count; i += 4) {
      const x0 = x[at + i]!;
      const x1 = x[at + i + 1]!;
      const x2 = x[at + i + 2]!;
      const x3 = x[at + i + 3]!;
      const row = (channel + i) * columns;
      for (let c = 0; c < columns; c++) {
        out[c]! +=
          x0 * weight[row + c]! +
          x1 * weight[row + columns + c]! +
          x2 * weight[row + 2 * columns + c]! +
          x3 * weight[row + 3 * columns + c]!;
      }
    }
    for (; i < count; i++) {
      const value = x[at + i]!;
      const row = (channel + i) * columns;
      for (let c = 0; c < columns; c++) out[c]! += value * weight[row + c]!;
    }
  }

  /**
   * The block's output at a position.
   * @param contribution of the position d before, d = 0, 1, …; undefined before the window's start
   */
  output(contribution: (delay: number) => Float64Array | undefined): Float64Array {
    const C = this.#channels;
    const sum = Float64Array.from(this.#bias);
    this.#delays.forEach(({ start, first }, d) => {
      const part = contribution(d);
      if (part === undefined) return;
      for (let c = first; c < C; c++) sum[c]! += part[start + c - first]!;
    });
    const normalized = layerNorm(sum, this.#normWeight, this.#normBias);
    const own = contribution(0)!;
    const residual = this.columns - C;
    return normalized.map((value, c) => gelu(value) + own[residual + c]! + this.#residualBias[c]!);
  }
}

/** The bytes before position `end` of a window, the nearest first; 0 before its start. */
function bytesBefore(inputs: Uint8Array, end: number): number[] {
  return Array.from({ length: LONGEST_NGRAM }, (_, n) => inputs[end - 1 - n] ?? 0);
}

/** A byte of a chunk, given the chunk's bytes before it. */
interface ByteState {
  /** Of this byte's position to the first block, and to the second. */
  readonly first: Float64Array;
  readonly second: Float64Array;
  /** [8·M] scores of its voters. */
  readonly scores: Float32Array;
}

/** The stage of one model. */
export class ByteStageArithmetic {
  readonly #channels: number;
  readonly #trunkChannels: number;
  readonly #reach: number;
  /** [D, 4·C] and [C] */
  readonly #upsample: Float32Array;
  readonly #upsampleBias: Float32Array;
  readonly #first: ConvBlock;
  readonly #second: ConvBlock;
  /** [256, columns] what each byte of the embedding contributes to the first block. */
  readonly #embedded: Float64Array;
  /** Of n-grams: [3·R, C] and R; null where the stage has none. */
  readonly #ngrams: { readonly table: Float32Array; readonly rows: number } | null;
  readonly #normWeight: Float32Array;
  readonly #normBias: Float32Array;
  readonly #rows: number;

  constructor(
    config: ModelConfig,
    parameters: Parameters,
    private readonly projection: Projection,
  ) {
    const { width: C, bits } = hiddenVectors(config);
    const D = config.embedding_dim;
    this.#channels = C;
    this.#trunkChannels = D;
    this.#reach = config.kernel_sizes.at(-1)! - 1;
    this.#rows = bits * votersPerBit(config);
    const up = required(parameters, 'byte_stage.upsample.weight').data;
    this.#upsample = new Float32Array(D * CHUNK_BYTES * C);
    for (let d = 0; d < D; d++) {
      for (let c = 0; c < C; c++) {
        for (let j = 0; j < CHUNK_BYTES; j++)
          this.#upsample[(d * CHUNK_BYTES + j) * C + c] = up[(d * C + c) * CHUNK_BYTES + j]!;
      }
    }
    this.#upsampleBias = required(parameters, 'byte_stage.upsample.bias').data;
    this.#first = new ConvBlock(config, parameters, 'byte_stage.blocks.0', C);
    this.#second = new ConvBlock(config, parameters, 'byte_stage.blocks.1', C);
    const embedding = required(parameters, 'byte_stage.embedding.weight').data;
    const { columns } = this.#first;
    this.#embedded = new Float64Array(BYTE_VALUES * columns);
    for (let byte = 0; byte < BYTE_VALUES; byte++) {
      const row = this.#embedded.subarray(byte * columns, (byte + 1) * columns);
      this.#first.contribute(embedding, byte * C, C, C, row);
    }
    const { byte_ngram_rows: rows } = config;
    this.#ngrams = rows === undefined ? null : { table: required(parameters, NGRAM_TABLES).data, rows };
    this.#normWeight = required(parameters, 'output_norm.weight').data;
    this.#normBias = required(parameters, 'output_norm.bias').data;
  }

  /** The scores of the chunk after position t of a window. Each prefix of its bytes is computed when it is first asked for, and kept. */
  at({ hidden, inputs }: TrunkWindow, t: number): ChunkScores {
    const origin = CHUNK_BYTES * t;
    const reach = this.#reach;
    // Positions before the chunk's first that still matter, from the window's start on.
    const early = new Map<number, Float64Array>();
    const upsampled = (p: number): Float64Array => {
      const contribution = new Float64Array(this.#first.columns);
      this.#first.contribute(this.#upsampled(hidden, p), 0, this.#channels, 0, contribution);
      return contribution;
    };
    for (let p = Math.max(0, origin - 2 * reach); p < origin; p++) {
      early.set(p, this.#withBytes(upsampled(p), bytesBefore(inputs, p + CHUNK_BYTES)));
    }
    const earlySecond = new Map<number, Float64Array>();
    for (let p = Math.max(0, origin - reach); p < origin; p++) {
      earlySecond.set(
        p,
        this.#secondContribution((d) => early.get(p - d)),
      );
    }
    const own = Array.from({ length: CHUNK_BYTES }, (_, j) => upsampled(origin + j));
    const given = bytesBefore(inputs, origin + CHUNK_BYTES);
    const known = Array.from({ length: CHUNK_BYTES }, () => new Map<number, ByteState>());
    const state = (j: number, prefix: number): ByteState => {
      const found = known[j]!.get(prefix);
      if (found !== undefined) return found;
      const bytes = Array.from({ length: LONGEST_NGRAM }, (_, n) =>
        n < j ? (prefix >>> (8 * n)) & 0xff : given[n - j]!,
      );
      const first = this.#withBytes(own[j]!, bytes);
      // The states of the bytes before, the last one first.
      const before = Array.from({ length: j }, (_, i) => state(j - 1 - i, prefix >>> (8 * (i + 1))));
      const second = this.#secondContribution((d) =>
        d === 0 ? first : d <= j ? before[d - 1]!.first : early.get(origin + j - d),
      );
      const output = this.#second.output((d) =>
        d === 0 ? second : d <= j ? before[d - 1]!.second : earlySecond.get(origin + j - d),
      );
      const normalized = layerNorm(output, this.#normWeight, this.#normBias);
      const scores = this.projection.apply(Float32Array.from(normalized), 0, j * this.#rows, this.#rows);
      const made = { first, second, scores };
      known[j]!.set(prefix, made);
      return made;
    };
    return {
      of: (bit, code) => {
        const j = bit >> 3;
        return state(j, j === 0 ? 0 : code >>> (8 * (CHUNK_BYTES - j))).scores;
      },
    };
  }

  /** What the upsampling gives at byte position p. */
  #upsampled(hidden: Float32Array, p: number): Float64Array {
    const C = this.#channels;
    const D = this.#trunkChannels;
    const out = Float64Array.from(this.#upsampleBias);
    const weight = this.#upsample;
    const at = Math.floor(p / CHUNK_BYTES) * D;
    for (let d = 0; d < D; d++) {
      const value = hidden[at + d]!;
      const row = (d * CHUNK_BYTES + (p % CHUNK_BYTES)) * C;
      for (let c = 0; c < C; c++) out[c]! += value * weight[row + c]!;
    }
    return out;
  }

  /**
   * The contribution to the first block of a position with what it hears of the bytes before it.
   * @param before as many bytes as the longest n-gram has, the nearest first
   */
  #withBytes(upsampled: Float64Array, before: ArrayLike<number>): Float64Array {
    const at = before[0]! * this.#first.columns;
    const contribution = upsampled.map((value, c) => value + this.#embedded[at + c]!);
    if (this.#ngrams === null) return contribution;
    const C = this.#channels;
    const { table, rows } = this.#ngrams;
    const sum = new Float64Array(C);
    for (const row of ngramRows(before, rows)) for (let c = 0; c < C; c++) sum[c]! += table[row * C + c]!;
    this.#first.contribute(sum, 0, C, C, contribution);
    return contribution;
  }

  #secondContribution(first: (delay: number) => Float64Array | undefined): Float64Array {
    const contribution = new Float64Array(this.#second.columns);
    this.#second.contribute(this.#first.output(first), 0, this.#channels, 0, contribution);
    return contribution;
  }
}
