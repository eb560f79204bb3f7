/** @file training.jsonl: a line a report, cut back to the save that training resumes from. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { TrainingReport } from '../../../model/protocol';
import { TRAINING_LOG, TrainingLog } from '../../../model/training/log';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'smuggler-log-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

function report(step: number): TrainingReport {
  return {
    step,
    steps: null,
    loss: 0.5,
    bitsPerByte: 5.77,
    gradientNorm: 1,
    learningRate: 1e-3,
    stepMilliseconds: 1,
    chunksPerSecond: 1,
    elapsedSeconds: 1,
    remainingSeconds: null,
  };
}

function steps(): number[] {
  const lines = readFileSync(join(folder, TRAINING_LOG), 'utf8').trim().split('\n');
  return lines.map((line) => (JSON.parse(line) as TrainingReport).step);
}

describe('TrainingLog', () => {
  it('appends a line a report, whole at once', async () => {
    const log = await TrainingLog.open(folder, 0);
    log.append(report(1));
    log.append(report(2));
    expect(steps()).toEqual([1, 2]);
  });

  it('drops what was logged after the save, and a line that a crash cut off', async () => {
    const log = await TrainingLog.open(folder, 0);
    for (const step of [10, 20, 30]) log.append(report(step));
    writeFileSync(join(folder, TRAINING_LOG), '{"step":4', { flag: 'a' });
    const resumed = await TrainingLog.open(folder, 20);
    resumed.append(report(25));
    expect(steps()).toEqual([10, 20, 25]);
  });
});
