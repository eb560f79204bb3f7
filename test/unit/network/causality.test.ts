/** @file Every configuration: causal, unchanged by padding, and a gradient that agrees with finite differences. */
import { describe, expect, it } from 'vitest';
import type { ModelConfig } from '../../../model/network/config';
import { chainColumns, hiddenVectors, parseConfig, votersPerBit } from '../../../model/network/config';
import { initializeParameters } from '../../../model/network/initialize';
import type { Parameters } from '../../../model/network/parameters';
import { computeGradients } from '../../../model/runtime/gradients';
import { Inference } from '../../../model/runtime/inference';
import { Random } from '../../../model/text/random';

const CPU = { device: 'cpu', threads: 1 } as const;
const SMALL = { embedding_dim: 6, stages: 1, attention_heads: 2, voters_per_bit: 3, bottleneck_layers: 1 } as const;

/** One of each choice, and the corners: no stage, odd lengths, one kernel, a single voter. */
const CONFIGS: readonly Partial<ModelConfig>[] = [
  {},
  { stages: 2, bit_decoding: 'chained' },
  { stages: 3, embedding_dim: 4, kernel_sizes: [5] },
  { stages: 0, kernel_sizes: [1, 3] },
  { bottleneck: 'dendritic', dendrite_branches: 4, dendrite_active: 2, bit_decoding: 'chained' },
  { bottleneck: 'dendritic', dendrite_branches: 3, dendrite_active: 3, aggregation: 'confidence' },
  { aggregation: 'softmax', temperature: 4, temperature_learned: true, bit_decoding: 'chained' },
  { aggregation: 'confidence', temperature: 4, temperature_learned: true },
  { aggregation: 'mean', bit_decoding: 'chained' },
  { aggregation: 'max', bit_decoding: 'chained' },
  { aggregation: 'dense', bit_decoding: 'chained' },
  { aggregation: 'softmax', temperature: 0 },
  { voters_per_bit: 1, bottleneck_layers: 0 },
  { stages: 0, byte_channels: 5, bit_decoding: 'chained' },
  { stages: 2, embedding_dim: 4, byte_channels: 6, kernel_sizes: [1, 5], bit_decoding: 'chained', aggregation: 'max' },
  { byte_channels: 3 },
  { byte_channels: 6, byte_ngram_rows: 16, bit_decoding: 'chained' },
];

function setUp(partial: Partial<ModelConfig>): { config: ModelConfig; parameters: Parameters; random: Random } {
  const config = parseConfig({ ...SMALL, ...partial }, 'test');
  const random = Random.fromSeed(3);
  const rates = new Float32Array(32).map(() => 0.2 + 0.6 * random.uniform());
  const parameters = new Map(
    [...initializeParameters(config, rates, random)].map(([name, { shape, data }]) => [
      name,
      // A chain that starts at zero would hide its mistakes.
      { shape, data: name === 'bit_chain.weight' ? chain(config, random) : data },
    ]),
  );
  return { config, parameters, random };
}

function chain(config: ModelConfig, random: Random): Float32Array {
  return new Float32Array(32 * votersPerBit(config) * chainColumns(config)).map((_, i) =>
    isInChain(config, i) ? 0.3 * random.normal() : 0,
  );
}

/** Whether element i of `bit_chain.weight` leads from an earlier bit to a voter. */
function isInChain(config: ModelConfig, i: number): boolean {
  const columns = chainColumns(config);
  return i % columns < Math.floor(i / columns / votersPerBit(config)) % columns;
}

function randomBytes(count: number, random: Random): Uint8Array {
  return new Uint8Array(count).map(() => random.integer(256));
}

describe.each(CONFIGS.map((config) => [JSON.stringify(config), config] as const))('%s', (_, partial) => {
  const { config, parameters, random } = setUp(partial);

  it('never looks ahead, at lengths that the stages divide and at others', async () => {
    const inference = await Inference.create(config, parameters, CPU);
    const M = votersPerBit(config);
    try {
      for (const T of [8, 11]) {
        const bytes = randomBytes(4 * (T + 1), random);
        const before = await inference.forward(bytes, 1);
        for (let t = 1; t <= T; t++) {
          const changed = bytes.slice();
          // Chunks t and later change; predictions of chunks before t must not move at all.
          for (let i = 4 * t; i < changed.length; i++) changed[i] = changed[i]! ^ (1 + random.integer(255));
          const after = await inference.forward(changed, 1);
          const rows = t - 1;
          expect(after.votes.subarray(0, rows * 32 * M)).toEqual(before.votes.subarray(0, rows * 32 * M));
          // The first hidden vector at t−1 predicts chunk t, or its first byte, and has not seen it.
          const { count, width } = hiddenVectors(config);
          const seen = ((t - 1) * count + 1) * width;
          expect(after.hidden.subarray(0, seen)).toEqual(before.hidden.subarray(0, seen));
          if (t < T) expect(after.hidden.subarray(seen)).not.toEqual(before.hidden.subarray(seen));
        }
      }
    } finally {
      await inference.dispose();
    }
  });

  it('a bit sees, of its own chunk, at most the bits before it', async () => {
    const inference = await Inference.create(config, parameters, CPU);
    const M = votersPerBit(config);
    try {
      const bytes = randomBytes(12, random);
      const before = await inference.forward(bytes, 1);
      for (const bit of [0, 5, 8, 17, 31]) {
        const changed = bytes.slice();
        changed[8 + (bit >> 3)]! ^= 0x80 >> (bit & 7);
        const after = await inference.forward(changed, 1);
        const row = (forward: typeof after, from: number, to: number) =>
          forward.votes.subarray((32 + from) * M, (32 + to) * M);
        expect(row(after, 0, bit + 1)).toEqual(row(before, 0, bit + 1));
        const span = hiddenVectors(config).bits;
        const end = (Math.floor(bit / span) + 1) * span;
        const same = [row(after, bit + 1, end), row(before, bit + 1, end)] as const;
        if (config.bit_decoding === 'independent') expect(same[0]).toEqual(same[1]);
        else if (bit + 1 < end) expect(same[0]).not.toEqual(same[1]);
        // What a bit's own vector does not hear, later vectors do.
        if (end < 32) expect(row(after, end, 32)).not.toEqual(row(before, end, 32));
      }
    } finally {
      await inference.dispose();
    }
  });

  if (config.byte_channels !== undefined) {
    it('a byte sees the bytes before it, across chunks, and none after', async () => {
      const inference = await Inference.create(config, parameters, CPU);
      try {
        const C = config.byte_channels!;
        const bytes = randomBytes(4 * 6, random);
        const before = (await inference.forward(bytes, 1)).hidden;
        for (let p = 4; p < bytes.length; p++) {
          const changed = bytes.slice();
          changed[p]! ^= 1 + random.integer(255);
          const { hidden } = await inference.forward(changed, 1);
          // Vector n is the one of byte n + 4, the first predicted.
          const known = (p - 4 + 1) * C;
          expect(hidden.subarray(0, known)).toEqual(before.subarray(0, known));
          if (p + 1 < bytes.length) {
            expect(hidden.subarray(known, known + C)).not.toEqual(before.subarray(known, known + C));
          }
        }
      } finally {
        await inference.dispose();
      }
    });
  }

  it('more context on the right changes nothing', async () => {
    const inference = await Inference.create(config, parameters, CPU);
    try {
      const bytes = randomBytes(4 * 10, random);
      const long = await inference.forward(bytes, 1);
      const short = await inference.forward(bytes.subarray(0, 4 * 6), 1);
      short.probabilities.forEach((p, i) => {
        expect(p).toBeCloseTo(long.probabilities[i]!, 6);
      });
    } finally {
      await inference.dispose();
    }
  });

  it('the gradient points where the loss goes', async () => {
    const bytes = randomBytes(2 * 4 * 6, random);
    const { gradients } = await computeGradients(config, parameters, bytes, 2, CPU);
    // Some directions of unit length, each over all parameters of one kind.
    for (const pattern of [
      /norm/,
      /convs|residual|conv\./,
      /bottleneck/,
      /output_projection/,
      /bit_chain/,
      /byte_stage/,
      /log_temp/,
      /embed/,
    ]) {
      const names = [...parameters.keys()].filter((name) => pattern.test(name));
      if (names.length === 0) continue;
      const direction = new Map(
        names.map((name) => [name, gradients.get(name)!.data.map((g) => g + 1e-3 * random.normal())]),
      );
      if (direction.has('bit_chain.weight')) {
        direction.set(
          'bit_chain.weight',
          direction.get('bit_chain.weight')!.map((d, i) => (isInChain(config, i) ? d : 0)),
        );
      }
      let norm = 0;
      for (const d of direction.values()) for (const x of d) norm += x * x;
      norm = Math.sqrt(norm);
      const h = 7e-4;
      const at = async (sign: number) => {
        const moved = new Map(
          [...parameters].map(([name, { shape, data }]) => {
            const d = direction.get(name);
            return [name, { shape, data: d === undefined ? data : data.map((x, i) => x + (sign * h * d[i]!) / norm) }];
          }),
        );
        return (await computeGradients(config, moved, bytes, 2, CPU)).loss;
      };
      const slope = ((await at(1)) - (await at(-1))) / (2 * h);
      let expected = 0;
      for (const [name, d] of direction) {
        const g = gradients.get(name)!.data;
        for (let i = 0; i < d.length; i++) expected += (g[i]! * d[i]!) / norm;
      }
      expect(Math.abs(slope - expected), `${pattern}: ${slope} for ${expected}`).toBeLessThan(
        6e-4 + 0.02 * Math.abs(expected),
      );
    }
  });
});
