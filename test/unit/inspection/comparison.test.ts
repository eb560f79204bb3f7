/** @file Two models on two texts: the same model has no difference, the counts add up, and every number equals one computed chunk by chunk. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareChunk, compareTexts, isSameModel } from '../../../model/inspection/comparison';
import type { ComparedModel } from '../../../model/inspection/comparison';
import { largestDifferences, OUTCOMES } from '../../../model/inspection/comparisonTally';
import { Inspector, isInspectionError } from '../../../model/inspection/inspector';
import type { Comparison } from '../../../model/protocol/comparison';
import type { RandomModelOptions } from './randomModel';
import { randomModel } from './randomModel';

const SOURCE = 'export const größe = [1, 2];\n// → a comment, longer than the line before it\n'.repeat(40);
const text = (length: number, uri = 'a') => ({
  uri,
  version: 1,
  bytes: new TextEncoder().encode(SOURCE).slice(0, length),
});

type TestModel = ComparedModel & { readonly dispose: () => Promise<void> };
async function testModel(options: RandomModelOptions, checkpoint: string): Promise<TestModel> {
  const { inference, head } = await randomModel(options);
  const model = { inference, head, checkpoint };
  return { ...model, inspector: new Inspector(model), dispose: () => inference.dispose() };
}

let first: TestModel;
/** Other weights, M, τ, context and decoding. */
let second: TestModel;
/** The first one, loaded once more. */
let twin: TestModel;
beforeAll(async () => {
  first = await testModel({ seed: 1 }, 'aaaaaaaaaaaa');
  twin = await testModel({ seed: 1 }, 'aaaaaaaaaaaa');
  second = await testModel(
    { seed: 2, voters_per_bit: 8, temperature: 2, context_chunks: 8, bit_decoding: 'chained' },
    'bbbbbbbbbbbb',
  );
});
afterAll(async () => {
  for (const model of [first, second, twin]) await model.dispose();
});

const sum = (values: ArrayLike<number>) => Array.from(values).reduce((total, value) => total + value, 0);

/** What must hold of every comparison of texts of `bytes` bytes. */
function expectCountsToAdd(comparison: Comparison, bytes: number): void {
  expect(comparison.byteLength).toBe(bytes);
  expect(comparison.chunkCount).toBe(Math.ceil(bytes / 4));
  expect(sum(comparison.chunks)).toBe(comparison.chunkCount);
  expect(sum(comparison.bits)).toBe(8 * bytes);
  for (let bit = 0; bit < 32; bit++) {
    const counted = sum(comparison.bits.subarray(4 * bit, 4 * bit + 4));
    expect(counted).toBe(Math.floor(bytes / 4) + (bit < 8 * (bytes % 4) ? 1 : 0));
  }
}

describe('a model beside itself', () => {
  it.each([1, 4, 30, 1023])('differs nowhere on %d bytes', async (length) => {
    for (const other of [first, twin]) {
      const comparison = await compareTexts(
        { model: first, document: text(length) },
        { model: other, document: text(length) },
      );
      expectCountsToAdd(comparison, length);
      comparison.surpriseA.forEach((surprise, chunk) => {
        expect(surprise - comparison.surpriseB[chunk]!).toBe(0);
      });
      const [a, b] = comparison.bitsPerByte;
      expect(a - b).toBe(0);
      expect(comparison.chunks[1]! + comparison.chunks[2]!).toBe(0);
      for (let bit = 0; bit < 32; bit++) expect(comparison.bits[4 * bit + 1]! + comparison.bits[4 * bit + 2]!).toBe(0);
      expect(comparison.equalChunks).toBe(comparison.chunkCount);
      expect(comparison.places.map(({ length: found }) => found)).toEqual([0, 0, comparison.chunks[3]]);
      const chunk = await compareChunk(
        { model: first, document: text(length) },
        { model: other, document: text(length) },
        9,
      );
      expect(chunk.a).toEqual(chunk.b);
    }
  });

  it('is known by weights and configuration', () => {
    expect(isSameModel(first, first)).toBe(true);
    expect(isSameModel(first, twin)).toBe(true);
    expect(isSameModel(first, second)).toBe(false);
    // The same weights can be read with another τ.
    const config = { ...first.inference.config, temperature: 1 };
    expect(isSameModel(first, { ...twin, inference: { ...twin.inference, config } })).toBe(false);
  });
});

describe('two models on one text', () => {
  const bytes = 4 * 90 + 3;
  let comparison: Comparison;
  beforeAll(async () => {
    comparison = await compareTexts({ model: first, document: text(bytes) }, { model: second, document: text(bytes) });
  });

  it('has counts that add to N', () => {
    expectCountsToAdd(comparison, bytes);
    // A test of outcomes that never occur would prove nothing.
    expect(comparison.bits.every((_, at) => sum(comparison.bits.filter((__, i) => i % 4 === at % 4)) > 0)).toBe(true);
    expect(comparison.checkpoints).toEqual(['aaaaaaaaaaaa', 'bbbbbbbbbbbb']);
  });

  it('equals what each model says of each chunk by itself', async () => {
    const chunks = [0, 0, 0, 0];
    const bits = Array<number>(128).fill(0);
    const totals = [0, 0];
    for (let index = 0; index < comparison.chunkCount; index++) {
      const alone = await Promise.all(
        [first, second].map((model) => new Inspector(model).inspectChunk(text(bytes), 4 * index, 0)),
      );
      const right = alone.map(({ probabilities, bits: real, length }) =>
        Array.from({ length: 8 * length }, (_, bit) => (probabilities[bit]! >= 0.5 ? 1 : 0) === real[bit]),
      );
      const [a, b] = right as [boolean[], boolean[]];
      const code = (x: boolean, y: boolean) => (x ? 0 : 2) + (y ? 0 : 1);
      // bothRight 0, onlyA 1, onlyB 2, bothWrong 3
      a.forEach((isRightA, bit) => bits[4 * bit + code(isRightA, b[bit]!)]!++);
      const outcome = code(!a.includes(false), !b.includes(false));
      chunks[outcome]!++;
      expect(comparison.outcomes[index]).toBe(outcome);
      expect(comparison.surpriseA[index]).toBeCloseTo(alone[0]!.surprise, 3);
      expect(comparison.surpriseB[index]).toBeCloseTo(alone[1]!.surprise, 3);
      alone.forEach(({ surprise }, side) => (totals[side]! += surprise));
    }
    expect([...comparison.chunks]).toEqual(chunks);
    expect([...comparison.bits]).toEqual(bits);
    expect(comparison.bitsPerByte[0]).toBeCloseTo(totals[0]! / bytes, 4);
    expect(comparison.bitsPerByte[1]).toBeCloseTo(totals[1]! / bytes, 4);
  });

  it('lists every place, the largest difference first', () => {
    const difference = (chunk: number) => comparison.surpriseA[chunk]! - comparison.surpriseB[chunk]!;
    comparison.places.forEach((places, list) => {
      expect(places).toHaveLength(comparison.chunks[list + 1]!);
      for (const chunk of places) expect(comparison.outcomes[chunk]).toBe(list + 1);
      const keys = Array.from(
        places,
        (chunk) => [-difference(chunk), difference(chunk), Math.abs(difference(chunk))][list]!,
      );
      expect(keys).toEqual(keys.toSorted((x, y) => y - x));
    });
  });

  it('has the votes of both for one chunk', async () => {
    const chunk = await compareChunk(
      { model: first, document: text(bytes) },
      { model: second, document: text(bytes) },
      bytes,
    );
    expect(chunk).toMatchObject({ index: 90, offset: 360 });
    expect(sum(chunk.scored)).toBe(24);
    for (const [side, model] of [
      [chunk.a, first],
      [chunk.b, second],
    ] as const) {
      const alone = await model.inspector.inspectChunk(text(bytes), 360, 0);
      expect(side.probabilities).toEqual(alone.probabilities);
      const M = model.head.votersPerBit;
      for (let bit = 0; bit < 32; bit++) {
        const row = side.histogram.subarray(32 * bit, 32 * bit + 32);
        expect(sum(row)).toBe(M);
        const votes = alone.votes.subarray(M * bit, M * bit + M);
        expect(row[31]).toBe(votes.filter((vote) => vote >= 31 / 32).length);
        expect(row[0]).toBe(votes.filter((vote) => vote < 1 / 32).length);
      }
    }
  });
});

describe('two texts', () => {
  it('are compared over the bytes that both have', async () => {
    const other = { ...text(50, 'b') };
    other.bytes = other.bytes.slice();
    other.bytes[9] = 120;
    const sides = [
      { model: first, document: text(300) },
      { model: first, document: other },
    ] as const;
    const comparison = await compareTexts(...sides);
    expectCountsToAdd(comparison, 50);
    expect(comparison.equalChunks).toBe(12);
    // Before the byte that differs everything is the same, and what follows the end changes nothing.
    expect(comparison.surpriseA.subarray(0, 2)).toEqual(comparison.surpriseB.subarray(0, 2));
    expect(comparison.surpriseA[2]).not.toBe(comparison.surpriseB[2]);
    const whole = await first.inspector.inspectRange(text(300), 0, 12);
    whole.surprise.forEach((surprise, chunk) => {
      expect(comparison.surpriseA[chunk]).toBeCloseTo(surprise, 3);
    });
    const chunk = await compareChunk(...sides, 299);
    expect(chunk).toMatchObject({ index: 12, offset: 48 });
    expect(sum(chunk.scored)).toBe(16);
  });

  it('cannot be compared where one is empty', async () => {
    const failed = await compareTexts({ model: first, document: text(9) }, { model: second, document: text(0) }).catch(
      (error: unknown) => error,
    );
    expect(isInspectionError(failed)).toBe(true);
  });
});

it('tells how far it is, and ends when it is cancelled', async () => {
  const long = { uri: 'a', version: 1, bytes: new Uint8Array(4 * 5000).fill(97) };
  const sides = [
    { model: second, document: long },
    { model: second, document: long },
  ] as const;
  const steps: [number, number][] = [];
  await compareTexts(...sides, { onProgress: (...step) => steps.push(step) });
  expect(steps).toEqual([
    [2048, 5000],
    [4096, 5000],
    [5000, 5000],
  ]);
  const controller = new AbortController();
  const cancelled = compareTexts(
    { model: first, document: long },
    { model: second, document: long },
    {
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    },
  );
  await expect(cancelled).rejects.toThrow('aborted');
});

describe('places', () => {
  const a = Float32Array.of(1, 5, 2, 9, 4, 4);
  const b = Float32Array.of(3, 1, 2, 1, 9, 1);
  const outcomes = Uint8Array.of(1, 2, 3, 2, 1, 3);

  it.each([
    ['onlyA', [4, 0]],
    ['onlyB', [3, 1]],
    ['bothWrong', [5, 2]],
    ['bothRight', []],
  ] as const)('%s', (outcome, expected) => {
    expect(OUTCOMES).toContain(outcome);
    expect([...largestDifferences(a, b, outcomes, outcome, 10)]).toEqual(expected);
  });

  it('are in the order of the text where they are equal, and no more than asked for', () => {
    const same = new Float32Array(6);
    expect([...largestDifferences(same, same, new Uint8Array(6).fill(3), 'bothWrong', 4)]).toEqual([0, 1, 2, 3]);
  });
});
