/** @file The probe of a run: its figures against the inspection's own definitions, its sample, its independence of the run. */
import { beforeAll, afterAll, describe, expect, it } from 'vitest';
import type { ModelConfig } from '../../../model/network/config';
import { DEFAULT_CONFIG } from '../../../model/network/config';
import { initializeParameters } from '../../../model/network/initialize';
import { corpusStatistics } from '../../../model/inspection/corpusStatistics';
import { voterClasses } from '../../../model/inspection/voterClasses';
import { VOTER_CLASSES } from '../../../model/measures/voterClasses';
import { Inference } from '../../../model/runtime/inference';
import type { CorpusFile } from '../../../model/text/corpus';
import { Random } from '../../../model/text/random';
import { Pace } from '../../../model/training/pace';
import { DENSITY_BINS, measureVoters, Probe } from '../../../model/training/probe';
import { promptOf } from '../../../model/training/probeSample';

const CONFIG: ModelConfig = {
  ...DEFAULT_CONFIG,
  embedding_dim: 8,
  stages: 1,
  bottleneck_layers: 1,
  attention_heads: 2,
  voters_per_bit: 4,
  bit_decoding: 'chained',
  context_chunks: 8,
};
const TEXT = 'Größe matters: the quick brown fox jumps over the lazy dog.\n';

function file(text: string): CorpusFile {
  return { path: 'text.txt', bytes: new TextEncoder().encode(text) };
}

function parametersOf(seed: number) {
  return initializeParameters(CONFIG, new Float32Array(32).fill(0.4), Random.fromSeed(seed));
}

const files = [file(TEXT.repeat(20))];
let inference: Inference;
beforeAll(async () => {
  inference = await Inference.create(CONFIG, parametersOf(1), { device: 'cpu', threads: 1 });
});
afterAll(async () => {
  await inference.dispose();
});

describe('measureVoters', () => {
  // One window of one chunk (the second), M = 4 voters of each of 32 bits: the first byte is 0x80, so bit 0 is a 1.
  const config = { ...CONFIG, context_chunks: 1 };
  const bytes = Uint8Array.of(0, 0, 0, 0, 0x80, 0, 0, 0);
  const votes = new Float32Array(128).fill(0.4);
  const weights = new Float32Array(128).fill(0.25);
  votes.set([0.9, 0.5, 0.1, 0.1]);
  weights.set([1, 0, 0, 0]);

  it('keeps 1-bits and 0-bits apart, and counts densities strictly above one half', () => {
    expect(measureVoters({ votes, weights }, bytes, Uint8Array.of(1), config)).toEqual({
      chunks: 1,
      voters: 128,
      effectiveVotersOnes: 1,
      effectiveVotersZeros: 4,
      density: 1 / 128,
      deadVoters: 127,
      denseVoters: 1,
      densityHistogram: [127, ...new Array<number>(DENSITY_BINS - 2).fill(0), 1],
    });
  });

  it('leaves padding out, and says null where there is no bit of a kind', () => {
    const twoVotes = Float32Array.from([...votes, ...votes.map(() => 0.9)]);
    const twoWeights = Float32Array.from([...weights, ...weights]);
    const two = Uint8Array.of(...bytes, 0, 0, 0, 0);
    const half = measureVoters({ votes: twoVotes, weights: twoWeights }, two, Uint8Array.of(1, 0), {
      ...config,
      context_chunks: 2,
    });
    expect(half).toMatchObject({ chunks: 1, density: 1 / 128 });
    const zeros = measureVoters({ votes, weights }, new Uint8Array(8), Uint8Array.of(1), config);
    expect(zeros.effectiveVotersOnes).toBeNull();
  });

  it('agrees with the classes of an inspection of the same chunks', async () => {
    const chunks = Math.floor(files[0]!.bytes.length / 4);
    const statistics = await corpusStatistics(inference, files, { seed: 1 });
    const masks = voterClasses(statistics);
    const of = (name: (typeof VOTER_CLASSES)[number]) =>
      masks.filter((mask) => (mask >> VOTER_CLASSES.indexOf(name)) & 1).length;
    // The same chunks in windows that lie beside one another, which only changes how much context the first of each has.
    const T = CONFIG.context_chunks;
    const batch = Math.ceil(chunks / T);
    const bytes = new Uint8Array(batch * 4 * (T + 1));
    const scored = new Uint8Array(batch * T);
    for (let chunk = 0; chunk < chunks; chunk++) scored[chunk] = 1;
    for (let window = 0; window < batch; window++) {
      const from = Math.max(0, 4 * (window * T - 1));
      const text = files[0]!.bytes.subarray(from, 4 * (window * T + T));
      bytes.set(text, window * 4 * (T + 1) + (window === 0 ? 4 : 0));
    }
    const measured = measureVoters(await inference.forward(bytes, batch), bytes, scored, CONFIG);
    expect(measured.chunks).toBe(statistics.chunks);
    expect(Math.abs(measured.deadVoters - of('dead'))).toBeLessThanOrEqual(3);
    expect(Math.abs(measured.denseVoters - of('dense'))).toBeLessThanOrEqual(3);
    const density = statistics.activeCounts.reduce((sum, count) => sum + count, 0) / (chunks * 128);
    expect(measured.density).toBeCloseTo(density, 2);
  });
});

describe('Probe', () => {
  it('measures the same of the same model every time, and something else of another', async () => {
    const probe = new Probe(CONFIG, files, []);
    const first = await probe.measure(inference);
    expect(first).toMatchObject({ heldOut: true, voters: 128 });
    expect(first.chunks).toBeGreaterThan(200);
    expect(first.densityHistogram.reduce((sum, count) => sum + count, 0)).toBe(128);
    expect(await probe.measure(inference)).toEqual(first);
    await inference.replaceParameters(parametersOf(2));
    const other = await probe.measure(inference);
    expect(other.densityHistogram).not.toEqual(first.densityHistogram);
    const otherSample = await probe.writeSample(inference);
    // Replaced parameters are as good as a session made for them.
    const fresh = await Inference.create(CONFIG, parametersOf(2), { device: 'cpu', threads: 1 });
    expect(await probe.measure(fresh)).toEqual(other);
    await fresh.dispose();
    await inference.replaceParameters(parametersOf(1));
    const sample = await probe.writeSample(inference);
    expect(await probe.writeSample(inference)).toEqual(sample);
    expect(otherSample.prompt).toBe(sample.prompt);
    expect(otherSample.text).not.toBe(sample.text);
    expect(await probe.measure(inference)).toEqual(first);
  });

  it('takes text that is trained on where none is held out, and says so', async () => {
    const probe = new Probe(CONFIG, [file('abc')], files);
    expect(await probe.measure(inference)).toMatchObject({ heldOut: false });
  });

  it.each(['independent', 'chained'] as const)('writes text with %s bits', async (bit_decoding) => {
    const config = { ...CONFIG, bit_decoding };
    const parameters = initializeParameters(config, new Float32Array(32).fill(0.4), Random.fromSeed(1));
    const own = await Inference.create(config, parameters, { device: 'cpu', threads: 1 });
    const sample = await new Probe(config, files, []).writeSample(own);
    expect(sample.text.length).toBeGreaterThan(16);
    await own.dispose();
  });

  it('measures other aggregations too', async () => {
    for (const aggregation of ['dense', 'mean', 'max', 'confidence'] as const) {
      const config = { ...CONFIG, aggregation };
      const parameters = initializeParameters(config, new Float32Array(32).fill(0.4), Random.fromSeed(1));
      const own = await Inference.create(config, parameters, { device: 'cpu', threads: 1 });
      const measured = await new Probe(config, files, []).measure(own);
      expect(measured.voters, aggregation).toBe(aggregation === 'dense' ? 32 : 128);
      expect(measured.effectiveVotersOnes, aggregation).toBeGreaterThan(0.99);
      await own.dispose();
    }
  });
});

describe('the prompt', () => {
  it('begins with a line and ends with a character', () => {
    const prompt = new TextDecoder('utf-8', { fatal: true }).decode(promptOf(files));
    expect(prompt.startsWith('Größe matters')).toBe(true);
    expect(new TextEncoder().encode(prompt).length).toBeLessThanOrEqual(48);
  });

  it('is within a text without lines, and in a text that is short', () => {
    const decode = (bytes: Uint8Array) => new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    expect(decode(promptOf([file('ö'.repeat(4000))]))).toMatch(/^ö{23,24}$/);
    expect(decode(promptOf([file('tide')]))).toBe('tide');
    expect(promptOf([])).toEqual(new Uint8Array());
  });
});

describe('Pace', () => {
  it('pauses for longer the longer the work takes', async () => {
    let now = 0;
    const pace = new Pace({ first: 1, least: 2, share: 0.01 }, () => now);
    const work = (milliseconds: number) =>
      pace.run(() => {
        now += milliseconds;
        return Promise.resolve(7);
      });
    expect(pace.isDue).toBe(false);
    pace.expect(20);
    now = 1999;
    expect(pace.isDue).toBe(false);
    pace.expect(1);
    expect(pace.isDue).toBe(true);
    now = 1000;
    expect(pace.isDue).toBe(true);
    // The first time compiles what it runs: what it took does not count.
    expect(await work(5000)).toBe(7);
    now += 1999;
    expect(pace.isDue).toBe(false);
    now += 1;
    expect(pace.isDue).toBe(true);
    await work(100);
    pace.expect(1);
    now += 9999;
    expect(pace.isDue).toBe(false);
    now += 1;
    expect(pace.isDue).toBe(true);
  });
});
