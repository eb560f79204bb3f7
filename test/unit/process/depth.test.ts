/** @file The depth lens over the real channel of the model process: fitted on the bundled texts, the chunk alone first, then all. */
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ResponseError } from 'vscode-jsonrpc/node';
import { ErrorCode } from '../../../model/measures/errorCodes';
import type { AnalysisProgress } from '../../../model/protocol/voterAnalyses';
import { goldenFolder } from '../inspection/goldenModel';
import type { HostProcess } from './childProcess';
import { bundleHost, forkHost } from './childProcess';

let bundle: Awaited<ReturnType<typeof bundleHost>>;
let host: HostProcess;
const document = { uri: 'file:///a.txt', version: 1 };
const sample = join(import.meta.dirname, '../../../media/sample');
const asked = { ...document, offset: 9, before: 2, after: 4, reading: 'fitted', changes: [], sample } as const;

beforeAll(async () => {
  bundle = await bundleHost();
  host = forkHost(bundle.program, 'answer');
  await host.ask('model/load', { folder: goldenFolder('chained'), device: 'cpu', threads: 1 });
  await host.tell('document/sync', { ...document, bytes: new TextEncoder().encode('let größe = [1, 2];\n') });
});
afterAll(() => {
  host.child.kill('SIGKILL');
  bundle.remove();
});

test('the last depth is what inspect/chunk says, and numbers arrive as numbers', async () => {
  const progress: AnalysisProgress[] = [];
  const soon = await host.ask(
    'inspect/depth',
    { ...asked, fill: false },
    { onProgress: (value) => progress.push(value) },
  );
  const { total } = progress[0]!;
  // How far the fit is, to its end.
  expect(progress.at(-1)).toEqual({ phase: 'votes', done: total, total });
  const R = soon.depths.length;
  expect(soon).toMatchObject({ index: 2, offset: 8, firstChunk: 0, chunkCount: 6, isWhole: false });
  expect(soon.fit.files).toBeGreaterThanOrEqual(5);
  expect(soon.fit.heldOut).toBeGreaterThan(1000);
  expect(soon.surprise).toBeInstanceOf(Float32Array);
  expect(soon.surprise[0]).toBeNaN();
  const whole = await host.ask('inspect/depth', { ...asked, fill: true });
  expect(whole.isWhole).toBe(true);
  expect(whole.tops.every((top) => top !== null)).toBe(true);
  const { surprise, probabilities } = await host.ask('inspect/chunk', { ...document, offset: 9, alternatives: 0 });
  expect(whole.surprise[(R - 1) * 6 + 2]).toBeCloseTo(surprise, 4);
  expect([...whole.probabilities.subarray(32 * (R - 1))]).toEqual(
    [...probabilities].map((p) => expect.closeTo(p, 5) as number),
  );
});

test('without a text to fit on, or a model, there is one sentence', async () => {
  const codeOf = async (change: object) => {
    const outcome: unknown = await host
      .ask('inspect/depth', { ...asked, fill: true, ...change })
      .catch((error: unknown) => error);
    if (!(outcome instanceof ResponseError)) expect.fail('expected a response error');
    expect(outcome.message).toMatch(/^[^\n]+\.$/);
    return outcome.code;
  };
  expect(await codeOf({ sample: join(bundle.folder, 'missing') })).toBe(ErrorCode.emptyCorpus);
  expect(await codeOf({ version: 2 })).toBe(ErrorCode.staleDocument);
  await host.ask('model/unload', {});
  expect(await codeOf({})).toBe(ErrorCode.noModel);
});
