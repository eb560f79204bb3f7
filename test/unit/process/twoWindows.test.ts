/** @file Two windows of VS Code on one training folder: one trains, and the other is told so, follows, loads, and takes over. */
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { ResponseError } from 'vscode-jsonrpc/node';
import { FollowedRuns } from '../../../extension/panels/trainingMonitor/trainingMonitorRuns';
import { ErrorCode } from '../../../model/measures/errorCodes';
import type { TrainParams } from '../../../model/protocol/training';
import { SENTENCE } from '../cli/bundle';
import { loadFolder } from '../resume/folders';
import type { HostProcess } from './childProcess';
import { bundleHost, forkHost } from './childProcess';

/** More than are ever made here. */
const STEPS = 1_000_000;
/** Made by the second window, after the first has gone. */
const MORE_STEPS = 20;

let bundle: Awaited<ReturnType<typeof bundleHost>>;
let temporary: string;
let out: string;
let first: HostProcess;
let second: HostProcess;
let answering: HostProcess;
/** What the second window's Training Monitor reads. */
const monitor = new FollowedRuns();
const run = () => monitor.shown({ axis: 'step', at: null }, null, (folder) => folder)[0]!;

beforeAll(async () => {
  bundle = await bundleHost();
  temporary = mkdtempSync(join(tmpdir(), 'smuggler-windows-'));
  out = join(temporary, 'model');
  writeFileSync(join(temporary, 'text.txt'), SENTENCE.repeat(100));
  first = forkHost(bundle.program, 'train');
  second = forkHost(bundle.program, 'train');
  answering = forkHost(bundle.program, 'answer');
});
afterAll(() => {
  for (const { child } of [first, second, answering]) child.kill('SIGKILL');
  bundle.remove();
  rmSync(temporary, { recursive: true, force: true });
});

const params = (changes: Partial<TrainParams>): TrainParams => ({
  text: [join(temporary, 'text.txt')],
  out,
  preset: 'tiny',
  resume: false,
  steps: STEPS,
  seconds: null,
  seed: 5,
  device: 'cpu',
  threads: 1,
  exclude: [],
  maxFileBytes: 1e6,
  ...changes,
});

let reports = 0;
let reported: () => void = () => undefined;
/** Resolves with the first window's next report. */
const nextReport = () => new Promise<void>((resolve) => (reported = resolve));

it('the first window trains, and the second is told which process does', async () => {
  const begun = nextReport();
  // It will be killed.
  first
    .ask('train/run', params({}), {
      onProgress: ({ kind }) => {
        if (kind !== 'report') return;
        reports++;
        reported();
      },
    })
    .catch(() => undefined);
  await begun;
  for (const resume of [false, true]) {
    const refusal: unknown = await second.ask('train/run', params({ resume })).catch((error: unknown) => error);
    if (!(refusal instanceof ResponseError)) throw new Error(`${JSON.stringify(refusal)} is no refusal.`);
    expect(refusal.code).toBe(ErrorCode.badRequest);
    expect(refusal.message).toMatch(new RegExp(`model is being trained by process ${first.child.pid!}; stop that`));
  }
});

it("the second window's monitor follows what the first writes, and offers neither to stop nor to resume it", async () => {
  monitor.add(out);
  await monitor.refresh(true);
  const before = run();
  expect(before).toMatchObject({ state: 'running', isOwn: false, canResume: false });
  expect(before.moment?.step).toBeGreaterThan(0);
  await nextReport();
  // The log has a report before it is told.
  await monitor.refresh(false);
  expect(run().moment!.step).toBeGreaterThan(before.moment!.step);
  expect(monitor.summaries[0]!.reports).toBeGreaterThanOrEqual(reports);
});

it('the second window loads the model while the first trains it', async () => {
  const { steps, folder } = await answering.ask('model/load', { folder: out, device: 'cpu', threads: 1 });
  expect(folder).toBe(out);
  expect(steps).toBeGreaterThanOrEqual(0);
});

it('once the first window is killed, the second is told so, takes over, and loses nothing that was saved', async () => {
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  const saved = (await loadFolder(out))!;
  await monitor.refresh(false);
  expect(run()).toMatchObject({ state: 'interrupted', canResume: true });

  const steps = saved + MORE_STEPS;
  const resumed = await second.ask('train/run', params({ text: [], resume: true, steps }));
  expect(resumed).toMatchObject({ outcome: 'finished', step: steps });
  expect(await loadFolder(out)).toBe(steps);
  await monitor.refresh(true);
  expect(run()).toMatchObject({ state: 'finished', moment: { step: steps } });
});
