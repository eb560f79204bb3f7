/** @file A trainer that was killed and that nobody has waited for, as in a container whose first process waits for no one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import type { Writable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, it } from 'vitest';
import { isAlive } from '../../../model/checkpoint/atomicWrite';
import { lockFolder } from '../../../model/checkpoint/lock';
import { saveCheckpoint } from '../../../model/checkpoint/modelFolder';
import { modelAt, stateAt } from '../checkpoint/models';

async function until(isOver: () => boolean): Promise<void> {
  for (let tries = 0; !isOver() && tries < 250; tries++) await delay(20);
  expect(isOver()).toBe(true);
}

it.runIf(process.platform === 'linux')('neither keeps its folder locked nor its half-written files', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'zombie-'));
  // The shell becomes a program that never waits for what the shell has started, which ends when its input does.
  const script = 'cat <&3 & echo $!; exec sleep 60';
  const parent = spawn('sh', ['-c', script], { stdio: ['ignore', 'pipe', 'inherit', 'pipe'] });
  try {
    const [said] = (await once(parent.stdout!, 'data')) as [Buffer];
    const pid = Number(said.toString());
    await until(() => readFileSync(`/proc/${parent.pid!}/comm`, 'utf8') === 'sleep\n');
    expect(isAlive(pid)).toBe(true);
    (parent.stdio[3] as Writable).end();
    await until(() => !isAlive(pid));
    // Signals reach it nevertheless.
    expect(process.kill(pid, 0)).toBe(true);

    writeFileSync(
      path.join(folder, '.training.lock'),
      JSON.stringify({ pid, host: hostname(), token: '0123456789abcdef' }),
    );
    const half = path.join(folder, `.saving-${pid}-0123456789ab-.saved`);
    mkdirSync(half);
    const lock = await lockFolder(folder);
    await saveCheckpoint(folder, modelAt(1), stateAt(1));
    expect(existsSync(half)).toBe(false);
    await lock.release();
    expect(readdirSync(folder).sort()).toEqual(['config.json', 'model.safetensors', 'optimizer.safetensors']);
  } finally {
    parent.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
});

it('knows who runs', () => {
  expect(isAlive(process.pid)).toBe(true);
  expect(isAlive(1)).toBe(true);
});
