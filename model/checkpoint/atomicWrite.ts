/** @file Files written whole or not at all: beside their place, synced, renamed. */
import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { FileHandle } from 'node:fs/promises';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode, told } from '../files/fileSystemError';

/** Temporary names of writes that this process has under way. */
const active = new Set<string>();
const TEMPORARY = /^\.saving-(\d+)-[0-9a-f]{12}-/;

/** A path beside `file` for its next content; removed by {@link removeLeftovers} once its process has died. */
export function temporaryPath(file: string): string {
  const name = `.saving-${process.pid}-${randomBytes(6).toString('hex')}-${path.basename(file)}`;
  return path.join(path.dirname(file), name);
}

/** Runs `write` with a temporary path beside `file`, and removes what is left there when it fails. */
export async function withTemporary<T>(file: string, write: (temporary: string) => Promise<T>): Promise<T> {
  const temporary = temporaryPath(file);
  active.add(temporary);
  try {
    return await write(temporary);
  } catch (error) {
    await rm(temporary, { recursive: true, force: true }).catch(() => undefined);
    throw error;
  } finally {
    active.delete(temporary);
  }
}

/** Removes the temporary files that saves of killed processes left in `folder`. */
export async function removeLeftovers(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = TEMPORARY.exec(name)?.[1];
    const temporary = path.join(folder, name);
    if (pid === undefined || active.has(temporary)) continue;
    // A dead process's number may have come to us.
    if (Number(pid) !== process.pid && isAlive(Number(pid))) continue;
    await rm(temporary, { recursive: true, force: true });
  }
}

/**
 * Whether a process of this machine is running. One that has ended and that nobody has waited for is not, though signals
 * still reach it: in a container whose first process waits for no one, a killed process stays like that for ever.
 */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch (error) {
    return errorCode(error) === 'EPERM';
  }
  return !isZombie(pid);
}

/** As Linux tells; elsewhere orphans are always waited for. */
function isZombie(pid: number): boolean {
  if (process.platform !== 'linux') return false;
  try {
    return /^State:\s*[ZX]/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    // Without /proc nothing is known against it.
    return false;
  }
}

/** Writes a file that is not there yet and syncs it to the disk. */
export async function writeSynced(file: string, data: Uint8Array | string): Promise<void> {
  const handle = await open(file, 'wx');
  try {
    await handle.writeFile(data);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a folder and those above it, where they are missing. (Node's own recursive form never returns in /proc.) */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder);
  } catch (error) {
    const code = errorCode(error);
    if (code === 'ENOENT' && path.dirname(folder) !== folder) {
      await makeFolder(path.dirname(folder));
      await mkdir(folder).catch(unless('EEXIST'));
    } else if (code !== 'EEXIST' || !(await stat(folder)).isDirectory()) throw error;
  }
}

/** A handler that swallows errors of these codes and throws all others. */
export function unless(...codes: string[]): (error: unknown) => void {
  return (error) => {
    if (!codes.includes(errorCode(error))) throw error;
  };
}

/** Syncs a folder's entries, so that a rename in it outlives a loss of power. */
export async function syncFolder(folder: string): Promise<void> {
  // Windows has no such call; its file system journals renames.
  if (process.platform === 'win32') return;
  const handle: FileHandle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Renames; on Windows again for a second while a reader or a virus scanner holds the file. */
export async function renameOver(from: string, to: string): Promise<void> {
  for (let attempt = 0; ; attempt++) {
    try {
      await rename(from, to);
      return;
    } catch (error) {
      const held = ['EPERM', 'EACCES', 'EBUSY'].includes(errorCode(error));
      if (process.platform !== 'win32' || !held || attempt === 10) throw error;
      await delay(20 * attempt);
    }
  }
}

/**
 * Writes a file so that a crash leaves the old content or the new, never half. Its folder is made where needed.
 * @throws FileSystemError; the old content then still stands and nothing is left beside it
 */
export async function atomicWrite(file: string, data: Uint8Array | string): Promise<void> {
  const folder = path.dirname(file);
  await told('write', file, async () => {
    await makeFolder(folder);
    await withTemporary(file, async (temporary) => {
      await writeSynced(temporary, data);
      await renameOver(temporary, file);
    });
    await syncFolder(folder);
  });
}
