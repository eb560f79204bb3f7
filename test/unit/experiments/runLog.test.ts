/** @file The log of runs: what is found again, what is dropped, and what is refused. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FinishedRun } from '../../../model/experiments/experiment';
import type { LogSetup } from '../../../model/experiments/runLog';
import { RunLog } from '../../../model/experiments/runLog';

const SETUP: LogSetup = {
  experiment: 'sparsity',
  version: 1,
  quick: true,
  fixed: ['steps: 1'],
  texts: [{ name: 'a', sha256: '00' }],
};

function run(seed: number): FinishedRun {
  return { key: `seed ${seed}`, arm: 'mean', seed, seconds: 1.5, rows: [{ bits: seed / 3, none: null }] };
}

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'run-log-'));
  file = path.join(folder, 'runs.jsonl');
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function logOfTwo(): Promise<void> {
  const log = await RunLog.open(file, SETUP);
  await log.append(run(0));
  await log.append(run(1));
}

it('finds its runs again, to the last digit', async () => {
  await logOfTwo();
  const { finished } = await RunLog.open(file, SETUP);
  expect([...finished.values()]).toEqual([run(0), run(1)]);
});

it('loses nothing but the line that was cut, wherever that was', async () => {
  await logOfTwo();
  const whole = readFileSync(file);
  const last = whole.lastIndexOf(0x0a, whole.length - 2) + 1;
  for (const end of [last, last + 1, Math.floor((last + whole.length) / 2), whole.length - 1]) {
    writeFileSync(file, whole.subarray(0, end));
    const log = await RunLog.open(file, SETUP);
    expect([...log.finished.keys()]).toEqual(['seed 0']);
    await log.append(run(1));
    expect(readFileSync(file).equals(whole)).toBe(true);
  }
});

describe('refuses', () => {
  for (const [what, other, pattern] of [
    ['another experiment', { experiment: 'robustness' }, /experiment sparsity, not robustness/],
    ['another size', { quick: false }, /size quick, not full/],
    ['another plan', { version: 2 }, /version of the plan 1, not 2/],
    ['another recipe', { fixed: ['steps: 2'] }, /another recipe/],
    ['other text', { texts: [{ name: 'a', sha256: '01' }] }, /another text/],
  ] as const) {
    it(`runs of ${what}, and leaves them`, async () => {
      await logOfTwo();
      const before = readFileSync(file);
      await expect(RunLog.open(file, { ...SETUP, ...other })).rejects.toThrow(pattern);
      expect(readFileSync(file).equals(before)).toBe(true);
    });
  }

  it('a file that is no log', async () => {
    writeFileSync(file, 'something else\n');
    await expect(RunLog.open(file, SETUP)).rejects.toThrow(/runs\.jsonl.*choose another --out/);
    expect(readFileSync(file, 'utf8')).toBe('something else\n');
  });

  it('a log that is broken in the middle', async () => {
    await logOfTwo();
    const lines = readFileSync(file, 'utf8').split('\n');
    writeFileSync(file, [lines[0], '{"key":', lines[2], ''].join('\n'));
    await expect(RunLog.open(file, SETUP)).rejects.toThrow(/line 2 is no run/);
  });
});
