/** @file Model folders that were planted: links, pipes, devices and sizes are refused at once, and nothing outside is touched. */
import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { lockFolder, trainerOf } from '../../../model/checkpoint/lock';
import { readModelFolder, readTrainingState, writeModelFolder } from '../../../model/checkpoint/modelFolder';
import { readStatistics } from '../../../model/checkpoint/statisticsFile';
import { readVoterNotes, setVoterNote } from '../../../model/checkpoint/voterNotes';
import { readCard } from '../../../model/inspection/overview';
import { DEFAULT_CONFIG } from '../../../model/network/config';
import { parameterShapes } from '../../../model/network/parameters';

let root: string;
let folder: string;
let outside: string;
const SMALL = { ...DEFAULT_CONFIG, embedding_dim: 4, stages: 1, attention_heads: 2, voters_per_bit: 2 };
const file = (name: string): string => path.join(folder, name);

beforeEach(async () => {
  root = mkdtempSync(path.join(tmpdir(), 'hostile-'));
  folder = path.join(root, 'model');
  outside = path.join(root, 'outside');
  mkdirSync(outside);
  writeFileSync(path.join(outside, 'diary.txt'), 'private');
  await write();
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

function write(): Promise<void> {
  const parameters = new Map(
    [...parameterShapes(SMALL)].map(([name, shape]) => [
      name,
      { shape, data: new Float32Array(shape.reduce((a, b) => a * b, 1)) },
    ]),
  );
  return writeModelFolder(folder, { config: SMALL, parameters, steps: 0 });
}

const untouched = (): void => {
  expect(readdirSync(outside)).toEqual(['diary.txt']);
  expect(readFileSync(path.join(outside, 'diary.txt'), 'utf8')).toBe('private');
};

it('a save that is a link moves no files of the folder that it leads to', async () => {
  symlinkSync(outside, file('.saved'));
  await expect(readModelFolder(folder)).rejects.toThrow(/\.saved is a file or a symbolic link.*remove it/);
  untouched();
});

it('links in the places of files that are written are replaced, and what they lead to stays', async () => {
  for (const name of ['config.json', 'model.safetensors', 'voters.jsonl']) {
    rmSync(file(name), { force: true });
    symlinkSync(path.join(outside, name === 'voters.jsonl' ? 'none' : 'diary.txt'), file(name));
  }
  await write();
  await setVoterNote(folder, 2, { bit: 0, voter: 0, name: 'a', note: '' });
  untouched();
  expect((await readModelFolder(folder)).steps).toBe(0);
  expect(await readVoterNotes(folder, 2)).toHaveLength(1);
});

it.each(['model.safetensors', 'config.json', 'optimizer.safetensors'])(
  '%s that is a pipe is not waited for',
  async (name) => {
    rmSync(file(name), { force: true });
    execFileSync('mkfifo', [file(name)]);
    await expect(readTrainingState(folder)).rejects.toThrow(/it is a pipe, a socket or a device, not a file/);
  },
);

it('statistics, notes and card that are pipes or devices are not waited for', async () => {
  execFileSync('mkfifo', [file('statistics.safetensors')]);
  symlinkSync('/dev/zero', file('voters.jsonl'));
  symlinkSync('/dev/zero', file('card.md'));
  await expect(readStatistics(folder, '')).rejects.toThrow(/pipe/);
  await expect(readVoterNotes(folder, 2)).rejects.toThrow(/device/);
  expect(await readCard(folder)).toBeNull();
});

it.each(['model.safetensors', 'optimizer.safetensors', 'config.json'])(
  '%s of 100 GB is refused unread',
  async (name) => {
    writeFileSync(file(name), existsSync(file(name)) ? readFileSync(file(name)) : '');
    truncateSync(file(name), 100e9);
    const begun = performance.now();
    await expect(readTrainingState(folder)).rejects.toThrow(/it has 100000000000 bytes, expected at most/);
    expect(performance.now() - begun).toBeLessThan(1000);
  },
);

it.each([
  ['bottleneck_layers', 1e9],
  ['context_chunks', 9e8],
  ['embedding_dim', 2 ** 32],
  ['stages', 40],
  ['voters_per_bit', 1e9],
])('a configuration with %s of %d is refused before anything is made', async (key, value) => {
  writeFileSync(file('config.json'), JSON.stringify({ ...SMALL, [key]: value }));
  const begun = performance.now();
  await expect(readModelFolder(folder)).rejects.toThrow(new RegExp(`"${key}" is ${value}, expected .*at most`));
  expect(performance.now() - begun).toBeLessThan(1000);
});

it('a lock that is a link to nowhere, or a pipe, is told in place of being tried for ever', async () => {
  symlinkSync(path.join(root, 'nowhere'), file('.training.lock'));
  await expect(lockFolder(folder)).rejects.toThrow(/\.training\.lock is a link or another thing/);
  await expect(trainerOf(folder)).rejects.toThrow(/remove it/);
  rmSync(file('.training.lock'));
  execFileSync('mkfifo', [file('.training.lock')]);
  await expect(lockFolder(folder)).rejects.toThrow(/\.training\.lock is a link or another thing/);
  expect(existsSync(path.join(root, 'nowhere'))).toBe(false);
});

it('a loop of links in place of a model folder is named as such', async () => {
  symlinkSync(path.join(root, 'b'), path.join(root, 'a'));
  symlinkSync(path.join(root, 'a'), path.join(root, 'b'));
  await expect(readModelFolder(path.join(root, 'a'))).rejects.toThrow(
    /Cannot read .*: its symbolic links lead in a circle/,
  );
});
