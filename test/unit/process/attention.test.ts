/** @file Attention over the real channel of the model process: what the library says, with progress, and cancelled. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CancellationTokenSource, ResponseError } from 'vscode-jsonrpc/node';
import { Attention } from '../../../model/inspection/attention';
import { ErrorCode } from '../../../model/measures/errorCodes';
import type { AnalysisProgress } from '../../../model/protocol/voterAnalyses';
import { goldenFolder, loadGolden } from '../inspection/goldenModel';
import type { HostProcess } from './childProcess';
import { bundleHost, forkHost } from './childProcess';

let bundle: Awaited<ReturnType<typeof bundleHost>>;
let host: HostProcess;
const document = {
  uri: 'file:///a.ts',
  version: 2,
  bytes: new TextEncoder().encode('let größe = [1, 2];\n'.repeat(30)),
};
const ref = { uri: document.uri, version: document.version };

beforeAll(async () => {
  bundle = await bundleHost();
  host = forkHost(bundle.program, 'answer');
  await host.tell('document/sync', document);
});
afterAll(() => {
  host.child.kill('SIGKILL');
  bundle.remove();
});

const load = (name: Parameters<typeof goldenFolder>[0]) =>
  host.ask('model/load', { folder: goldenFolder(name), device: 'cpu', threads: 1 });

test('answers as the library does, and tells how far it is', async () => {
  await load('paper');
  const model = await loadGolden('paper');
  const attention = new Attention(model);
  const at = await host.ask('inspect/attention', { ...ref, offset: 130 });
  expect(at?.weights).toBeInstanceOf(Float32Array);
  expect({ ...at, milliseconds: 0 }).toEqual({ ...(await attention.at(document, 130)), milliseconds: 0 });
  const progress: AnalysisProgress[] = [];
  const heads = await host.ask('inspect/heads', ref, { onProgress: (value) => progress.push(value) });
  expect({ ...heads, milliseconds: 0 }).toEqual({ ...(await attention.heads(document)), milliseconds: 0 });
  const chunks = Math.floor(document.bytes.length / 4);
  expect(progress.at(-1)).toEqual({ phase: 'votes', done: chunks, total: chunks });
  await attention.dispose();
  await model.inference.dispose();
});

test('is null for a model without attention', async () => {
  await load('dendritic');
  expect(await host.ask('inspect/attention', { ...ref, offset: 8 })).toBeNull();
  expect(await host.ask('inspect/heads', ref)).toBeNull();
});

test('heads can be cancelled, and the process answers on', async () => {
  await load('paper');
  const long = { ...ref, uri: 'file:///long.ts' };
  const bytes = new TextEncoder().encode('let größe = [1, 2];\n'.repeat(20_000));
  await host.tell('document/sync', { ...long, bytes });
  const source = new CancellationTokenSource();
  const outcome: unknown = await host
    .ask('inspect/heads', long, {
      token: source.token,
      onProgress: () => {
        source.cancel();
      },
    })
    .catch((error: unknown) => error);
  if (!(outcome instanceof ResponseError)) expect.fail('it was answered');
  expect(outcome.code).toBe(ErrorCode.cancelled);
  expect(await host.ask('inspect/attention', { ...long, offset: 0 })).toMatchObject({ index: 0 });
});
