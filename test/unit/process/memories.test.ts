/** @file Questions about memory, on a golden model: both numbers, silenced voters of both kinds, and the workspace's files. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Inspector } from '../../../model/inspection/inspector';
import { MEMORY_VOTERS } from '../../../model/measures/memoryVoters';
import type { MemoryPass } from '../../../model/process/memories';
import { Memories } from '../../../model/process/memories';
import type { MemoryProgress, MemoryScope } from '../../../model/protocol/memory';
import { loadGolden } from '../inspection/goldenModel';

const V = MEMORY_VOTERS.length;
const LINE = 'const answer = computeTheAnswer(42);\n';
const bytes = new TextEncoder().encode(LINE.repeat(8) + 'x'.repeat(61) + LINE + 'ab');
const document = { uri: 'file:///a.ts', version: 1, bytes };
const asked = { uri: document.uri, version: 1, scope: 'document' as MemoryScope, changes: [], silenced: [] };
const toRead = { ...asked, others: [] };
const all = { ...asked, firstChunk: 0, count: 10_000 };

let model: Awaited<ReturnType<typeof loadGolden>>;
let inspector: Inspector;
let folder: string;
beforeAll(async () => {
  model = await loadGolden('bytes');
  inspector = new Inspector(model);
  folder = mkdtempSync(path.join(tmpdir(), 'smuggler-memory-'));
});
afterAll(async () => {
  await model.inference.dispose();
  rmSync(folder, { recursive: true });
});

function run(given: Partial<MemoryPass> = {}): MemoryPass {
  return {
    model: { inspector, checkpoint: model.checkpoint },
    document: () => document,
    signal: new AbortController().signal,
    giveWay: () => setImmediate(),
    onProgress: () => undefined,
    ...given,
  };
}

describe('memories', () => {
  it('answer a range with both numbers, the trained one as it is without memory', async () => {
    const range = await new Memories().range(all, run());
    const without = await inspector.inspectRange(document, 0, 10_000);
    expect(range.count).toBe(Math.ceil(bytes.length / 4));
    for (let i = 0; i < range.count; i++) expect(range.trainedSurprise[i]).toBeCloseTo(without.surprise[i]!, 3);
    // The eighth copy of a line costs a small part of what the model without memory needs.
    const line = Math.floor((7 * LINE.length) / 4);
    for (let i = line; i < line + 8; i++) expect(range.surprise[i]).toBeLessThan(range.trainedSurprise[i]! / 4);
    expect(range.share[line + 4]).toBeGreaterThan(range.share[1]!);
    const bits = range.bitShare.subarray(32 * line, 32 * (line + 1));
    expect(bits.reduce((sum, share) => sum + share, 0) / 32).toBeCloseTo(range.share[line]!, 5);
  });

  it('leave out the bits after the end of the text', async () => {
    const short = { ...document, bytes: bytes.subarray(0, 6) };
    const { probabilities, bitShare } = await new Memories().range(all, run({ document: () => short }));
    for (const values of [probabilities, bitShare]) {
      expect(Array.from(values, Number.isNaN)).toEqual(Array.from({ length: 64 }, (_, bit) => bit >= 48));
    }
  });

  it('answer a chunk with the votes that its range was scored with', async () => {
    const memories = new Memories();
    const range = await memories.range(all, run());
    for (const offset of [0, 130, bytes.length - 1]) {
      const chunk = (await memories.chunk({ ...asked, offset }, run()))!;
      const index = Math.floor(offset / 4);
      expect(chunk).toMatchObject({ index, offset: 4 * index, length: Math.min(4, bytes.length - 4 * index) });
      expect(chunk.surprise).toBeCloseTo(range.surprise[index]!, 3);
      expect(chunk.trainedSurprise).toBeCloseTo(range.trainedSurprise[index]!, 3);
      expect(chunk.votes.length).toBe(8 * chunk.length * V);
      expect(chunk.weights.length).toBe(8 * chunk.length * (V + 1));
      expect(chunk.evidence.length).toBe(chunk.length * V);
    }
  });

  it('say what each voter saw, with its line', async () => {
    const memories = new Memories();
    await memories.read(toRead, run());
    const inLast = LINE.length * 8 + 61 + 20;
    const chunk = (await memories.chunk({ ...asked, offset: inLast }, run()))!;
    const order5 = chunk.evidence[MEMORY_VOTERS.indexOf('order 5')]!;
    expect(order5).toMatchObject({ times: 8, same: 8, line: 7, length: 5 });
    const match = chunk.evidence[MEMORY_VOTERS.indexOf('match')]!;
    expect(match).toMatchObject({ times: 1, same: 1, line: 7 });
    expect(match.last! % LINE.length).toBe((chunk.offset - 61) % LINE.length);
  });

  it('without some voters say what is left, in a chunk as in a range, and each effect is what silencing that voter does', async () => {
    const memories = new Memories();
    const offset = 7 * LINE.length + 12;
    const index = Math.floor(offset / 4);
    await memories.read(toRead, run());
    const before = (await memories.chunk({ ...asked, offset }, run()))!;
    const bit = before.effects.reduce((best, effect, at) => (effect > before.effects[best]! ? at : best), 0);
    const voter = MEMORY_VOTERS[bit % (V + 1)]!;
    const changes = [{ bit: 3, voter: 0, vote: 1 }];
    const silenced = [voter];
    const chunk = (await memories.chunk({ ...asked, silenced, offset }, run()))!;
    const expected = Array.from({ length: 32 }, (_, b) => before.effects[b * (V + 1) + MEMORY_VOTERS.indexOf(voter)]!);
    const effect = expected.reduce((sum, one) => sum + one, 0);
    expect(chunk.surprise - before.surprise).toBeCloseTo(effect, 3);
    expect(chunk.unchangedSurprise).toBe(before.surprise);
    expect(before.unchangedSurprise).toBe(before.surprise);
    const range = await memories.range({ ...all, silenced, changes }, run());
    const both = (await memories.chunk({ ...asked, silenced, changes, offset }, run()))!;
    expect(range.surprise[index]).toBeCloseTo(both.surprise, 3);
    expect(both.unchangedSurprise).toBe(before.surprise);
    expect(both.trainedSurprise).not.toBeCloseTo(before.trainedSurprise, 3);
    expect(range.trainedSurprise[index]).toBeCloseTo(both.trainedSurprise, 4);
  });

  it('mix bits of which every trained voter is silenced from memory alone', async () => {
    const memories = new Memories();
    await memories.read(toRead, run());
    const changes = Array.from({ length: model.config.voters_per_bit }, (_, voter) => ({ bit: 3, voter, vote: null }));
    const offset = 7 * LINE.length + 12;
    const chunk = (await memories.chunk({ ...asked, changes, offset }, run()))!;
    const range = await memories.range({ ...all, changes }, run());
    expect(chunk.probabilities[3]).toBeGreaterThan(0);
    expect(chunk.probabilities[3]).toBeLessThan(1);
    expect(chunk.surprise).toBeCloseTo(range.surprise[Math.floor(offset / 4)]!, 3);
  });

  it('say nothing of a chunk that is not read yet, and tell how far they are while they read', async () => {
    const long = { ...document, bytes: new TextEncoder().encode(LINE.repeat(200)) };
    const memories = new Memories();
    const told: MemoryProgress[] = [];
    const given = run({ document: () => long, onProgress: (progress) => told.push(progress) });
    expect(await memories.chunk({ ...asked, offset: 6000 }, given)).toBeNull();
    expect(await memories.read(toRead, given)).toEqual({ bytes: long.bytes.length, total: long.bytes.length });
    expect(await memories.chunk({ ...asked, offset: 6000 }, given)).not.toBeNull();
    expect(await memories.chunk({ ...asked, offset: 10 ** 7 }, given)).toBeNull();
    for (const { bytes: done, total } of told) expect(done).toBeLessThanOrEqual(total);
  });

  it('begin with the workspace where that is asked for, and with nothing that is ignored or left out', async () => {
    writeFileSync(path.join(folder, 'a.ts'), LINE.repeat(3));
    writeFileSync(path.join(folder, 'open.ts'), LINE.repeat(9));
    writeFileSync(path.join(folder, 'secret.ts'), 'let hidden = 0;\n'.repeat(9));
    writeFileSync(path.join(folder, '.gitignore'), 'secret.ts\n');
    const memories = new Memories();
    const learned = await memories.learnWorkspace(
      { paths: [folder], exclude: [], without: [path.join(folder, 'open.ts')], maxFileBytes: 1e6, maxBytes: 1e6 },
      run(),
    );
    expect(learned.files).toBe(2);
    const [alone, known] = [
      await memories.range(all, run()),
      await memories.range({ ...all, scope: 'workspace' }, run()),
    ];
    const firstLine = (surprise: Float32Array) => surprise.subarray(0, 9).reduce((sum, one) => sum + one, 0);
    expect(firstLine(known.surprise)).toBeLessThan(firstLine(alone.surprise) / 2);
    const little = await memories.learnWorkspace(
      { paths: [folder], exclude: [], without: [], maxFileBytes: 1e6, maxBytes: 20 },
      run(),
    );
    expect(little.bytes).toBeLessThanOrEqual(20);
  });
});

it('tells what each voter did over the document: of all bits, and of stretches where it is long', async () => {
  const memories = new Memories();
  const { scope, uri, version, silenced } = asked;
  const place = { scope, uri, version, silenced };
  expect(await memories.voters(place, run())).toBeNull();
  const range = await memories.range(all, run());
  const voters = (await memories.voters(place, run()))!;
  const sum = (values: Float32Array) => values.reduce((total, value) => total + value, 0);
  expect(voters).toMatchObject({ bytes: bytes.length, read: bytes.length });
  expect(voters.bitsPerByte).toBeCloseTo(sum(range.surprise) / bytes.length, 4);
  expect(voters.trainedBitsPerByte).toBeCloseTo(sum(range.trainedSurprise) / bytes.length, 4);
  // Without a voter the text costs what its effect says.
  const match = MEMORY_VOTERS.indexOf('match');
  const without = await memories.range({ ...all, silenced: ['match'] }, run());
  expect(voters.effects[match]).toBeCloseTo((sum(without.surprise) - sum(range.surprise)) / bytes.length, 4);
  const silencedOnes = (await memories.voters({ ...place, silenced: ['match'] }, run()))!;
  expect(silencedOnes.bitsPerByte).toBeCloseTo(sum(without.surprise) / bytes.length, 4);
  expect(silencedOnes.effects[match]).toBe(0);
  expect(voters.voted[MEMORY_VOTERS.length]).toBe(1);
  expect(voters.voted[match]).toBeGreaterThan(0.5);
  expect(voters.right[match]).toBeGreaterThan(0.8);

  const long = { ...document, bytes: new TextEncoder().encode(LINE.repeat(2000)) };
  const onLong = run({ document: () => long });
  await memories.read(toRead, onLong);
  const sampled = (await memories.voters(place, onLong))!;
  expect(sampled).toMatchObject({ bytes: 65_536, read: long.bytes.length });
});

it('knows other open documents beforehand, as they are now, also at the caret', async () => {
  const memories = new Memories();
  const other = { uri: 'file:///b.ts', version: 1, bytes: new TextEncoder().encode(LINE) };
  const given = run({ document: ({ uri, version }) => (uri === other.uri ? { ...other, version } : document) });
  const firstLine = async () => {
    const { surprise } = await memories.range({ ...all, count: 9 }, given);
    return surprise.reduce((sum, one) => sum + one, 0);
  };
  const voteOf = async () => {
    const head = await memories.headAt(model.head, { ...asked, offset: 0 }, given);
    const window = await model.inference.windows.at(new Uint8Array());
    return head.aggregate(head.at(window, window.chunks - 1), 1, 0).probability;
  };
  const [alone, voteAlone] = [await firstLine(), await voteOf()];
  await memories.read({ ...toRead, others: [other] }, given);
  expect(await firstLine()).toBeLessThan(alone / 1.5);
  // The other text begins with a lower-case letter, whose second bit is 1.
  expect(await voteOf()).toBeGreaterThan(voteAlone);
  const known = await firstLine();
  await memories.read({ ...toRead, others: [{ ...other, version: 2 }] }, given);
  expect(await firstLine()).toBe(known);
  await memories.read(toRead, given);
  expect(await firstLine()).toBe(alone);
});

it('answers nothing of a text that changed while it was at work', async () => {
  const memories = new Memories();
  await memories.read(toRead, run());
  let isCurrent = true;
  const changing = run({
    document: () => {
      if (!isCurrent) throw new Error('another version');
      return document;
    },
    giveWay: async () => {
      isCurrent = false;
      await setImmediate();
    },
  });
  const long = { ...document, bytes: new TextEncoder().encode(LINE.repeat(3000)) };
  const onLong = { ...changing, document: () => (changing.document(asked), long) };
  await expect(memories.range({ ...all, count: 30_000 }, onLong)).rejects.toThrow('another version');
});
