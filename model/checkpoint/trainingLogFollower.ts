/** @file Follows a `training.jsonl` that another process adds to: what is new, and whether it began anew. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import { errorCode, fileSystemError } from '../files/fileSystemError';
import type { TrainingLogEntry } from './trainingLog';
import { parseEntries, refuseUtf16, TRAINING_LOG } from './trainingLog';

/** Bytes read at once, so that a long log never holds the event loop for long. */
const PIECE_BYTES = 1 << 20;
/** Bytes of the last line read that are compared to tell whether the log is still the same. */
const TAIL = 64;

/** What has happened to a log since it was looked at last. */
export interface LogNews {
  /** The log was written anew, so what was read before is void. */
  readonly restarted: boolean;
  readonly entries: readonly TrainingLogEntry[];
  /** When it was last written, milliseconds since 1970; null where there is no log. */
  readonly modified: number | null;
}

/** Reads a log from where it left off; a last line that is not finished yet is read when it is, with or without its line feed. */
export class TrainingLogFollower {
  readonly #file: string;
  #read = 0;
  #tail = Buffer.alloc(0);

  /** @param folder the model's */
  constructor(folder: string) {
    this.#file = path.join(folder, TRAINING_LOG);
  }

  /**
   * What is new. Not to be called again before it has answered.
   * @throws FileSystemError where the log is there and cannot be read
   */
  async news(): Promise<LogNews> {
    let handle;
    try {
      handle = await open(this.#file, constants.O_RDONLY | constants.O_NONBLOCK);
    } catch (error) {
      if (errorCode(error) !== 'ENOENT' && errorCode(error) !== 'ENOTDIR')
        throw fileSystemError(error, 'read', this.#file);
      const restarted = this.#read > 0;
      this.#forget();
      return { restarted, entries: [], modified: null };
    }
    try {
      const { size, mtimeMs } = await handle.stat();
      const restarted = size < this.#read || !(await this.#isSame(handle));
      if (restarted) this.#forget();
      const entries: TrainingLogEntry[] = [];
      while (this.#read < size) {
        const piece = Buffer.alloc(Math.min(PIECE_BYTES, size - this.#read));
        const { bytesRead } = await handle.read(piece, 0, piece.length, this.#read);
        if (this.#read === 0) refuseUtf16(piece, this.#file);
        const end = piece.subarray(0, bytesRead).lastIndexOf(0x0a) + 1;
        if (end === 0) {
          // A line longer than a piece is no report.
          if (bytesRead === PIECE_BYTES) {
            this.#advance(piece);
            continue;
          }
          const last = parseEntries(piece.toString('utf8', 0, bytesRead));
          if (last.length > 0) {
            entries.push(...last);
            this.#advance(piece.subarray(0, bytesRead));
          }
          break;
        } else {
          entries.push(...parseEntries(piece.toString('utf8', 0, end)));
          this.#advance(piece.subarray(0, end));
        }
      }
      return { restarted, entries, modified: mtimeMs };
    } catch (error) {
      throw fileSystemError(error, 'read', this.#file);
    } finally {
      await handle.close();
    }
  }

  #advance(piece: Buffer): void {
    this.#read += piece.length;
    this.#tail = Buffer.from(piece.subarray(Math.max(0, piece.length - TAIL)));
  }

  #forget(): void {
    this.#read = 0;
    this.#tail = Buffer.alloc(0);
  }

  async #isSame(handle: Awaited<ReturnType<typeof open>>): Promise<boolean> {
    const { length } = this.#tail;
    const found = Buffer.alloc(length);
    if (length > 0) await handle.read(found, 0, length, this.#read - length);
    return found.equals(this.#tail);
  }
}
