/** @file The model process's life as the extension host sees it, with a real child process that speaks the real channel. */
import { fileURLToPath } from 'node:url';
import { afterEach, expect, test } from 'vitest';
import { CancellationTokenSource } from 'vscode-jsonrpc/node';
import { isModelProcessExitError, isModelRequestError } from '../../../extension/modelProcess/errors';
import { ModelProcess } from '../../../extension/modelProcess/modelProcess';
import type { ProcessExit } from '../../../extension/modelProcess/modelProcess';
import type { Request } from '../../../model/protocol/requests';

const program = fileURLToPath(new URL('fixtures/fakeModelProcess.mjs', import.meta.url));

interface TestRequests {
  'test/echo': Request<object, { values: Float32Array }, { said: string }>;
  'test/environment': Request<object, Record<string, unknown>>;
  'test/fail': Request<{ code: number }, null>;
  'test/die': Request<object, null>;
  'test/wait': Request<object, { cancelled: boolean }>;
  'test/hang': Request<object, null>;
}

const running: ModelProcess<TestRequests>[] = [];

function start(attempts = 5): { process: ModelProcess<TestRequests>; crashes: ProcessExit[]; log: string[] } {
  const log: string[] = [];
  const write = (line: string) => {
    log.push(line);
  };
  const process = new ModelProcess<TestRequests>({
    program,
    role: 'answer',
    log: { info: write, warn: write, error: write },
    restart: { first: 1, longest: 2, attempts, healthyAfter: 60_000 },
    watch: { every: 250, misses: 6 },
  });
  const crashes: ProcessExit[] = [];
  process.onDidCrash((exit) => crashes.push(exit));
  running.push(process);
  return { process, crashes, log };
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

afterEach(() => {
  for (const process of running.splice(0)) process.dispose();
});

test('nothing runs before the first request, and typed arrays arrive as typed arrays', async () => {
  const { process } = start();
  expect(process.pid).toBeUndefined();
  const values = new Float32Array([0.25, -1, Infinity]);
  const answer = await process.ask('test/echo', { values });
  expect(answer.values).toBeInstanceOf(Float32Array);
  expect([...answer.values]).toEqual([0.25, -1, Infinity]);
  expect(process.pid).toBeGreaterThan(0);
});

test('concurrent first requests share one process', async () => {
  const { process, log } = start();
  await Promise.all([process.ask('test/echo', {}), process.ask('test/echo', {}), process.ask('test/echo', {})]);
  expect(log.filter((line) => line.includes('started'))).toHaveLength(1);
});

test('the process knows its role, runs without telemetry, and takes no options of its parent', async () => {
  process.env['NODE_OPTIONS'] = '--no-warnings';
  try {
    const environment = await start().process.ask('test/environment', {});
    expect(environment).toEqual({ role: 'answer', telemetry: '1', nodeOptions: null, execArgv: [] });
  } finally {
    delete process.env['NODE_OPTIONS'];
  }
});

test('an error of the process keeps its code and its sentence', async () => {
  const error: unknown = await start()
    .process.ask('test/fail', { code: 2 })
    .catch((reason: unknown) => reason);
  expect(isModelRequestError(error) && error.code).toBe(2);
  expect((error as Error).message).toBe('The folder is empty.');
});

test('cancelling reaches the process', async () => {
  const { process } = start();
  const source = new CancellationTokenSource();
  const answer = process.ask('test/wait', {}, { token: source.token });
  await process.ask('test/echo', {});
  source.cancel();
  expect(await answer).toEqual({ cancelled: true });
});

test('a crash rejects what was asked, is told once, and the next request runs in a new process', async () => {
  const { process, crashes } = start();
  let starts = 0;
  process.onDidStart(() => starts++);
  const told: string[] = [];
  const onProgress = ({ said }: { said: string }) => told.push(said);
  await process.ask('test/echo', {}, { onProgress });
  const first = process.pid;
  const error: unknown = await process.ask('test/die', {}).catch((reason: unknown) => reason);
  expect(isModelProcessExitError(error)).toBe(true);
  expect(crashes).toEqual([{ role: 'answer', reason: 'signal SIGKILL', device: 'cpu' }]);
  await process.ask('test/echo', {}, { onProgress });
  expect(process.pid).not.toBe(first);
  expect(starts).toBe(2);
  expect(told).toEqual(['echo', 'echo']);
});

test('after as many crashes as are allowed nothing is started until a reset', async () => {
  const { process, crashes } = start(2);
  for (let crash = 0; crash < 2; crash++) await process.ask('test/die', {}).catch(() => undefined);
  expect(crashes).toHaveLength(2);
  const error: unknown = await process.ask('test/echo', {}).catch((reason: unknown) => reason);
  expect(isModelProcessExitError(error) && error.message).toMatch(/several times in a row/);
  process.reset();
  await expect(process.ask('test/echo', { a: 1 })).resolves.toEqual({ a: 1 });
});

test('stopping ends the process, is no crash, and the next request starts a new one', async () => {
  const { process, crashes } = start();
  await process.ask('test/echo', {});
  const pid = process.pid!;
  process.stop();
  for (let tries = 0; tries < 100 && isAlive(pid); tries++) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(isAlive(pid)).toBe(false);
  expect(crashes).toEqual([]);
  await process.ask('test/echo', {});
  expect(process.pid).not.toBe(pid);
});

test('a program that is not there is a crash with a reason, not an exception in the extension host', async () => {
  const { process, crashes } = start(1);
  const missing = new ModelProcess<TestRequests>({
    program: '/nowhere/modelProcess.js',
    role: 'answer',
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    restart: { first: 1, longest: 1, attempts: 1, healthyAfter: 1_000 },
  });
  running.push(missing);
  missing.onDidCrash((exit) => crashes.push(exit));
  const error: unknown = await missing.ask('test/echo', {}).catch((reason: unknown) => reason);
  expect(isModelProcessExitError(error)).toBe(true);
  expect(crashes).toEqual([{ role: 'answer', reason: 'exit code 1', device: 'cpu' }]);
  expect(process.exhausted).toBe(false);
});

test('on another device than the CPU, a process that hangs is ended, told apart, and started again', async () => {
  const { process, crashes } = start();
  process.use('webgpu');
  await process.ask('test/echo', {});
  await expect(process.ask('test/hang', {})).rejects.toThrow('ended before it answered');
  expect(crashes).toEqual([{ role: 'answer', reason: 'it did not answer any more', device: 'webgpu' }]);
  process.use('cpu');
  await process.ask('test/echo', {});
});

test('a process that answers is left alone, however long it is at work', async () => {
  const { process, crashes } = start();
  process.use('webgpu');
  const source = new CancellationTokenSource();
  const waiting = process.ask('test/wait', {}, { token: source.token });
  await new Promise((done) => setTimeout(done, 2500));
  source.cancel();
  expect(await waiting).toEqual({ cancelled: true });
  expect(crashes).toEqual([]);
});
