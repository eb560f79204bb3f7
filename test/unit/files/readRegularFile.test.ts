/** @file Files that are another thing when they are opened than when they were asked about, and what is said of what is no file. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { readRegularFile } from '../../../model/files/readRegularFile';
import { readText } from '../../../model/text/corpus';

vi.mock('node:fs/promises', { spy: true });

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(tmpdir(), 'regular-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

/** A pipe that was a file of 5 bytes when it was asked about. */
async function swapped(): Promise<string> {
  const file = path.join(root, 'swapped.txt');
  writeFileSync(file, 'words');
  const before = await stat(file);
  rmSync(file);
  execFileSync('mkfifo', [file]);
  vi.mocked(stat).mockResolvedValueOnce(before);
  return file;
}

it('does not wait for a pipe that has come into the place of a file', async () => {
  await expect(readRegularFile(await swapped())).rejects.toMatchObject({ code: 'ENOTFILE' });
});

it('nor does the reader of texts', async () => {
  expect(await readText(await swapped(), 1000)).toBe('unreadable');
});

it('says what to do about what it does not read', async () => {
  const file = path.join(root, 'a.txt');
  writeFileSync(file, 'words');
  const message = (reading: Promise<unknown>): Promise<string> =>
    reading.then(
      () => '',
      (error: unknown) => (error as Error).message,
    );
  expect(await message(readRegularFile(file, 4))).toBe(
    `Cannot read ${file}: it has 5 bytes, expected at most 4; check the file.`,
  );
  expect(await message(readRegularFile('/dev/null'))).toBe(
    'Cannot read /dev/null: it is a pipe, a socket or a device, not a file; choose another file.',
  );
  expect(await message(readRegularFile(root))).toBe(
    `Cannot read ${root}: it is a folder, not a file; choose another path.`,
  );
});
