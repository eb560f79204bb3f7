/** @file Two models on two texts, with voters changed or not: the same side has no difference, counts add up, and every number equals one computed chunk by chunk. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compareChunk, compareContinuations, compareTexts, isSameModel } from '../../../model/inspection/comparison';
import type { ComparedModel } from '../../../model/inspection/comparison';
import {
  changedPlaces,
  differenceInterval,
  largestDifferences,
  OUTCOMES,
} from '../../../model/inspection/comparisonTally';
import { chunkCode } from '../../../model/inspection/chunkSearch';
import { decode } from '../../../model/inspection/decode';
import { isInspectionError } from '../../../model/inspection/documentChunk';
import { Inspector } from '../../../model/inspection/inspector';
import { ChangedHead, isVoterChangeError } from '../../../model/inspection/lesions';
import { aggregateBit } from '../../../model/network/aggregation';
import type { Comparison } from '../../../model/protocol/comparison';
import type { VoterChange } from '../../../model/protocol/inspection';
import { Random } from '../../../model/text/random';
import { fillWindow, windowOfChunk } from '../../../model/text/windows';
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

const side = (model: ComparedModel, document: ReturnType<typeof text>, changes: readonly VoterChange[] = []) => ({
  model,
  document,
  changes,
});

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
      const comparison = await compareTexts(side(first, text(length)), side(other, text(length)));
      expectCountsToAdd(comparison, length);
      comparison.surpriseA.forEach((surprise, chunk) => {
        expect(surprise - comparison.surpriseB[chunk]!).toBe(0);
      });
      const [a, b] = comparison.bitsPerByte;
      expect(a - b).toBe(0);
      expect(comparison.chunks[1]! + comparison.chunks[2]!).toBe(0);
      for (let bit = 0; bit < 32; bit++) expect(comparison.bits[4 * bit + 1]! + comparison.bits[4 * bit + 2]!).toBe(0);
      expect(comparison.equalChunks).toBe(comparison.chunkCount);
      expect(comparison.places.map(({ length: found }) => found)).toEqual([0, 0, comparison.chunks[3], 0, 0]);
      expect(comparison.changed).toEqual([0, 0]);
      const chunk = await compareChunk(side(first, text(length)), side(other, text(length)), 9);
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
    comparison = await compareTexts(side(first, text(bytes)), side(second, text(bytes)));
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
    const [, onlyA, onlyB, bothWrong] = comparison.chunks;
    const counts = [onlyA, onlyB, bothWrong, ...comparison.changed];
    comparison.places.forEach((places, list) => {
      expect(places).toHaveLength(counts[list]!);
      if (list < 3) for (const chunk of places) expect(comparison.outcomes[chunk]).toBe(list + 1);
      const advantage = (chunk: number) =>
        [-difference(chunk), difference(chunk), Math.abs(difference(chunk)), difference(chunk), -difference(chunk)][
          list
        ]!;
      const keys = Array.from(places, advantage);
      expect(keys).toEqual(keys.toSorted((x, y) => y - x));
      if (list > 2) expect(Math.min(...keys)).toBeGreaterThan(0);
    });
    expect(sum(comparison.changed)).toBe(comparison.chunkCount);
  });

  it('has the votes of both for one chunk', async () => {
    const chunk = await compareChunk(side(first, text(bytes)), side(second, text(bytes)), bytes);
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
    const sides = [side(first, text(300)), side(first, other)] as const;
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
    const failed = await compareTexts(side(first, text(9)), side(second, text(0))).catch((error: unknown) => error);
    expect(isInspectionError(failed)).toBe(true);
  });
});

const silenced = (bit: number, ...voters: number[]): VoterChange[] =>
  voters.map((voter) => ({ bit, voter, vote: null }));
/** Bit 5 without any of its 24 voters. */
const noVoters = silenced(5, ...Array(24).keys());

describe('voters changed on one side', () => {
  const bytes = 4 * 45 + 2;
  const changes = [...silenced(3, 2, 9), ...silenced(12, 0), { bit: 20, voter: 7, vote: 1 }];

  it('the same on both differ nowhere', async () => {
    const { surpriseA, surpriseB, chunks, places } = await compareTexts(
      side(first, text(bytes), changes),
      side(twin, text(bytes), [...changes]),
    );
    expect(surpriseA).toEqual(surpriseB);
    expect(chunks[1]! + chunks[2]!).toBe(0);
    expect([places[3], places[4]]).toEqual([new Uint32Array(), new Uint32Array()]);
  });

  it('are those of brute force over the voters that are left, bit by bit', async () => {
    const document = text(bytes);
    const comparison = await compareTexts(side(first, document), side(first, document, changes));
    const { inference, head } = first;
    const T = inference.config.context_chunks;
    const M = head.votersPerBit;
    let largest = 0;
    for (let index = 0; index < comparison.chunkCount; index++) {
      const window = windowOfChunk(index, comparison.chunkCount, T);
      const filled = new Uint8Array(4 * (T + 1));
      fillWindow(document.bytes, window, T, filled, 0);
      const inputs = filled.subarray(0, 4 * T);
      const scores = head.at({ hidden: await inference.hidden(inputs, 1), inputs }, index - window.firstTarget);
      const chunk = Uint8Array.from({ length: 4 }, (_, at) => document.bytes[4 * index + at] ?? 0);
      const scored = Math.min(32, 8 * (bytes - 4 * index));
      const total = (of: readonly VoterChange[]) => {
        let surprise = 0;
        for (let bit = 0; bit < scored; bit++) {
          const z = Array.from(head.bitScores(scores, bit, chunkCode(chunk)));
          // A vote that is held at 1 has an infinite score.
          for (const { voter, vote } of of.filter((change) => change.bit === bit && change.vote !== null)) {
            z[voter] = vote === 1 ? Infinity : -Infinity;
          }
          const left = z.filter((_, voter) => !of.some((o) => o.bit === bit && o.voter === voter && o.vote === null));
          const { logProbability, logComplement } = aggregateBit(
            left,
            0,
            left.length,
            head.aggregation,
            head.temperatures[bit]!,
          );
          const isOne = (chunk[bit >> 3]! >> (7 - (bit & 7))) & 1;
          surprise -= (isOne === 1 ? logProbability : logComplement) / Math.LN2;
        }
        return surprise;
      };
      expect(M).toBe(24);
      expect(comparison.surpriseA[index]).toBeCloseTo(total([]), 3);
      expect(comparison.surpriseB[index]).toBeCloseTo(total(changes), 3);
      largest = Math.max(largest, Math.abs(total([]) - total(changes)));
    }
    // A test of changes that change nothing would prove nothing.
    expect(largest).toBeGreaterThan(0.1);
  });

  it('are seen in one chunk: votes that are left, p, and the same surprise', async () => {
    const document = text(bytes);
    const comparison = await compareTexts(side(first, document), side(first, document, changes));
    const { a, b } = await compareChunk(side(first, document), side(first, document, changes), 44);
    expect(b.surprise).toBeCloseTo(comparison.surpriseB[11]!, 3);
    expect(b.surprise).not.toBeCloseTo(a.surprise, 3);
    const votes = (of: typeof a, bit: number) => of.histogram.subarray(32 * bit, 32 * bit + 32);
    expect([3, 12, 20, 0].map((bit) => sum(votes(b, bit)))).toEqual([22, 23, 24, 24]);
    expect(votes(b, 20)[31]).toBeGreaterThan(0);
    const changed = new Set([3, 12, 20]);
    for (let bit = 0; bit < 32; bit++) {
      if (changed.has(bit)) expect(b.probabilities[bit]).not.toBe(a.probabilities[bit]);
      else expect(b.probabilities[bit]).toBe(a.probabilities[bit]);
    }
  });

  it('a bit without voters counts one bit, and is not right', async () => {
    const document = text(bytes);
    const sides = [side(first, document), side(first, document, noVoters)] as const;
    const comparison = await compareTexts(...sides);
    const { a, b } = await compareChunk(...sides, 0);
    expect(b.probabilities[5]).toBeNaN();
    expect(sum(b.histogram.subarray(160, 192))).toBe(0);
    const real = a.bits[5] === 1 ? a.probabilities[5]! : 1 - a.probabilities[5]!;
    expect(b.surprise - a.surprise).toBeCloseTo(1 + Math.log2(real), 3);
    const [bothRight, onlyA, onlyB, bothWrong] = comparison.bits.subarray(20, 24);
    expect([bothRight, onlyB]).toEqual([0, 0]);
    expect(onlyA! + bothWrong!).toBe(Math.ceil(bytes / 4));
  });

  it('held against the text on both sides are infinitely surprising, and differ in nothing there', async () => {
    const held: VoterChange[] = [...Array(24).keys()].map((voter) => ({ bit: 0, voter, vote: 1 }));
    const document = text(bytes);
    // The first bit of ASCII is 0.
    const { surpriseA, surpriseB, bitsPerByte, places, changed, differenceInterval } = await compareTexts(
      side(first, document, held),
      side(first, document, [...held, ...silenced(3, 1)]),
    );
    expect([surpriseA[0], surpriseB[0]]).toEqual([Infinity, Infinity]);
    expect(bitsPerByte).toEqual([Infinity, Infinity]);
    expect(differenceInterval).toBeNull();
    const ascii = surpriseA.filter((surprise) => surprise === Infinity).length;
    expect(sum(changed)).toBeLessThanOrEqual(surpriseA.length - ascii);
    // Those that differ come first, in the order of their differences.
    const differences = Array.from(places[2], (chunk) =>
      surpriseA[chunk] === surpriseB[chunk] ? 0 : Math.abs(surpriseA[chunk]! - surpriseB[chunk]!),
    );
    expect(differences).toEqual(differences.toSorted((x, y) => y - x));
  });

  it('that the model does not have are refused', async () => {
    const failed = await compareTexts(side(first, text(9)), side(second, text(9), silenced(1, 20))).catch(
      (error: unknown) => error,
    );
    expect(isVoterChangeError(failed)).toBe(true);
  });
});

describe('what both write on', () => {
  const changes = [...Array(32).keys()].flatMap((bit) => silenced(bit, 1, 2, 3));
  const document = text(300);
  const asked = { offset: 41, maxBytes: 12 };

  it('is the same for the same side, and each what its head decodes', async () => {
    const same = await compareContinuations(side(first, document), side(first, document), asked);
    expect(same.a).toEqual(same.b);
    const { a, b } = await compareContinuations(side(first, document), side(first, document, changes), asked);
    expect(a).toEqual(same.a);
    expect(a.offset).toBe(40);
    const prefix = document.bytes.subarray(0, 40);
    for (const [of, head] of [
      [a, first.head],
      [b, new ChangedHead(first.head, changes)],
    ] as const) {
      const { inference } = first;
      const { bytes: all, logProbabilities } = await decode(
        { inference, head },
        { prefix, maxBytes: 12, minConfidence: 0 },
      );
      expect([...of.bytes]).toEqual(all.slice(0, of.bytes.length));
      expect(of.bytes.length).toBeGreaterThan(8);
      expect(of.surprise).toBeCloseTo(-logProbabilities[of.bytes.length]! / Math.LN2, 9);
    }
    expect(a.bytes).not.toEqual(b.bytes);
  });

  it('stands beside the real text and its surprise', async () => {
    const sides = [side(first, document), side(second, document)] as const;
    const { a, b } = await compareContinuations(...sides, asked);
    const { surpriseA, surpriseB } = await compareTexts(...sides);
    expect(a.real).toEqual(document.bytes.slice(40, 52));
    expect(a.realSurprise).toBeCloseTo(sum(surpriseA.subarray(10, 13)), 3);
    expect(b.realSurprise).toBeCloseTo(sum(surpriseB.subarray(10, 13)), 3);
    const end = await compareContinuations(...sides, { ...asked, offset: 9999 });
    expect(end.a).toMatchObject({ offset: 296, real: document.bytes.slice(296) });
  });

  it('begins with the whole character where the chunk begins in one', async () => {
    const split = { ...document, bytes: new TextEncoder().encode('abc→ and more') };
    const { a } = await compareContinuations(side(first, split), side(first, split), { offset: 4, maxBytes: 12 });
    expect(a.offset).toBe(3);
    expect(a.bytes[0]).toBe(0xe2);
    expect(() => new TextDecoder('utf-8', { fatal: true }).decode(a.bytes)).not.toThrow();
    expect(a.real).toEqual(split.bytes.slice(3));
  });

  it('ends when it is cancelled', async () => {
    const signal = AbortSignal.abort();
    await expect(compareContinuations(side(first, document), side(first, document), asked, { signal })).rejects.toThrow(
      'aborted',
    );
  });
});

it('tells how far it is, and ends when it is cancelled', async () => {
  const long = { uri: 'a', version: 1, bytes: new Uint8Array(4 * 5000).fill(97) };
  const sides = [side(second, long), side(second, long)] as const;
  const steps: [number, number][] = [];
  await compareTexts(...sides, { onProgress: (...step) => steps.push(step) });
  expect(steps).toEqual([
    [2048, 5000],
    [4096, 5000],
    [5000, 5000],
  ]);
  const controller = new AbortController();
  const cancelled = compareTexts(side(first, long), side(second, long), {
    signal: controller.signal,
    onProgress: () => {
      controller.abort();
    },
  });
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

describe('what got better and worse', () => {
  it('is listed by how much, whoever is right', () => {
    const [better, worse] = changedPlaces(Float32Array.of(1, 5, 2, 9, 4, 4), Float32Array.of(3, 1, 2, 1, 9, 3));
    expect([...better]).toEqual([3, 1, 5]);
    expect([...worse]).toEqual([4, 0]);
  });

  it('has an interval that holds a difference that is there, and none of a short or an infinite text', () => {
    const random = Random.fromSeed(3);
    const a = Float32Array.from({ length: 3200 }, () => 8 + random.normal());
    const more = (by: number) => a.map((surprise) => surprise - by + 0.5 * random.normal());
    const [low, high] = differenceInterval(a, more(0.4))!;
    // A chunk has four bytes; 0.5 bits of noise over 3,200 chunks are 0.0022 bits per byte.
    expect(low).toBeLessThan(0.1);
    expect(high).toBeGreaterThan(0.1);
    expect(high - low).toBeGreaterThan(0.005);
    expect(high - low).toBeLessThan(0.015);
    expect(differenceInterval(a, a)).toEqual([0, 0]);
    expect(differenceInterval(a.subarray(0, 63), a.subarray(0, 63))).toBeNull();
    expect(
      differenceInterval(
        a,
        a.map((value, chunk) => (chunk === 7 ? Infinity : value)),
      ),
    ).toBeNull();
  });
});
