/** @file Atomic writes and file-system errors as sentences. */
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { atomicWrite } from '../../../model/checkpoint/atomicWrite';
import { fileSystemError, isFileSystemError } from '../../../model/files/fileSystemError';
import { unprivileged } from '../text/unprivileged';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'atomic-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function failure(writing: Promise<unknown>): Promise<{ code: string; message: string }> {
  const error: unknown = await writing.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!isFileSystemError(error)) throw new Error(`expected a FileSystemError, found ${String(error)}`);
  return { code: error.code, message: error.message };
}

describe('atomicWrite', () => {
  it('writes new and over old, makes the folder, leaves nothing beside', async () => {
    const file = path.join(folder, 'a/b.txt');
    await atomicWrite(file, 'one');
    await atomicWrite(file, Uint8Array.of(0x74, 0x77, 0x6f));
    expect(readFileSync(file, 'utf8')).toBe('two');
    expect(readdirSync(path.dirname(file))).toEqual(['b.txt']);
  });

  it('replaces by a new file, so that a reader of the old one keeps it whole', async () => {
    const file = path.join(folder, 'b.txt');
    await atomicWrite(file, 'one');
    const { ino } = statSync(file);
    await atomicWrite(file, 'two');
    expect(statSync(file).ino).not.toBe(ino);
  });

  it('keeps the old content and cleans up when it fails', async () => {
    const file = path.join(folder, 'b.txt');
    mkdirSync(file);
    expect(await failure(atomicWrite(file, 'x'))).toEqual({
      code: 'EISDIR',
      message: `Cannot write ${file}: it is a folder, not a file; choose another path.`,
    });
    expect(readdirSync(folder)).toEqual(['b.txt']);
  });

  it('tells missing permission', async () => {
    chmodSync(folder, 0o755);
    writeFileSync(path.join(folder, 'b.txt'), 'old');
    const file = path.join(folder, 'b.txt');
    const told = await unprivileged(async () => {
      if (process.getuid?.() !== 0) chmodSync(folder, 0o555);
      return failure(atomicWrite(file, 'new'));
    });
    chmodSync(folder, 0o755);
    expect(told).toEqual({
      code: 'EACCES',
      message: `Cannot write ${file}: permission denied; change its permissions or choose another folder.`,
    });
    expect(readFileSync(file, 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['b.txt']);
    expect((await failure(atomicWrite('/proc/nothing/b.txt', 'x'))).message).toMatch(
      /^Cannot write \/proc\/nothing\/b\.txt: /,
    );
  });

  it('tells a name that is too long and a file in place of a folder', async () => {
    expect((await failure(atomicWrite(path.join(folder, 'n'.repeat(300)), 'x'))).message).toContain(
      'the path is too long',
    );
    writeFileSync(path.join(folder, 'file'), '');
    expect((await failure(atomicWrite(path.join(folder, 'file', 'x'), 'x'))).code).toMatch(/ENOTDIR|EEXIST/);
  });
});

describe('fileSystemError', () => {
  it('tells a full disk', async () => {
    const error: unknown = await writeFile('/dev/full', 'x').catch((reason: unknown) => reason);
    expect(fileSystemError(error, 'write', '/disk/a').message).toBe(
      'Cannot write /disk/a: the disk is full; free some space and try again.',
    );
  });

  it('leaves what is told already and passes on what it does not know', () => {
    const told = fileSystemError(new Error('odd'), 'read', 'a');
    expect(told.message).toBe('Cannot read a: odd.');
    expect(told.code).toBe('');
    expect(fileSystemError(told, 'write', 'b')).toBe(told);
  });
});
