/** @file Files and folders: whether one is there, and folders for what is made here. */
import { access, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

export async function exists(path: string): Promise<boolean> {
  try {
    await access(path);
    return true;
  } catch {
    return false;
  }
}

/** Whether two files are there and hold the same. */
export async function holdTheSame(a: string, b: string): Promise<boolean> {
  try {
    const [one, other] = await Promise.all([readFile(a), readFile(b)]);
    return one.equals(other);
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
