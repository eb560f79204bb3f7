/** @file `training.jsonl`: one line a report of a training run, added to while it runs and read back for the curves. */
import { open, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TrainingReport } from '../protocol/training';
import { atomicWrite, errorCode, fileSystemError, told } from './atomicWrite';

const LOG = 'training.jsonl';

/**
 * Adds a report to the log of a model folder. A line that a killed process left unfinished is removed first.
 * @throws FileSystemError where the log cannot be written
 */
export async function appendReport(folder: string, report: TrainingReport): Promise<void> {
  const file = path.join(folder, LOG);
  await told('write', file, async () => {
    const handle = await open(file, 'a+');
    try {
      await handle.truncate(await wholeLines(handle));
      await handle.appendFile(`${JSON.stringify(report)}\n`);
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
 * The reports of a model folder in the order of the log; none where there is no log. Lines that are no report, as a
 * crash can leave them, are left out: the log is for looking at, and no reason not to train on.
 * @throws FileSystemError where the log cannot be read
 */
export async function readReports(folder: string): Promise<TrainingReport[]> {
  const file = path.join(folder, LOG);
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    if (errorCode(error) === 'ENOENT') return [];
    throw fileSystemError(error, 'read', file);
  }
  return text.split('\n').flatMap((line) => {
    try {
      const report: unknown = JSON.parse(line);
      return isReport(report) ? [report] : [];
    } catch {
      return [];
    }
  });
}

/**
 * Keeps the reports up to `step`, where a run goes on from: those after it will come again.
 * @throws FileSystemError where the log cannot be read or written
 */
export async function dropReportsAfter(folder: string, step: number): Promise<void> {
  const reports = await readReports(folder);
  if (reports.length === 0) return;
  const kept = reports.filter((report) => report.step <= step);
  await atomicWrite(path.join(folder, LOG), kept.map((report) => `${JSON.stringify(report)}\n`).join(''));
}

function isReport(value: unknown): value is TrainingReport {
  return typeof value === 'object' && value !== null && 'step' in value && typeof value.step === 'number';
}
