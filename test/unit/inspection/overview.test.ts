/** @file The overview: every parameter in one block, times that add up, activity of the right position, the router's choices. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { Overview, readCard, rootMeanSquare } from '../../../model/inspection/overview';
import { networkBlocks } from '../../../model/network/blocks';
import { DEFAULT_CONFIG } from '../../../model/network/config';
import { parameterCount, parameterShapes } from '../../../model/network/parameters';
import type { ProfileEvent } from '../../../model/runtime/blockSessions';
import { BlockOutputs, blockTimes, TIMED_RUNS } from '../../../model/runtime/blockSessions';
import { fillWindow, windowOfChunk } from '../../../model/text/windows';
import { randomModel } from './randomModel';

const TEXT = new TextEncoder().encode(
  'The harbour was quiet, and the boats lay in two rows, und die Möwen schrien über dem Wasser.',
);
const document = { uri: 'file:///a.txt', version: 3, bytes: TEXT };

async function overviewOf(change: Parameters<typeof randomModel>[0] = {}) {
  const model = await randomModel(change);
  return { ...model, overview: new Overview({ ...model, folder: '/nowhere' }) };
}

describe('blocks', () => {
  test.each([
    {},
    { bottleneck: 'dendritic', bit_decoding: 'chained', temperature_learned: true },
    { stages: 0, bottleneck_layers: 0, aggregation: 'dense' },
    { stages: 3, embedding_dim: 8 },
    { byte_channels: 12, bit_decoding: 'chained' },
    { stages: 0, byte_channels: 3 },
  ] as const)('hold every parameter exactly once: %o', (change) => {
    const config = { ...DEFAULT_CONFIG, ...change };
    const blocks = networkBlocks(config);
    const names = blocks.flatMap(({ tensors }) => tensors.map(({ name }) => name));
    expect(names.toSorted()).toEqual([...parameterShapes(config).keys()].toSorted());
    expect(blocks.reduce((sum, { parameters }) => sum + parameters, 0)).toBe(parameterCount(config));
    expect(new Set(blocks.map(({ id }) => id)).size).toBe(blocks.length);
  });

  test('go down to the bottleneck and up again', () => {
    expect(networkBlocks(DEFAULT_CONFIG).map(({ kind, level, channels }) => `${kind} ${level} ${channels}`)).toEqual([
      'embedding 0 64',
      'convolution 0 64',
      'encoder 0 64',
      'downsample 1 128',
      'encoder 1 128',
      'downsample 2 256',
      'transformer 2 256',
      'transformer 2 256',
      'upsample 1 128',
      'decoder 1 128',
      'upsample 0 64',
      'decoder 0 64',
      'output 0 64',
      'voters 0 4096',
    ]);
  });
});

describe('times', () => {
  const event = (name: string, dur: number): ProfileEvent => ({ cat: 'Node', name: `${name}_kernel_time`, dur });
  const blockOf = new Map([
    ['A_kernel_time', 'first'],
    ['B_kernel_time', 'first'],
    ['C_kernel_time', 'second'],
  ]);
  const runs = TIMED_RUNS + 2;
  const events = Array.from({ length: runs }, (_, run) => [
    event('A', 100 + run),
    event('B', 50),
    event('C', run < 2 ? 9_000 : 7),
  ]).flat();

  test('are medians of the later runs, in milliseconds', () => {
    const times = blockTimes(events, blockOf, runs)!;
    // Runs 2 … 16: the middle one is run 9.
    expect(times.get('first')).toBeCloseTo(0.159, 9);
    expect(times.get('second')).toBeCloseTo(0.007, 9);
  });

  test('are not told where much of the time is in nodes that nobody knows, or nothing was measured', () => {
    expect(blockTimes([...events, event('Fused', 50_000)], blockOf, runs)).toBeNull();
    expect(blockTimes([], blockOf, runs)).toBeNull();
  });

  test('are there for every block of a real model', async () => {
    const { overview, inference, config } = await overviewOf({ stages: 2, context_chunks: 12 });
    const { blocks, timedRuns, card } = await overview.describe();
    expect(blocks.map(({ id }) => id)).toEqual(networkBlocks(config).map(({ id }) => id));
    for (const { id, milliseconds } of blocks) {
      expect(milliseconds, id).toBeGreaterThan(0);
      expect(milliseconds, id).toBeLessThan(1_000);
    }
    expect(blocks.map(({ positions }) => positions)).toContain(3);
    expect(timedRuns).toBe(TIMED_RUNS);
    expect(card).toBeNull();
    await inference.dispose();
  });
});

describe('activity', () => {
  test('is the root mean square of what the trunk gives at the position of the chunk', async () => {
    const { overview, inference, head, config } = await overviewOf({
      stages: 1,
      context_chunks: 8,
      bit_decoding: 'chained',
    });
    const chunkCount = Math.ceil(TEXT.length / 4);
    for (const index of [0, 5, chunkCount - 1]) {
      const activity = await overview.activity(document, 4 * index + 1);
      expect(activity).toMatchObject({ index, chunkCount, offset: 4 * index, gates: [] });
      expect(JSON.stringify(activity)).not.toContain(document.uri);
      const window = windowOfChunk(index, chunkCount, 8);
      const filled = new Uint8Array(36);
      fillWindow(TEXT, window, 8, filled, 0);
      const forward = await inference.forward(filled, 1);
      const at = (index - window.firstTarget) * config.embedding_dim;
      const hidden = forward.hidden.subarray(at, at + config.embedding_dim);
      const blocks = networkBlocks(config).map(({ id }) => id);
      const rms = (id: string) => activity.rms[blocks.indexOf(id)]!;
      expect(rms('processor.output_conv')).toBeCloseTo(rootMeanSquare(hidden), 5);
      // The scores again, from the votes of another graph: z = ln(v/(1−v)).
      const M = head.votersPerBit;
      const first = (index - window.firstTarget) * 32 * M;
      const scores = forward.votes.subarray(first, first + 32 * M).map((vote) => Math.log(vote / (1 - vote)));
      expect(rms('output_projection')).toBeCloseTo(rootMeanSquare(scores), 2);
      expect(Math.min(...activity.rms)).toBeGreaterThan(0);
    }
    await overview.dispose();
    await inference.dispose();
  });

  test('of a byte stage and its voters is that of the chunk’s four bytes', async () => {
    const { overview, inference, head, config } = await overviewOf({
      context_chunks: 8,
      bit_decoding: 'chained',
      byte_channels: 10,
    });
    const chunkCount = Math.ceil(TEXT.length / 4);
    for (const index of [0, 5, chunkCount - 2]) {
      const activity = await overview.activity(document, 4 * index);
      const window = windowOfChunk(index, chunkCount, 8);
      const filled = new Uint8Array(36);
      fillWindow(TEXT, window, 8, filled, 0);
      const forward = await inference.forward(filled, 1);
      const blocks = networkBlocks(config).map(({ id }) => id);
      const rms = (id: string) => activity.rms[blocks.indexOf(id)]!;
      const at = (index - window.firstTarget) * 4 * 10;
      expect(rms('byte_stage.blocks')).toBeCloseTo(rootMeanSquare(forward.hidden.subarray(at, at + 4 * 10)), 5);
      const M = head.votersPerBit;
      const first = (index - window.firstTarget) * 32 * M;
      const scores = forward.votes.subarray(first, first + 32 * M).map((vote) => Math.log(vote / (1 - vote)));
      expect(rms('output_projection')).toBeCloseTo(rootMeanSquare(scores), 2);
      expect(Math.min(...activity.rms)).toBeGreaterThan(0);
    }
    await overview.dispose();
    await inference.dispose();
  });

  test('depends on nothing after the chunk before', async () => {
    const { overview, inference, config } = await overviewOf({ stages: 2, context_chunks: 8 });
    const changed = TEXT.slice();
    changed.fill(0x21, 4 * 6);
    const before = await overview.activity(document, 4 * 6);
    const after = await overview.activity({ ...document, bytes: changed }, 4 * 6);
    expect([...after.rms.slice(0, -1)]).toEqual([...before.rms.slice(0, -1)]);
    const later = await overview.activity({ ...document, bytes: changed }, 4 * 7);
    const earlier = await overview.activity(document, 4 * 7);
    expect([...later.rms]).not.toEqual([...earlier.rms]);
    expect(before.rms).toHaveLength(networkBlocks(config).length);
    await overview.dispose();
    await inference.dispose();
  });

  test('runs a window once for all its chunks, and again where the text has changed', async () => {
    const { overview, inference } = await overviewOf({ stages: 1, context_chunks: 8 });
    const run = vi.spyOn(BlockOutputs.prototype, 'run');
    const fresh = async (offset: number, bytes = TEXT) => {
      const other = await overviewOf({ stages: 1, context_chunks: 8 });
      const { rms } = await other.overview.activity({ ...document, bytes }, offset);
      await other.overview.dispose();
      await other.inference.dispose();
      return [...rms];
    };
    const asked = async (offset: number, bytes = TEXT) => {
      run.mockClear();
      const { rms } = await overview.activity({ ...document, bytes }, offset);
      return { runs: run.mock.calls.length, rms: [...rms] };
    };
    expect(await asked(0)).toMatchObject({ runs: 1 });
    const neighbour = await asked(4);
    expect(neighbour).toEqual({ runs: 0, rms: await fresh(4) });
    const changed = TEXT.slice();
    changed.fill(0x21, 0, 4);
    expect(await asked(4, changed)).toEqual({ runs: 1, rms: await fresh(4, changed) });
    expect(await asked(TEXT.length)).toMatchObject({ runs: 1 });
    run.mockRestore();
    await overview.dispose();
    await inference.dispose();
  });

  test('has run the window that the caret comes to next, in either direction', async () => {
    const { overview, inference } = await overviewOf({ stages: 1, context_chunks: 8 });
    const run = vi.spyOn(BlockOutputs.prototype, 'run');
    // Windows of 8 chunks score 4 each from chunk 8 on: chunk 13 is nearer to chunk 11's than to chunk 16's.
    await overview.activity(document, 4 * 13);
    await overview.anticipate(document, 4 * 13);
    expect(run).toHaveBeenCalledTimes(2);
    await overview.activity(document, 4 * 11);
    expect(run).toHaveBeenCalledTimes(2);
    await overview.anticipate(document, 4 * 14);
    await overview.activity(document, 4 * 16);
    expect(run).toHaveBeenCalledTimes(3);
    run.mockRestore();
    await overview.dispose();
    await inference.dispose();
  });

  test('tells the dendrites that the router chose', async () => {
    const { overview, inference } = await overviewOf({
      bottleneck: 'dendritic',
      bottleneck_layers: 2,
      dendrite_branches: 6,
      dendrite_active: 2,
    });
    const { gates } = await overview.activity(document, 20);
    expect(gates.map(({ block }) => block)).toEqual(['processor.bottleneck.blocks.0', 'processor.bottleneck.blocks.1']);
    for (const { gates: shares } of gates) {
      expect(shares).toHaveLength(6);
      expect(shares.filter((share) => share > 0)).toHaveLength(2);
      expect(shares.reduce((sum, share) => sum + share, 0)).toBeCloseTo(1, 5);
    }
    await overview.dispose();
    await inference.dispose();
  });

  test('of an empty document is refused', async () => {
    const { overview, inference } = await overviewOf();
    await expect(overview.activity({ ...document, bytes: new Uint8Array() }, 0)).rejects.toThrow(/empty/);
    await inference.dispose();
  });
});

test('the card is read where there is one', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'smuggler-card-'));
  expect(await readCard(folder)).toBeNull();
  await writeFile(join(folder, 'card.md'), '# Harbour\n\nTrained on tales.\n');
  expect(await readCard(folder)).toBe('# Harbour\n\nTrained on tales.\n');
  await rm(folder, { recursive: true });
});
