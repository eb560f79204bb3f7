/** @file The depth lens: its last depth is the model, a block read as it is is a network that ends there, fits are labelled, and nothing of the future is seen. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DepthLens } from '../../../model/depth/depthLens';
import { Inspector } from '../../../model/inspection/inspector';
import type { ModelConfig } from '../../../model/network/config';
import { parameterShapes } from '../../../model/network/parameters';
import { VoterHead } from '../../../model/network/voterHead';
import type { DepthLens as DepthLensAnswer } from '../../../model/protocol/depth';
import { Inference } from '../../../model/runtime/inference';
import { isCorpusError } from '../../../model/text/corpus';
import { largestDifference } from '../inspection/goldenModel';
import { BIT_MODELS, randomModel } from '../inspection/randomModel';

const TEXT = new TextEncoder().encode(
  'The harbour was quiet, and the boats lay in two rows, und die Möwen schrien über dem Wasser.',
);
const document = { uri: 'file:///a.txt', version: 3, bytes: TEXT };
const CHUNKS = Math.ceil(TEXT.length / 4);

let folder: string;
let sample: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'smuggler-depth-'));
  sample = join(folder, 'sample.txt');
  await writeFile(sample, 'Gulls cried over the water, and a boy sold 12 herrings to the baker.\n'.repeat(12));
});
afterAll(() => rm(folder, { recursive: true }));

const asked = () => ({ before: 3, after: 2, fill: true, reading: 'fitted', changes: [], sample }) as const;

async function depthModel(change: Parameters<typeof randomModel>[0]) {
  const model = await randomModel({ context_chunks: 8, ...change });
  return { ...model, lens: new DepthLens(model) };
}

async function dispose({ lens, inference }: Awaited<ReturnType<typeof depthModel>>) {
  await lens.dispose();
  await inference.dispose();
}

/** One depth of the chunk that is looked at. */
function depth(found: DepthLensAnswer, r: number) {
  const at = r * found.texts.length + found.index - found.firstChunk;
  const bits = (values: Float32Array) => values.subarray(32 * r, 32 * r + 32);
  return {
    surprise: found.surprise[at]!,
    top: found.tops[at]!,
    probabilities: bits(found.probabilities),
    bitVoters: bits(found.bitVoters),
  };
}

describe.each(BIT_MODELS.flatMap((bits) => [0, 1, 2].map((stages) => ({ ...bits, stages }))))('with %j', (change) => {
  it('the last depth is the model, whatever the reading', async () => {
    const model = await depthModel(change);
    const inspector = new Inspector(model);
    for (const reading of ['fitted', 'direct'] as const) {
      for (const offset of [0, 50, TEXT.length]) {
        const found = await model.lens.inspect(document, { ...asked(), reading, offset });
        const last = depth(found, found.depths.length - 1);
        const chunk = await inspector.inspectChunk(document, offset, 1);
        expect(found.depths.at(-1)).toMatchObject({ readout: 'model', explained: null });
        expect(found).toMatchObject({ index: chunk.index, offset: chunk.offset, length: chunk.length, isWhole: true });
        expect(last.surprise).toBeCloseTo(chunk.surprise, 4);
        expect(largestDifference(last.probabilities, chunk.probabilities)).toBeLessThan(1e-5);
        expect(largestDifference(last.bitVoters, chunk.effectiveVoters)).toBeLessThan(1e-3);
        const [best] = chunk.alternatives;
        expect(last.top).toEqual({
          text: best!.text,
          probability: expect.closeTo(best!.probability, 5) as number,
          isReal: best!.flippedBits.length === 0,
        });
      }
    }
    await dispose(model);
  });
});

describe('a block that is read as it is', () => {
  it.each(BIT_MODELS)('is a network that ends behind it: %j', async (bits) => {
    const model = await depthModel({ ...bits, stages: 0, bottleneck_layers: 3 });
    const offset = 50;
    const found = await model.lens.inspect(document, { ...asked(), reading: 'direct', offset });
    expect(found.depths.map(({ readout }) => readout)).toEqual([
      'mean',
      'direct',
      'direct',
      'direct',
      'direct',
      'model',
    ]);
    for (const bottleneck_layers of [0, 1, 2]) {
      const config: ModelConfig = { ...model.config, bottleneck_layers };
      const parameters = new Map([...parameterShapes(config)].map(([name]) => [name, model.parameters.get(name)!]));
      const inference = await Inference.create(config, parameters, model.inference.options);
      const head = new VoterHead(config, parameters, inference.temperatures);
      const cut = await new Inspector({ inference, head, checkpoint: 'cut' }).inspectChunk(document, offset, 1);
      // Without the trunk, embedding and convolution come before the layers.
      const said = depth(found, 2 + bottleneck_layers);
      expect(largestDifference(said.probabilities, cut.probabilities)).toBeLessThan(1e-5);
      expect(said.surprise).toBeCloseTo(cut.surprise, 4);
      expect(said.top.text).toBe(cut.alternatives[0]!.text);
      await inference.dispose();
    }
    const all = found.depths.map((_, r) => depth(found, r).surprise.toFixed(4));
    expect(new Set(all).size).toBe(all.length);
    await dispose(model);
  });
});

describe('readouts', () => {
  it('are labelled: fitted where the width or the rate differs, and by wish elsewhere', async () => {
    const model = await depthModel({ stages: 1 });
    const fitted = await model.lens.inspect(document, { ...asked(), offset: 20 });
    const direct = await model.lens.inspect(document, { ...asked(), offset: 20, reading: 'direct' });
    expect(fitted.depths.map(({ block, readout }) => `${block?.id} ${readout}`)).toEqual([
      'undefined mean',
      'input_embedding fitted',
      'processor.input_conv fitted',
      'processor.encoder.stages.0.blocks fitted',
      'processor.encoder.stages.0.downsample fitted',
      'processor.bottleneck.blocks.0 fitted',
      'processor.decoder.stages.0.upsample fitted',
      'processor.decoder.stages.0.blocks model',
    ]);
    expect(direct.depths.map(({ readout }) => readout)).toEqual([
      'mean',
      'direct',
      'direct',
      'direct',
      'fitted',
      'fitted',
      'direct',
      'model',
    ]);
    for (const { readout, explained } of [...fitted.depths, ...direct.depths]) {
      if (readout === 'fitted') {
        expect(explained).toBeGreaterThan(0);
        expect(explained).toBeLessThan(1);
      } else expect(explained).toBeNull();
    }
    // 662 bytes and the last 166, at two alignments, each with the zeros before it.
    expect(fitted.fit).toEqual({ files: 1, chunks: 2 * (1 + 165), heldOut: 2 * (1 + 41) });
    await dispose(model);
  });

  it('are the same each time they are fitted', async () => {
    const one = await depthModel({ stages: 2 });
    const other = await depthModel({ stages: 2 });
    const params = { ...asked(), offset: 40 };
    const [a, b] = [await one.lens.inspect(document, params), await other.lens.inspect(document, params)];
    expect({ ...a, milliseconds: 0 }).toEqual({ ...b, milliseconds: 0 });
    await dispose(one);
    await dispose(other);
  });

  it('see nothing of what comes after the chunk before', async () => {
    const model = await depthModel({ stages: 2 });
    const changed = TEXT.slice();
    changed.fill(0x21, 4 * 11);
    const params = { ...asked(), before: 11, after: 3, offset: 0 };
    const at = (bytes: Uint8Array) => model.lens.inspect({ ...document, bytes }, { ...params, offset: 4 * 10 });
    const [a, b] = [await at(TEXT), await at(changed)];
    const n = a.texts.length;
    for (let r = 0; r < a.depths.length; r++) {
      expect([...b.surprise.subarray(r * n, r * n + 11)]).toEqual([...a.surprise.subarray(r * n, r * n + 11)]);
      expect(b.surprise[r * n + 11]).not.toBe(a.surprise[r * n + 11]);
    }
    await dispose(model);
  });

  it('say how far they are, window by window of the sample', async () => {
    const model = await depthModel({});
    const told: [number, number][] = [];
    const onProgress = (windows: number, total: number) => told.push([windows, total]);
    await model.lens.inspect(document, { ...asked(), offset: 0 }, { onProgress });
    const total = told[0]![1];
    expect(total).toBeGreaterThan(2);
    expect(told).toEqual(Array.from({ length: total }, (_, k) => [k + 1, total]));
    // They are fitted once.
    await model.lens.inspect(document, { ...asked(), offset: 8 }, { onProgress });
    expect(told).toHaveLength(total);
    await dispose(model);
  });

  it('need a text', async () => {
    const model = await depthModel({});
    const params = { ...asked(), sample: join(folder, 'missing'), offset: 0 };
    await expect(model.lens.inspect(document, params)).rejects.toSatisfy(isCorpusError);
    await expect(model.lens.inspect(document, { ...params, sample })).resolves.toMatchObject({ index: 0 });
    await dispose(model);
  });
});

describe('an answer', () => {
  it('has a column for each chunk, cut to the document', async () => {
    const model = await depthModel({ stages: 1 });
    for (const [offset, firstChunk, n] of [
      [0, 0, 3],
      [4 * 10, 7, 6],
      [TEXT.length, CHUNKS - 4, 4],
    ] as const) {
      const found = await model.lens.inspect(document, { ...asked(), offset });
      const R = found.depths.length;
      expect(found).toMatchObject({ firstChunk, chunkCount: CHUNKS });
      expect(found.texts).toHaveLength(n);
      for (const values of [found.surprise, found.effectiveVoters, found.wrongBits, found.tops]) {
        expect(values).toHaveLength(R * n);
      }
      for (const values of [found.probabilities, found.bitVoters]) expect(values).toHaveLength(R * 32);
      expect(found.surprise.every((value) => value > 0)).toBe(true);
    }
    await dispose(model);
  });

  it('comes soon with the chunk alone, and then with what is known', async () => {
    const model = await depthModel({ stages: 1 });
    const soon = { ...asked(), offset: 40, fill: false };
    const first = await model.lens.inspect(document, soon);
    expect(first.isWhole).toBe(false);
    expect(first.tops.flatMap((top, cell) => (top === null ? [] : [cell % 6]))).toEqual(first.depths.map(() => 3));
    expect(first.surprise.filter((value) => !Number.isNaN(value))).toHaveLength(first.depths.length);
    const whole = await model.lens.inspect(document, { ...soon, fill: true });
    expect(whole.isWhole).toBe(true);
    expect({ ...(await model.lens.inspect(document, soon)), milliseconds: 0 }).toEqual({ ...whole, milliseconds: 0 });
    // The next chunk's columns are known but for the last, and its own was computed.
    expect(await model.lens.inspect(document, { ...soon, offset: 44, after: 1 })).toMatchObject({ isWhole: true });
    await dispose(model);
  });

  it('is that of the voters that are left', async () => {
    const model = await depthModel({ stages: 1, bit_decoding: 'chained' });
    const silent = Array.from({ length: model.head.votersPerBit }, (_, voter) => ({ bit: 5, voter, vote: null }));
    const changes = [{ bit: 3, voter: 2, vote: null }, { bit: 4, voter: 1, vote: 1 }, ...silent];
    const offset = 50;
    const before = await model.lens.inspect(document, { ...asked(), offset });
    const found = await model.lens.inspect(document, { ...asked(), offset, changes });
    const { after } = await new Inspector(model).lesion(document, { offset, changes, continuation: 0 });
    const last = depth(found, found.depths.length - 1);
    expect(last.surprise).toBeCloseTo(after.surprise, 4);
    expect(last.probabilities[3]).toBeCloseTo(after.probabilities[3]!, 5);
    found.depths.forEach((_, r) => {
      const [now, then] = [depth(found, r), depth(before, r)];
      expect(now.probabilities[5]).toBeNaN();
      expect(now.bitVoters[5]).toBe(0);
      for (const bit of [3, 4]) expect(now.probabilities[bit]).not.toBe(then.probabilities[bit]);
      expect(now.probabilities[6]).toBe(then.probabilities[6]);
    });
    await dispose(model);
  });

  it('is refused where there is no text, or no such voter', async () => {
    const model = await depthModel({});
    const params = { ...asked(), offset: 0 };
    await expect(model.lens.inspect({ ...document, bytes: new Uint8Array() }, params)).rejects.toThrow(/empty/);
    const changes = [{ bit: 0, voter: 999, vote: null }];
    await expect(model.lens.inspect(document, { ...params, changes })).rejects.toThrow(/Voter 999/);
    await dispose(model);
  });
});
