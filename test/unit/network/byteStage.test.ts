/** @file The byte stage in plain arithmetic against the graph: every byte of every position, given the bytes before it. */
import { describe, expect, it } from 'vitest';
import { chunkCode } from '../../../model/inspection/chunkSearch';
import { erf } from '../../../model/network/byteStageArithmetic';
import type { ModelConfig } from '../../../model/network/config';
import { Random } from '../../../model/text/random';
import { goldenForward, loadGolden } from '../inspection/goldenModel';
import { randomModel } from '../inspection/randomModel';

type Model = Pick<Awaited<ReturnType<typeof randomModel>>, 'inference' | 'head'>;

/** The largest difference of a vote of one window, from the graph and from the head. */
async function largestDifference({ inference, head }: Model, window: Uint8Array): Promise<number> {
  const T = window.length / 4 - 1;
  const M = head.votersPerBit;
  const inputs = window.subarray(0, 4 * T);
  const trunk = { hidden: await inference.hidden(inputs, 1), inputs };
  const { votes } = await inference.forward(window, 1);
  let largest = 0;
  for (let t = 0; t < T; t++) {
    const scores = head.at(trunk, t);
    const code = chunkCode(window, 4 * (t + 1));
    for (let bit = 0; bit < 32; bit++) {
      head.bitScores(scores, bit, code).forEach((z, i) => {
        const vote = 1 / (1 + Math.exp(-z));
        largest = Math.max(largest, Math.abs(vote - votes[(t * 32 + bit) * M + i]!));
      });
    }
  }
  return largest;
}

describe.each(['bytes', 'bytes-independent', 'bytes-ngrams'] as const)('the golden case %s', (name) => {
  it('votes are those of the forward pass', async () => {
    const model = await loadGolden(name);
    const { bytes, batch, votes } = await goldenForward(name);
    expect(votes.length).toBeGreaterThan(0);
    for (let b = 0; b < batch; b++) {
      const length = bytes.length / batch;
      expect(await largestDifference(model, bytes.slice(b * length, (b + 1) * length))).toBeLessThan(1e-5);
    }
    await model.inference.dispose();
  });
});

describe.each([
  { kernel_sizes: [3, 5, 7], byte_channels: 9, stages: 0 },
  { kernel_sizes: [1, 3], byte_channels: 2, bit_decoding: 'chained' },
  { kernel_sizes: [3], byte_channels: 12, byte_ngram_rows: 32, bit_decoding: 'chained' },
  { kernel_sizes: [9], byte_channels: 12, aggregation: 'dense', bit_decoding: 'chained' },
] as const satisfies readonly Partial<ModelConfig>[])('%j', (config) => {
  it('votes are those of the forward pass, from the first position of a window on', async () => {
    const model = await randomModel({ ...config, context_chunks: 9 });
    const random = Random.fromSeed(2);
    const window = new Uint8Array(40).map(() => random.integer(256));
    expect(await largestDifference(model, window)).toBeLessThan(2e-5);
    await model.inference.dispose();
  });

  it('the scores of a byte depend on the bytes before it, and are computed once for each', async () => {
    const model = await randomModel({ ...config, context_chunks: 9 });
    const inputs = new Uint8Array(36).fill(0x61);
    const scores = model.head.at({ hidden: await model.inference.hidden(inputs, 1), inputs }, 7);
    const second = scores.of(8, 0x61000000);
    expect(scores.of(15, 0x61ffffff)).toBe(second);
    expect(scores.of(8, 0x62000000)).not.toEqual(second);
    expect(scores.of(0, 0x61000000)).toBe(scores.of(7, 0xffffffff));
    expect(scores.of(24, 0x61620000)).not.toEqual(scores.of(24, 0x61630000));
    await model.inference.dispose();
  });
});

it('does not look at what becomes of the window’s bytes', async () => {
  const model = await randomModel({ byte_channels: 9, context_chunks: 9 });
  const inputs = new Uint8Array(36).fill(0x61);
  const hidden = await model.inference.hidden(inputs, 1);
  const before = model.head.at({ hidden, inputs: inputs.slice() }, 7).of(0, 0).slice();
  const scores = model.head.at({ hidden, inputs }, 7);
  inputs.fill(0);
  expect(scores.of(0, 0)).toEqual(before);
  await model.inference.dispose();
});

it('erf', () => {
  for (const [x, value] of [
    [0, 0],
    [0.5, 0.5204998778130465],
    [-1, -0.8427007929497149],
    [2.5, 0.999593047982555],
    [4, 0.9999999845827421],
    [9, 1],
    [-Infinity, -1],
  ] as const) {
    expect(Math.abs(erf(x) - value)).toBeLessThan(1e-14);
  }
  expect(erf(NaN)).toBeNaN();
});
