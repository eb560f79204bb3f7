/** @file The overview, the activity and a voter's votes over the real channel of the model process. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ResponseError } from 'vscode-jsonrpc/node';
import { ErrorCode } from '../../../model/measures/errorCodes';
import { goldenFolder } from '../inspection/goldenModel';
import type { HostProcess } from './childProcess';
import { bundleHost, forkHost } from './childProcess';

let bundle: Awaited<ReturnType<typeof bundleHost>>;
let host: HostProcess;
const document = { uri: 'file:///a.txt', version: 1 };

beforeAll(async () => {
  bundle = await bundleHost();
  host = forkHost(bundle.program, 'answer');
  await host.ask('model/load', { folder: goldenFolder('dendritic'), device: 'cpu', threads: 1 });
  const bytes = new TextEncoder().encode('let größe = [1, 2];\n');
  await host.tell('document/sync', { ...document, bytes });
});
afterAll(() => {
  host.child.kill('SIGKILL');
  bundle.remove();
});

async function codeOf(promise: Promise<unknown>): Promise<number> {
  const outcome: unknown = await promise.catch((error: unknown) => error);
  if (!(outcome instanceof ResponseError)) expect.fail(`expected a response error, got ${JSON.stringify(outcome)}`);
  expect(outcome.message).toMatch(/^[^\n]+\.$/);
  return outcome.code;
}

test('blocks with times, and as many activities as blocks', async () => {
  const { blocks, card } = await host.ask('model/overview', {});
  expect(card).toBeNull();
  for (const { id, milliseconds } of blocks) expect(milliseconds, id).toBeGreaterThan(0);
  const activity = await host.ask('model/activity', { ...document, offset: 9 });
  expect(activity).toMatchObject({ index: 2, offset: 8, chunkCount: 6 });
  expect(activity.rms).toBeInstanceOf(Float32Array);
  expect(activity.rms).toHaveLength(blocks.length);
  expect(activity.gates.length).toBeGreaterThan(0);
});

test('a voter’s votes, and one sentence where there is no such voter or text', async () => {
  const wanted = { ...document, firstChunk: 1, count: 3, bit: 5, voter: 0 };
  const { votes } = await host.ask('inspect/voter', wanted);
  expect(votes).toHaveLength(3);
  for (const vote of votes) expect(vote > 0 && vote < 1).toBe(true);
  const ask = (change: object) => host.ask('inspect/voter', { ...wanted, ...change });
  expect(await codeOf(ask({ voter: 9_999 }))).toBe(ErrorCode.badRequest);
  expect(await codeOf(ask({ version: 2 }))).toBe(ErrorCode.staleDocument);
});

test('without a model there is one sentence', async () => {
  await host.ask('model/unload', {});
  expect(await codeOf(host.ask('model/overview', {}))).toBe(ErrorCode.noModel);
  expect(await codeOf(host.ask('model/activity', { ...document, offset: 0 }))).toBe(ErrorCode.noModel);
});
