/** @file The statistics of every voter: equal to a brute-force pass over the votes, whatever the aggregation. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import type { VoterStatistics } from '../../../model/checkpoint/voterStatistics';
import { corpusStatistics } from '../../../model/inspection/corpusStatistics';
import { Inspector } from '../../../model/inspection/inspector';
import { Reservoirs } from '../../../model/inspection/reservoirs';
import { Turns } from '../../../model/inspection/turns';
import { TwinSearch } from '../../../model/inspection/twins';
import { VoterAccumulator } from '../../../model/inspection/voterAccumulator';
import { classesOf, voteAuroc, voterClasses } from '../../../model/inspection/voterClasses';
import { isCorpusError } from '../../../model/text/corpus';
import { Random } from '../../../model/text/random';
import { randomModel } from './randomModel';

const encoder = new TextEncoder();
const FILES = [
  { path: '/a', bytes: encoder.encode('const größe = [1, 2];\nlet on = true;\n'.repeat(12)).subarray(0, 431) },
  { path: '/b', bytes: encoder.encode('abc') },
  { path: '/c', bytes: encoder.encode('Every file is seen from its own start.\n'.repeat(3)) },
];

/** Every vote, weight and p of every complete chunk, one inspection after the other. */
async function observe(model: Awaited<ReturnType<typeof randomModel>>) {
  const inspector = new Inspector(model);
  const seen: {
    votes: Float32Array;
    weights: Float32Array;
    probabilities: Float32Array;
    effects: Float32Array;
    bits: Uint8Array;
    code: number;
  }[] = [];
  for (const { bytes } of FILES) {
    for (let at = 0; at + 4 <= bytes.length; at += 4) {
      const chunk = await inspector.inspectChunk({ uri: '', version: 0, bytes }, at, 0);
      const code = chunk.bits.reduce((value, bit) => (value << 1) | bit, 0);
      seen.push({ ...chunk, code });
    }
  }
  return seen;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

describe.each([
  ['softmax', 'chained', 0],
  ['softmax', 'chained', 8],
  ['confidence', 'independent', 0],
  ['mean', 'chained', 0],
  ['max', 'independent', 0],
] as const)('over a corpus, %s and %s bits, %d channels of a byte stage', (aggregation, bit_decoding, channels) => {
  let model: Awaited<ReturnType<typeof randomModel>>;
  let statistics: VoterStatistics;
  let seen: Awaited<ReturnType<typeof observe>>;
  const progress: [number, number][] = [];
  beforeAll(async () => {
    const stage = channels === 0 ? {} : { byte_channels: channels };
    model = await randomModel({ aggregation, bit_decoding, headScale: 0.6, voters_per_bit: 12, ...stage });
    seen = await observe(model);
    statistics = await corpusStatistics(model.inference, FILES, {
      seed: 5,
      onProgress: (...counts) => progress.push(counts),
    });
  });
  afterAll(() => model.inference.dispose());

  it('counts, moments and weights are those of a brute-force pass', () => {
    const N = seen.length;
    expect(N).toBe(107 + 0 + 29);
    expect(statistics.chunks).toBe(N);
    expect(progress.at(-1)).toEqual([N, N]);
    const tau = model.config.temperature!;
    for (let bit = 0; bit < 32; bit++) {
      const ones = seen.filter(({ bits }) => bits[bit] === 1);
      expect(statistics.ones[bit]).toBe(ones.length);
      for (let voter = 0; voter < 12; voter++) {
        const row = bit * 12 + voter;
        for (const real of [0, 1]) {
          const votes = seen.filter(({ bits }) => bits[bit] === real).map((chunk) => chunk.votes[row]!);
          const histogram = statistics.histograms.subarray((2 * row + real) * 64, (2 * row + real + 1) * 64);
          const expected = new Int32Array(64);
          for (const vote of votes) expected[Math.min(63, Math.floor(vote * 64))]!++;
          // A vote at the edge of a bin may round to either side of it: the two passes differ in their last digits.
          const difference = histogram.reduce((sum, count, bin) => sum + Math.abs(count - expected[bin]!), 0);
          const nearEdge = votes.filter((vote) => Math.abs(vote * 64 - Math.round(vote * 64)) < 1e-3).length;
          expect(histogram.reduce((sum, count) => sum + count, 0)).toBe(votes.length);
          expect(difference).toBeLessThanOrEqual(2 * nearEdge);
          if (votes.length === 0) {
            expect(statistics.means[2 * row + real]).toBeNaN();
            continue;
          }
          expect(statistics.means[2 * row + real]).toBeCloseTo(mean(votes), 5);
          const variance = mean(votes.map((vote) => (vote - mean(votes)) ** 2));
          expect(statistics.variances[2 * row + real]).toBeCloseTo(variance, 5);
        }
        const votes = seen.map((chunk) => chunk.votes[row]!);
        expect(statistics.minima[row]).toBeCloseTo(Math.min(...votes), 5);
        expect(statistics.maxima[row]).toBeCloseTo(Math.max(...votes), 5);
        expect(statistics.meanWeights[row]).toBeCloseTo(mean(seen.map(({ weights }) => weights[row]!)), 5);
        // Compared with a slack on both sides, for votes and weights that are almost equal.
        const count = (test: (chunk: (typeof seen)[number], slack: number) => boolean, found: number) => {
          expect(found).toBeGreaterThanOrEqual(seen.filter((chunk) => test(chunk, 1e-5)).length);
          expect(found).toBeLessThanOrEqual(seen.filter((chunk) => test(chunk, -1e-5)).length);
        };
        count(({ votes: v }, slack) => v[row]! > 0.5 + slack, statistics.activeCounts[row]!);
        count(({ weights }, slack) => {
          const sorted = [...weights.subarray(bit * 12, (bit + 1) * 12)].sort((a, b) => b - a);
          return weights[row]! >= sorted[1]! + slack && weights[row]! > Math.max(0, slack);
        }, statistics.largeWeightCounts[row]!);
        count(({ votes: v, probabilities, bits }, slack) => {
          if (bits[bit] === 0 || aggregation === 'mean' || aggregation === 'max') return false;
          const sign = aggregation === 'confidence' && v[row]! < 0.5 ? -1 : 1;
          return 1 + tau * sign * (v[row]! - probabilities[bit]!) < -slack;
        }, statistics.invertedCounts[row]!);
      }
    }
  });

  it('wins, effects and the bytes that are promoted are those of single chunks', () => {
    const contributions = statistics.contributions!;
    expect(statistics.weightChunks).toBe(seen.length);
    expect(contributions.effects.some((effect) => Math.abs(effect) > 0.1)).toBe(true);
    for (let row = 0; row < 32 * 12; row++) {
      const first = row - (row % 12);
      const effects = seen.map((chunk) => chunk.effects[row]!);
      // Weights are float32: what is left of a bit without its loudest voters has fewer digits.
      const slack = 1e-4 * effects.reduce((sum, effect) => sum + Math.abs(effect), 0) + 1e-5;
      expect(Math.abs(contributions.effects[row]! - effects.reduce((sum, effect) => sum + effect, 0))).toBeLessThan(
        slack,
      );
      const wins = (by: number) =>
        seen.filter(({ weights }) =>
          weights.subarray(first, first + 12).every((w, i) => first + i === row || weights[row]! > w + by),
        ).length;
      expect(contributions.winCounts[row]).toBeGreaterThanOrEqual(wins(1e-6));
      expect(contributions.winCounts[row]).toBeLessThanOrEqual(wins(-1e-6));
      const saved = new Map<number, number>();
      for (const { code, effects: all } of seen) {
        const byte = (code >>> (24 - 8 * Math.floor(row / 12 / 8))) & 255;
        saved.set(byte, (saved.get(byte) ?? 0) + all[row]!);
      }
      const most = [...saved.values()].filter((bits) => bits > slack).sort((a, b) => b - a);
      for (let k = 0; k < 3; k++) {
        const [byte, bits] = [contributions.promotedBytes[3 * row + k]!, contributions.promotedBits[3 * row + k]!];
        if (k < most.length) expect(Math.abs(bits - most[k]!)).toBeLessThan(slack);
        if (bits > 0) expect(Math.abs(bits - saved.get(byte)!)).toBeLessThan(slack);
      }
    }
  });

  it('examples are real chunks of the corpus, the largest votes among them', () => {
    for (let row = 0; row < 32 * 12; row += 7) {
      const top = Array.from({ length: 8 }, (_, i) => statistics.top.votes[8 * row + i]!);
      const expected = seen.map((chunk) => chunk.votes[row]!).sort((a, b) => b - a);
      top.forEach((vote, i) => {
        expect(vote).toBeCloseTo(expected[i]!, 5);
      });
      for (const { chunks, votes, codes } of [statistics.top, statistics.sample]) {
        const numbers = [...chunks.subarray(8 * row, 8 * row + 8)];
        expect(new Set(numbers).size).toBe(8);
        numbers.forEach((chunk, i) => {
          expect(votes[8 * row + i]).toBeCloseTo(seen[chunk]!.votes[row]!, 5);
          expect(codes[8 * row + i]).toBe(seen[chunk]!.code | 0);
        });
      }
    }
  });

  it('the voter that votes most alike is that of all correlations', () => {
    expect(statistics.correlationChunks).toBe(seen.length);
    for (const bit of [2, 13, 31]) {
      const columns = Array.from({ length: 12 }, (_, voter) => seen.map((chunk) => chunk.votes[bit * 12 + voter]!));
      const correlation = (a: number[], b: number[]) => {
        const [ma, mb] = [mean(a), mean(b)];
        const covariance = mean(a.map((value, i) => (value - ma) * (b[i]! - mb)));
        return covariance / Math.sqrt(mean(a.map((v) => (v - ma) ** 2)) * mean(b.map((v) => (v - mb) ** 2)));
      };
      columns.forEach((column, voter) => {
        const votes = (i: number) => statistics.activeCounts[bit * 12 + i]! > 0;
        const others = columns.map((other, i) => (i === voter || !votes(i) ? -Infinity : correlation(column, other)));
        if (!votes(voter) || Math.max(...others) === -Infinity) {
          expect(statistics.nearest[bit * 12 + voter]).toBe(-1);
          return;
        }
        expect(statistics.nearestCorrelations[bit * 12 + voter]).toBeCloseTo(Math.max(...others), 3);
        expect(others[statistics.nearest[bit * 12 + voter]!]).toBeCloseTo(Math.max(...others), 3);
      });
    }
  });
});

describe('one pass', () => {
  it('gives the same for the same seed, stops when it is cancelled, and says where there is nothing', async () => {
    const model = await randomModel({ voters_per_bit: 6 });
    const first = await corpusStatistics(model.inference, FILES, { seed: 1 });
    expect(await corpusStatistics(model.inference, FILES, { seed: 1 })).toEqual(first);
    const other = await corpusStatistics(model.inference, FILES, { seed: 2 });
    expect(other.histograms).toEqual(first.histograms);
    expect(other.sample.chunks).not.toEqual(first.sample.chunks);

    const vectors = vi.spyOn(model.inference, 'vectors');
    const controller = new AbortController();
    const long = [{ path: '/long', bytes: new Uint8Array(20_000).fill(97) }];
    const run = corpusStatistics(model.inference, long, {
      seed: 1,
      signal: controller.signal,
      onProgress: () => {
        controller.abort();
      },
    });
    await expect(run).rejects.toMatchObject({ name: 'AbortError' });
    expect(vectors).toHaveBeenCalledTimes(1);
    const nothing: unknown = await corpusStatistics(model.inference, [FILES[1]!], { seed: 1 }).catch((e: unknown) => e);
    expect(isCorpusError(nothing)).toBe(true);
    await model.inference.dispose();
  });
});

/** One bit after the other with the same votes. */
function accumulate(votesOf: (chunk: number) => readonly number[], chunks: number, codeOf: (chunk: number) => number) {
  const M = votesOf(0).length;
  const accumulator = new VoterAccumulator({
    votersPerBit: M,
    aggregation: 'softmax',
    temperatures: new Float32Array(32).fill(5),
    chunks,
    totalChunks: chunks,
    seed: 1,
    names: null,
  });
  for (let chunk = 0; chunk < chunks; chunk++) {
    const votes = Float32Array.from({ length: 32 * M }, (_, row) => votesOf(chunk)[row % M]!);
    const weights = votes.map((vote) => vote / M);
    accumulator.add({
      count: 1,
      positions: { votes, weights, probabilities: new Float32Array(32).fill(0.9) },
      codes: Uint32Array.of(codeOf(chunk)),
      chunks: Uint32Array.of(chunk),
      labels: null,
    });
  }
  return accumulator.finish();
}

describe('blocks of chunks', () => {
  it('give what the chunks give one by one', async () => {
    const random = Random.fromSeed(8);
    const M = 10;
    const count = 700;
    const uniform = (length: number) => Float32Array.from({ length }, () => random.uniform() ** 3);
    const positions = {
      votes: uniform(count * 32 * M),
      weights: uniform(count * 32 * M),
      probabilities: uniform(count * 32),
    };
    const codes = Uint32Array.from({ length: count }, () => random.integer(2 ** 32));
    const chunks = Uint32Array.from({ length: count }, (_, n) => 3 * n);
    const gather = (block: number) => {
      const accumulator = new VoterAccumulator({
        votersPerBit: M,
        aggregation: 'softmax',
        temperatures: new Float32Array(32).fill(5),
        chunks: count,
        totalChunks: 3 * count,
        seed: 4,
        names: null,
      });
      for (let from = 0; from < count; from += block) {
        const to = Math.min(count, from + block);
        const { votes, weights, probabilities } = positions;
        accumulator.add({
          count: to - from,
          positions: {
            votes: votes.subarray(from * 32 * M, to * 32 * M),
            weights: weights.subarray(from * 32 * M, to * 32 * M),
            probabilities: probabilities.subarray(from * 32, to * 32),
          },
          codes: codes.subarray(from, to),
          chunks: chunks.subarray(from, to),
          labels: null,
        });
      }
      return accumulator.finish();
    };
    expect(await gather(256)).toEqual(await gather(1));
  });
});

describe('a corpus with more chunks than are looked at', () => {
  it('is looked at in windows spread evenly over it, and says how many of how many', async () => {
    const model = await randomModel({ voters_per_bit: 6 });
    const bytes = Buffer.from(Array.from({ length: 900 }, (_, i) => `line ${i * 7919} of a text\n`).join(''));
    const file = { path: '/long', bytes };
    const all = await corpusStatistics(model.inference, [file], { seed: 1 });
    const part = await corpusStatistics(model.inference, [file], { seed: 1, maxChunks: 1000 });
    expect(all.chunks).toBe(Math.floor(bytes.length / 4));
    expect(all.totalChunks).toBe(all.chunks);
    expect(part.totalChunks).toBe(all.chunks);
    expect(part.chunks).toBeLessThanOrEqual(1000);
    expect(part.chunks).toBeGreaterThan(900);
    // Every eighth of the text gives some of the examples: they are spread.
    const eighths = new Set(Array.from(part.sample.chunks, (chunk) => Math.floor((8 * chunk) / all.chunks)));
    expect(eighths.size).toBe(8);
    // The same chunk has the same vote, whether all are looked at or a part.
    const inspector = new Inspector(model);
    for (const row of [0, 100, 191]) {
      const { votes } = await inspector.inspectChunk(
        { uri: '', version: 0, bytes },
        4 * part.sample.chunks[8 * row]!,
        0,
      );
      expect(part.sample.votes[8 * row]).toBeCloseTo(votes[row]!, 5);
    }
    await model.inference.dispose();
  });
});

describe('planted voters', () => {
  // 0: says the bit itself, 1: its opposite, 2: constant, 3: as 0 but quieter, 4: almost always high, 5: never, 6: seldom.
  const random = Random.fromSeed(4);
  const real = Array.from({ length: 20_000 }, () => random.integer(2));
  const noise = real.map(() => random.uniform());
  let statistics: VoterStatistics;
  let classes: ReturnType<typeof classesOf>[];
  beforeAll(async () => {
    statistics = await accumulate(
      (chunk) => [
        real[chunk]!,
        1 - real[chunk]!,
        0.3,
        0.2 + 0.5 * real[chunk]!,
        noise[chunk]! < 0.95 ? 0.8 : 0.1,
        0.1 * noise[chunk]!,
        // Where the bit is 1, in 1 of 200 chunks; its weight is among the largest there.
        real[chunk] === 1 && noise[chunk]! < 0.01 ? 1 : 0,
      ],
      real.length,
      (chunk) => (real[chunk] === 1 ? 0xffffffff : 0),
    );
    classes = [...voterClasses(statistics)].map(classesOf);
  });
  const N1 = real.reduce((sum, bit) => sum + bit, 0);

  it('a voter of 0 and 1 draws two bars, in the first and the last bin', () => {
    const zeros = statistics.histograms.subarray(0, 64);
    const ones = statistics.histograms.subarray(64, 128);
    expect(zeros[0]).toBe(real.length - N1);
    expect(ones[63]).toBe(N1);
    expect([...zeros, ...ones].filter((count) => count > 0)).toHaveLength(2);
  });

  it('are of the classes that they were made for', () => {
    // A voter of 0s and 1s that agrees with the bit is the twin of its quieter copy; their opposite is nobody's.
    expect(classes[0]).toEqual(['broad', 'twin']);
    expect(classes[1]).toEqual(['broad', 'contrary']);
    expect(classes[2]).toEqual(['dead']);
    expect(classes[3]).toEqual(['broad', 'unheard', 'twin']);
    expect(classes[4]).toEqual(['dense', 'unheard']);
    expect(classes[5]).toEqual(['dead']);
    expect(classes[6]).toEqual(['narrow']);
    expect(statistics.nearest[0]).toBe(3);
    expect(statistics.nearest[2]).toBe(-1);
    expect(classes.slice(7 * 31)).toEqual(classes.slice(0, 7));
  });

  it('are told apart by AUROC', () => {
    expect(voteAuroc(statistics, 0)).toBe(1);
    expect(voteAuroc(statistics, 1)).toBe(0);
    expect(voteAuroc(statistics, 2)).toBe(0.5);
    expect(voteAuroc(statistics, 4)).toBeCloseTo(0.5, 1);
  });
});

describe('a reservoir', () => {
  it('holds every chunk with the same probability, in order and without repetition', () => {
    const M = 4000;
    const chunks = 40;
    const reservoirs = new Reservoirs(1, M, 8, 9);
    for (let chunk = 0; chunk < chunks; chunk++) {
      reservoirs.add(new Float32Array(M).fill(chunk / 100), 0, 0, chunk, chunk, chunk);
    }
    const sample = reservoirs.finish();
    const counts = new Array<number>(chunks).fill(0);
    for (let row = 0; row < M; row++) {
      const drawn = [...sample.chunks.subarray(8 * row, 8 * row + 8)];
      expect(drawn).toEqual([...new Set(drawn)].sort((a, b) => a - b));
      drawn.forEach((chunk, i) => {
        counts[chunk]!++;
        expect(sample.votes[8 * row + i]).toBeCloseTo(chunk / 100, 6);
      });
    }
    // Binomial with mean 800 and standard deviation 25.
    for (const count of counts) expect(Math.abs(count - 800)).toBeLessThan(5 * 25.3);
  });

  it('of fewer chunks than it has room for holds them all', () => {
    const reservoirs = new Reservoirs(1, 2, 8, 9);
    for (let chunk = 0; chunk < 3; chunk++) reservoirs.add(Float32Array.of(0.5, 0.6), 0, 0, chunk, chunk, 7);
    expect([...reservoirs.finish().chunks]).toEqual([0, 1, 2, -1, -1, -1, -1, -1, 0, 1, 2, -1, -1, -1, -1, -1]);
  });
});

describe('twins', () => {
  it('are searched on an even choice of the chunks of a large corpus', async () => {
    const search = new TwinSearch(1, 2, 10_000);
    for (let chunk = 0; chunk < 10_000; chunk++) search.add(Float32Array.of(chunk % 7, chunk % 7), 0, chunk);
    const { chunks, correlations, nearest } = await search.finish(new Turns(), () => true);
    expect(chunks).toBe(2000);
    expect([...nearest]).toEqual([1, 0]);
    expect(correlations[0]).toBeCloseTo(1, 6);
  });
});
