/** @file The inspector on the golden models: equal to the golden forward pass, one chunk or many, before and after edits. */
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { CHUNK_BYTES } from '../../../model/measures/chunk';
import { isInspectionError } from '../../../model/inspection/documentChunk';
import { Inspector } from '../../../model/inspection/inspector';
import { voterRange } from '../../../model/inspection/voterRange';
import { voterTile } from '../../../model/inspection/voterTile';
import { GOLDEN_CASES } from '../../golden/golden';
import { goldenForward, largestDifference, loadGolden } from './goldenModel';

const text = (length: number) =>
  Uint8Array.from({ length }, (_, i) => 'export const größe = [1, 2];\n'.repeat(100).charCodeAt(i) & 255);

describe.each(GOLDEN_CASES)('%s', (name) => {
  let model: Awaited<ReturnType<typeof loadGolden>>;
  let inspector: Inspector;
  beforeAll(async () => {
    model = await loadGolden(name);
    inspector = new Inspector(model);
  });
  afterAll(() => model.inference.dispose());

  it('gives the votes, weights and probabilities of the golden forward pass', async () => {
    const golden = await goldenForward(name);
    const { context: T, batch } = golden;
    expect(T).toBe(model.config.context_chunks);
    const h = T / 2;
    const M = model.head.votersPerBit;
    const stride = 4 * (T + 1);
    for (let row = 0; row < batch; row++) {
      // Window 1 of this document has the golden row's chunks as inputs and targets, and scores targets h … T − 1 of it.
      const bytes = new Uint8Array(4 * (h - 1) + stride).fill(120);
      bytes.set(golden.bytes.subarray(row * stride, (row + 1) * stride), 4 * (h - 1));
      for (let position = h; position < T; position++) {
        const chunk = await inspector.inspectChunk({ uri: 'a', version: 1, bytes }, 4 * (position + h) + 1, 0);
        const at = (row * T + position) * 32;
        expect(largestDifference(chunk.probabilities, golden.probabilities.subarray(at, at + 32))).toBeLessThan(1e-5);
        expect(largestDifference(chunk.votes, golden.votes.subarray(at * M, (at + 32) * M))).toBeLessThan(1e-5);
        expect(largestDifference(chunk.weights, golden.weights.subarray(at * M, (at + 32) * M))).toBeLessThan(1e-5);
      }
    }
  });

  it('answers do not say where the document lies: panels show them, and export what they show', async () => {
    const document = { uri: 'file:///home/ada/notes.txt', version: 1, bytes: text(22) };
    const options = { signal: new AbortController().signal, giveWay: () => Promise.resolve() };
    const answers = [
      await inspector.inspectChunk(document, 4, 2),
      await inspector.inspectRange(document, 0, 3),
      await inspector.sparsity(document),
      await inspector.lesion(document, { offset: 4, changes: [{ bit: 3, voter: 0, vote: null }], continuation: 0 }),
      await voterRange(model, document, { firstChunk: 0, count: 3, bit: 0, voter: 0 }, options),
      await voterTile(model, document, { firstChunk: 0, count: 3, quantity: 'vote' }),
    ];
    for (const answer of answers) expect(JSON.stringify(answer)).not.toContain('notes.txt');
  });

  it('measures a range as it measures each chunk', async () => {
    const T = model.config.context_chunks;
    const document = { uri: 'a', version: 3, bytes: text(4 * 3 * T + 2) };
    const range = await inspector.inspectRange(document, 0, 10_000);
    expect(range).toMatchObject({ firstChunk: 0, count: 3 * T + 1, chunkCount: 3 * T + 1 });
    for (let index = 0; index < range.count; index++) {
      const chunk = await inspector.inspectChunk(document, 4 * index, 0);
      const row = (values: Float32Array | Uint8Array | Uint16Array) => values.subarray(32 * index, 32 * (index + 1));
      expect(chunk.index).toBe(index);
      expect([...row(range.bits)]).toEqual([...chunk.bits]);
      expect(largestDifference(row(range.probabilities), chunk.probabilities)).toBeLessThan(1e-5);
      expect(largestDifference(row(range.effectiveVoters), chunk.effectiveVoters)).toBeLessThan(1e-3);
      expect(range.surprise[index]).toBeCloseTo(chunk.surprise, 3);
      const M = model.head.votersPerBit;
      row(range.activeVoters).forEach((count, b) => {
        // A weight at the threshold itself may fall on either side of it.
        const above = (slack: number) =>
          chunk.weights.subarray(b * M, (b + 1) * M).filter((weight) => weight > 1 / M + slack).length;
        expect(count).toBeGreaterThanOrEqual(above(1e-6));
        expect(count).toBeLessThanOrEqual(above(-1e-6));
      });
      const density = Array.from(
        { length: 32 },
        (_, b) => chunk.votes.subarray(b * M, (b + 1) * M).filter((vote) => vote > 0.5).length / M,
      );
      expect(largestDifference(row(range.density), density)).toBeLessThan(1e-6);
    }
  });
});

describe('a document', () => {
  let model: Awaited<ReturnType<typeof loadGolden>>;
  beforeAll(async () => {
    model = await loadGolden('chained');
  });
  afterAll(() => model.inference.dispose());

  it('has its last chunk padded, and padding is not scored', async () => {
    const inspector = new Inspector(model);
    const padded = await inspector.inspectChunk({ uri: 'a', version: 1, bytes: text(22) }, 21, 0);
    expect(padded).toMatchObject({ index: 5, offset: 20, length: 2, chunkCount: 6 });
    expect([...padded.scored]).toEqual([...Array<number>(16).fill(1), ...Array<number>(16).fill(0)]);
    const p = padded.probabilities;
    let surprise = 0;
    for (let b = 0; b < 16; b++) surprise -= Math.log2(padded.bits[b] === 1 ? p[b]! : 1 - p[b]!);
    expect(padded.surprise).toBeCloseTo(surprise, 3);
    const range = await inspector.inspectRange({ uri: 'a', version: 1, bytes: text(22) }, 5, 1);
    expect(range.surprise[0]).toBeCloseTo(surprise, 3);
    // The same bytes with the zeros as real text are another measurement.
    const zeros = new Uint8Array(24);
    zeros.set(text(22));
    const real = await inspector.inspectRange({ uri: 'a', version: 2, bytes: zeros }, 5, 1);
    expect(real.surprise[0]).toBeGreaterThan(range.surprise[0]! + 1e-3);
  });

  it('counts its 1-bits and 0-bits apart', async () => {
    const chunk = await new Inspector(model).inspectChunk({ uri: 'a', version: 1, bytes: text(22) }, 20, 0);
    for (const [bit, mean] of [
      [1, chunk.sparsity.ones!.effectiveVoters],
      [0, chunk.sparsity.zeros!.effectiveVoters],
    ] as const) {
      const values = [...chunk.effectiveVoters].filter((_, b) => chunk.bits[b] === bit && chunk.scored[b] === 1);
      expect(mean).toBeCloseTo(values.reduce((sum, value) => sum + value, 0) / values.length, 4);
    }
  });

  it('gives the last chunk for a caret at its end, and says so where it is empty', async () => {
    const inspector = new Inspector(model);
    const last = await inspector.inspectChunk({ uri: 'a', version: 1, bytes: text(20) }, 20, 2);
    expect(last).toMatchObject({ index: 4, length: 4 });
    expect(last.alternatives).toHaveLength(2);
    const empty = { uri: 'a', version: 1, bytes: new Uint8Array(0) };
    const error: unknown = await inspector.inspectChunk(empty, 0, 0).catch((reason: unknown) => reason);
    expect(isInspectionError(error)).toBe(true);
    expect(await inspector.inspectRange(empty, 0, 5)).toMatchObject({ count: 0, chunkCount: 0 });
  });

  it('has run the window that the caret comes to next', async () => {
    const inspector = new Inspector(model);
    const T = model.inference.config.context_chunks;
    const bytes = text(CHUNK_BYTES * 4 * T);
    const document = { uri: 'a', version: 1, bytes };
    const hidden = vi.spyOn(model.inference, 'hidden');
    const offset = CHUNK_BYTES * (2 * T - 1);
    const before = await inspector.inspectChunk(document, offset, 0);
    await inspector.anticipate(document, offset);
    expect(hidden).toHaveBeenCalledTimes(2);
    const after = await inspector.inspectChunk(document, offset + CHUNK_BYTES, 0);
    expect(hidden).toHaveBeenCalledTimes(2);
    expect(after.index).toBe(before.index + 1);
    const fresh = await new Inspector(model).inspectChunk(document, offset + CHUNK_BYTES, 0);
    expect(after.surprise).toBe(fresh.surprise);
    await inspector.anticipate({ uri: 'b', version: 1, bytes: text(CHUNK_BYTES) }, 0);
    hidden.mockRestore();
  });

  it('shows the neighbours of a chunk in whole characters', async () => {
    const bytes = new TextEncoder().encode(`${'ä'.repeat(20)}x${'ö'.repeat(20)}`);
    const chunk = await new Inspector(model).inspectChunk({ uri: 'a', version: 1, bytes }, 40, 0);
    expect(chunk.text).toBe('xö\\xC3');
    expect(chunk.before).toBe('ä'.repeat(8));
    expect(chunk.after).toMatch(/^\\xB6ö{7}/);
  });

  it('is not computed again where an edit left a window as it was', async () => {
    const hidden = vi.spyOn(model.inference, 'hidden');
    const score = vi.spyOn(model.inference, 'score');
    const inspector = new Inspector(model);
    const before = { uri: 'a', version: 1, bytes: text(1000) };
    const after = { uri: 'a', version: 2, bytes: text(1000) };
    after.bytes[900] = 63;
    await inspector.inspectChunk(before, 100, 0);
    await inspector.inspectChunk(after, 100, 0);
    await inspector.inspectChunk(after, 101, 0);
    expect(hidden).toHaveBeenCalledTimes(1);
    await inspector.inspectChunk(before, 940, 0);
    await inspector.inspectChunk(after, 940, 0);
    expect(hidden).toHaveBeenCalledTimes(3);
    const whole = await inspector.inspectRange(before, 0, 1000);
    const runs = score.mock.calls.length;
    const edited = await inspector.inspectRange(after, 0, 1000);
    expect(score.mock.calls.length - runs).toBeLessThanOrEqual(3);
    expect([...edited.surprise.subarray(0, 220)]).toEqual([...whole.surprise.subarray(0, 220)]);
    expect(edited.surprise[225]).not.toBe(whole.surprise[225]);
    const again = score.mock.calls.length;
    const part = await inspector.inspectRange(after, 37, 60);
    expect(score.mock.calls.length).toBe(again);
    expect([...part.surprise]).toEqual([...edited.surprise.subarray(37, 97)]);
    vi.restoreAllMocks();
  });

  it('is answered in parts where it is very long', async () => {
    const { context_chunks: T } = model.config;
    const score = vi.spyOn(model.inference, 'score').mockImplementation((_, batch) => {
      const zeros = new Float32Array(batch * T * 32);
      return Promise.resolve({
        probabilities: zeros,
        logLikelihoods: zeros,
        effectiveVoters: zeros,
        activeVoters: zeros,
        density: zeros,
      });
    });
    const document = { uri: 'a', version: 1, bytes: new Uint8Array(4 * 70_000) };
    const inspector = new Inspector(model);
    expect(await inspector.inspectRange(document, 100, 70_000)).toMatchObject({ firstChunk: 100, count: 65_536 });
    expect(score).toHaveBeenCalled();
    vi.restoreAllMocks();
  });

  it('is left between two batches when it is cancelled', async () => {
    const score = vi.spyOn(model.inference, 'score');
    const controller = new AbortController();
    let turns = 0;
    const giveWay = () => {
      if (++turns === 2) controller.abort();
      return Promise.resolve();
    };
    const document = { uri: 'a', version: 1, bytes: text(2900) };
    const inspection = new Inspector(model).inspectRange(document, 0, 700, { signal: controller.signal, giveWay });
    await expect(inspection).rejects.toMatchObject({ name: 'AbortError' });
    expect(score).toHaveBeenCalledTimes(1);
    vi.restoreAllMocks();
  });
});
