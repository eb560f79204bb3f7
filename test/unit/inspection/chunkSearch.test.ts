/** @file The head in JavaScript against the golden vectors, and the most probable chunks against full enumeration. */
import { describe, expect, it } from 'vitest';
import { alternative, alternatives } from '../../../model/inspection/alternatives';
import { bitLogLikelihoods, chunkCode, codeBytes, mostProbableChunks } from '../../../model/inspection/chunkSearch';
import { aggregateBit } from '../../../model/network/aggregation';
import type { Aggregation } from '../../../model/network/aggregations';
import type { BitDecoding } from '../../../model/network/bitDecoding';
import type { ChunkScores } from '../../../model/network/chunkScores';
import type { ModelConfig } from '../../../model/network/config';
import { DEFAULT_CONFIG, temperature } from '../../../model/network/config';
import { VoterHead } from '../../../model/network/voterHead';
import { Random } from '../../../model/text/random';
import { UTF8_BOUNDARY } from '../../../model/text/utf8Automaton';
import { GOLDEN_CASES } from '../../golden/golden';
import { goldenForward, largestDifference, loadGolden } from './goldenModel';
import { randomModel } from './randomModel';

const D = 3;
const CONTEXT = { before: new Uint8Array(0), realCode: 0, scoredBits: 32 };

/**
 * A head with random weights over D = 3, whose hidden vector [1, 1, 1] makes every bit but the given ones certain.
 * @param free bits that may go either way
 */
function randomHead(aggregation: Aggregation, bitDecoding: BitDecoding, free: readonly number[], seed: number) {
  const random = Random.fromSeed(seed);
  const M = 4;
  const config: ModelConfig = {
    ...DEFAULT_CONFIG,
    embedding_dim: D,
    voters_per_bit: M,
    temperature: 3,
    aggregation,
    bit_decoding: bitDecoding,
  };
  const normal = (count: number, scale: number) => Float32Array.from({ length: count }, () => scale * random.normal());
  const bias = normal(32 * M, 0.5);
  const certain = Array.from({ length: 32 }, () => random.integer(2));
  certain.forEach((bit, b) => {
    if (!free.includes(b)) bias.fill(bit === 1 ? 60 : -60, b * M, (b + 1) * M);
  });
  const chain = normal(32 * M * 32, 0.7).map((value, i) => (i % 32 < Math.floor(i / 32 / M) ? value : 0));
  const parameters = new Map([
    ['output_projection.weight', { shape: [32 * M, D, 1], data: normal(32 * M * D, 0.3) }],
    ['output_projection.bias', { shape: [32 * M], data: bias }],
    ['bit_chain.weight', { shape: [32 * M, 32], data: chain }],
  ]);
  const head = new VoterHead(config, parameters, new Float32Array(32).fill(temperature(config)));
  return { head, scores: head.at({ hidden: Float32Array.of(1, 1, 1), inputs: new Uint8Array(4) }, 0), certain };
}

/** Every chunk whose bits are the certain ones but for the free ones, most probable first. */
function enumerate(head: VoterHead, scores: ChunkScores, certain: readonly number[], free: readonly number[]) {
  return Array.from({ length: 2 ** free.length }, (_, choice) => {
    const bits = [...certain];
    free.forEach((b, i) => (bits[b] = (choice >> i) & 1));
    const code = bits.reduce((value, bit) => value * 2 + bit, 0);
    return { code, logProbability: bitLogLikelihoods(head, scores, code).reduce((sum, value) => sum + value, 0) };
  }).sort((a, b) => b.logProbability - a.logProbability);
}

const FREE = [0, 3, 4, 9, 11, 12, 17, 20, 24, 28, 30, 31];

describe.each(['softmax', 'confidence', 'mean', 'max'] as const)('the most probable chunks, %s', (aggregation) => {
  it.each([1, 2, 3])('of independent bits are those of a full enumeration, with seed %i', (seed) => {
    const { head, scores, certain } = randomHead(aggregation, 'independent', FREE, seed);
    const expected = enumerate(head, scores, certain, FREE).slice(0, 20);
    const found = mostProbableChunks(head, scores, 20, { width: 20 });
    expect(found.map(({ code }) => code)).toEqual(expected.map(({ code }) => code));
    expect(
      largestDifference(
        found.map((f) => f.logProbability),
        expected.map((e) => e.logProbability),
      ),
    ).toBeLessThan(1e-9);
  });

  it.each([1, 2, 3])('of chained bits are those of a full enumeration, with seed %i', (seed) => {
    const { head, scores, certain } = randomHead(aggregation, 'chained', FREE, seed);
    const expected = enumerate(head, scores, certain, FREE).slice(0, 10);
    const found = mostProbableChunks(head, scores, 10, { width: 64 });
    expect(found.map(({ code }) => code)).toEqual(expected.map(({ code }) => code));
    expect(
      largestDifference(
        found.map((f) => f.logProbability),
        expected.map((e) => e.logProbability),
      ),
    ).toBeLessThan(1e-9);
  });
});

describe('a search that is held to UTF-8', () => {
  it.each(['independent', 'chained'] as const)('only finds what is, and the best of it, with %s bits', (decoding) => {
    for (let seed = 1; seed < 30; seed++) {
      const { head, scores, certain } = randomHead('softmax', decoding, FREE, seed);
      const found = mostProbableChunks(head, scores, 4, { width: 64, utf8State: UTF8_BOUNDARY });
      expect(found.length).toBeGreaterThan(0);
      for (const { code, utf8State } of found) {
        const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(codeBytes(code), {
          stream: true,
        });
        expect(text).not.toMatch(/[^\P{Cc}\t\n\r]/u);
        expect(utf8State).toBeGreaterThanOrEqual(0);
      }
      // Where the best chunk of all is printable ASCII it is the best of these, too.
      const best = enumerate(head, scores, certain, FREE)[0]!;
      if (codeBytes(best.code).every((byte) => byte >= 32 && byte < 127)) expect(found[0]!.code).toBe(best.code);
    }
  });
});

describe('the head in JavaScript', () => {
  it.each(GOLDEN_CASES)('gives the probabilities and weights of the golden case %s', async (name) => {
    const { head, inference } = await loadGolden(name);
    const golden = await goldenForward(name);
    const M = head.votersPerBit;
    const weights = new Float32Array(M);
    for (let row = 0; row < golden.batch; row++) {
      const first = 4 * row * (golden.context + 1);
      const inputs = golden.bytes.slice(first, first + 4 * golden.context);
      const trunk = { hidden: await inference.hidden(inputs, 1), inputs };
      for (let t = 0; t < golden.context; t++) {
        const at = row * golden.context + t;
        const scores = head.at(trunk, t);
        const code = chunkCode(golden.bytes, first + 4 * (t + 1));
        for (let b = 0; b < 32; b++) {
          const expected = golden.probabilities[at * 32 + b]!;
          expect(Math.abs(head.aggregate(scores, b, code).probability - expected)).toBeLessThan(1e-5);
          expect(Math.abs(head.aggregate(scores, b, code, weights).probability - expected)).toBeLessThan(1e-5);
          const from = (at * 32 + b) * M;
          expect(largestDifference(weights, golden.weights.subarray(from, from + M))).toBeLessThan(1e-5);
        }
      }
    }
    await inference.dispose();
  });

  it('keeps its logarithms exact at the extremes', () => {
    const M = 3;
    const config: ModelConfig = { ...DEFAULT_CONFIG, embedding_dim: 1, voters_per_bit: M };
    for (const tau of [0, 0.5, 6.4, 1000]) {
      for (const score of [-2000, -100, -17, 0, 17, 100, 2000]) {
        const bias = new Float32Array(32 * M).fill(score);
        bias[1] = score / 2;
        const head = new VoterHead(
          config,
          new Map([
            ['output_projection.weight', { shape: [32 * M, 1, 1], data: new Float32Array(32 * M) }],
            ['output_projection.bias', { shape: [32 * M], data: bias }],
          ]),
          new Float32Array(32).fill(tau),
        );
        const scores = head.at({ hidden: Float32Array.of(1), inputs: new Uint8Array(4) }, 0);
        const quick = head.aggregate(scores, 0, 0);
        const reference = aggregateBit(scores.of(0, 0), 0, M, 'softmax', tau);
        for (const key of ['logProbability', 'logComplement'] as const) {
          expect(Number.isFinite(quick[key])).toBe(true);
          expect(Math.abs(quick[key] - reference[key])).toBeLessThan(1e-9 * Math.max(1, Math.abs(reference[key])));
        }
      }
    }
  });
});

describe('alternatives', () => {
  it.each(
    (['softmax', 'confidence', 'mean', 'max'] as const).flatMap((aggregation) =>
      (['independent', 'chained'] as const).map((decoding) => [aggregation, decoding] as const),
    ),
  )('are the 20 most probable of all 4096 chunks that may be, with %s and %s bits', (aggregation, decoding) => {
    for (let seed = 1; seed <= 5; seed++) {
      const { head, scores, certain } = randomHead(aggregation, decoding, FREE, seed);
      const expected = enumerate(head, scores, certain, FREE).slice(0, 20);
      const realCode = expected[3]!.code;
      const found = alternatives(head, scores, 20, { before: new Uint8Array(0), realCode, scoredBits: 24 });
      expect(found.map(({ bytes }) => chunkCode(bytes))).toEqual(expected.map(({ code }) => code));
      found.forEach(({ probability, flippedBits }, i) => {
        const { code, logProbability } = expected[i]!;
        expect(probability).toBeCloseTo(Math.exp(logProbability), 9);
        const flipped = Array.from({ length: 24 }, (_, bit) => bit).filter(
          (bit) => ((code >>> (31 - bit)) & 1) !== ((realCode >>> (31 - bit)) & 1),
        );
        expect([...flippedBits]).toEqual(flipped);
      });
    }
  });

  it.each(
    (['softmax', 'confidence', 'mean'] as const).flatMap((aggregation) => [
      { aggregation },
      { aggregation, byte_channels: 10 },
    ]),
  )('found with tables are those of a search with exact probabilities, with %j', async (config) => {
    for (const [temperature, headScale] of [
      [6, 0.4],
      [12, 1.5],
      [0.5, 1],
      // Too steep for tables: the exact search answers.
      [500, 1],
    ] as const) {
      const model = await randomModel({ ...config, bit_decoding: 'chained', temperature, headScale });
      const random = Random.fromSeed(3);
      for (let position = 0; position < 10; position++) {
        const hidden = Float32Array.from({ length: 4 * 16 }, () => random.normal());
        const inputs = Uint8Array.from({ length: 16 }, () => random.integer(256));
        const scores = model.head.at({ hidden, inputs }, 3);
        const expected = mostProbableChunks(model.head, scores, 20, { width: 80 });
        const found = alternatives(model.head, scores, 20, CONTEXT);
        expect(found.map(({ bytes }) => chunkCode(bytes))).toEqual(expected.map(({ code }) => code));
        // The hover's few are the first of the view's.
        const [few, more] = [3, 8].map((count) => alternatives(model.head, scores, count, CONTEXT));
        expect(few).toEqual(more!.slice(0, 3));
      }
      await model.inference.dispose();
    }
  });

  it('fall back on exact probabilities where the tables end', () => {
    const { head, scores } = randomHead('softmax', 'chained', [7], 2);
    const found = alternatives(head, scores, 4, CONTEXT);
    const exact = mostProbableChunks(head, scores, 4, { width: 64 });
    expect(found.map(({ bytes }) => chunkCode(bytes))).toEqual(exact.map(({ code }) => code));
    expect(exact[3]!.logProbability).toBeLessThan(-30);
  });

  it('say their text, their probability and whether they are UTF-8 where they stand', () => {
    const { head, scores, certain } = randomHead('softmax', 'independent', [], 5);
    const bytes = codeBytes(certain.reduce((value, bit) => value * 2 + bit, 0));
    const [only] = alternatives(head, scores, 1, CONTEXT);
    expect(only).toMatchObject({ bytes });
    expect(only!.probability).toBeCloseTo(1, 9);
    expect(alternatives(head, scores, 0, CONTEXT)).toEqual([]);
    expect(alternatives(head, scores, 20, CONTEXT)).toHaveLength(20);
  });

  it('show spaces at their edges and what is invisible', () => {
    const text = (bytes: string): string =>
      alternative({ code: chunkCode(new TextEncoder().encode(bytes)), logProbability: -1 }, CONTEXT).text;
    expect([' the', 'of  ', ' \u200b', '\u00ad\n\0', '\ufeffa'].map(text)).toEqual([
      '␣the',
      'of␣␣',
      '␣\\u200B',
      '\\u00AD↵␀',
      '\\uFEFFa',
    ]);
  });

  it('may go on with the character before them', () => {
    const M = 1;
    const bits = Array.from('10100100011000010110001001100011', Number); // A4 'a' 'b' 'c'
    const config: ModelConfig = { ...DEFAULT_CONFIG, embedding_dim: 1, aggregation: 'dense' };
    const head = new VoterHead(
      config,
      new Map([
        ['output_projection.weight', { shape: [32 * M, 1, 1], data: new Float32Array(32 * M) }],
        ['output_projection.bias', { shape: [32 * M], data: Float32Array.from(bits, (bit) => (bit === 1 ? 9 : -9)) }],
      ]),
      new Float32Array(32).fill(NaN),
    );
    const scores = head.at({ hidden: Float32Array.of(1), inputs: new Uint8Array(4) }, 0);
    expect(alternatives(head, scores, 1, { ...CONTEXT, before: Uint8Array.of(0xc3) })[0]).toMatchObject({
      validUtf8: true,
      text: '\\xA4abc',
    });
    expect(alternatives(head, scores, 1, CONTEXT)[0]).toMatchObject({ validUtf8: false });
  });
});
