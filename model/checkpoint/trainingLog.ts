/** @file `training.jsonl`: one line a report of a training run and one for its end, added to while it runs and read back for the curves. */
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TrainingEndReport, TrainingReport } from '../protocol/training';
import { atomicWrite, errorCode, fileSystemError, told } from './atomicWrite';

/** The file's name in a model folder. */
export const TRAINING_LOG = 'training.jsonl';

/** A line: a report, or the end of a run. Other programs write it too, so every key but `step` may be missing or null. */
export type TrainingLogEntry = TrainingReport | TrainingEndReport;

/**
 * Adds a line to the log of a model folder. A line that a killed process left unfinished is removed first.
 * @throws FileSystemError where the log cannot be written
 */
export async function appendReport(folder: string, entry: TrainingLogEntry): Promise<void> {
  const file = path.join(folder, TRAINING_LOG);
  await told('write', file, async () => {
    const handle = await open(file, 'a+');
    try {
      await handle.truncate(await wholeLines(handle));
      await handle.appendFile(`${JSON.stringify(entry)}\n`);
    } finally {
      await handle.close();
    }
  });
}

/** Bytes of an open log up to and including its last line feed. */
async function wholeLines(handle: Awaited<ReturnType<typeof open>>): Promise<number> {
  const { size } = await handle.stat();
  const block = Buffer.alloc(4096);
  for (let end = size; end > 0; end -= block.length) {
    const start = Math.max(0, end - block.length);
    const { bytesRead } = await handle.read(block, 0, end - start, start);
    const lineFeed = block.subarray(0, bytesRead).lastIndexOf(0x0a);
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
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw fileSystemError(error, 'read', file);
  }
  return parseEntries(text);
}

/**
 * The lines of a log. Lines that are neither report nor end, as a crash can leave them, are left out: the log is for looking at,
 * and no reason not to train on. Numbers that are not finite are null there, whether they were written so or, as Python does, by name.
 */
export function parseEntries(text: string): TrainingLogEntry[] {
  return text.split('\n').flatMap((line) => {
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
