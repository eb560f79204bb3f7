/** @file A second model beside the loaded one, over the real channel of the model process. */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CancellationTokenSource, ResponseError } from 'vscode-jsonrpc/node';
import type { ComparisonTexts } from '../../../model/protocol/comparison';
import { ErrorCode } from '../../../model/measures/errorCodes';
import type { AnalysisProgress } from '../../../model/protocol/voterAnalyses';
import type { AskOptions } from '../../../extension/modelProcess/ask';
import { goldenFolder } from '../inspection/goldenModel';
import type { HostProcess } from './childProcess';
import { bundleHost, forkHost } from './childProcess';

let bundle: Awaited<ReturnType<typeof bundleHost>>;
let host: HostProcess;
let copy: string;
const a = { uri: 'file:///a.txt', version: 1, changes: [] };
const b = { uri: 'file:///b.txt', version: 4, changes: [] };
const long = { uri: 'file:///long.txt', version: 1, changes: [] };
const text = (length: number) =>
  new TextEncoder().encode('let größe = [1, 2];\n'.repeat(1 + length / 20)).slice(0, length);

beforeAll(async () => {
  bundle = await bundleHost();
  copy = join(mkdtempSync(join(tmpdir(), 'smuggler-compare-')), 'copy');
  cpSync(goldenFolder('chained'), copy, { recursive: true });
  host = forkHost(bundle.program, 'answer');
  await host.ask('model/load', { folder: goldenFolder('chained'), device: 'cpu', threads: 1 });
  for (const [{ uri, version }, length] of [
    [a, 203],
    [b, 120],
    [long, 400_000],
  ] as const) {
    await host.tell('document/sync', { uri, version, bytes: text(length) });
  }
});
afterAll(() => {
  host.child.kill('SIGKILL');
  bundle.remove();
  rmSync(join(copy, '..'), { recursive: true, force: true });
});

const open = (folder: string) => host.ask('comparison/open', { folder, device: 'cpu', threads: 1 });
const compare = (params: ComparisonTexts, options?: AskOptions<AnalysisProgress>) =>
  host.ask('comparison/texts', params, options);

async function codeOf(promise: Promise<unknown>): Promise<number> {
  const outcome: unknown = await promise.catch((error: unknown) => error);
  if (!(outcome instanceof ResponseError)) expect.fail(`expected a response error, got ${JSON.stringify(outcome)}`);
  expect(outcome.message).toMatch(/^[^\n]+\.$/);
  return outcome.code;
}

test('without a second model there is one sentence; the loaded one can be compared with itself', async () => {
  expect(await codeOf(compare({ a, b: a, secondModel: true }))).toBe(ErrorCode.noModel);
  const itself = await compare({ a, b: a, secondModel: false });
  expect(itself.surpriseA).toBeInstanceOf(Float32Array);
  expect(itself.surpriseA).toEqual(itself.surpriseB);
  expect([...itself.chunks].reduce((sum, count) => sum + count)).toBe(51);
});

test('the same weights from another folder differ nowhere', async () => {
  expect(await open(copy)).toMatchObject({ folder: copy, name: 'copy' });
  const { surpriseA, surpriseB, chunks, bits } = await compare({ a, b: a, secondModel: true });
  expect(surpriseA).toEqual(surpriseB);
  expect(chunks[1]! + chunks[2]!).toBe(0);
  expect(bits.reduce((sum, count) => sum + count)).toBe(8 * 203);
});

test('another model, one text and two', async () => {
  await open(goldenFolder('paper'));
  const progress: AnalysisProgress[] = [];
  const one = await compare({ a, b: a, secondModel: true }, { onProgress: (value) => progress.push(value) });
  expect(progress.at(-1)).toEqual({ phase: 'votes', done: 51, total: 51 });
  expect(one.surpriseA).not.toEqual(one.surpriseB);
  expect(one.checkpoints[0]).not.toBe(one.checkpoints[1]);
  const two = await compare({ a, b, secondModel: true });
  expect(two).toMatchObject({ byteLength: 120, chunkCount: 30, equalChunks: 30 });
  expect(two.surpriseA[29]).toBeCloseTo(one.surpriseA[29]!, 4);
  const chunk = await host.ask('comparison/chunk', { a, b, secondModel: true, offset: 9 });
  expect(chunk).toMatchObject({ index: 2, offset: 8 });
  expect(chunk.a.surprise).toBeCloseTo(two.surpriseA[2]!, 3);
  expect(chunk.b.surprise).toBeCloseTo(two.surpriseB[2]!, 3);
});

test('voters changed on one side, and what both write on', async () => {
  const b = { ...a, changes: [...Array(32).keys()].map((bit) => ({ bit, voter: 1, vote: null })) };
  const { surpriseA, surpriseB } = await compare({ a, b, secondModel: false });
  expect(surpriseA).not.toEqual(surpriseB);
  expect((await compare({ a: b, b, secondModel: false })).surpriseA).toEqual(surpriseB);
  const params = { a, b, secondModel: false, offset: 9 };
  const chunk = await host.ask('comparison/chunk', params);
  expect(chunk.b.surprise).toBeCloseTo(surpriseB[2]!, 3);
  const written = await host.ask('comparison/continuations', { ...params, maxBytes: 8 });
  expect(written.a).toMatchObject({ offset: 8, real: text(203).slice(8, 16) });
  expect(written.b.realSurprise).toBeCloseTo(surpriseB[2]! + surpriseB[3]!, 3);
  expect(written.a.bytes).toBeInstanceOf(Uint8Array);
  const source = new CancellationTokenSource();
  source.cancel();
  const cancelled = host.ask('comparison/continuations', { ...params, maxBytes: 1024 }, { token: source.token });
  expect(await codeOf(cancelled)).toBe(ErrorCode.cancelled);
  const none = { ...a, changes: [{ bit: 0, voter: 9999, vote: null }] };
  expect(await codeOf(compare({ a, b: none, secondModel: false }))).toBe(ErrorCode.badRequest);
});

test('a folder that is no model leaves the second model as it was', async () => {
  expect(await codeOf(open('/nowhere/model'))).not.toBe(ErrorCode.internal);
  expect((await compare({ a, b: a, secondModel: true })).checkpoints).toHaveLength(2);
});

test('a text that was not sent in this version, and cancelling', async () => {
  expect(await codeOf(compare({ a, b: { ...b, version: 5 }, secondModel: true }))).toBe(ErrorCode.staleDocument);
  const source = new CancellationTokenSource();
  const onProgress = () => {
    source.cancel();
  };
  const params = { a: long, b: long, secondModel: true };
  expect(await codeOf(host.ask('comparison/texts', params, { token: source.token, onProgress }))).toBe(
    ErrorCode.cancelled,
  );
});

test('closing frees the second model', async () => {
  await host.ask('comparison/close', {});
  expect(await codeOf(compare({ a, b: a, secondModel: true }))).toBe(ErrorCode.noModel);
  expect((await compare({ a, b: a, secondModel: false })).chunkCount).toBe(51);
});
