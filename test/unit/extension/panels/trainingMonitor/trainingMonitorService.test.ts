/** @file Which runs the Training Monitor shows: those that begin, and none that the user has removed. */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { TrainingMonitorService } from '../../../../../extension/panels/trainingMonitor/trainingMonitorService';
import type { TrainingRun, TrainingService } from '../../../../../extension/modelProcess/trainingService';

interface Run {
  readonly folder: string;
}

let root = '';
let service: TrainingMonitorService;
let found: string[] = [];
/** In place of what is found: a search that has not ended. */
let search: Promise<string[]> | null = null;
let own: Run | null = null;
let report: (run: TrainingRun | null) => void = () => undefined;

vi.mock('vscode', () => ({
  EventEmitter: class {
    event = () => undefined;
    fire(): void {
      // Nobody listens here.
    }
    dispose(): void {
      // Nothing to give back.
    }
  },
}));
vi.mock('../../../../../extension/modelFolders', () => ({
  findTrainedFolders: () => search ?? Promise.resolve(found),
}));

/** A folder whose log is written now, by a process that runs. */
function beginRun(name: string): string {
  const folder = join(root, name);
  mkdirSync(folder);
  writeFileSync(join(folder, '.training.lock'), JSON.stringify({ pid: process.ppid, host: hostname(), token: 'a' }));
  writeFileSync(join(folder, 'training.jsonl'), `${JSON.stringify({ step: 1, loss: 1 })}\n`);
  return folder;
}

/** This window's run has news. */
function tell(run: Run | null): void {
  own = run;
  report(run === null ? null : { ...run, report: null, corpus: null, saved: null, isStopping: false });
}

/** Longer than two searches are apart. */
const later = () => vi.advanceTimersByTimeAsync(10_000);

/** Searches until it has found what is expected; on a loaded machine that takes more than Vitest's second. */
function untilFound(folders: readonly string[]): Promise<void> {
  const search = async () => {
    await later();
    expect(service.folders).toEqual(folders);
  };
  return vi.waitFor(search, { timeout: 10_000 });
}

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval', 'performance'] });
  root = mkdtempSync(join(tmpdir(), 'smuggler-monitor-'));
  found = [];
  search = null;
  own = null;
  const kept = new Map<string, unknown>();
  const training = {
    get run() {
      return own;
    },
    onDidChange: (listener: typeof report) => {
      report = listener;
      return { dispose: () => undefined };
    },
  };
  service = new TrainingMonitorService({
    training: training as unknown as TrainingService,
    memento: {
      get: <T>(key: string, otherwise?: T) => (kept.get(key) ?? otherwise) as T,
      update: (key: string, value: unknown) => Promise.resolve(void kept.set(key, value)),
      keys: () => [...kept.keys()],
    },
    recent: () => [],
  });
});
afterEach(() => {
  service.dispose();
  vi.useRealTimers();
  rmSync(root, { recursive: true });
});

it('a run that another begins while the user looks is shown, and is not found again once it is removed', async () => {
  service.watch(true);
  const folder = beginRun('other');
  found = [folder];
  await untilFound([folder]);
  await service.remove(folder);
  found = [folder, beginRun('second')];
  await untilFound([found[1]!]);
  await service.follow(folder);
  expect(service.folders).toEqual([found[1], folder]);
});

it("this window's run stays away when it is removed, and is back when it is trained anew", async () => {
  service.watch(true);
  const run = { folder: beginRun('own') };
  tell(run);
  await untilFound([run.folder]);
  await service.remove(run.folder);
  tell(run);
  found = [run.folder, beginRun('other')];
  await untilFound([found[1]!]);
  tell(null);
  tell(run);
  expect(service.folders).toEqual([found[1], run.folder]);
});

it('what a known run has written is read before others are searched for, which may take long', async () => {
  const folder = beginRun('known');
  const untilReports = (reports: number) =>
    vi.waitFor(() => {
      expect(service.summaries[0]?.reports).toBe(reports);
    });
  await service.follow(folder);
  await untilReports(1);
  appendFileSync(join(folder, 'training.jsonl'), `${JSON.stringify({ step: 2, loss: 1 })}\n`);
  search = new Promise(() => undefined);
  service.watch(true);
  await untilReports(2);
});
