/** @file The training log: reports added and read, a line torn by a crash, lines dropped when a run is resumed. */
import { execFileSync } from 'node:child_process';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileSystemError } from '../../../model/files/fileSystemError';
import { isFileSystemError } from '../../../model/files/fileSystemError';
import {
  appendReport,
  dropReportsAfter,
  isTrainingEnd,
  parseEntries,
  readReports,
} from '../../../model/checkpoint/trainingLog';
import { TrainingLogFollower } from '../../../model/checkpoint/trainingLogFollower';
import type { TrainingReport } from '../../../model/protocol/training';

let folder: string;
const log = (): string => path.join(folder, 'training.jsonl');
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'log-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function report(step: number): TrainingReport {
  return {
    step,
    steps: 100,
    loss: 1 / (step + 3),
    bitsPerByte: 0.1 + step,
    gradientNorm: 1e-9,
    learningRate: 3e-4,
    stepMilliseconds: 12.5,
    chunksPerSecond: 1e5,
    elapsedSeconds: step,
    remainingSeconds: null,
    ...(step % 2 === 0 ? { heldOutBitsPerByte: 4.2 } : {}),
  };
}

const steps = async (): Promise<number[]> => (await readReports(folder)).map(({ step }) => step);

describe('training.jsonl', () => {
  it('gives back what was added, in order; nothing where there is no log', async () => {
    expect(await readReports(folder)).toEqual([]);
    for (let step = 1; step <= 5; step++) await appendReport(folder, report(step));
    expect(await readReports(folder)).toEqual([1, 2, 3, 4, 5].map(report));
    expect(readFileSync(log(), 'utf8').split('\n').length).toBe(6);
  });

  it('is read as other programs write it: with a byte order mark, without a last line feed; UTF-16 is named', async () => {
    const text = `\uFEFF${JSON.stringify(report(1))}\r\n${JSON.stringify(report(2))}`;
    writeFileSync(log(), text);
    expect(await steps()).toEqual([1, 2]);
    const follower = new TrainingLogFollower(folder);
    expect((await follower.news()).entries.map(({ step }) => step)).toEqual([1, 2]);
    await appendReport(folder, report(3));
    expect((await follower.news()).entries.map(({ step }) => step)).toEqual([3]);
    expect(await steps()).toEqual([1, 2, 3]);
    writeFileSync(log(), Buffer.from(text, 'utf16le'));
    await expect(steps()).rejects.toThrow(/UTF-16.*save it in UTF-8/);
    await expect(new TrainingLogFollower(folder).news()).rejects.toThrow(/UTF-16/);
  });

  it('is never written through a link', async () => {
    const other = path.join(folder, 'other.txt');
    writeFileSync(other, 'not a log');
    symlinkSync(other, log());
    const told = (await appendReport(folder, report(1)).catch((error: unknown) => error)) as FileSystemError;
    expect(told.message).toMatch(/training\.jsonl: it is a symbolic link; remove it/);
    expect(told.code).toBe('ELOOP');
    expect(readFileSync(other, 'utf8')).toBe('not a log');
    rmSync(log());
    execFileSync('mkfifo', [log()]);
    await expect(appendReport(folder, report(1))).rejects.toMatchObject({ code: 'ENOTFILE' });
  });

  it('tolerates a torn last line and goes on behind it', async () => {
    for (let step = 1; step <= 3; step++) await appendReport(folder, report(step));
    const { length } = readFileSync(log());
    for (const cut of [1, 2, 40]) {
      truncateSync(log(), length - cut);
      expect(await steps()).toEqual(cut === 1 ? [1, 2, 3] : [1, 2]);
      // A whole line that lacks its line feed only is kept.
      if (cut > 1) await appendReport(folder, report(3));
      else await appendReport(folder, report(4));
      expect(await steps()).toEqual(cut > 1 ? [1, 2, 3] : [1, 2, 3, 4]);
      truncateSync(log(), length);
      expect(await steps()).toEqual([1, 2, 3]);
    }
  });

  it('finds the last whole line however long the torn one is', async () => {
    await appendReport(folder, report(1));
    appendFileSync(log(), 'x'.repeat(10_000));
    await appendReport(folder, report(2));
    expect(await steps()).toEqual([1, 2]);
    writeFileSync(log(), 'y'.repeat(9000));
    await appendReport(folder, report(3));
    expect(await steps()).toEqual([3]);
  });

  it('drops what comes again after a resume', async () => {
    await dropReportsAfter(folder, 5);
    for (let step = 1; step <= 9; step++) await appendReport(folder, report(step));
    appendFileSync(log(), '{"step":10,"lo');
    await dropReportsAfter(folder, 6);
    expect(await readReports(folder)).toEqual([1, 2, 3, 4, 5, 6].map(report));
    await appendReport(folder, report(7));
    expect(await steps()).toEqual([1, 2, 3, 4, 5, 6, 7]);
    await dropReportsAfter(folder, 0);
    expect(await steps()).toEqual([]);
  });

  it('leaves out lines that are no report', async () => {
    writeFileSync(log(), `${JSON.stringify(report(1))}\n\n5\nnull\n{"loss":1}\n\0\0\0\n${JSON.stringify(report(2))}\n`);
    expect(await steps()).toEqual([1, 2]);
  });

  it('knows ends from reports, and keeps those before the step a run goes on from', async () => {
    await appendReport(folder, report(1));
    await appendReport(folder, { step: 1, end: 'stopped', message: 'Training was stopped at step 1.' });
    await appendReport(folder, report(2));
    await appendReport(folder, { step: 3, end: 'diverged', message: 'Training diverged at step 3.' });
    expect(await steps()).toEqual([1, 2]);
    await dropReportsAfter(folder, 2);
    const entries = parseEntries(readFileSync(log(), 'utf8'));
    expect(entries.map((entry) => (isTrainingEnd(entry) ? entry.end : entry.step))).toEqual([1, 'stopped', 2]);
  });

  it('reads what other programs write: unknown keys, and numbers that are not finite', () => {
    const text = '{"step": 1, "loss": NaN, "host": "a: NaN", "list": [-Infinity, 2]}\n{"step": 2, "loss": -Infinity}\n';
    expect(parseEntries(text)).toEqual([
      { step: 1, loss: null, host: 'a: NaN', list: [null, 2] },
      { step: 2, loss: null },
    ]);
  });

  it('names the log that cannot be read or written', async () => {
    mkdirSync(log());
    for (const call of [() => appendReport(folder, report(1)), () => readReports(folder)]) {
      const error: unknown = await call().catch((reason: unknown) => reason);
      expect(isFileSystemError(error)).toBe(true);
      expect((error as Error).message).toContain(`${log()}: it is a folder, not a file`);
    }
  });
});
