/** @file File-system errors as one sentence. */

/** A file or folder that could not be read or written; the message says what, where, why and what to do. */
export class FileSystemError extends Error {
  override readonly name = 'FileSystemError';
  constructor(
    message: string,
    /** The system's code, such as ENOSPC. */
    readonly code: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export function isFileSystemError(error: unknown): error is FileSystemError {
  return error instanceof FileSystemError;
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full; free some space and try again',
  EDQUOT: 'the disk quota is used up; free some space and try again',
  EFBIG: 'the file would be larger than its file system allows; choose another folder',
  EACCES: 'permission denied; change its permissions or choose another folder',
  EPERM: 'the operation is not permitted; change its permissions or choose another folder',
  EROFS: 'the file system is read-only; choose another folder',
  ENOENT: 'no such file or folder; check the path',
  ENOTDIR: 'a part of the path is a file, not a folder; choose another folder',
  EISDIR: 'it is a folder, not a file; choose another path',
  EEXIST: 'it is a file, not a folder; choose another folder',
  EBUSY: 'another program is using it; close that program and try again',
  EMFILE: 'too many files are open; close some programs and try again',
  ENAMETOOLONG: 'the path is too long; choose a shorter one',
  ELOOP: 'its symbolic links lead in a circle; choose another path',
  EIO: 'the disk reports an input/output error; check the disk',
  ERR_FS_FILE_TOO_LARGE: 'it is too large to read at once, over 2 GB; choose a smaller file',
};

/** The system's code of a failed call, '' where there is none. */
export function errorCode(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}

/**
 * A failed file-system call as a {@link FileSystemError}; one that is already told stays as it is.
 * @param verb what was tried, such as 'read'
 */
export function fileSystemError(error: unknown, verb: string, file: string): FileSystemError {
  if (isFileSystemError(error)) return error;
  const code = errorCode(error);
  const reason = REASONS[code] ?? (error instanceof Error ? error.message : String(error));
  return new FileSystemError(`Cannot ${verb} ${file}: ${reason}.`, code, { cause: error });
}

/** Runs a file-system call and tells its failure as {@link fileSystemError} does. */
export async function told<T>(verb: string, file: string, call: () => Promise<T>): Promise<T> {
  try {
    return await call();
  } catch (error) {
    throw fileSystemError(error, verb, file);
  }
}
