/** @file Evaluation counts every complete chunk once, in whatever batch it comes, and agrees with the loss. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readModelFolder } from '../../../model/checkpoint/modelFolder';
import type { Scores } from '../../../model/runtime/inference';
import { Inference } from '../../../model/runtime/inference';
import { isTrainingError } from '../../../model/training/errors';
import { evaluate, sampleFiles } from '../../../model/training/evaluate';

function file(length: number, path = 'text') {
  return { path, bytes: Uint8Array.from({ length }, (_, i) => 32 + ((i * 7) % 90)) };
}

/** An inference that gives each byte as many bits as its value says, so that sums tell which were counted, and at which place. */
function marking(context: number): Inference {
  const score = (bytes: Uint8Array, batch: number): Promise<Scores> => {
    const logLikelihoods = new Float32Array(batch * context * 32);
    for (let row = 0; row < batch; row++) {
      for (let t = 0; t < context; t++) {
        for (let place = 0; place < 4; place++) {
          const byte = bytes[4 * (row * (context + 1) + t + 1) + place]!;
          const first = (row * context + t) * 32 + 8 * place;
          logLikelihoods.fill((-Math.LN2 * byte) / 8, first, first + 8);
        }
      }
    }
    const empty = new Float32Array();
    return Promise.resolve({
      probabilities: empty,
      logLikelihoods,
      effectiveVoters: empty,
      activeVoters: empty,
      density: empty,
    });
  };
  return { config: { context_chunks: context }, score } as unknown as Inference;
}

describe('evaluate', () => {
  for (const context of [1, 4, 16]) {
    it(`counts every complete chunk of every file once with T = ${context}`, async () => {
      const files = [file(3), file(4), file(402), file(4 * context), file(1001)];
      const result = await evaluate(marking(context), files);
      const bits = [0, 0, 0, 0];
      let chunks = 0;
      for (const { bytes } of files) {
        for (let at = 0; at + 4 <= bytes.length; at += 4) {
          for (let place = 0; place < 4; place++) bits[place]! += bytes[at + place]!;
          chunks++;
        }
      }
      expect(result.chunks).toBe(chunks);
      expect(result.bytes).toBe(4 * chunks);
      const relative = (value: number, real: number) => Math.abs(value / real - 1);
      const whole = bits.reduce((sum, place) => sum + place, 0);
      expect(relative(result.bitsPerByte * result.bytes, whole)).toBeLessThan(1e-6);
      for (const [i, { bytes }] of files.entries()) {
        const scored = bytes.subarray(0, 4 * Math.floor(bytes.length / 4));
        const real = scored.reduce((sum, value) => sum + value, 0);
        expect(result.byFile[i]!.bytes).toBe(scored.length);
        expect(Math.abs(result.byFile[i]!.bits - real)).toBeLessThanOrEqual(1e-6 * real);
      }
      for (let place = 0; place < 4; place++) {
        expect(relative(result.bitsPerByteByPlace[place]! * chunks, bits[place]!)).toBeLessThan(1e-6);
      }
    });
  }

  it('says so where there is no complete chunk', async () => {
    const error: unknown = await evaluate(marking(4), [file(3)]).catch((reason: unknown) => reason);
    expect(isTrainingError(error) && error.reason).toBe('corpus');
  });

  it('stops between two batches', async () => {
    const controller = new AbortController();
    controller.abort();
    await expect(evaluate(marking(4), [file(400)], { signal: controller.signal })).rejects.toThrow();
  });
});

describe('evaluate on a real model', () => {
  let inference: Inference;
  beforeAll(async () => {
    const { config, parameters } = await readModelFolder(join(__dirname, '../../golden/chained'));
    inference = await Inference.create(config, parameters, { device: 'cpu', threads: 1 });
  });
  afterAll(async () => {
    await inference.dispose();
  });

  it('gives the loss of a text that fits one window, in bits per byte', async () => {
    const T = inference.config.context_chunks;
    const text = file(4 * T);
    const window = new Uint8Array(4 * (T + 1));
    window.set(text.bytes, 4);
    const { loss } = await inference.forward(window, 1);
    const { bitsPerByte } = await evaluate(inference, [text]);
    expect(bitsPerByte).toBeCloseTo((loss * 32) / (4 * Math.LN2), 5);
  });

  it('does not depend on what else is in the batch', async () => {
    const real = new Uint8Array(readFileSync(join(__dirname, '../../golden/optimizer.json')));
    const text = { path: 'optimizer.json', bytes: real };
    const alone = await evaluate(inference, [text]);
    const other = await evaluate(inference, [file(1000)]);
    const both = await evaluate(inference, [text, file(1000)]);
    const bits = alone.bitsPerByte * alone.bytes + other.bitsPerByte * other.bytes;
    expect(both.bitsPerByte * both.bytes).toBeCloseTo(bits, 2);
  });
});

describe('sampleFiles', () => {
  it('is everything where that is little', () => {
    const files = [file(100), file(200)];
    expect(sampleFiles(files, 300)).toBe(files);
  });

  it('spreads what is allowed over the files', () => {
    const files = Array.from({ length: 100 }, (_, i) => file(10_000, String(i)));
    const sample = sampleFiles(files, 32_768);
    expect(sample).toHaveLength(16);
    expect(sample.every(({ bytes }) => bytes.length === 2048)).toBe(true);
    expect(sample.at(-1)!.path).toBe('93');
  });

  it('cuts a single long file', () => {
    expect(sampleFiles([file(10_000)], 3000).map(({ bytes }) => bytes.length)).toEqual([3000]);
  });
});
