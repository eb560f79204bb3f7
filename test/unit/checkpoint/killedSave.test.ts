/** @file A save that is killed, at every file-system call and at random moments, or meets a full disk: nothing is lost. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  readModelFolder,
  readTrainingState,
  saveCheckpoint,
  writeModelFolder,
} from '../../../model/checkpoint/modelFolder';
import { readSafetensors } from '../../../model/checkpoint/safetensors';
import { Random } from '../../../model/text/random';
import { buildSaver } from './child';
import { modelAt, parametersWith, sameParameters, stateAt, variantAt } from './models';

let root: string;
let program: string;
let folder: string;
beforeAll(() => {
  root = mkdtempSync(path.join(tmpdir(), 'killed-'));
  program = buildSaver(root);
});
beforeEach(() => {
  folder = path.join(root, 'model');
  rmSync(folder, { recursive: true, force: true });
});
afterAll(() => {
  rmSync(root, { recursive: true });
});

const FILES = ['config.json', 'model.safetensors', 'optimizer.safetensors'];

/** Reads both halves of a folder: each must be complete, and both of one step, which is returned. */
async function readPair(from: string): Promise<number> {
  const model = await readModelFolder(from);
  const state = await readTrainingState(from);
  const { step } = state.optimizer;
  expect(model.steps).toBe(step);
  const { firstMoments, secondMoments } = state.optimizer;
  expect(sameParameters(model.parameters, parametersWith(step))).toBe(true);
  expect(sameParameters(firstMoments, parametersWith(-step))).toBe(true);
  expect(sameParameters(secondMoments, parametersWith(step + 0.5))).toBe(true);
  expect(state.sampler).toEqual(stateAt(step).sampler);
  return step;
}

describe('a killed save', () => {
  it('leaves the old pair or the new one, whichever call it is killed at', async () => {
    await saveCheckpoint(folder, modelAt(1), stateAt(1));
    let expected = 1;
    const outcomes = { old: 0, new: 0 };
    let completed = false;
    for (let call = 0; !completed; call++) {
      expect(call).toBeLessThan(100);
      const { status, signal, stdout, stderr } = spawnSync(
        process.execPath,
        [program, 'until-call', folder, `${call}`],
        {
          encoding: 'utf8',
        },
      );
      expect(stderr).toBe('');
      completed = status === 0;
      if (!completed) expect(signal).toBe('SIGKILL');
      // A reader that knows nothing of transactions sees whole files, too.
      await readSafetensors(path.join(folder, 'model.safetensors'));
      const step = await readPair(folder);
      expect([expected, expected + 1]).toContain(step);
      if (completed) {
        expect(stdout).toBe(`completed ${call}\n`);
        expect(step).toBe(expected + 1);
      } else outcomes[step === expected ? 'old' : 'new']++;
      expected = step;
    }
    // Three files are opened, written and synced before the commit, and moved after it.
    expect(outcomes.old).toBeGreaterThan(9);
    expect(outcomes.new).toBeGreaterThan(3);
    // The completed save removed what the killed ones had left.
    expect(readdirSync(folder).sort()).toEqual(FILES);
  }, 120_000);

  it('loses no step that was saved when it is killed at random moments', async () => {
    await saveCheckpoint(folder, modelAt(1), stateAt(1));
    const random = Random.fromSeed(Date.now());
    let interrupted = 0;
    let last = 1;
    for (let kill = 0; kill < 25; kill++) {
      const child = spawn(process.execPath, [program, 'for-ever', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
      await once(child.stdout, 'data');
      await delay(40 * random.uniform());
      child.kill('SIGKILL');
      await once(child, 'close');
      if (readdirSync(folder).length > FILES.length) interrupted++;
      const saved = Number(said.trim().split('\n').at(-1));
      expect(saved).toBeGreaterThan(last);
      const step = await readPair(folder);
      expect([saved, saved + 1]).toContain(step);
      last = step;
    }
    expect(interrupted).toBeGreaterThan(0);
  }, 120_000);

  it('is finished by whoever reads next, also half-way through its moves', async () => {
    for (const moved of [[], ['config.json'], ['model.safetensors'], ['config.json', 'model.safetensors'], FILES]) {
      const next = path.join(root, 'next');
      await saveCheckpoint(folder, modelAt(1), stateAt(1));
      await saveCheckpoint(next, modelAt(2), stateAt(2));
      renameSync(next, path.join(folder, '.saved'));
      for (const name of moved) renameSync(path.join(folder, '.saved', name), path.join(folder, name));
      expect((await readModelFolder(folder)).steps).toBe(2);
      expect(await readPair(folder)).toBe(2);
      expect(readdirSync(folder).sort()).toEqual(FILES);
    }
  });

  it('is finished by the next save, too', async () => {
    await saveCheckpoint(folder, modelAt(1), stateAt(1));
    await saveCheckpoint(path.join(root, 'next'), modelAt(2), stateAt(2));
    renameSync(path.join(root, 'next'), path.join(folder, '.saved'));
    // What is written here is the model alone: the training state must be the one that was committed.
    await writeModelFolder(folder, modelAt(2));
    expect(await readPair(folder)).toBe(2);
    expect(readdirSync(folder).sort()).toEqual(FILES);
  });

  it('is finished by several readers at once', async () => {
    for (let round = 0; round < 20; round++) {
      await saveCheckpoint(folder, modelAt(1), stateAt(1));
      await saveCheckpoint(path.join(root, 'next'), modelAt(2), stateAt(2));
      renameSync(path.join(root, 'next'), path.join(folder, '.saved'));
      const steps = await Promise.all(Array.from({ length: 6 }, () => readPair(folder)));
      expect(steps).toEqual([2, 2, 2, 2, 2, 2]);
    }
  });

  it('lets the folder be read all the time that another process saves into it', async () => {
    await saveCheckpoint(folder, modelAt(1), stateAt(1));
    const child = spawn(process.execPath, [program, 'for-ever', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(child.stdout, 'data');
      let last = 1;
      for (let reads = 0; reads < 100 || last < 20; reads++) {
        const { parameters, steps } = await readModelFolder(folder);
        expect(steps).toBeGreaterThanOrEqual(last);
        last = steps!;
        expect(sameParameters(parameters, parametersWith(last))).toBe(true);
      }
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  });

  it('lets a reader see the configuration of one model with the weights of another at no time', async () => {
    await writeModelFolder(folder, variantAt(0));
    const child = spawn(process.execPath, [program, 'replace', folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    try {
      await once(child.stdout, 'data');
      let last = 0;
      for (let reads = 0; reads < 60 || last < 60; reads++) {
        const { config, parameters, steps } = await readModelFolder(folder);
        expect(steps).toBeGreaterThanOrEqual(last);
        last = steps!;
        const expected = variantAt(last);
        expect(config).toEqual(expected.config);
        expect(sameParameters(parameters, expected.parameters)).toBe(true);
      }
    } finally {
      child.kill('SIGKILL');
      await once(child, 'close');
    }
  });

  it('leaves files that the next save removes, but not those of a running process', async () => {
    await saveCheckpoint(folder, modelAt(1), stateAt(1));
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    const name = (pid: number): string => `.saving-${pid}-0123456789ab-.saved`;
    for (const pid of [dead, process.pid, process.ppid]) mkdirSync(path.join(folder, name(pid)));
    writeFileSync(path.join(folder, name(dead), 'model.safetensors'), 'half');
    writeFileSync(path.join(folder, '.saving-of-somebody'), 'else');
    await writeModelFolder(folder, modelAt(2));
    expect(readdirSync(folder).sort()).toEqual([...FILES, name(process.ppid), '.saving-of-somebody'].sort());
  });
});

describe('a full disk', () => {
  it('is told in one sentence, the old pair stands and nothing is left beside it', async () => {
    await saveCheckpoint(folder, modelAt(1), stateAt(1));
    const mountPoint = path.join(root, 'disk');
    mkdirSync(mountPoint, { recursive: true });
    const pages = FILES.map((name) => Math.ceil(statSync(path.join(folder, name)).size / 4096) * 4);
    const kilobytes = Math.round(1.7 * pages.reduce((sum, size) => sum + size));
    // Room for one pair and most of another. The mount is seen by the child alone and ends with it.
    const script = `mount -t tmpfs -o size=${kilobytes}k tmpfs '${mountPoint}' && exec '${process.execPath}' '${program}' twice '${mountPoint}/model'`;
    const flags = process.geteuid?.() === 0 ? ['-m'] : ['-r', '-m'];
    const said = execFileSync('unshare', [...flags, 'sh', '-c', script], { encoding: 'utf8' })
      .trim()
      .split('\n');
    expect(said[0]).toMatch(
      /^ENOSPC Cannot write \S+\/disk\/model\/\w+\.safetensors: the disk is full; free some space and try again\.$/,
    );
    expect(said.slice(1)).toEqual([FILES.join(' '), '1']);
  });
});
