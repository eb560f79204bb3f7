/** @file Attention: the weights are those of the network, nothing is read that comes later, and heads are found by what they read. */
import { describe, expect, test, vi } from 'vitest';
import { Attention } from '../../../model/inspection/attention';
import { InspectionError } from '../../../model/inspection/documentChunk';
import { ATTENTION_KINDS, lookedAt } from '../../../model/measures/attentionText';
import { visibleText } from '../../../model/measures/visibleText';
import type { Parameters } from '../../../model/network/parameters';
import type { ChunkAttention } from '../../../model/protocol/attention';
import { BlockOutputs } from '../../../model/runtime/blockSessions';
import { Inference } from '../../../model/runtime/inference';
import { Random } from '../../../model/text/random';
import { fillWindow, windowOfChunk } from '../../../model/text/windows';
import type { RandomModelOptions } from './randomModel';
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

const document = { uri: 'file:///a.txt', version: 1, bytes: TEXT };

async function attentionModel(change: RandomModelOptions = {}) {
  const model = await randomModel({ context_chunks: 8, bottleneck_layers: 2, ...change });
  return { ...model, attention: new Attention(model) };
}

describe('at a chunk', () => {
  test.each([{ stages: 0 }, { stages: 1 }, { stages: 2, byte_channels: 6 }])(
    'each head gives all its weight to the places of the window that the chunk hears: %o',
    async (change) => {
      const { attention, inference, config } = await attentionModel(change);
      const outputs = await BlockOutputs.create(inference, (id) => id.endsWith('.attention'));
      const T = config.context_chunks;
      const per = 2 ** config.stages;
      const chunkCount = Math.ceil(TEXT.length / 4);
      for (const index of [0, 1, 6, 13, chunkCount - 1]) {
        const at = (await attention.at(document, 4 * index + 3))!;
        const window = windowOfChunk(index, chunkCount, T);
        const position = Math.floor((index - window.firstTarget) / per);
        const n = position + 1;
        expect(at).toMatchObject({ index, offset: 4 * index, blocks: 2, heads: 4, bytesPerPlace: 4 * per });
        expect(at.places).toHaveLength(n);
        // The places are the text from the window's first chunk on, without a gap.
        at.places.forEach(({ offset, length }, place) => {
          const next = at.places[place + 1]?.offset ?? 4 * (window.firstTarget + per * position);
          expect(offset + length).toBe(next);
        });
        expect(at.unread).toBe(visibleText(TEXT.subarray(4 * (window.firstTarget + per * position), 4 * index)));
        // No character is cut but where the last place ends.
        expect(
          at.places
            .slice(0, -1)
            .map(({ text }) => text)
            .join(''),
        ).not.toContain('\\x');
        const inputs = new Uint8Array(4 * (T + 1));
        fillWindow(TEXT, window, T, inputs, 0);
        const expected = await outputs.run(inputs);
        for (let head = 0; head < 8; head++) {
          const weights = at.weights.subarray(head * n, (head + 1) * n);
          expect(weights.reduce((sum, weight) => sum + weight, 0)).toBeCloseTo(1, 5);
          const { data } = expected.get(`processor.bottleneck.blocks.${Math.floor(head / 4)}.attention`)!;
          const L = T / per;
          const row = ((head % 4) * L + position) * L;
          expect([...weights]).toEqual([...data.subarray(row, row + n)]);
          const entropy = weights.reduce((sum, w) => sum - (w === 0 ? 0 : w * Math.log2(w)), 0);
          expect(at.entropy[head]).toBeCloseTo(entropy, 4);
          const distance = weights.reduce((sum, w, place) => sum + w * 4 * per * (position - place), 0);
          expect(at.distance[head]).toBeCloseTo(distance, 3);
          const itself = at.shares[head * ATTENTION_KINDS.length + ATTENTION_KINDS.indexOf('itself')];
          expect(itself).toBeCloseTo(weights[position]!, 6);
        }
      }
      await outputs.dispose();
      await attention.dispose();
      await inference.dispose();
    },
  );

  test('what comes later changes nothing, and a window is run once', async () => {
    const { attention, inference } = await attentionModel();
    const run = vi.spyOn(BlockOutputs.prototype, 'run');
    const before = (await attention.at(document, 24))!;
    await attention.at(document, 20);
    expect(run).toHaveBeenCalledTimes(1);
    const changed = TEXT.slice();
    changed.fill(0x21, 24);
    const after = (await attention.at({ ...document, bytes: changed }, 24))!;
    expect(run).toHaveBeenCalledTimes(2);
    expect(after.weights).toEqual(before.weights);
    const earlier = TEXT.slice();
    earlier.fill(0x21, 0, 4);
    expect((await attention.at({ ...document, bytes: earlier }, 24))!.weights).not.toEqual(before.weights);
    run.mockRestore();
    await attention.dispose();
    await inference.dispose();
  });

  test('a model without attention has none, and an empty text no chunk', async () => {
    for (const change of [{ bottleneck: 'dendritic' }, { bottleneck_layers: 0 }] as const) {
      const { attention, inference } = await attentionModel(change);
      expect(await attention.at(document, 8)).toBeNull();
      expect(await attention.heads(document)).toBeNull();
      await inference.dispose();
    }
    const { attention, inference } = await attentionModel();
    await expect(attention.at({ ...document, bytes: new Uint8Array() }, 0)).rejects.toThrow(InspectionError);
    expect(await attention.heads({ ...document, bytes: TEXT.subarray(0, 4) })).toBeNull();
    await inference.dispose();
  });
});

describe('over a document', () => {
  test.each([{ stages: 0 }, { stages: 1 }, { stages: 1, context_chunks: 6 }])(
    'heads are the means of all positions that predict its chunks: %o',
    async (change) => {
      const { attention, inference, config } = await attentionModel(change);
      const T = config.context_chunks;
      const per = 2 ** config.stages;
      const chunkCount = Math.floor(TEXT.length / 4);
      const seen = new Map<string, ChunkAttention>();
      for (let index = 0; index < chunkCount; index++) {
        const { firstTarget } = windowOfChunk(index, chunkCount, T);
        const position = Math.floor((index - firstTarget) / per);
        if (position > 0) seen.set(`${firstTarget} ${position}`, (await attention.at(document, 4 * index))!);
      }
      const progress: number[] = [];
      const found = (await attention.heads(document, { onProgress: (done) => progress.push(done) }))!;
      expect(found).toMatchObject({ positions: seen.size, chunks: chunkCount, totalChunks: chunkCount });
      expect(progress.at(-1)).toBe(chunkCount);
      const all = [...seen.values()];
      const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
      for (let head = 0; head < 8; head++) {
        expect(found.entropy[head]).toBeCloseTo(mean(all.map(({ entropy }) => entropy[head]!)), 4);
        expect(found.distance[head]).toBeCloseTo(mean(all.map(({ distance }) => distance[head]!)), 3);
        ATTENTION_KINDS.forEach((kind, k) => {
          const having = all.filter(({ places }) => places.some(({ kinds }) => kinds.includes(kind)));
          expect(found.counts[k]).toBe(having.length);
          const at = head * ATTENTION_KINDS.length + k;
          if (having.length === 0) expect(found.shares[at]).toBeNaN();
          else expect(found.shares[at]).toBeCloseTo(mean(having.map(({ shares }) => shares[at]!)), 4);
        });
      }
      await attention.dispose();
      await inference.dispose();
    },
  );

  test('a head whose keys are its queries is found to look at the same text earlier, one with their opposite is not', async () => {
    const base = await randomModel({ stages: 0, attention_heads: 2, context_chunks: 16 });
    const { config, parameters } = base;
    const C = config.embedding_dim;
    const scaled = (name: string, factor: number) => {
      const { shape, data } = parameters.get(name)!;
      parameters.set(name, { shape, data: data.map((value) => factor * value) });
    };
    // What a chunk says outweighs where it stands.
    scaled('input_embedding.projection.weight', 40);
    const random = Random.fromSeed(5);
    const shape = parameters.get('processor.bottleneck.blocks.0.attention.qkv.weight')!.shape;
    const qkv = new Float32Array(3 * C * C);
    for (let i = 0; i < C * C; i++) {
      qkv[i] = 0.7 * random.normal();
      qkv[C * C + i] = i < (C * C) / 2 ? qkv[i]! : -qkv[i]!;
    }
    parameters.set('processor.bottleneck.blocks.0.attention.qkv.weight', { shape, data: qkv });
    scaled('processor.bottleneck.blocks.0.attention.qkv.bias', 0);
    const inference = await Inference.create(config, parameters, { device: 'cpu', threads: 1 });
    const attention = new Attention({ inference, checkpoint: 'hand-made' });
    // No letters are repeated but those of three chunks, one after the other.
    const bytes = new TextEncoder().encode('abcdefghijklm0123456789nopqrstuvefghijklm0123wxyzABC');
    const found = (await attention.heads({ ...document, bytes }))!;
    const [finder, other] = [0, 1].map((head) => found.shares[head * ATTENTION_KINDS.length + 2]!);
    expect(ATTENTION_KINDS[2]).toBe('same');
    expect(finder).toBeGreaterThan(0.4);
    expect(other).toBeLessThan(0.01);
    // “efghijklm0123” at byte 32 was at byte 4: chunk 11 ends what was repeated whole.
    const at = (await attention.at({ ...document, bytes }, 44))!;
    expect(at.repeated).toEqual({ text: 'efghijklm012', ends: [16] });
    expect(lookedAt(at, 1)?.kind).not.toBe('same');
    await attention.dispose();
    await inference.dispose();
    await base.inference.dispose();
  });

  test('ends when it is told to', async () => {
    const { attention, inference } = await attentionModel();
    const controller = new AbortController();
    const bytes = new Uint8Array(40_000).fill(0x61);
    const work = attention.heads(
      { ...document, bytes },
      {
        signal: controller.signal,
        onProgress: () => {
          controller.abort(new Error('enough'));
        },
      },
    );
    await expect(work).rejects.toThrow('enough');
    await inference.dispose();
  });
});
