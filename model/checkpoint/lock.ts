/** @file One trainer a model folder: a lock file that names its process, and is void when that process is gone. */
import { randomBytes } from 'node:crypto';
import { lstat, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { isAlive, makeFolder } from './atomicWrite';
import { errorCode, FileSystemError, told } from '../files/fileSystemError';

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
      await told('remove', file, async () => {
        const found = await inspect(file);
        if (typeof found === 'object' && found.token === owner.token) await rm(file, { force: true });
      });
    },
  };
}

/** A trainer that is at work in a folder. */
export interface FolderTrainer {
  readonly pid: number;
  readonly host: string;
}

/**
 * Who is training a folder, without locking it: null where it is not locked, 'stale' where its lock was left by a process that is gone.
 * @throws FileSystemError where the lock is there and cannot be read
 */
export async function trainerOf(folder: string): Promise<FolderTrainer | 'stale' | null> {
  const file = path.join(folder, LOCK);
  const found = await told('read', file, () => inspect(file));
  if (found === 'gone' || found === 'new') return null;
  return typeof found === 'object' && isAtWork(found) ? { pid: found.pid, host: found.host } : 'stale';
}

/**
 * Says who is training a folder, where it is being trained.
 * @throws FolderLockedError, and FileSystemError as {@link trainerOf}
 */
export async function requireNoTrainer(folder: string): Promise<void> {
  const trainer = await trainerOf(folder);
  if (trainer !== null && trainer !== 'stale') throw lockedBy(trainer, folder);
}

function lockedBy({ pid, host }: FolderTrainer, folder: string): FolderLockedError {
  const where = host === hostname() ? '' : ` on ${host}`;
  return new FolderLockedError(
    `${folder} is being trained by process ${pid}${where}; stop that training, or delete ${path.join(folder, LOCK)} if it no longer runs.`,
  );
}

async function take(folder: string, file: string, owner: Owner): Promise<void> {
  await told('make', folder, () => makeFolder(folder));
  while (!(await told('write', file, () => create(file, owner)))) {
    const found = await told('read', file, () => inspect(file));
    if (typeof found === 'object' && isAtWork(found)) throw lockedBy(found, folder);
    if (found === 'new') await delay(RETRY_MILLISECONDS);
    else if (found !== 'gone') await told('write', file, () => removeStale(file, found));
  }
}

const RETRY_MILLISECONDS = 20;
/** Longer than a process takes from making a file to having written it. */
const SETTLED_MILLISECONDS = 1000;

/** Makes a lock file; false where there is one. */
async function create(file: string, owner: Owner): Promise<boolean> {
  try {
    await writeFile(file, JSON.stringify(owner), { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCode(error) === 'EEXIST') return false;
    throw error;
  }
}

/** Whose a lock file is: `new` while its maker may still be writing it, `broken` where that was killed over it. */
async function inspect(file: string): Promise<Owner | 'gone' | 'new' | 'broken'> {
  let text: string;
  let age: number;
  try {
    const status = await lstat(file);
    // A link to nowhere would be found gone for ever, and a pipe never be read to its end.
    if (!status.isFile()) {
      throw new FileSystemError(
        `${file} is a link or another thing that is no lock; remove it and try again.`,
        'ENOTFILE',
      );
    }
    text = await readFile(file, 'utf8');
    // The clock may have been set back since.
    age = Math.abs(Date.now() - status.mtimeMs);
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return 'gone';
    throw error;
  }
  return parseOwner(text) ?? (age < SETTLED_MILLISECONDS ? 'new' : 'broken');
}

function parseOwner(text: string): Owner | null {
  try {
    const value: unknown = JSON.parse(text);
    return isOwner(value) ? value : null;
  } catch {
    return null;
  }
}

function isOwner(value: unknown): value is Owner {
  if (typeof value !== 'object' || value === null) return false;
  const { pid, host, token } = value as Partial<Record<keyof Owner, unknown>>;
  return Number.isInteger(pid) && typeof host === 'string' && typeof token === 'string' && /^[0-9a-f]{16}$/.test(token);
}

/** Another machine's processes cannot be asked: they count as running. */
function isAtWork(owner: Owner): boolean {
  if (owner.host !== hostname()) return true;
  // A dead process's number may have come to us.
  return owner.pid === process.pid ? held.has(owner.token) : isAlive(owner.pid);
}

/**
 * Removes a lock that was found stale. Only who makes the claim file of that very lock may, or of two processes that
 * found it stale the slower one would remove the lock that the faster one has made since.
 */
async function removeStale(file: string, stale: Owner | 'broken'): Promise<void> {
  const tokenOf = (found: Owner | string): string => (typeof found === 'object' ? found.token : found);
  const claim = `${file}.${tokenOf(stale)}`;
  if (!(await create(claim, { pid: process.pid, host: hostname(), token: '' }))) {
    await delay(RETRY_MILLISECONDS);
    // Its maker was killed over it.
    const claimed = await stat(claim).catch(() => null);
    if (claimed !== null && Math.abs(Date.now() - claimed.mtimeMs) > SETTLED_MILLISECONDS)
      await rm(claim, { force: true });
    return;
  }
  try {
    if (tokenOf(await inspect(file)) === tokenOf(stale)) await rm(file, { force: true });
  } finally {
    await rm(claim, { force: true });
  }
}
