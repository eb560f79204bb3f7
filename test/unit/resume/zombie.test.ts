/** @file A trainer that was killed and that nobody has waited for, as in a container whose first process waits for no one. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { isAlive } from '../../../model/checkpoint/atomicWrite';
import { lockFolder } from '../../../model/checkpoint/lock';
import { saveCheckpoint } from '../../../model/checkpoint/modelFolder';
import { modelAt, stateAt } from '../checkpoint/models';

it.runIf(process.platform === 'linux')('neither keeps its folder locked nor its half-written files', async () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'zombie-'));
  // The shell becomes a program that never waits for what the shell has started.
  const parent = spawn('sh', ['-c', '(exit 0) & echo $!; exec sleep 60'], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const [said] = (await once(parent.stdout, 'data')) as [Buffer];
    const pid = Number(said.toString());
    for (let tries = 0; isAlive(pid) && tries < 100; tries++) await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isAlive(pid)).toBe(false);
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
