/** @file The lock of a model folder: one trainer at a time, void when its process is gone. */
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isFileSystemError } from '../../../model/files/fileSystemError';
import { isFolderLockedError, lockFolder, trainerOf } from '../../../model/checkpoint/lock';
import { buildSaver } from './child';

let root: string;
let folder: string;
let program: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'lock-'));
  program = buildSaver(root);
});
beforeEach(() => {
  folder = path.join(root, 'model');
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const file = (): string => path.join(folder, '.training.lock');

async function refusal(): Promise<string> {
  const error: unknown = await lockFolder(folder).then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(isFolderLockedError(error)).toBe(true);
  return (error as Error).message;
}

describe('lockFolder', () => {
  it('lets one in at a time, in this process', async () => {
    const lock = await lockFolder(folder);
    expect(await refusal()).toBe(
      `${folder} is being trained by process ${process.pid}; stop that training, or delete ${file()} if it no longer runs.`,
    );
    await lock.release();
    expect(readdirSync(folder)).toEqual([]);
    const next = await lockFolder(folder);
    // The first one's release no longer means anything.
    await lock.release();
    await refusal();
    await next.release();
  });

  it('holds against another process until that one is killed', async () => {
    const child = spawn(process.execPath, [program, 'lock', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(child.stdout, 'data');
    expect(await refusal()).toContain(`is being trained by process ${child.pid}`);
    child.kill('SIGKILL');
    await once(child, 'close');
    expect(existsSync(file())).toBe(true);
    await (await lockFolder(folder)).release();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('takes over from a dead process, from a former one of our own number, and from one that never said who it was', async () => {
    await (await lockFolder(folder)).release();
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    for (const content of [
      JSON.stringify({ pid: dead, host: hostname(), token: '0123456789abcdef' }),
      JSON.stringify({ pid: process.pid, host: hostname(), token: '0123456789abcdef' }),
      '',
      '{"pid":',
    ]) {
      writeFileSync(file(), content);
      await (await lockFolder(folder)).release();
      expect(readdirSync(folder)).toEqual([]);
    }
  });

  it('respects a lock of another machine, whose processes it cannot see', async () => {
    await (await lockFolder(folder)).release();
    writeFileSync(file(), JSON.stringify({ pid: 1, host: 'elsewhere', token: '0123456789abcdef' }));
    expect(await refusal()).toContain('by process 1 on elsewhere;');
  });

  it('lets exactly one of many in', async () => {
    for (const stale of [false, true]) {
      rmSync(folder, { recursive: true, force: true });
      if (stale) {
        await (await lockFolder(folder)).release();
        writeFileSync(file(), JSON.stringify({ pid: process.pid, host: hostname(), token: '0123456789abcdef' }));
      }
      const results = await Promise.allSettled(Array.from({ length: 10 }, () => lockFolder(folder)));
      const locks = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
      expect(locks.length).toBe(1);
      await locks[0]!.release();
    }
  });

  it('names a folder that cannot be made', async () => {
    writeFileSync(folder, '');
    const error: unknown = await lockFolder(folder).catch((reason: unknown) => reason);
    expect(isFileSystemError(error)).toBe(true);
    rmSync(folder);
  });
});

describe('trainerOf', () => {
  it('says who is at work without taking the lock', async () => {
    expect(await trainerOf(folder)).toBeNull();
    const lock = await lockFolder(folder);
    expect(await trainerOf(folder)).toEqual({ pid: process.pid, host: hostname() });
    await lock.release();
    expect(await trainerOf(folder)).toBeNull();
  });

  it('knows a lock that was left behind, and leaves it', async () => {
    await (await lockFolder(folder)).release();
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    writeFileSync(file(), JSON.stringify({ pid, host: hostname(), token: '0123456789abcdef' }));
    expect(await trainerOf(folder)).toBe('stale');
    expect(existsSync(file())).toBe(true);
    writeFileSync(file(), JSON.stringify({ pid: 1, host: 'elsewhere', token: '0123456789abcdef' }));
    expect(await trainerOf(folder)).toEqual({ pid: 1, host: 'elsewhere' });
  });
});
