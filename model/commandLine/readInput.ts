/** @file Reading a file that was named on the command line. */
import { readFile } from 'node:fs/promises';

/** A named file that cannot be read; the message is for the person. */
export class InputError extends Error {
  override readonly name = 'InputError';
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission is denied',
  EISDIR: 'it is a folder',
};

/** @throws InputError naming the file and why it cannot be read */
export async function readInput(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error));
    throw new InputError(`${file} cannot be read: ${reason}.`, { cause: error });
  }
}
