/** @file `training.jsonl` in the model folder: one line a report, and on resuming nothing from beyond the save resumed from. */
import { appendFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { atomicWrite, errorCode, fileSystemError } from '../checkpoint/atomicWrite';
import type { TrainingReport } from '../protocol';

export const TRAINING_LOG = 'training.jsonl';

function stepOf(line: string): number | null {
  try {
    const value: unknown = JSON.parse(line);
    if (typeof value !== 'object' || value === null || !('step' in value)) return null;
    return typeof value.step === 'number' ? value.step : null;
  } catch {
    // A line that a crash cut off.
    return null;
  }
}

/** The log of one run. Lines are written at once, so that another process can follow it and a crash loses at most the last. */
export class TrainingLog {
  private constructor(private readonly file: string) {}

  /**
   * Opens the log of a folder.
   * @param step lines of later steps are dropped: they tell of work that was lost and will be done again
   */
  static async open(folder: string, step: number): Promise<TrainingLog> {
    const file = join(folder, TRAINING_LOG);
    let text = '';
    try {
      text = await readFile(file, 'utf8');
    } catch (error) {
      if (errorCode(error) !== 'ENOENT') throw fileSystemError(error, 'read', file);
    }
    const lines = text.split('\n').filter((line) => line !== '');
    const kept = lines.filter((line) => (stepOf(line) ?? Infinity) <= step);
    if (kept.length < lines.length) await atomicWrite(file, kept.map((line) => `${line}\n`).join(''));
    return new TrainingLog(file);
  }

  /** @throws FileSystemError */
  append(report: TrainingReport): void {
    try {
      appendFileSync(this.file, `${JSON.stringify(report)}\n`);
    } catch (error) {
      throw fileSystemError(error, 'write', this.file);
    }
  }
}
