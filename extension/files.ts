/** @file Files and folders: whether one is there, and folders for what is made here. */
import { access, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/**
 * Makes a folder whose content is neither versioned nor trained on: with a `.gitignore` of its own. One that is there already is left as
 * it is.
 * @throws NodeJS.ErrnoException
 */
export async function makeUnversioned(folder: string): Promise<void> {
  const made = await mkdir(folder, { recursive: true });
  if (made !== undefined) await writeFile(join(folder, '.gitignore'), '*\n', { flag: 'wx' });
}
