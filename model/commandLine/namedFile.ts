/** @file A file that a subcommand was given, or a pipe in its place, as a shell's `<(…)` makes one. */
import { readFile, stat } from 'node:fs/promises';
import { told } from '../files/fileSystemError';
import { readRegularFile } from '../files/readRegularFile';

/** Its content. @throws FileSystemError */
export function readNamedFile(file: string): Promise<Buffer> {
  return told('read', file, async () => ((await stat(file)).isFIFO() ? readFile(file) : readRegularFile(file)));
}
