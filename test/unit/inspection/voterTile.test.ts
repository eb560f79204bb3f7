/** @file All voters over a range, a byte each: the votes and weights of each chunk by itself, to within a code. */
import { describe, expect, test } from 'vitest';
import { Inspector } from '../../../model/inspection/inspector';
import { MOST_TILE_CHUNKS, voterCode, voterTile } from '../../../model/inspection/voterTile';
import { BIT_MODELS, randomModel } from './randomModel';

const TEXT = new TextEncoder().encode('The harbour was quiet, and the boats lay in two rows, und die Möwen schrien.');
const document = { uri: 'file:///a.txt', version: 1, bytes: TEXT.subarray(0, 73) };

describe.each(BIT_MODELS)('with %j', (bits) => {
  test.each(['vote', 'weight'] as const)('%ss are those of the chunks, voter by voter', async (quantity) => {
    const model = await randomModel({ ...bits, context_chunks: 8 });
    const inspector = new Inspector(model);
    const tile = await voterTile(model, document, { firstChunk: 3, count: 100, quantity });
    expect(tile).toMatchObject({ firstChunk: 3, count: 16, checkpoint: model.checkpoint, quantity });
    const voters = 32 * tile.votersPerBit;
    expect(tile.codes.length).toBe(voters * 16);
    for (let i = 0; i < tile.count; i++) {
      const chunk = await inspector.inspectChunk(document, 4 * (3 + i), 0);
      const values = quantity === 'vote' ? chunk.votes : chunk.weights;
      for (let voter = 0; voter < voters; voter++) {
        if (chunk.scored[Math.floor(voter / tile.votersPerBit)] === 0) continue;
        const expected = voterCode(quantity, values[voter]!, tile.votersPerBit);
        // A value on the edge of two codes may fall to either side.
        expect(Math.abs(tile.codes[voter * 16 + i]! - expected)).toBeLessThanOrEqual(1);
      }
    }
    await model.inference.dispose();
  });
});

test('codes have the ends and the middle that their scale says', () => {
  expect([0, 0.5, 1].map((vote) => voterCode('vote', vote, 128))).toEqual([0, 128, 255]);
  expect([0, 1 / 4096, 1 / 128, 32 / 128, 1].map((weight) => voterCode('weight', weight, 128))).toEqual([
    0, 0, 128, 255, 255,
  ]);
});

test('is cut to the document and to what one answer may hold', async () => {
  const model = await randomModel({ context_chunks: 8 });
  const long = { ...document, bytes: new Uint8Array(8 * MOST_TILE_CHUNKS) };
  expect(await voterTile(model, long, { firstChunk: 10, count: 5000, quantity: 'vote' })).toMatchObject({
    firstChunk: 10,
    count: MOST_TILE_CHUNKS,
  });
  expect(await voterTile(model, document, { firstChunk: 90, count: 5, quantity: 'vote' })).toMatchObject({ count: 0 });
  await model.inference.dispose();
});

test('ends when it is aborted', async () => {
  const model = await randomModel();
  const controller = new AbortController();
  const giveWay = () => {
    controller.abort();
    return Promise.resolve();
  };
  const tile = voterTile(
    model,
    document,
    { firstChunk: 0, count: 9, quantity: 'vote' },
    { signal: controller.signal, giveWay },
  );
  await expect(tile).rejects.toThrow(/abort/i);
  await model.inference.dispose();
});
