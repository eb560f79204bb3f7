/** @file Files read whole, where they are files: a pipe or a device could be read for ever, and a size can be claimed at will. */
import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { FileSystemError, fileSystemError } from './fileSystemError';

/**
 * The content of a regular file; links to one are followed.
 * @param mostBytes a larger file is refused unread; 2 GB can be read at once in any case
 * @throws FileSystemError, with the system's code, or ENOTFILE, EFBIG or ERR_FS_FILE_TOO_LARGE
 */
export async function readRegularFile(file: string, mostBytes = Infinity): Promise<Buffer> {
  try {
    // Asked before it is opened, since opening a device can already do something.
    requireRegular(await stat(file), file, mostBytes);
    // Without O_NONBLOCK, which Windows has not, a pipe that has come into its place would hold the call until another program writes.
    const handle = await open(file, constants.O_RDONLY | constants.O_NONBLOCK);
    try {
      requireRegular(await handle.stat(), file, mostBytes);
      return await handle.readFile();
    } finally {
      await handle.close();
    }
  } catch (error) {
    throw fileSystemError(error, 'read', file);
  }
}

function requireRegular(
  status: { isFile(): boolean; isDirectory(): boolean; readonly size: number },
  file: string,
  mostBytes: number,
): void {
  if (status.isDirectory())
    throw new FileSystemError(`Cannot read ${file}: it is a folder, not a file; choose another path.`, 'EISDIR');
  if (!status.isFile()) {
    throw new FileSystemError(
      `Cannot read ${file}: it is a pipe, a socket or a device, not a file; choose another file.`,
      'ENOTFILE',
    );
  }
  if (status.size > mostBytes) {
    throw new FileSystemError(
      `Cannot read ${file}: it has ${status.size} bytes, expected at most ${mostBytes}; check the file.`,
      'EFBIG',
    );
  }
}
