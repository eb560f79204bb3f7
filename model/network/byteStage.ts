/** @file The byte stage: one more stage of the decoder, from chunks down to bytes (SPEC section 3). */
import type { Value } from '../graph/graph';
import { embedding } from '../graph/functions';
import { add, concat, floor, gemm, max, mul, pad, reduceSum, reshape, slice, sub } from '../graph/operators';
import { CHUNK_BYTES } from '../measures/chunk';
import type { ObserveBlock } from './blocks';
import { LONGEST_NGRAM, NGRAM_MULTIPLIER, NGRAM_ORDERS, ngramHashes, NGRAM_TABLES } from './byteNgrams';
import type { ModelConfig } from './config';
import type { Entry } from './entries';
import type { Sequence } from './layers';
import { convBlock, norm, upsample } from './layers';
import type { Weights } from './weights';

const BYTE_VALUES = 256;
const BYTE_BITS = 8;

/** One-hot rows [N, 256] of bytes whose bits are [N, 8] as ±1; no gradient. Of 256 patterns only the right one agrees in all 8 bits. */
function oneHot(bits: Value): Value {
  const { graph } = bits;
  const patterns = new Float32Array(BYTE_BITS * BYTE_VALUES);
  for (let bit = 0; bit < BYTE_BITS; bit++) {
    for (let byte = 0; byte < BYTE_VALUES; byte++)
      patterns[bit * BYTE_VALUES + byte] = (byte >> (7 - bit)) & 1 ? 1 : -1;
  }
  const bias = graph.constant(new Float32Array(BYTE_VALUES).fill(1 - BYTE_BITS), [BYTE_VALUES]);
  const agreement = gemm(bits, graph.constant(patterns, [BYTE_BITS, BYTE_VALUES]), { bias });
  return max(agreement, graph.scalar(0));
}

/** A table [rows, C] of the stage as it stands on disk. */
function table(weights: Weights, parameter: string): Value {
  const shape = weights.layout.shape(parameter);
  const strides = [shape[1]!, 1];
  return weights.matrix(parameter, shape, [
    {
      parameter,
      sizes: shape,
      parameterOffset: 0,
      parameterStrides: strides,
      engineOffset: 0,
      engineStrides: strides,
    },
  ]);
}

/** The rows of the embedding for bytes whose bits are [N, 8] as ±1: [N, C]. */
function embedBytes(weights: Weights, bits: Value): Value {
  return gemm(
    weights.graph.withoutTape(() => oneHot(bits)),
    table(weights, 'byte_stage.embedding.weight'),
  );
}

/** Bytes [N] as numbers, of bits [N, 8] as ±1. */
function byteValues(bits: Value): Value {
  const { graph } = bits;
  const places = graph.constant(
    Float32Array.from({ length: BYTE_BITS }, (_, j) => 2 ** (BYTE_BITS - 2 - j)),
    [BYTE_BITS, 1],
  );
  return reshape(add(gemm(bits, places), graph.scalar((BYTE_VALUES - 1) / 2)), [bits.shape[0]!]);
}

/**
 * Σ of the rows of the n-grams of bytes before each predicted one, `ngramRows` as a graph: [B·4T, C].
 * @param bytes [B, 4(T+1), 8] as ±1
 * @param entry as for `byteStage`
 */
function embedNgrams(weights: Weights, bytes: Value, R: number, entry: Entry): Value {
  const { graph } = weights;
  const [batch, length] = bytes.shape as [number, number];
  const predicted = length - CHUNK_BYTES;
  const count = batch * predicted;
  const rows = graph.withoutTape(() => {
    const known = reshape(byteValues(reshape(bytes, [batch * length, BYTE_BITS])), [batch, length]);
    const padding = LONGEST_NGRAM - CHUNK_BYTES;
    const values = pad(known, [0, padding], [0, 0]);
    const before = (n: number) => reshape(slice(values, 1, LONGEST_NGRAM - n, LONGEST_NGRAM - n + predicted), [count]);
    // R is a power of two: its inverse, the quotient and what remains are exact.
    const modulo = (x: Value) => sub(x, mul(floor(mul(x, graph.scalar(1 / R))), graph.scalar(R)));
    const multiplier = graph.scalar(NGRAM_MULTIPLIER);
    const hashes = ngramHashes(before, (hash, byte) => modulo(add(mul(hash, multiplier), byte)));
    return concat(
      hashes.map((hash, table) => add(hash, graph.scalar(table * R))),
      0,
    );
  });
  const found = embedding(table(weights, NGRAM_TABLES), rows);
  return reduceSum(entry('ngrams', reshape(found, [NGRAM_ORDERS.length, count, found.shape[1]!])), [0]);
}

/**
 * The hidden vectors of every byte after `output_norm`.
 * @param trunk [B·T, D] from `processor`
 * @param bits [B, T+1, 32] chunks 0..T as ±1; of the last chunk's last byte nothing is read
 * @param observe told of each block's output
 * @param entry for the rows of bytes and n-grams
 * @returns [B·T, 4·C]; columns from j·C on belong to byte j of the next chunk, and know the bytes before it
 */
export function byteStage(
  weights: Weights,
  config: ModelConfig,
  trunk: Value,
  bits: Value,
  observe: ObserveBlock,
  entry: Entry,
): Value {
  const [batch, chunks] = bits.shape as [number, number];
  const T = chunks - 1;
  const C = config.byte_channels!;
  const up = upsample(weights, 'byte_stage.upsample', { value: trunk, batch, length: T });
  // The byte before each predicted one: the first of them is the last byte of chunk 0.
  const bytes = reshape(bits, [batch, 4 * chunks, BYTE_BITS]);
  const before = reshape(slice(bytes, 1, 3, 4 * T + 3), [batch * 4 * T, BYTE_BITS]);
  const embedded = entry('bytes', embedBytes(weights, before));
  const rows = config.byte_ngram_rows;
  const skip = rows === undefined ? embedded : add(embedded, embedNgrams(weights, bytes, rows, entry));
  const joined = concat([up.value, skip], 1);
  observe('byte_stage.upsample', joined);
  let x: Sequence = { ...up, value: joined };
  x = convBlock(weights, config, 'byte_stage.blocks.0', x, C);
  x = convBlock(weights, config, 'byte_stage.blocks.1', x, C);
  const hidden = norm(weights, 'output_norm', x.value);
  observe('byte_stage.blocks', hidden);
  return reshape(hidden, [batch * T, 4 * C]);
}
