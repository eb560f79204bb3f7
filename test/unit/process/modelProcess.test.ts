/** @file The model process end to end: forked as it ships, over the real channel. */
import { fork } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { CancellationTokenSource, ResponseError } from 'vscode-jsonrpc/node';
import { readStatistics } from '../../../model/checkpoint/statisticsFile';
import { ErrorCode } from '../../../model/measures/errorCodes';
import type { StatisticsProgress } from '../../../model/protocol/statistics';
import type { CorpusSummary, TrainingProgress, TrainingReport, TrainParams } from '../../../model/protocol/training';
import { goldenFolder, loadGolden } from '../inspection/goldenModel';
import { MEMORY_VOTERS } from '../../../model/measures/memoryVoters';
import { Inspector } from '../../../model/inspection/inspector';
import type { HostProcess } from './childProcess';
import { bundleHost, forkHost, isRunning } from './childProcess';

let bundle: Awaited<ReturnType<typeof bundleHost>>;
let temporary: string;
const started: HostProcess[] = [];

beforeAll(async () => {
  bundle = await bundleHost();
  temporary = mkdtempSync(join(tmpdir(), 'smuggler-host-'));
});
afterAll(() => {
  bundle.remove();
  rmSync(temporary, { recursive: true, force: true });
});
afterEach(() => {
  for (const { child } of started.splice(0)) child.kill('SIGKILL');
});

function start(role: 'answer' | 'train', execArgv?: readonly string[]): HostProcess {
  const host = forkHost(bundle.program, role, execArgv);
  started.push(host);
  return host;
}

const text = (length: number) =>
  new TextEncoder().encode('let größe = [1, 2];\n'.repeat(1 + length / 20)).slice(0, length);
const load = (host: HostProcess, folder: string, device = 'cpu') =>
  host.ask('model/load', { folder, device, threads: 1 });

async function failure(promise: Promise<unknown>): Promise<ResponseError> {
  const outcome: unknown = await promise.catch((error: unknown) => error);
  if (!(outcome instanceof ResponseError)) expect.fail(`expected a response error, got ${JSON.stringify(outcome)}`);
  // One sentence for a user.
  expect(outcome.message).toMatch(/^[^\n]+\.$/);
  return outcome;
}

describe('the answering process', () => {
  it('loads a model, and answers as the library does', async () => {
    const host = start('answer');
    const summary = await load(host, goldenFolder('chained'));
    const model = await loadGolden('chained');
    expect(summary).toMatchObject({
      name: 'chained',
      folder: goldenFolder('chained'),
      checkpoint: model.checkpoint,
      config: model.config,
      votersPerBit: 6,
      device: 'cpu',
    });
    expect(summary.temperatures).toBeInstanceOf(Float32Array);
    expect(summary.notice).toBeUndefined();

    const document = { uri: 'file:///a.ts', version: 4, bytes: text(400) };
    await host.tell('document/sync', document);
    const inspector = new Inspector(model);
    const ref = { uri: document.uri, version: 4 };
    const chunk = await host.ask('inspect/chunk', { ...ref, offset: 130, alternatives: 5 });
    const expected = await inspector.inspectChunk(document, 130, 5);
    expect({ ...chunk, milliseconds: 0 }).toEqual({ ...expected, milliseconds: 0 });
    const changes = [{ bit: 2, voter: 1, vote: null }];
    const ask = { ...ref, firstChunk: 3, count: 60, changes };
    const range = await host.ask('inspect/range', ask);
    expect(range).toEqual(await inspector.inspectRange(document, 3, 60, { changes }));
    const asked = {
      prefix: text(100),
      suffix: new Uint8Array(0),
      maxBytes: 24,
      until: 'paragraph',
      minConfidence: 0,
      end: 'sure',
      changes: [],
      memory: null,
    } as const;
    const completion = await host.ask('complete', asked);
    expect(completion.text.length).toBeGreaterThan(0);
    // Every letter has the bit that follows the highest.
    const held = [1, 9, 17, 25].flatMap((bit) => Array.from({ length: 6 }, (_, voter) => ({ bit, voter, vote: 0 })));
    const changed = await host.ask('complete', { ...asked, changes: held });
    expect(changed.text).not.toBe(completion.text);
    expect(changed.text).not.toMatch(/[@-~]/);
    // With the document in memory its lines go on as they did before.
    const line = 'let total = sumOf(parts);\n';
    const bytes = new TextEncoder().encode(line.repeat(12) + line.slice(0, 9));
    await host.tell('document/sync', { ...document, version: 5, bytes });
    const memory = { uri: document.uri, version: 5, scope: 'document', offset: bytes.length, silenced: [] } as const;
    const repeated = await host.ask('complete', { ...asked, prefix: bytes, maxBytes: 16, memory });
    expect(repeated.text).toBe(line.slice(9, 25));
    const forgetful = { ...memory, silenced: MEMORY_VOTERS };
    const alone = await host.ask('complete', { ...asked, prefix: bytes, maxBytes: 16, memory: forgetful });
    expect(alone.text).not.toBe(repeated.text);
    await model.inference.dispose();
  });

  it('says which text it does not have', async () => {
    const host = start('answer');
    const ask = (version: number) =>
      host.ask('inspect/chunk', { uri: 'file:///a', version, offset: 0, alternatives: 0 });
    expect(await failure(ask(1))).toMatchObject({ code: ErrorCode.noModel });
    await load(host, goldenFolder('paper'));
    expect(await failure(ask(1))).toMatchObject({ code: ErrorCode.staleDocument });
    await host.tell('document/sync', { uri: 'file:///a', version: 2, bytes: text(40) });
    expect(await failure(ask(1))).toMatchObject({ code: ErrorCode.staleDocument });
    expect(await ask(2)).toMatchObject({ index: 0 });
    await host.tell('document/sync', {
      uri: 'file:///a',
      version: 3,
      bytes: new Uint8Array(0),
    });
    expect(await failure(ask(3))).toMatchObject({ code: ErrorCode.emptyDocument });
    await host.tell('document/close', { uri: 'file:///a' });
    expect(await failure(ask(3))).toMatchObject({ code: ErrorCode.staleDocument });
    expect(await host.ask('model/unload', {})).toBeNull();
    expect(await failure(ask(3))).toMatchObject({ code: ErrorCode.noModel });
  });

  it('keeps its model when another cannot be loaded, and says why in one sentence', async () => {
    const host = start('answer');
    await load(host, goldenFolder('mean'));
    const broken = join(temporary, 'broken');
    cpSync(goldenFolder('mean'), broken, { recursive: true });
    writeFileSync(join(broken, 'config.json'), '{"stages": -1}');
    const bad = await failure(load(host, broken));
    expect(bad).toMatchObject({ code: ErrorCode.badModel });
    expect(bad.message).toContain('config.json');
    cpSync(join(goldenFolder('mean'), 'config.json'), join(broken, 'config.json'));
    writeFileSync(join(broken, 'model.safetensors'), readFileSync(join(broken, 'model.safetensors')).subarray(0, 3000));
    expect((await failure(load(host, broken))).message).toContain('model.safetensors');
    const missing = await failure(load(host, join(temporary, 'nowhere')));
    expect([ErrorCode.badModel, ErrorCode.fileSystem]).toContain(missing.code);
    expect(missing.message).toContain('nowhere');
    expect(await failure(load(host, goldenFolder('mean'), 'abacus'))).toMatchObject({ code: ErrorCode.badRequest });

    await host.tell('document/sync', { uri: 'a', version: 1, bytes: text(40) });
    const ask = { uri: 'a', version: 1, offset: 0, alternatives: 0 };
    const model = await loadGolden('mean');
    expect(await host.ask('inspect/chunk', ask)).toMatchObject({ checkpoint: model.checkpoint });
    await model.inference.dispose();
  });

  it('uses the CPU where the device cannot run the model, and says so', async () => {
    // No GPU with CUDA has the machine without one; where there is one, there is nothing to say.
    const summary = await load(start('answer'), goldenFolder('mean'), 'cuda');
    if (summary.device === 'cpu') expect(summary.notice).toMatch(/cuda.*the CPU is used instead\.$/);
    else expect(summary).toMatchObject({ device: 'cuda' });
  });

  it('lets a hover pass a long range, and really stops a range that is cancelled', async () => {
    const host = start('answer');
    await load(host, goldenFolder('paper'));
    const document = { uri: 'a', version: 1, bytes: text(400_000) };
    await host.tell('document/sync', document);
    const ref = { uri: 'a', version: 1 };
    const changes = [] as const;
    const range = new CancellationTokenSource();
    let isRangeDone = false;
    const inspection = host
      .ask('inspect/range', { ...ref, firstChunk: 0, count: 100_000, changes }, { token: range.token })
      .finally(() => (isRangeDone = true));
    inspection.catch(() => undefined);
    await sleep(20);
    for (let offset = 0; offset < 1000; offset += 100) {
      await host.ask('inspect/chunk', { ...ref, offset, alternatives: 3 });
    }
    expect(isRangeDone).toBe(false);
    // What waits behind a cancelled range is answered at once, what was itself cancelled before its turn is not computed.
    const waiting = new CancellationTokenSource();
    const second = host.ask('inspect/range', { ...ref, firstChunk: 0, count: 9, changes }, { token: waiting.token });
    waiting.cancel();
    range.cancel();
    expect(await failure(inspection)).toMatchObject({ code: ErrorCode.cancelled });
    expect(await failure(second)).toMatchObject({ code: ErrorCode.cancelled });
    const next = await host.ask('inspect/range', { ...ref, firstChunk: 5, count: 3, changes });
    expect(next.count).toBe(3);
  });

  it('may load another model while a range is under way', async () => {
    const host = start('answer');
    const { checkpoint } = await load(host, goldenFolder('paper'));
    await host.tell('document/sync', { uri: 'a', version: 1, bytes: text(40_000) });
    const ask = { uri: 'a', version: 1, firstChunk: 0, count: 10_000, changes: [] };
    const range = host.ask('inspect/range', ask);
    await sleep(20);
    const other = await load(host, goldenFolder('mean'));
    expect(await range).toMatchObject({ checkpoint, count: 10_000 });
    const again = await host.ask('inspect/range', { ...ask, count: 10 });
    expect(again).toMatchObject({ checkpoint: other.checkpoint });
  });

  it('switches the telemetry of ONNX Runtime off before it is loaded', async () => {
    const probe = join(bundle.folder, 'probe.cjs');
    const found = join(bundle.folder, 'found.json');
    // Notes the switch at the moment when the native library is loaded.
    writeFileSync(
      probe,
      `const load = process.dlopen;
       process.dlopen = (module, file, ...rest) => {
         if (file.includes('onnxruntime'))
           require('node:fs').writeFileSync(${JSON.stringify(found)}, JSON.stringify(process.env.ORT_DISABLE_TELEMETRY ?? null));
         return load.call(process, module, file, ...rest);
       };`,
    );
    await load(start('answer', ['--require', probe]), goldenFolder('mean'));
    expect(readFileSync(found, 'utf8')).toBe('"1"');
  });

  it('names its presets and itself', async () => {
    const host = start('answer');
    const presets = await host.ask('train/presets', {});
    expect(presets.map(({ name }) => name)).toContain('default');
    expect(presets[0]!.parameters).toBeGreaterThan(0);
    if (process.platform === 'linux') {
      expect(readFileSync(`/proc/${host.child.pid!}/cmdline`, 'utf8')).toMatch(/^smuggler answer/);
    }
  });
});

describe('statistics and lesions over the channel', () => {
  it('are gathered with progress, can be cancelled, and are read by the process that answers', async () => {
    const folder = join(temporary, 'statistics model');
    cpSync(goldenFolder('chained'), folder, { recursive: true });
    const file = join(temporary, 'statistics text');
    writeFileSync(file, text(60_000));
    const params = {
      folder,
      text: [file],
      device: 'cpu',
      threads: 1,
      seed: 1,
      exclude: [],
      maxFileBytes: 1e6,
    };
    const answering = start('answer');
    await load(answering, folder);
    expect(await answering.ask('statistics/read', {})).toBeNull();
    expect(await answering.ask('statistics/voter', { bit: 0, voter: 0, of: 'gathered' })).toBeNull();

    const working = start('train');
    const progress: StatisticsProgress[] = [];
    const stop = new CancellationTokenSource();
    const onProgress = (message: StatisticsProgress) => {
      if (progress.push(message) === 1) stop.cancel();
    };
    const cancelled = failure(working.ask('statistics/compute', params, { token: stop.token, onProgress }));
    expect(await cancelled).toMatchObject({ code: ErrorCode.cancelled });
    expect(existsSync(join(folder, 'statistics.safetensors'))).toBe(false);

    const summary = await working.ask('statistics/compute', params, { onProgress });
    expect(summary).toMatchObject({ chunks: 15_000, bytes: 60_000, files: [file], votersPerBit: 6 });
    expect(progress.at(-1)).toEqual({ folder, chunks: 15_000, total: 15_000 });
    expect(await answering.ask('statistics/read', {})).toEqual(summary);
    const voter = await answering.ask('statistics/voter', { bit: 3, voter: 5, of: 'gathered' });
    expect(voter).toMatchObject({ bit: 3, voter: 5, checkpoint: summary.checkpoint });
    expect(voter!.top).toHaveLength(8);
    const stored = (await readStatistics(folder, summary.checkpoint))!;
    const { automatic } = await answering.ask('voters/notes', {});
    expect(automatic).toEqual(
      stored.statistics.names.map(({ row, name }) => ({ bit: Math.floor(row / 6), voter: row % 6, name })),
    );
    // Gathered again on less, and asked for the names: the voter's figures are those, too.
    writeFileSync(file, text(8_000));
    await working.ask('statistics/compute', params);
    await answering.ask('voters/notes', {});
    const again = await answering.ask('statistics/voter', { bit: 3, voter: 5, of: 'gathered' });
    expect(again!.samples[0] + again!.samples[1]).toBe(2_000);
    const wrong = answering.ask('statistics/voter', { bit: 3, voter: 6, of: 'gathered' });
    expect(await failure(wrong)).toMatchObject({ code: ErrorCode.badRequest });

    // Another checkpoint in the same folder.
    cpSync(join(goldenFolder('chained'), 'trained.safetensors'), join(folder, 'model.safetensors'));
    await load(answering, folder);
    const stale = answering.ask('statistics/read', {});
    expect(await failure(stale)).toMatchObject({ code: ErrorCode.badRequest });
    expect(await failure(working.ask('statistics/compute', { ...params, text: [] }))).toMatchObject({
      code: ErrorCode.emptyCorpus,
    });
  });

  it('a lesion is answered as the library does, and a change that is none is refused', async () => {
    const host = start('answer');
    await load(host, goldenFolder('chained'));
    const model = await loadGolden('chained');
    const document = { uri: 'a', version: 1, bytes: text(400) };
    await host.tell('document/sync', document);
    const ask = { uri: 'a', version: 1, offset: 99, continuation: 12 };
    const changes = [
      { bit: 4, voter: 2, vote: null },
      { bit: 30, voter: 0, vote: 0.25 },
    ];
    const lesion = await host.ask('inspect/lesion', { ...ask, changes });
    const expected = await new Inspector(model).lesion(document, { ...ask, changes });
    expect({ ...lesion, milliseconds: 0 }).toEqual({ ...expected, milliseconds: 0 });
    const wrong = host.ask('inspect/lesion', { ...ask, changes: [{ bit: 4, voter: 6, vote: null }] });
    expect(await failure(wrong)).toMatchObject({ code: ErrorCode.badRequest });
    await model.inference.dispose();
  });
});

describe('the end of the process', () => {
  it('is seen by its parent when it is killed', async () => {
    const host = start('answer');
    await load(host, goldenFolder('mean'));
    const pending = host.ask('train/presets', {}).catch((error: unknown) => error);
    host.child.kill('SIGKILL');
    expect(await host.exit).toEqual({ code: null, signal: 'SIGKILL' });
    await pending;
  });

  it('comes when its parent lets go of it', async () => {
    const host = start('answer');
    await load(host, goldenFolder('mean'));
    host.child.disconnect();
    expect(await host.exit).toEqual({ code: 0, signal: null });
    expect(host.errors()).toBe('');
  });

  it('comes when its parent is killed', async () => {
    const parent = join(bundle.folder, 'parent.cjs');
    writeFileSync(
      parent,
      `const { fork } = require('node:child_process');
       const child = fork(${JSON.stringify(bundle.program)}, ['--role', 'answer'], { serialization: 'advanced' });
       process.send(child.pid);
       setInterval(() => undefined, 1000);`,
    );
    const middle = fork(parent, [], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    const pid = await new Promise<number>((resolve) => middle.once('message', resolve as (pid: unknown) => void));
    await sleep(300);
    expect(isRunning(pid)).toBe(true);
    middle.kill('SIGKILL');
    for (let waited = 0; isRunning(pid) && waited < 5000; waited += 50) await sleep(50);
    expect(isRunning(pid)).toBe(false);
  });

  it('by a defect is one sentence on standard error and exit code 1', async () => {
    const probe = join(bundle.folder, 'defect.cjs');
    writeFileSync(probe, `setTimeout(() => { throw new Error('something broke'); }, 300);`);
    const host = start('answer', ['--require', probe]);
    expect(await host.exit).toEqual({ code: 1, signal: null });
    expect(host.errors().trim()).toMatch(
      /^The model process met a defect of its own and ended: something broke[^\n]*$/,
    );
  });
});

describe('the training process', () => {
  const params = (name: string, rest: Partial<TrainParams> = {}): TrainParams => ({
    text: [join(temporary, 'text')],
    out: join(temporary, name),
    preset: 'tiny',
    resume: false,
    steps: 100_000,
    seconds: null,
    seed: 1,
    device: 'cpu',
    threads: 1,
    exclude: [],
    maxFileBytes: 1e6,
    ...rest,
  });

  beforeAll(() => {
    writeFileSync(join(temporary, 'text'), text(50_000));
  });

  it('reports, stops when it is cancelled, saves, and what it saved loads and goes on', async () => {
    const host = start('train');
    const corpora: CorpusSummary[] = [];
    const reports: TrainingReport[] = [];
    const saved: number[] = [];
    const stop = new CancellationTokenSource();
    const training = host.ask('train/run', params('model'), {
      token: stop.token,
      onProgress: (progress) => {
        if (progress.kind === 'corpus') corpora.push(progress.corpus);
        if (progress.kind === 'saved') saved.push(progress.step);
        if (progress.kind === 'report' && reports.push(progress.report) === 3) stop.cancel();
      },
    });
    // A second one at the same time is refused, and the first does not mind.
    const refused = failure(host.ask('train/run', params('other')));
    expect(await refused).toMatchObject({ code: ErrorCode.badRequest });
    const result = await training;
    expect(result).toMatchObject({ outcome: 'stopped', folder: join(temporary, 'model') });
    expect(result.step).toBeGreaterThan(0);
    expect(corpora).toMatchObject([
      { files: 1, bytes: 50_000, languages: [{ name: 'No ending', files: 1, bytes: 50_000 }] },
    ]);
    expect(reports.length).toBeGreaterThanOrEqual(3);
    expect(saved).toContain(result.step);
    const summary = await load(start('answer'), join(temporary, 'model'));
    expect(summary.steps).toBe(result.step);
    const more = await host.ask('train/run', params('model', { resume: true, steps: result.step + 5 }));
    expect(more).toMatchObject({ outcome: 'finished', step: result.step + 5 });
  });

  it('says what is wrong with what it was asked', async () => {
    const host = start('train');
    const ask = (rest: Partial<TrainParams>) => failure(host.ask('train/run', params('wrong', rest)));
    expect(await ask({ text: [join(temporary, 'nowhere')] })).toMatchObject({ code: ErrorCode.emptyCorpus });
    expect(await ask({ preset: 'gigantic' })).toMatchObject({ code: ErrorCode.badRequest });
    expect(await ask({ device: 'abacus' })).toMatchObject({ code: ErrorCode.badRequest });
    expect(await ask({ resume: true })).toMatchObject({ code: ErrorCode.badModel });
  });

  it('trains on the CPU where the device is missing, and says so in one sentence', async () => {
    const host = start('train');
    const warnings: string[] = [];
    // One that no build of ONNX Runtime for this platform has.
    const device = process.platform === 'darwin' ? 'dml' : 'coreml';
    const result = await host.ask('train/run', params('elsewhere', { device, steps: 2 }), {
      onProgress: (progress) => {
        if (progress.kind === 'warning') warnings.push(progress.message);
      },
    });
    expect(result).toMatchObject({ outcome: 'finished', step: 2 });
    expect(warnings).toHaveLength(1);
    expect(warnings[0]).toMatch(
      new RegExp(`^The device "${device}" cannot run the model: .*; the CPU is used instead\\.$`),
    );
  });

  it('answers at once whether it is alive', async () => {
    expect(await start('answer').ask('process/alive', {})).toBeNull();
  });

  it('names the presets from the smallest to the largest, the one of the paper among them', async () => {
    const presets = await start('answer').ask('train/presets', {});
    expect(presets.map(({ name }) => name)).toEqual(['tiny', 'small', 'default', 'paper', 'large']);
    expect(presets.find(({ name }) => name === 'paper')!.config).toMatchObject({
      embedding_dim: 128,
      bit_decoding: 'independent',
    });
    for (const { batch, steps, parameters } of presets) {
      for (const value of [batch, steps, parameters]) expect(value).toBeGreaterThan(0);
    }
  });

  it('saves when its parent lets go of it, and ends', async () => {
    const host = start('train');
    const first = new Promise<TrainingReport>((resolve) => {
      const onProgress = (progress: TrainingProgress) => {
        if (progress.kind === 'report') resolve(progress.report);
      };
      host.ask('train/run', params('orphan'), { onProgress }).catch(() => undefined);
    });
    const { step } = await first;
    host.child.disconnect();
    expect(await host.exit).toEqual({ code: 0, signal: null });
    expect(existsSync(join(temporary, 'orphan/model.safetensors'))).toBe(true);
    const summary = await load(start('answer'), join(temporary, 'orphan'));
    expect(summary.steps).toBeGreaterThanOrEqual(step);
  });
});
