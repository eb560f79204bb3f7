/** @file The text to train on: files and folders read as UTF-8, with what was skipped and why, and held-out text split off. */
import { isUtf8 } from 'node:buffer';
import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { errorCode, isFileSystemError } from '../files/fileSystemError';
import { readRegularFile } from '../files/readRegularFile';
import type { SkippedFile } from '../protocol/training';
import { documentText, isUtf16 } from './documentText';
import { excludeTest, GitignoreRules } from './ignoreRules';
import { Random } from './random';
import { characterStart } from '../measures/utf8';

/** Text that cannot be trained on; the message is one sentence for the user. */
export class CorpusError extends Error {
  override readonly name = 'CorpusError';
}

export function isCorpusError(error: unknown): error is CorpusError {
  return error instanceof CorpusError;
}

/** A text file: valid UTF-8, no NUL, at least one byte. */
export interface CorpusFile {
  readonly path: string;
  /** The text as an editor shows it, by {@link documentText}. */
  readonly bytes: Uint8Array;
}

export interface Corpus {
  /** In the order of their paths, each file once. */
  readonly files: readonly CorpusFile[];
  /** What was met and not read; an ignored folder is one entry. */
  readonly skipped: readonly SkippedFile[];
  /** Sum over `files`. */
  readonly bytes: number;
}

export interface ReadCorpusOptions {
  /** Patterns in the form of `files.exclude`, relative to each folder that is read. */
  readonly exclude: readonly string[];
  /** Larger files are skipped unread. */
  readonly maxFileBytes: number;
  /** Called after each batch of files with what has been read so far. */
  onProgress?(files: number, bytes: number): void;
  readonly signal?: AbortSignal;
}

/** Files read at the same time. */
const CONCURRENT_READS = 16;
/** Never text to train on, whatever the rules say. */
const NEVER_READ = new Set(['.git', 'node_modules']);
/** What tells a model folder: its log would otherwise be trained on when a run within its own text is resumed. */
const MODEL_FILES = ['config.json', 'model.safetensors'];

/**
 * Reads files and folders (recursively). Left out in folders and reported: what `.gitignore` files (of the folder,
 * below it, and above it in its repository) or `exclude` name, `.git`, `node_modules`, model folders, and symbolic
 * links, which would bring a text in twice or lead out of the folder. A file that is named itself is read whatever the rules say.
 * Left out everywhere and reported: binaries, what is not UTF-8 (UTF-16 by name), files above `maxFileBytes`, unreadable and empty ones.
 * @throws CorpusError where a path does not exist, or nothing is left to read
 * @throws the signal's reason where it is aborted
 */
export async function readCorpus(paths: readonly string[], options: ReadCorpusOptions): Promise<Corpus> {
  const reader = new CorpusReader(options);
  for (const given of paths) await reader.add(path.resolve(given));
  const corpus = await reader.read();
  if (corpus.files.length === 0) throw new CorpusError(nothingToRead(paths, corpus.skipped));
  return corpus;
}

function nothingToRead(paths: readonly string[], skipped: readonly SkippedFile[]): string {
  const more = paths.length > 3 ? ` and ${paths.length - 3} more` : '';
  const where = paths.length === 0 ? 'No path was given' : `Nothing to read in ${paths.slice(0, 3).join(', ')}${more}`;
  if (skipped.length === 0) return `${where}: expected at least one text file in UTF-8.`;
  const counts = new Map<string, number>();
  for (const { reason } of skipped) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  const reasons = [...counts].map(([reason, count]) => `${count} ${reason}`).join(', ');
  return `${where}: everything found was skipped (${reasons}), expected at least one text file in UTF-8.`;
}

class CorpusReader {
  /** Displayed path of each file to read, by its real path. */
  private readonly candidates = new Map<string, string>();
  /** Reason by displayed path. */
  private readonly skipped = new Map<string, SkippedFile['reason']>();
  private readonly excludes: (relative: string) => boolean;

  constructor(private readonly options: ReadCorpusOptions) {
    this.excludes = excludeTest(options.exclude);
  }

  /** Finds the files of one given path. */
  async add(given: string): Promise<void> {
    const real = await realpath(given).catch((error: unknown) => {
      if (['ENOENT', 'ENOTDIR'].includes(errorCode(error))) {
        throw new CorpusError(`${given}: no such file or folder, expected text to read.`);
      }
      return null;
    });
    const status = real === null ? null : await stat(real).catch(() => null);
    if (real === null || status === null) this.skip(given, 'unreadable');
    else if (status.isDirectory())
      await this.walk({ shown: given, real, relative: '' }, await GitignoreRules.above(real));
    else {
      this.candidates.set(real, given);
      this.skipped.delete(given);
    }
  }

  private async walk(folder: { shown: string; real: string; relative: string }, above: GitignoreRules): Promise<void> {
    this.options.signal?.throwIfAborted();
    let entries: Dirent[];
    try {
      entries = await readdir(folder.real, { withFileTypes: true });
    } catch {
      this.skip(folder.shown, 'unreadable');
      return;
    }
    if (folder.relative !== '' && MODEL_FILES.every((name) => entries.some((entry) => entry.name === name))) {
      this.skip(folder.shown, 'ignored');
      return;
    }
    const rules = await above.enter(folder.real);
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    for (const entry of entries) {
      const at = {
        shown: path.join(folder.shown, entry.name),
        real: path.join(folder.real, entry.name),
        relative: folder.relative === '' ? entry.name : `${folder.relative}/${entry.name}`,
      };
      const isFolder = entry.isDirectory();
      const leftOut =
        NEVER_READ.has(entry.name) ||
        entry.isSymbolicLink() ||
        this.excludes(at.relative) ||
        rules.ignores(at.real, isFolder);
      if (leftOut) this.skip(at.shown, 'ignored');
      else if (isFolder) await this.walk(at, rules);
      else if (!this.candidates.has(at.real)) this.candidates.set(at.real, at.shown);
    }
  }

  /** Reads what was found, in the order of the paths. */
  async read(): Promise<Corpus> {
    const found = [...this.candidates].sort(([, a], [, b]) => (a < b ? -1 : 1));
    const files: CorpusFile[] = [];
    let bytes = 0;
    for (let i = 0; i < found.length; i += CONCURRENT_READS) {
      this.options.signal?.throwIfAborted();
      const batch = found.slice(i, i + CONCURRENT_READS);
      const texts = await Promise.all(batch.map(([real]) => readText(real, this.options.maxFileBytes)));
      texts.forEach((text, n) => {
        const shown = batch[n]![1];
        if (typeof text === 'string') this.skip(shown, text);
        else {
          files.push({ path: shown, bytes: text });
          bytes += text.length;
        }
      });
      this.options.onProgress?.(files.length, bytes);
    }
    this.options.signal?.throwIfAborted();
    const skipped = [...this.skipped].map(([file, reason]) => ({ path: file, reason }));
    return { files, skipped, bytes };
  }

  private skip(file: string, reason: SkippedFile['reason']): void {
    this.skipped.set(file, reason);
  }
}

/** The text of a text file, or why it is none. */
export async function readText(file: string, maxBytes: number): Promise<Uint8Array | SkippedFile['reason']> {
  let bytes: Uint8Array;
  try {
    bytes = new Uint8Array(await readRegularFile(file, maxBytes));
  } catch (error) {
    return isFileSystemError(error) && error.code === 'EFBIG' ? 'too large' : 'unreadable';
  }
  const reason = notText(bytes);
  if (reason !== null) return reason;
  const text = documentText(bytes);
  return text.length === 0 ? 'empty' : text;
}

function notText(bytes: Uint8Array): SkippedFile['reason'] | null {
  if (isUtf16(bytes)) return 'UTF-16';
  if (bytes.includes(0)) return 'binary';
  if (isUtf8(bytes)) return null;
  // Text in another encoding has no control characters but those of layout and of terminals.
  return bytes.some((byte) => byte < 0x20 && !LAYOUT_CONTROLS.has(byte)) ? 'binary' : 'not UTF-8';
}

/** Backspace, tab, line feed, vertical tab, form feed, carriage return, escape. */
const LAYOUT_CONTROLS = new Set([0x08, 0x09, 0x0a, 0x0b, 0x0c, 0x0d, 0x1b]);

export interface Split {
  readonly train: readonly CorpusFile[];
  readonly heldOut: readonly CorpusFile[];
}

/**
 * Splits off text that is never trained on, about `heldOutShare` of the bytes.
 *
 * Files that are small against the held-out text (at most a quarter of it) go whole to one side, drawn by `seed`:
 * a whole file shares no sentence with the training text but what files repeat anyway, and many of them are a fair
 * sample. Every larger file gives its own last part, cut at a character boundary: drawn whole, one such file would be
 * all of the held-out text, or too much of it; and a single file leaves no other way. A part of a file is cut off, not
 * sampled in pieces, because windows of neighbouring text overlap: no byte is ever on both sides. A last part too
 * short for two chunks stays in training, so that `heldOut` is empty for a very small text.
 * @throws RangeError where the share is not in [0, 1)
 */
export function splitCorpus(corpus: Corpus, heldOutShare: number, seed: number): Split {
  if (!(heldOutShare >= 0 && heldOutShare < 1)) {
    throw new RangeError(`The held-out share is ${heldOutShare}, expected a number from 0 to below 1.`);
  }
  const train: CorpusFile[] = [];
  const heldOut: CorpusFile[] = [];
  const isSmall = (file: CorpusFile): boolean => file.bytes.length <= (heldOutShare * corpus.bytes) / 4;
  const drawn = drawWhole(corpus.files.filter(isSmall), heldOutShare, Random.fromSeed(seed));
  for (const file of corpus.files) {
    if (drawn.has(file)) heldOut.push(file);
    else if (isSmall(file)) train.push(file);
    else {
      const cut = characterStart(file.bytes, Math.round(file.bytes.length * (1 - heldOutShare)));
      if (cut === 0 || file.bytes.length - cut < MIN_HELD_OUT_BYTES) train.push(file);
      else {
        train.push({ path: file.path, bytes: file.bytes.subarray(0, cut) });
        heldOut.push({ path: file.path, bytes: file.bytes.subarray(cut) });
      }
    }
  }
  return { train, heldOut };
}

/** Two chunks: one to predict from and one to predict. */
const MIN_HELD_OUT_BYTES = 8;

/** Draws files until their bytes come as near to the share as whole files can. */
export function drawWhole(files: readonly CorpusFile[], share: number, random: Random): Set<CorpusFile> {
  const order = [...files];
  for (let i = order.length - 1; i > 0; i--) {
    const j = random.integer(i + 1);
    [order[i], order[j]] = [order[j]!, order[i]!];
  }
  let left = share * files.reduce((sum, file) => sum + file.bytes.length, 0);
  const drawn = new Set<CorpusFile>();
  for (const file of order) {
    if (file.bytes.length / 2 > left) continue;
    drawn.add(file);
    left -= file.bytes.length;
  }
  return drawn;
}
