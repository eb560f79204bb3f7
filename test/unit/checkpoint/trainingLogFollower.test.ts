/** @file Following a training log that another process writes: what is new, lines half written, logs that begin anew. */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isFileSystemError } from '../../../model/files/fileSystemError';
import { dropReportsAfter } from '../../../model/checkpoint/trainingLog';
import { TrainingLogFollower } from '../../../model/checkpoint/trainingLogFollower';

let folder: string;
let follower: TrainingLogFollower;
const log = (): string => path.join(folder, 'training.jsonl');
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'follow-'));
  follower = new TrainingLogFollower(folder);
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

const line = (step: number): string => `${JSON.stringify({ step, loss: 1 / step })}\n`;
const add = (...steps: number[]): void => {
  appendFileSync(log(), steps.map(line).join(''));
};
async function news(): Promise<[restarted: boolean, steps: number[]]> {
  const { restarted, entries } = await follower.news();
  return [restarted, entries.map(({ step }) => step)];
}

describe('TrainingLogFollower', () => {
  it('tells what was added since', async () => {
    expect(await follower.news()).toEqual({ restarted: false, entries: [], modified: null });
    add(1, 2);
    expect(await news()).toEqual([false, [1, 2]]);
    expect(await news()).toEqual([false, []]);
    add(3);
    expect(await news()).toEqual([false, [3]]);
    expect(Math.abs((await follower.news()).modified! - Date.now())).toBeLessThan(60_000);
  });

  it('waits for the rest of a line, even one cut within a character', async () => {
    const bytes = Buffer.from('{"step":1,"note":"größe"}\n');
    const cut = bytes.indexOf(0xc3) + 1;
    appendFileSync(log(), bytes.subarray(0, cut));
    expect(await news()).toEqual([false, []]);
    appendFileSync(log(), bytes.subarray(cut));
    expect((await follower.news()).entries).toEqual([{ step: 1, note: 'größe' }]);
  });

  it('begins anew where a resumed run dropped lines, and where the log became another one', async () => {
    add(1, 2, 3, 4);
    await news();
    await dropReportsAfter(folder, 2);
    expect(await news()).toEqual([true, [1, 2]]);
    // As long as before, so that only what stands there tells.
    writeFileSync(log(), [5, 6, 7].map(line).join(''));
    expect(await news()).toEqual([true, [5, 6, 7]]);
    rmSync(log());
    expect(await news()).toEqual([true, []]);
    add(8);
    expect(await news()).toEqual([false, [8]]);
  });

  it('reads a log of many megabytes', async () => {
    const steps = 60_000;
    writeFileSync(log(), Array.from({ length: steps }, (_, i) => line(i + 1)).join(''));
    const { entries } = await follower.news();
    expect(entries.map(({ step }) => step)).toEqual(Array.from({ length: steps }, (_, i) => i + 1));
    appendFileSync(log(), `${'x'.repeat(3 << 20)}\n${line(steps + 1)}`);
    expect(await news()).toEqual([false, [steps + 1]]);
  });

  it('names a log that cannot be read', async () => {
    mkdirSync(log());
    const error: unknown = await follower.news().catch((reason: unknown) => reason);
    expect(isFileSystemError(error)).toBe(true);
  });
});
