/** @file One trainer a model folder: a lock file that names its process, and is void when that process is gone. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { errorCode, isAlive, temporaryPath, told } from './atomicWrite';

/** The folder is being trained by another process. */
export class FolderLockedError extends Error {
  override readonly name = 'FolderLockedError';
}

export function isFolderLockedError(error: unknown): error is FolderLockedError {
  return error instanceof FolderLockedError;
}

export interface FolderLock {
  /** Frees the folder; more calls than one do nothing. */
  release(): Promise<void>;
}

const LOCK = '.training.lock';

/** Tokens of the locks that this process holds. */
const held = new Set<string>();

interface Owner {
  readonly pid: number;
  readonly host: string;
  readonly token: string;
}

/**
 * Locks a folder for one trainer; the folder is made where needed. A lock left by a killed process is taken over.
 * @throws FolderLockedError where another trainer is at work in it
 * @throws FileSystemError where the folder cannot be written
 */
export async function lockFolder(folder: string): Promise<FolderLock> {
  const file = path.join(folder, LOCK);
  const owner: Owner = { pid: process.pid, host: hostname(), token: randomBytes(8).toString('hex') };
  held.add(owner.token);
  try {
    await take(folder, file, owner);
  } catch (error) {
    held.delete(owner.token);
    throw error;
  }
  return {
    async release() {
      if (!held.delete(owner.token)) return;
      if ((await readOwner(file))?.token === owner.token) await rm(file, { force: true });
    },
  };
}

async function take(folder: string, file: string, owner: Owner): Promise<void> {
  await told('make', folder, () => mkdir(folder, { recursive: true }));
  while (!(await told('write', file, () => create(file, owner)))) {
    const other = await settledOwner(file);
    if (other !== null && isAtWork(other)) {
      const where = other.host === hostname() ? '' : ` on ${other.host}`;
      throw new FolderLockedError(
        `${folder} is being trained by process ${other.pid}${where}; stop that training, or delete ${file} if it no longer runs.`,
      );
    }
    await told('write', file, () => removeStale(file, other));
  }
}

/** Makes the lock file; false where there is one. */
async function create(file: string, owner: Owner): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(owner), { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The owner of a lock, null where the file is gone or its writer was killed before it said who it was. */
async function settledOwner(file: string): Promise<Owner | null> {
  const owner = await readOwner(file);
  if (owner !== null) return owner;
  // Another process may be between making the file and writing it.
  await delay(100);
  return readOwner(file);
}

async function readOwner(file: string): Promise<Owner | null> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'));
    return isOwner(value) ? value : null;
  } catch {
    return null;
  }
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, host, token } = value as Partial<Record<keyof Owner, unknown>>;
  return Number.isInteger(pid) && typeof host === 'string' && typeof token === 'string';
}

/** Another machine's processes cannot be asked: they count as running. */
function isAtWork(owner: Owner): boolean {
  if (owner.host !== hostname()) return true;
  // A dead process's number may have come to us.
  return owner.pid === process.pid ? held.has(owner.token) : isAlive(owner.pid);
}

/** Removes the lock that was found stale; one that another process has taken meanwhile is put back. */
async function removeStale(file: string, stale: Owner | null): Promise<void> {
  const away = temporaryPath(file);
  try {
    await rename(file, away);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return;
    throw error;
  }
  const moved = await readOwner(away);
  if (moved !== null && moved.token !== stale?.token) await rename(away, file);
  else await rm(away, { force: true });
}
