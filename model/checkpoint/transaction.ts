/** @file Several files of one folder replaced together: a kill at any moment leaves all of the old or all of the new. */
import { lstat, mkdir, readdir, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder, removeLeftovers, renameOver, syncFolder, unless, withTemporary, writeSynced } from './atomicWrite';
import { errorCode, FileSystemError, fileSystemError } from '../files/fileSystemError';

/** Complete new files wait here for their place. The folder appears by one rename: that is the commit. */
const COMMITTED = '.saved';

/**
 * Replaces files of `folder` as one transaction: all are written and synced in a temporary folder, which is renamed to
 * the committed one (from here on the new files count), and then moved to their places one by one. What a killed
 * process left is finished or removed first.
 * @param files name → content
 * @throws FileSystemError; the old files then still stand, or the new ones are committed
 */
export async function replaceFiles(folder: string, files: ReadonlyMap<string, Uint8Array | string>): Promise<void> {
  const committed = path.join(folder, COMMITTED);
  let at = folder;
  try {
    await makeFolder(folder);
    await finishReplacement(folder);
    await removeLeftovers(folder);
    await withTemporary(committed, async (temporary) => {
      await mkdir(temporary);
      for (const [name, content] of files) {
        at = path.join(folder, name);
        await writeSynced(path.join(temporary, name), content);
      }
      await syncFolder(temporary);
      await renameOver(temporary, committed);
    });
    await syncFolder(folder);
  } catch (error) {
    throw fileSystemError(error, 'write', at);
  }
  await finishReplacement(folder);
}

/**
 * Moves committed files to their places, where a save was interrupted after its commit. Several processes may do so at
 * the same time: a file that has already gone was moved by another.
 * @throws FileSystemError where they cannot be moved
 */
export async function finishReplacement(folder: string): Promise<void> {
  const committed = path.join(folder, COMMITTED);
  if (!(await isCommitted(committed, folder))) return;
  try {
    for (const name of await readdir(committed)) {
      await renameOver(path.join(committed, name), path.join(folder, name)).catch(unless('ENOENT'));
    }
    await syncFolder(folder);
    await rmdir(committed).catch(unless('ENOENT', 'ENOTEMPTY'));
  } catch (error) {
    // Another process has finished it.
    if (errorCode(error) === 'ENOENT') return;
    throw fileSystemError(error, 'finish the interrupted save in', folder);
  }
}

/**
 * Whether a save is to be finished.
 * @throws FileSystemError where something else is in its place: a link would have the files of another folder moved
 */
async function isCommitted(committed: string, folder: string): Promise<boolean> {
  let isFolder: boolean;
  try {
    isFolder = (await lstat(committed)).isDirectory();
  } catch (error) {
    // The usual case; a path that is no folder at all is told by whoever reads or writes there.
    if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) return false;
    throw fileSystemError(error, 'read', folder);
  }
  if (isFolder) return true;
  throw new FileSystemError(
    `${committed} is a file or a symbolic link, not a save of this program; remove it.`,
    'ENOTDIR',
  );
}
