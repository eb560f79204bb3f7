/** @file The parameters a model starts training from (SPEC section 7). */
import type { Random } from '../text/random';
import { AGGREGATIONS } from './aggregations';
import { NGRAM_TABLES } from './byteNgrams';
import type { ModelConfig } from './config';
import { chainColumns, hasTemperature, temperature, votersPerBit } from './config';
import type { Parameters, Tensor } from './parameters';
import { elementCount, parameterShapes } from './parameters';

/** Standard deviation of the initial scores z around their bias. */
export function scoreDeviation(config: ModelConfig): number {
  return AGGREGATIONS[config.aggregation].scoreDeviation(votersPerBit(config), temperature(config));
}

/**
 * Standard deviation of a voter's first weight on a bit before it. From zero every voter of a bit would get the same
 * gradient and learn the same function of them for long: after 400 steps of the default model on TypeScript declarations
 * (one seed) 0 stood at 4.33 bits per byte, 0.15 at 4.26, 0.4 at 4.16 and 1 at 4.22.
 */
const CHAIN_DEVIATION = 0.4;

/** Standard deviation of the first rows of n-grams: they are added to the byte's row, and begin small beside it. */
const NGRAM_DEVIATION = 0.1;

/** Inputs that one output of the named weight sums over. */
function fanIn(name: string, shape: readonly number[]): number {
  // A byte's row is looked up as it is.
  if (name === 'byte_stage.embedding.weight') return 1;
  // Kernel and stride of a transposed convolution are the same, so each of its outputs sees one tap of [in, out, k].
  return name.endsWith('.upsample.weight') ? shape[0]! : elementCount(shape.slice(1));
}

/** Projections whose result is added to the residual stream of a bottleneck, and how many such sums a block makes. */
function residualSums(name: string): number {
  if (name.endsWith('.attention.out.weight') || name.endsWith('.feed_forward.contract.weight')) return 2;
  return /\.bottleneck\.blocks\.\d+\.out\.weight$/.test(name) ? 1 : 0;
}

function isNormWeight(name: string): boolean {
  return /(^|[._])norm\d?\.weight$/.test(name);
}

/**
 * Draws a model's first parameters: weights N(0, 1/fan-in), which keeps unit variance through linear maps (LayerNorm takes
 * care of the rest), a bottleneck's residual projections smaller by 1/√(number of sums), biases 0, LayerNorm 1 and 0; the head
 * as `scoreDeviation` says with logit(rate) as every voter's bias; n-grams as NGRAM_DEVIATION says; `bit_chain` as CHAIN_DEVIATION says, strictly lower
 * triangular; `log_temperature` ln τ.
 * @param bitRates [32] share of ones of each bit in the training text, clipped to 0.02 … 0.98
 */
export function initializeParameters(config: ModelConfig, bitRates: Float32Array, random: Random): Parameters {
  const parameters = new Map<string, Tensor>();
  for (const [name, shape] of parameterShapes(config)) {
    const data = new Float32Array(elementCount(shape));
    if (name === 'output_projection.bias') {
      const voters = votersPerBit(config);
      for (let i = 0; i < data.length; i++) {
        const rate = Math.min(0.98, Math.max(0.02, bitRates[Math.floor(i / voters)]!));
        data[i] = Math.log(rate / (1 - rate));
      }
    } else if (name === 'log_temperature' && hasTemperature(config)) {
      data.fill(Math.log(temperature(config)));
    } else if (isNormWeight(name)) {
      data.fill(1);
    } else if (name === 'bit_chain.weight') {
      const rows = votersPerBit(config);
      const columns = chainColumns(config);
      // Row b·M + i, column c: a voter of bit b sees only bits c < b, with a byte stage counted from the first of its byte.
      for (let i = 0; i < data.length; i++) {
        if (i % columns < Math.floor(i / columns / rows) % columns) data[i] = CHAIN_DEVIATION * random.normal();
      }
    } else if (name.endsWith('.weight')) {
      let deviation = name === NGRAM_TABLES ? NGRAM_DEVIATION : 1 / Math.sqrt(fanIn(name, shape));
      // The hidden vector has unit root mean square after LayerNorm, so D products of it sum to `scoreDeviation`.
      if (name === 'output_projection.weight') deviation *= scoreDeviation(config);
      const sums = residualSums(name);
      if (sums > 0) deviation /= Math.sqrt(sums * config.bottleneck_layers);
      for (let i = 0; i < data.length; i++) data[i] = deviation * random.normal();
    }
    parameters.set(name, { shape, data });
  }
  return parameters;
}
