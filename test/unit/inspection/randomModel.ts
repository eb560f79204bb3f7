/** @file A model of random weights, of a size between the golden ones and the default, ready to be inspected. */
import type { ModelConfig } from '../../../model/network/config';
import { DEFAULT_CONFIG } from '../../../model/network/config';
import { elementCount, parameterShapes } from '../../../model/network/parameters';
import { VoterHead } from '../../../model/network/voterHead';
import { Inference } from '../../../model/runtime/inference';
import { Random } from '../../../model/text/random';

export interface RandomModelOptions extends Partial<ModelConfig> {
  readonly seed?: number;
  /** Standard deviation of every weight of the head; votes are spread over 0 … 1 unless given. */
  readonly headScale?: number;
}

/** Every way in which the voters of a bit may know of the chunk's bits before it. */
export const BIT_MODELS = [
  { bit_decoding: 'independent' },
  { bit_decoding: 'chained' },
  { bit_decoding: 'independent', byte_channels: 10 },
  { bit_decoding: 'chained', byte_channels: 10 },
  { bit_decoding: 'chained', byte_channels: 10, byte_ngram_rows: 64 },
] as const satisfies readonly Partial<ModelConfig>[];

/** Weights are normal; norms are the identity. */
export async function randomModel({ seed = 1, headScale = 0.4, ...change }: RandomModelOptions = {}) {
  const config: ModelConfig = {
    ...DEFAULT_CONFIG,
    embedding_dim: 16,
    stages: 1,
    bottleneck_layers: 1,
    voters_per_bit: 24,
    temperature: 6,
    context_chunks: 16,
    ...change,
  };
  const random = Random.fromSeed(seed);
  const parameters = new Map(
    [...parameterShapes(config)].map(([name, shape]) => {
      const isHead = /^(output_projection|bit_chain)/.test(name);
      const isNorm = /norm\d?\.weight$/.test(name);
      const scale = isHead ? headScale : 0.15;
      const M = config.aggregation === 'dense' ? 1 : config.voters_per_bit;
      const data = Float32Array.from({ length: elementCount(shape) }, (_, i) => {
        const columns = shape[1]!;
        const isAbove = name === 'bit_chain.weight' && i % columns >= Math.floor(i / columns / M) % columns;
        return isNorm ? 1 : isAbove ? 0 : scale * random.normal();
      });
      return [name, { shape, data }] as const;
    }),
  );
  const inference = await Inference.create(config, parameters, { device: 'cpu', threads: 1 });
  const head = new VoterHead(config, parameters, inference.temperatures);
  return { inference, head, config, parameters, checkpoint: '0123456789ab' };
}
