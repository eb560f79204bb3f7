/** @file The counted cost of blocks against what their shapes say. */
import { describe, expect, it } from 'vitest';
import { blockFlops, trunkAndHeadFlops } from '../../../model/network/blockFlops';
import { networkBlocks } from '../../../model/network/blocks';
import type { ModelConfig } from '../../../model/network/config';
import { DEFAULT_CONFIG } from '../../../model/network/config';

const SMALL: ModelConfig = {
  ...DEFAULT_CONFIG,
  embedding_dim: 8,
  stages: 2,
  kernel_sizes: [3, 5],
  bottleneck_layers: 1,
  attention_heads: 2,
  voters_per_bit: 4,
  context_chunks: 16,
};

describe('blockFlops', () => {
  it('tells of every block, whatever the network is made of', () => {
    const configs: readonly ModelConfig[] = [
      SMALL,
      { ...SMALL, stages: 0 },
      { ...SMALL, bottleneck: 'dendritic' },
      { ...SMALL, bit_decoding: 'chained', byte_channels: 6 },
    ];
    for (const config of configs) {
      const found = blockFlops(config);
      expect([...found.keys()]).toEqual(networkBlocks(config).map(({ id }) => id));
      for (const { weights } of found.values()) expect(weights).toBeGreaterThan(0);
    }
  });

  it('counts convolutions by their kernels, so that the next stage takes twice as much', () => {
    const found = blockFlops(SMALL);
    // Two blocks of half the channels with 3 taps, half with 5, and a residual; a multiplication and an addition.
    const block = (C: number) => 2 * C * ((3 * C) / 2 + (5 * C) / 2 + C);
    expect(found.get('processor.encoder.stages.0.blocks')).toEqual({ weights: 2 * block(8), attention: 0 });
    // Half as many positions.
    expect(found.get('processor.encoder.stages.1.blocks')).toEqual({ weights: (2 * block(16)) / 2, attention: 0 });
    expect(found.get('processor.encoder.stages.0.downsample')!.weights).toBe((2 * 3 * 8 * 16) / 2);
    expect(block(16) / 2).toBe(2 * block(8));
  });

  it('counts attention apart from the products with its weights', () => {
    const [positions, width] = [4, 32];
    expect(blockFlops(SMALL).get('processor.bottleneck.blocks.0')).toEqual({
      weights: (2 * 12 * width * width * positions) / 16,
      attention: (2 * 2 * positions * positions * width) / 16,
    });
  });

  it('counts the voters in proportion to M', () => {
    const { trunk, head } = trunkAndHeadFlops(SMALL);
    expect(head).toBe(2 * 32 * 4 * 8);
    const wide = trunkAndHeadFlops({ ...SMALL, voters_per_bit: 12 });
    expect(wide).toEqual({ trunk, head: 3 * head });
  });
});
