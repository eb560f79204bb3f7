/** @file Attention: the weights are those of the network, and nothing is read that comes later. */
import { describe, expect, test } from 'vitest';
import { BlockOutputs } from '../../../model/runtime/blockSessions';
import type { Parameters } from '../../../model/network/parameters';
import { randomModel } from './randomModel';

const TEXT = new TextEncoder().encode('The harbour was quiet, and the boats lay in two rows, und die Möwen schrien.');

/**
 * Attention's weights from the input of its block, in float64 and without the graph.
 * @param x [L, C]
 * @returns [heads, L, L]
 */
function attentionOf(parameters: Parameters, block: string, x: Float32Array, C: number, heads: number): number[] {
  const L = x.length / C;
  const data = (name: string) => parameters.get(`${block}.${name}`)!.data;
  const [scale, shift] = [data('norm1.weight'), data('norm1.bias')];
  const [weight, bias] = [data('attention.qkv.weight'), data('attention.qkv.bias')];
  const qkv = Array.from({ length: L }, (_, t) => {
    const row = [...x.subarray(t * C, (t + 1) * C)];
    const mean = row.reduce((sum, value) => sum + value, 0) / C;
    const variance = row.reduce((sum, value) => sum + (value - mean) ** 2, 0) / C;
    const normalized = row.map((value, c) => ((value - mean) / Math.sqrt(variance + 1e-5)) * scale[c]! + shift[c]!);
    return Array.from({ length: 2 * C }, (_, out) =>
      normalized.reduce((sum, value, c) => sum + value * weight[out * C + c]!, bias[out]!),
    );
  });
  const size = C / heads;
  return Array.from({ length: heads }, (_, head) =>
    Array.from({ length: L }, (_, t) => {
      const scores = Array.from({ length: L }, (_, i) => {
        let score = i > t ? -Infinity : 0;
        for (let c = head * size; c < (head + 1) * size; c++) score += qkv[t]![c]! * qkv[i]![C + c]!;
        return score / Math.sqrt(size);
      });
      const exponentials = scores.map(Math.exp);
      const sum = exponentials.reduce((all, value) => all + value, 0);
      return exponentials.map((value) => value / sum);
    }),
  ).flat(2);
}

describe('the weights', () => {
  test.each([
    { stages: 1, bottleneck_layers: 2, attention_heads: 4 },
    { stages: 0, bottleneck_layers: 1, attention_heads: 2, byte_channels: 6 },
    { stages: 2, bottleneck_layers: 1, attention_heads: 8 },
  ])('are those that follow from queries and keys, with nothing after a position: %o', async (change) => {
    const { inference, config, parameters } = await randomModel(change);
    const outputs = await BlockOutputs.create(inference, () => true);
    const results = await outputs.run(TEXT.subarray(0, 4 * (config.context_chunks + 1)));
    for (let block = 0; block < config.bottleneck_layers; block++) {
      const id = `processor.bottleneck.blocks.${block}`;
      const before =
        block > 0
          ? `processor.bottleneck.blocks.${block - 1}`
          : config.stages > 0
            ? `processor.encoder.stages.${config.stages - 1}.downsample`
            : 'processor.input_conv';
      const { shape, data } = results.get(`${id}.attention`)!;
      const L = config.context_chunks / 2 ** config.stages;
      expect(shape).toEqual([1, config.attention_heads, L, L]);
      const input = results.get(before)!;
      const expected = attentionOf(parameters, id, input.data, input.shape[1]!, config.attention_heads);
      expect(Math.max(...data.map((weight, i) => Math.abs(weight - expected[i]!)))).toBeLessThan(1e-5);
      data.forEach((weight, i) => {
        if (i % L > Math.floor(i / L) % L) expect(weight).toBe(0);
      });
    }
    await outputs.dispose();
    await inference.dispose();
  });
});
