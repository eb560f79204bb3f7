/** @file One voter's votes over a range: the same as the votes of each chunk by themselves. */
import { describe, expect, test } from 'vitest';
import { Inspector } from '../../../model/inspection/inspector';
import { isVoterChangeError } from '../../../model/inspection/lesions';
import { voterRange } from '../../../model/inspection/voterRange';
import { BIT_MODELS, randomModel } from './randomModel';

const TEXT = new TextEncoder().encode('The harbour was quiet, and the boats lay in two rows, und die Möwen schrien.');
const document = { uri: 'file:///a.txt', version: 1, bytes: TEXT.subarray(0, 73) };
const options = { signal: new AbortController().signal, giveWay: () => Promise.resolve() };

describe.each(BIT_MODELS)('with %j', (bits) => {
  test('votes are those of the chunks, padding has none, and the range is cut to the document', async () => {
    const model = await randomModel({ ...bits, context_chunks: 8 });
    const inspector = new Inspector(model);
    for (const [bit, voter] of [
      [0, 0],
      [9, 17],
      [31, 23],
    ] as const) {
      const range = await voterRange(model, document, { bit, voter, firstChunk: 3, count: 100 }, options);
      expect(range).toMatchObject({ firstChunk: 3, count: 16, checkpoint: model.checkpoint });
      for (let i = 0; i < range.count; i++) {
        const chunk = await inspector.inspectChunk(document, 4 * (3 + i), 0);
        const cell = (bit * chunk.votes.length) / 32 + voter;
        if (chunk.scored[bit] === 1) expect(range.votes[i]).toBeCloseTo(chunk.votes[cell]!, 5);
        else expect(range.votes[i]).toBeNaN();
      }
      // 73 bytes: of the last chunk only the first byte is text.
      expect(Number.isNaN(range.votes[15])).toBe(bit >= 8);
    }
    await model.inference.dispose();
  });
});

test('a voter that is not there is refused in one sentence', async () => {
  const model = await randomModel();
  const wrong = voterRange(model, document, { bit: 3, voter: 24, firstChunk: 0, count: 1 }, options);
  await expect(wrong).rejects.toSatisfy(isVoterChangeError);
  await expect(wrong).rejects.toThrow(
    'Voter 24 of bit 3 does not exist: the model has bits 0 to 31, with voters 0 to 23 each.',
  );
  await model.inference.dispose();
});

test('ends when it is aborted', async () => {
  const model = await randomModel();
  const controller = new AbortController();
  const giveWay = () => {
    controller.abort();
    return Promise.resolve();
  };
  const range = voterRange(
    model,
    document,
    { bit: 0, voter: 0, firstChunk: 0, count: 9 },
    { signal: controller.signal, giveWay },
  );
  await expect(range).rejects.toThrow(/abort/i);
  await model.inference.dispose();
});
