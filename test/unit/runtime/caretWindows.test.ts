/** @file Windows at the caret: equal to a run of the whole window however they grew, and gone on with wherever that is possible. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ModelConfig } from '../../../model/network/config';
import { CaretWindows, caretChunks } from '../../../model/runtime/caretWindows';
import type { GrowingTrunk } from '../../../model/runtime/growingTrunk';
import { GrowingWindow } from '../../../model/runtime/growingTrunk';
import type { Inference } from '../../../model/runtime/inference';
import { PRESETS } from '../../../model/training/presets';
import { randomModel } from '../inspection/randomModel';

const text = new TextEncoder().encode(
  'export function sum(values: readonly number[]): number {\n  let all = 0;\n  for (const value of values) all += value;\n  return all; // grün ☃\n}\n'.repeat(
    4,
  ),
);

/** The greatest difference of the hidden vectors that a window has from those of a run of the whole, relative where they are large. */
async function difference(inference: Inference, { inputs, hidden, chunks }: GrowingWindow): Promise<number> {
  const whole = await inference.hidden(inputs, 1);
  const width = whole.length / inference.config.context_chunks;
  let most = 0;
  for (let i = 0; i < chunks * width; i++) {
    most = Math.max(most, Math.abs(whole[i]! - hidden[i]!) / Math.max(1, Math.abs(whole[i]!)));
  }
  return most;
}

const SHAPES: readonly Partial<ModelConfig>[] = [
  ...PRESETS.map(({ config: { stages, kernel_sizes, byte_channels } }) => ({
    stages,
    kernel_sizes,
    ...(byte_channels === undefined ? {} : { byte_channels: 10 }),
  })),
  { stages: 0 },
  { stages: 3, context_chunks: 24 },
  { stages: 2, context_chunks: 13 },
  { stages: 1, kernel_sizes: [1] },
  { stages: 1, kernel_sizes: [1, 3], bottleneck_layers: 0 },
  { stages: 0, context_chunks: 1 },
  { stages: 1, bottleneck: 'dendritic' as const, bottleneck_layers: 2 },
  { stages: 2, bottleneck: 'dendritic' as const },
];

describe.each(SHAPES)('with %j', (shape) => {
  let inference: Inference;

  beforeAll(async () => {
    ({ inference } = await randomModel({ voters_per_bit: 4, ...shape }));
  });

  afterAll(() => inference.dispose());

  it('a window that grew from any length on is the whole window', async () => {
    const { context_chunks: T } = inference.config;
    for (const from of [1, 2, 3, 5, T - 1]) {
      if (from < 1 || from > T) continue;
      let window = await inference.windows.at(text.subarray(0, 4 * (from - 1)));
      while (window.chunks < T) {
        const at = 4 * (window.chunks - 1);
        window = await inference.windows.append(window, text.subarray(at, at + 4));
      }
      expect(await difference(inference, window)).toBeLessThan(1e-5);
    }
  });

  it('typing, going back and decoding beyond the end give whole windows', async () => {
    const { context_chunks: T } = inference.config;
    for (const length of [...Array.from({ length: 4 * T + 9 }, (_, i) => i), 40, 41, 7]) {
      const prefix = text.subarray(0, length);
      let window = await inference.windows.at(prefix);
      expect(window.inputs.subarray(0, 4 * window.chunks)).toEqual(caretChunks(prefix, T));
      if (length % 5 > 0) continue;
      expect(await difference(inference, window)).toBeLessThan(1e-5);
      for (let i = 0; i < 3; i++) window = await inference.windows.append(window, Uint8Array.of(97, 98, 99, 100));
      expect(await difference(inference, window)).toBeLessThan(1e-5);
    }
  });
});

it('other parameters make other windows', async () => {
  const one = await randomModel({ voters_per_bit: 4 });
  const two = await randomModel({ voters_per_bit: 4, seed: 2 });
  const prefix = text.subarray(0, 17);
  await one.inference.windows.at(prefix);
  await one.inference.windows.append(await one.inference.windows.at(prefix), text.subarray(17, 21));
  await one.inference.replaceParameters(two.parameters);
  const window = await one.inference.windows.append(await one.inference.windows.at(prefix), text.subarray(17, 21));
  const expected = await two.inference.windows.append(await two.inference.windows.at(prefix), text.subarray(17, 21));
  expect(window.hidden).toEqual(expected.hidden);
  expect(await difference(one.inference, window)).toBeLessThan(1e-5);
  await one.inference.dispose();
  await two.inference.dispose();
});

describe('the chunks of a window', () => {
  const shown = (prefix: string, context: number) =>
    new TextDecoder().decode(caretChunks(new TextEncoder().encode(prefix), context)).replaceAll('\0', '_');

  it.each([
    ['', 8, '____'],
    ['a', 8, '_______a'],
    ['abcde', 8, '_______abcde'],
    ['0123456789abcdefghijklmn', 8, '____0123456789abcdefghijklmn'],
    ['0123456789abcdefghijklmno', 8, '9abcdefghijklmno'.padStart(20, '5678')],
    ['abcdefgh', 1, 'efgh'],
  ])('for %j in %i', (prefix, context, expected) => {
    expect(shown(prefix, context)).toBe(expected);
  });
});

describe('windows that are kept', () => {
  /** Counts what is run, and gives windows that know nothing. */
  function counting(context: number) {
    const runs = { begun: 0, appended: 0 };
    const trunk: Pick<GrowingTrunk, 'begin' | 'append'> = {
      begin: (chunks) => {
        runs.begun++;
        const inputs = Uint8Array.from({ length: 4 * context }, (_, i) => chunks[i] ?? 0);
        const window = new GrowingWindow(inputs, new Float32Array(0), new Float32Array(0), chunks.length / 4);
        return Promise.resolve(window);
      },
      append: (window, chunk) => {
        runs.appended++;
        window.inputs.set(chunk, 4 * window.chunks++);
        return Promise.resolve();
      },
    };
    return { runs, windows: new CaretWindows(trunk, context) };
  }

  it('a typed character costs one chunk, and a whole window every 96 characters of an alignment', async () => {
    const { runs, windows } = counting(64);
    for (let length = 0; length <= 400; length++) await windows.at(text.subarray(0, length));
    // The first of each alignment, and the move from 56 to 33 chunks after 220 and 316 bytes.
    expect(runs.begun).toBe(4 + 4 * 2);
    expect(runs.begun + runs.appended).toBe(401);
  });

  it('asking again costs nothing, going back by a character nothing, and other text a window', async () => {
    const { runs, windows } = counting(64);
    for (const length of [20, 21, 22, 22, 21]) await windows.at(text.subarray(0, length));
    expect(runs).toEqual({ begun: 3, appended: 0 });
    const other = text.slice(0, 22);
    other[0]!++;
    await windows.at(other);
    expect(runs).toEqual({ begun: 4, appended: 0 });
    await windows.at(text.subarray(0, 160));
    expect(runs).toEqual({ begun: 5, appended: 0 });
  });

  it('two who ask at the same time do not share a window', async () => {
    const { windows } = counting(64);
    await windows.at(text.subarray(0, 20));
    const both = await Promise.all([windows.at(text.subarray(0, 24)), windows.at(text.subarray(0, 28))]);
    expect(both.map(({ chunks }) => chunks)).toEqual([7, 8]);
    both.forEach(({ inputs }, i) => {
      expect(inputs.subarray(4, 4 * (7 + i))).toEqual(text.subarray(0, 24 + 4 * i));
    });
  });
});
