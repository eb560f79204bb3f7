/** @file Statistics in a model folder: written and read, shown with their text, and refused where they are of another checkpoint. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { deflateRawSync } from 'node:zlib';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readSafetensors, writeSafetensors } from '../../../model/checkpoint/safetensors';
import type { StoredStatistics } from '../../../model/checkpoint/statisticsFile';
import {
  isStatisticsError,
  readStatistics,
  statisticsPath,
  withoutExamples,
  writeStatistics,
} from '../../../model/checkpoint/statisticsFile';
import { exampleNeighbours } from '../../../model/inspection/examplePlaces';
import { VoterAccumulator } from '../../../model/inspection/voterAccumulator';
import { statisticsSummary, voterDashboard } from '../../../model/inspection/voterDashboard';
import { sentence } from '../../../model/process/sentence';
import { StoredVoterStatistics } from '../../../model/process/storedStatistics';

const M = 3;
const CHECKPOINT = '0123456789ab';
let folder: string;
let stored: StoredStatistics;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'smuggler-statistics-'));
  const texts = ['Größe und Länge: zwölf Wörter, äöü.\n'.repeat(3), 'short text!'];
  const files = texts.map((text, i) => {
    const path = join(folder, `text ${i}`);
    writeFileSync(path, text);
    return { path, bytes: Buffer.from(text) };
  });
  const chunks = files.map(({ bytes }) => Math.floor(bytes.length / 4));
  const total = chunks[0]! + chunks[1]!;
  const accumulator = new VoterAccumulator({
    votersPerBit: M,
    aggregation: 'mean',
    temperatures: new Float32Array(32).fill(NaN),
    chunks: total,
    totalChunks: total,
    seed: 3,
    names: null,
  });
  let n = 0;
  files.forEach(({ bytes }, file) => {
    for (let chunk = 0; chunk < chunks[file]!; chunk++, n++) {
      // The votes grow along the corpus, so that the largest are its last chunks.
      const votes = new Float32Array(32 * M).fill((n + 1) / (total + 1));
      const weights = new Float32Array(32 * M).fill(1 / M);
      accumulator.add({
        count: 1,
        positions: { votes, weights, probabilities: new Float32Array(32) },
        codes: Uint32Array.of(bytes.readUInt32BE(4 * chunk)),
        chunks: Uint32Array.of(n),
        labels: null,
      });
    }
  });
  const statistics = await accumulator.finish();
  stored = {
    checkpoint: CHECKPOINT,
    corpus: {
      files: files.map(({ path }, i) => ({ path, chunks: chunks[i]! })),
      bytes: files.reduce((sum, { bytes }) => sum + bytes.length, 0),
      skipped: 2,
    },
    seed: 3,
    statistics,
    neighbours: {
      top: await exampleNeighbours(files, statistics.top),
      sample: await exampleNeighbours(files, statistics.sample),
    },
  };
});
afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

async function refusal(checkpoint = CHECKPOINT): Promise<string> {
  const error: unknown = await readStatistics(folder, checkpoint).catch((reason: unknown) => reason);
  if (!isStatisticsError(error)) expect.fail(`expected a StatisticsError, got ${String(error)}`);
  expect(error.message).toMatch(
    /^The statistics of voters [^\n]+: choose Gather Statistics in the Specialization Map to make anew .*statistics\.safetensors\.$/,
  );
  return sentence(error.message);
}

describe('statistics in a model folder', () => {
  it('are nothing before they are gathered, and then what was written', async () => {
    expect(await readStatistics(folder, CHECKPOINT)).toBeNull();
    await writeStatistics(folder, stored);
    expect(await readStatistics(folder, CHECKPOINT)).toEqual(stored);
  });

  it('are refused for another checkpoint, and where they are not what is written', async () => {
    await writeStatistics(folder, stored);
    expect(await refusal('ffffffffffff')).toMatch(/0123456789ab.*ffffffffffff/);
    const file = statisticsPath(folder);
    const { tensors, metadata } = await readSafetensors(file);
    for (const [version, said] of [
      ['2', 'by an earlier version of this program (2, where 4 is expected)'],
      ['5', 'by a later version of this program (5, where 4 is expected)'],
      ['0'.repeat(999), 'are of no known version'],
    ] as const) {
      await writeSafetensors(file, tensors, new Map([...metadata, ['statistics', version]]));
      expect(await refusal()).toContain(said);
    }
    await writeSafetensors(file, tensors, new Map([...metadata, ['corpus', '{}']]));
    expect(await refusal()).toContain('"corpus"');
    await writeSafetensors(file, tensors, new Map([...metadata, ['counts', '{"chunks":']]));
    expect(await refusal()).toContain('"counts"');
    const less = new Map(tensors);
    less.delete('means');
    await writeSafetensors(file, less, metadata);
    expect(await refusal()).toContain('"means" is missing');
    await writeStatistics(folder, stored);
  });
});

it('what voters bring may be missing, as it is where it was gathered before there was any', async () => {
  expect(stored.statistics.contributions!.effects).toHaveLength(32 * M);
  const before = { ...stored, statistics: { ...stored.statistics, contributions: null } };
  await writeStatistics(folder, before);
  expect(await readStatistics(folder, CHECKPOINT)).toEqual(before);
  expect(statisticsSummary(before).contributions).toBeNull();
  await writeStatistics(folder, stored);
  const { tensors, metadata } = await readSafetensors(statisticsPath(folder));
  const less = new Map(tensors);
  less.delete('effects');
  await writeSafetensors(statisticsPath(folder), less, metadata);
  expect(await refusal()).toContain('"effects" is missing');
});

it('histograms are packed; those of the version before, which are not, are read alike', async () => {
  await writeStatistics(folder, stored);
  const file = statisticsPath(folder);
  const { tensors, metadata } = await readSafetensors(file);
  const histograms = tensors.get('histograms')!;
  const { data } = histograms;
  expect(histograms.dtype).toBe('U8');
  expect(data.length).toBeLessThan(stored.statistics.histograms.byteLength / 4);
  const plain = { dtype: 'I32', shape: [32, M, 2, 64], data: stored.statistics.histograms } as const;
  await writeSafetensors(
    file,
    new Map([...tensors, ['histograms', plain]]),
    new Map([...metadata, ['statistics', '3']]),
  );
  expect(await readStatistics(folder, CHECKPOINT)).toEqual(stored);

  const bytes = (packed: Uint8Array) => ({ dtype: 'U8', shape: [packed.length], data: packed }) as const;
  const wrong = {
    'cut off': (data as Uint8Array).slice(0, -5),
    'no such bytes': new Uint8Array(100).fill(255),
    'too few values': new Uint8Array(deflateRawSync(new Uint8Array(16))),
    'a thousand times as many': new Uint8Array(deflateRawSync(new Uint8Array(1000 * plain.data.byteLength))),
  };
  for (const [what, packed] of Object.entries(wrong)) {
    await writeSafetensors(file, new Map([...tensors, ['histograms', bytes(packed)]]), metadata);
    expect(await refusal(), what).toContain(`tensor "histograms" does not unpack to ${plain.data.length} values`);
  }
});

it('a sentence about old statistics says all that matters where the path is long', async () => {
  const deep = join(folder, ...Array.from({ length: 10 }, () => 'of-many-letters'.repeat(3)));
  mkdirSync(deep, { recursive: true });
  await writeStatistics(deep, stored);
  const { tensors, metadata } = await readSafetensors(statisticsPath(deep));
  await writeSafetensors(statisticsPath(deep), tensors, new Map([...metadata, ['statistics', '2']]));
  const error: unknown = await readStatistics(deep, CHECKPOINT).catch((reason: unknown) => reason);
  const said = sentence((error as Error).message);
  expect(said.length).toBeLessThanOrEqual(300);
  expect(said).toMatch(
    /an earlier version .* choose Gather Statistics in the Specialization Map .*statistics\.safetensors\.$/,
  );
});

describe('statistics without examples', () => {
  it('are written and read, hold nothing of the texts, and show voters with their names and no examples', async () => {
    const name = { row: 4, name: 'before a vowel', votes: 20, there: 12, chunks: 15 };
    const { statistics } = stored;
    const shipped = withoutExamples({ ...stored, statistics: { ...statistics, names: [name] } });
    const to = mkdtempSync(join(tmpdir(), 'smuggler-shipped-'));
    await writeStatistics(to, shipped);
    const read = (await readStatistics(to, CHECKPOINT))!;
    expect(read).toEqual(shipped);
    const content = readFileSync(statisticsPath(to), 'latin1');
    for (const part of ['zwölf', 'Länge', 'Wört', 'shor', 't te']) {
      expect(content).not.toContain(Buffer.from(part).toString('latin1'));
    }
    const dashboard = await voterDashboard(read, { bit: 1, voter: 1 });
    expect(dashboard).toMatchObject({ top: [], sample: [], automaticName: { name: 'before a vowel', there: 12 } });
    expect((await voterDashboard(read, { bit: 1, voter: 2 })).automaticName).toBeNull();
    const { tensors, metadata } = await readSafetensors(statisticsPath(to));
    for (const names of ['', '[{"row":-1}]', JSON.stringify([{ ...name, row: 96 }]), '{}']) {
      await writeSafetensors(statisticsPath(to), tensors, new Map([...metadata, ['names', names]]));
      expect(String(await readStatistics(to, CHECKPOINT).catch((error: unknown) => error))).toContain('"names"');
    }
    rmSync(to, { recursive: true });
  });
});

describe('statistics that came with a model', () => {
  it('answer until others were gathered of it, and where those are of another checkpoint', async () => {
    const shipped = mkdtempSync(join(tmpdir(), 'smuggler-shipped-'));
    const findings = mkdtempSync(join(tmpdir(), 'smuggler-findings-'));
    const places = { folder: shipped, findings, checkpoint: CHECKPOINT };
    const titled = (title: string, checkpoint = CHECKPOINT) => ({
      ...stored,
      checkpoint,
      corpus: { ...stored.corpus, title },
    });
    const title = async () => (await new StoredVoterStatistics().summary(places))?.title;
    expect(await title()).toBeUndefined();
    await writeStatistics(shipped, titled('shipped'));
    expect(await title()).toBe('shipped');
    await writeStatistics(findings, titled('gathered', 'ffffffffffff'));
    expect(await title()).toBe('shipped');
    await writeStatistics(findings, titled('gathered'));
    expect(await title()).toBe('gathered');
    rmSync(shipped, { recursive: true });
    rmSync(findings, { recursive: true });
  });
});

describe('what is shown of them', () => {
  it('is a summary of all voters', () => {
    const summary = statisticsSummary(stored);
    expect(summary).toMatchObject({ votersPerBit: M, chunks: stored.statistics.chunks, skipped: 2 });
    expect(summary.files).toHaveLength(2);
    expect(summary.classMasks).toHaveLength(32 * M);
    // All voters of a bit vote the same.
    expect(summary.classes.find(({ name }) => name === 'twin')!.voters).toBe(32 * M);
    expect(summary.densities[0]).toBeCloseTo(0.5, 1);
    expect(summary.largeWeightShares[0]).toBe(1);
  });

  it('is one voter with its examples in whole characters of their text', async () => {
    const N = stored.statistics.chunks;
    const dashboard = await voterDashboard(stored, { bit: 9, voter: 2 });
    expect(dashboard.samples[0] + dashboard.samples[1]).toBe(N);
    expect(dashboard.zeros.reduce((sum, count) => sum + count, 0)).toBe(dashboard.samples[0]);
    expect(dashboard.ones.reduce((sum, count) => sum + count, 0)).toBe(dashboard.samples[1]);
    expect(dashboard.nearest).toMatchObject({ chunks: N });
    expect(dashboard.top).toHaveLength(8);
    const [first, second, third] = dashboard.top;
    expect(first).toMatchObject({ path: stored.corpus.files[1]!.path, offset: 4 });
    expect(first!.vote).toBeCloseTo(N / (N + 1), 6);
    expect(first!.text).toEqual({ before: 'shor', chunk: 't te', after: 'xt!' });
    expect(second!.text).toEqual({ before: '', chunk: 'shor', after: 't text!' });
    expect(third!.path).toBe(stored.corpus.files[0]!.path);
    for (const { text } of [...dashboard.top, ...dashboard.sample]) {
      expect(text!.before).not.toMatch(/^\\x/);
      expect(text!.after).not.toMatch(/\\x..$/);
    }
    await expect(voterDashboard(stored, { bit: 9, voter: 3 })).rejects.toThrow(RangeError);
    await expect(voterDashboard(stored, { bit: 32, voter: 0 })).rejects.toThrow(RangeError);
  });

  it('finds an example again where its file was edited, on the grid or off it', async () => {
    const { path } = stored.corpus.files[1]!;
    const where = (await voterDashboard(stored, { bit: 0, voter: 0 })).top[0]!.offset;
    writeFileSync(path, '\uFEFFA new line\r\nshort text!');
    const { top } = await voterDashboard(stored, { bit: 0, voter: 0 });
    expect(top[0]).toMatchObject({ offset: where + 'A new line\r\n'.length, text: { chunk: 't te', after: 'xt!' } });
    expect(top[0]!.place.offset).toBe(where);
    writeFileSync(path, 'short text!');
  });

  it('has no text for an example whose file is gone or has changed there', async () => {
    const [first, second] = stored.corpus.files;
    writeFileSync(second!.path, 'shor_ text!');
    const { top } = await voterDashboard(stored, { bit: 0, voter: 0 });
    expect(top[0]!.text).toBeNull();
    expect(top[1]!.text).toMatchObject({ chunk: 'shor' });
    rmSync(first!.path);
    expect((await voterDashboard(stored, { bit: 0, voter: 0 })).top[2]!.text).toBeNull();
  });
});
