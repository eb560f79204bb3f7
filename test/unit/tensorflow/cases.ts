/** @file Random configurations for the comparisons with TensorFlow.js: a case is its seed. */
import type { ModelConfig } from '../../../model/network/config';
import { parseConfig } from '../../../model/network/config';
import { initializeParameters } from '../../../model/network/initialize';
import type { Parameters } from '../../../model/network/parameters';
import { Random } from '../../../model/text/random';

/** A configuration and the sizes of its input. */
export interface Case {
  readonly config: ModelConfig;
  readonly batch: number;
  readonly context: number;
  /** Factor of the head's weights: 1 as training begins, large where votes saturate. */
  readonly headScale: number;
}

function pick<T>(random: Random, choices: readonly T[]): T {
  return choices[random.integer(choices.length)]!;
}

/** Each case has its aggregation in turn, so that none is left out; everything else is drawn. */
export function draw(seed: number): Case {
  const random = Random.fromSeed(seed);
  const aggregation = (['softmax', 'confidence', 'softmax', 'mean', 'max', 'softmax', 'dense'] as const)[seed % 7]!;
  const stages = random.integer(4);
  const heads = pick(random, [1, 2, 3]);
  // Over two channels LayerNorm is nearly a sign, and its gradient the difference of two equal numbers.
  const width = heads * (Math.ceil(4 / heads) + random.integer(3));
  const kernels = pick(
    random,
    [[1], [3], [1, 3], [3, 5], [3, 5, 7], [1, 5]].filter((all) => all.length <= width),
  );
  const branches = 1 + random.integer(5);
  const context = 1 + random.integer(12);
  const config = parseConfig(
    {
      embedding_dim: width,
      stages,
      kernel_sizes: kernels,
      bottleneck: pick(random, ['transformer', 'dendritic']),
      bottleneck_layers: random.integer(3),
      attention_heads: heads,
      dendrite_branches: branches,
      dendrite_active: 1 + random.integer(branches),
      voters_per_bit: 1 + random.integer(9),
      temperature: pick(random, [null, 0.5, 4, 12]),
      temperature_learned: random.integer(2) === 1,
      aggregation,
      bit_decoding: pick(random, ['independent', 'chained']),
      context_chunks: context,
      byte_channels: seed % 3 === 1 ? Math.max(4, kernels.length) + random.integer(4) : 0,
      byte_ngram_rows: seed % 6 === 1 ? 32 : 0,
    },
    `case ${seed}`,
  );
  return { config, batch: 1 + random.integer(3), context, headScale: pick(random, [1, 1, 8]) };
}

/** First parameters as training has them, and a disturbance of each, so that no bias is 0 and no norm the identity. */
function disturbed({ config, headScale }: Case, random: Random): Parameters {
  const rates = new Float32Array(32).map(() => 0.1 + 0.8 * random.uniform());
  return new Map(
    [...initializeParameters(config, rates, random)].map(([name, { shape, data }]) => {
      const scale = name.startsWith('output_projection.weight') ? headScale : 1;
      const M = shape[0]! / 32;
      const columns = shape[1]!;
      const isFree = (i: number) => name !== 'bit_chain.weight' || i % columns < Math.floor(i / columns / M) % columns;
      return [name, { shape, data: data.map((x, i) => (isFree(i) ? scale * x + 0.1 * random.normal() : 0)) }];
    }),
  );
}

/** Of all tensors as one vector. */
export function norm(tensors: Parameters): number {
  return Math.sqrt([...tensors.values()].reduce((sum, { data }) => data.reduce((s, x) => s + x * x, sum), 0));
}

/** Parameters and text of a case, bytes [B, 4(T+1)]. */
export function drawInputs(drawn: Case, seed: number): { parameters: Parameters; bytes: Uint8Array } {
  const random = Random.fromSeed(1000 + seed);
  const parameters = disturbed(drawn, random);
  return {
    parameters,
    bytes: new Uint8Array(drawn.batch * 4 * (drawn.context + 1)).map(() => random.integer(256)),
  };
}
