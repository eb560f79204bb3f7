/** @file `training.jsonl`: one line a report of a training run and one for its end, added to while it runs and read back for the curves. */
import { constants } from 'node:fs';
import { lstat, open } from 'node:fs/promises';
import path from 'node:path';
import type { TrainingEndReport, TrainingReport } from '../protocol/training';
import { isUtf16 } from '../text/documentText';
import { atomicWrite } from './atomicWrite';
import { errorCode, FileSystemError, isFileSystemError, told } from '../files/fileSystemError';
import { readRegularFile } from '../files/readRegularFile';

/** The file's name in a model folder. */
export const TRAINING_LOG = 'training.jsonl';

/** A line: a report, or the end of a run. Other programs write it too, so every key but `step` may be missing or null. */
export type TrainingLogEntry = TrainingReport | TrainingEndReport;

/**
 * Adds a line to the log of a model folder. A line that a killed process left unfinished is removed first; a whole one that only
 * lacks its line feed is kept.
 * @throws FileSystemError where the log cannot be written, or is a link: what it leads to is not ours to write
 */
export async function appendReport(folder: string, entry: TrainingLogEntry): Promise<void> {
  const file = path.join(folder, TRAINING_LOG);
  await told('write', file, async () => {
    await requireOwnFile(file);
    const handle = await open(file, APPEND);
    try {
      const { size } = await handle.stat();
      const end = await wholeLines(handle, size);
      const last = Buffer.alloc(Math.min(size - end, MOST_LINE_BYTES));
      await handle.read(last, 0, last.length, end);
      const isWhole = parseEntries(last.toString()).length > 0;
      if (!isWhole) await handle.truncate(end);
      await handle.appendFile(`${isWhole ? '\n' : ''}${JSON.stringify(entry)}\n`);
    } finally {
      await handle.close();
    }
  });
}

/** To read and add to it; a link that has come into its place is not followed, where the system can say so. */
const APPEND = constants.O_RDWR | constants.O_CREAT | constants.O_APPEND | constants.O_NOFOLLOW;
/** No report is longer. */
const MOST_LINE_BYTES = 1 << 20;
/** More than months of reports. */
const MOST_LOG_BYTES = 1_000_000_000;

async function requireOwnFile(file: string): Promise<void> {
  const status = await lstat(file).catch((error: unknown) => {
    if (errorCode(error) === 'ENOENT') return null;
    throw error;
  });
  // A folder is told as such where it is opened.
  if (status === null || status.isFile() || status.isDirectory()) return;
  const [what, code] = status.isSymbolicLink() ? ['a symbolic link', 'ELOOP'] : ['not a file', 'ENOTFILE'];
  throw new FileSystemError(`Cannot write ${file}: it is ${what}; remove it or train into another folder.`, code);
}

/** Bytes of an open log up to and including its last line feed. */
async function wholeLines(handle: Awaited<ReturnType<typeof open>>, size: number): Promise<number> {
  const piece = Buffer.alloc(4096);
  for (let end = size; end > 0; end -= piece.length) {
    const start = Math.max(0, end - piece.length);
    const { bytesRead } = await handle.read(piece, 0, end - start, start);
    const lineFeed = piece.subarray(0, bytesRead).lastIndexOf(0x0a);
    if (lineFeed >= 0) return start + lineFeed + 1;
  }
  return 0;
}

/**
 * The reports of a model folder in the order of the log, ends left out; none where there is no log.
 * @throws FileSystemError where the log cannot be read
 */
export async function readReports(folder: string): Promise<TrainingReport[]> {
  return (await readEntries(folder)).flatMap((entry) => (isTrainingEnd(entry) ? [] : [entry]));
}

async function readEntries(folder: string): Promise<TrainingLogEntry[]> {
  const file = path.join(folder, TRAINING_LOG);
  let bytes: Buffer;
  try {
    bytes = await readRegularFile(file, MOST_LOG_BYTES);
  } catch (error) {
    if (isFileSystemError(error) && error.code === 'ENOENT') return [];
    throw error;
  }
  refuseUtf16(bytes, file);
  return parseEntries(bytes.toString('utf8'));
}

/** @throws FileSystemError where a log begins as UTF-16 does, whose lines would all be none */
export function refuseUtf16(bytes: Uint8Array, file: string): void {
  if (!isUtf16(bytes)) return;
  throw new FileSystemError(`Cannot read ${file}: it is in UTF-16, expected UTF-8; save it in UTF-8.`, 'EILSEQ');
}

/**
 * The lines of a log, with or without a byte order mark. Lines that are neither report nor end, as a crash can leave them, are left out: the log is for looking at,
 * and no reason not to train on. Numbers that are not finite are null there, whether they were written so or, as Python does, by name.
 */
export function parseEntries(text: string): TrainingLogEntry[] {
  return text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .flatMap((line) => {
      const entry = parseJson(line) ?? parseJson(withoutNonFinite(line));
      return isEntry(entry) ? [entry] : [];
    });
}

/** A line with null for numbers that are not finite; strings stay as they are. */
function withoutNonFinite(line: string): string {
  return line.replace(/"(?:[^"\\]|\\.)*"|-?(?:NaN|Infinity)/g, (token) => (token.startsWith('"') ? token : 'null'));
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

/**
 * Keeps the lines up to `step`, where a run goes on from: those after it will come again.
 * @throws FileSystemError where the log cannot be read or written
 */
export async function dropReportsAfter(folder: string, step: number): Promise<void> {
  const entries = await readEntries(folder);
  if (entries.length === 0) return;
  const kept = entries.filter((entry) => entry.step <= step);
  await atomicWrite(path.join(folder, TRAINING_LOG), kept.map((entry) => `${JSON.stringify(entry)}\n`).join(''));
}

function isEntry(value: unknown): value is TrainingLogEntry {
  return typeof value === 'object' && value !== null && 'step' in value && typeof value.step === 'number';
}

/** Whether a line says that a run has ended. */
export function isTrainingEnd(entry: TrainingLogEntry): entry is TrainingEndReport {
  return 'end' in entry && typeof entry.end === 'string';
}
