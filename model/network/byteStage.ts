/** @file The byte stage: one more stage of the decoder, from chunks down to bytes (SPEC section 3). */
import type { Value } from '../graph/graph';
import { concat, gemm, max, reshape, slice } from '../graph/operators';
import type { ObserveBlock } from './blocks';
import type { ModelConfig } from './config';
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

/** The rows of the embedding for bytes whose bits are [N, 8] as ±1: [N, C]. */
function embedBytes(weights: Weights, bits: Value): Value {
  const parameter = 'byte_stage.embedding.weight';
  const shape = weights.layout.shape(parameter);
  const table = weights.matrix(parameter, shape, [
    {
      parameter,
      sizes: shape,
      parameterOffset: 0,
      parameterStrides: [shape[1]!, 1],
      engineOffset: 0,
      engineStrides: [shape[1]!, 1],
    },
  ]);
  return gemm(
    weights.graph.withoutTape(() => oneHot(bits)),
    table,
  );
}

/**
 * The hidden vectors of every byte after `output_norm`.
 * @param trunk [B·T, D] from `processor`
 * @param bits [B, T+1, 32] chunks 0..T as ±1; of the last chunk's last byte nothing is read
 * @param observe told of each block's output
 * @returns [B·T, 4·C]; columns from j·C on belong to byte j of the next chunk, and know the bytes before it
 */
export function byteStage(
  weights: Weights,
  config: ModelConfig,
  trunk: Value,
  bits: Value,
  observe: ObserveBlock,
): Value {
  const [batch, chunks] = bits.shape as [number, number];
  const T = chunks - 1;
  const C = config.byte_channels!;
  const up = upsample(weights, 'byte_stage.upsample', { value: trunk, batch, length: T });
  // The byte before each predicted one: the first of them is the last byte of chunk 0.
  const bytes = reshape(bits, [batch, 4 * chunks, BYTE_BITS]);
  const before = reshape(slice(bytes, 1, 3, 4 * T + 3), [batch * 4 * T, BYTE_BITS]);
  const joined = concat([up.value, embedBytes(weights, before)], 1);
  observe('byte_stage.upsample', joined);
  let x: Sequence = { ...up, value: joined };
  x = convBlock(weights, config, 'byte_stage.blocks.0', x, C);
  x = convBlock(weights, config, 'byte_stage.blocks.1', x, C);
  const hidden = norm(weights, 'output_norm', x.value);
  observe('byte_stage.blocks', hidden);
  return reshape(hidden, [batch * T, 4 * C]);
}
