/** @file An experiment that is killed: at most the run that was under way is lost, and the result is that of one that never stopped. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { ExperimentResult } from '../../../model/protocol/experiments';
import { SENTENCE } from '../cli/bundle';

const ROOT = path.resolve(import.meta.dirname, '../../..');
/** Two rates of two arms, two seeds of two arms. */
const RUNS = 8;

let folder: string;
let program: string;
let text: string;
beforeAll(() => {
  // Inside the checkout, where ONNX Runtime is found.
  mkdirSync(path.join(ROOT, 'test/output'), { recursive: true });
  folder = mkdtempSync(path.join(ROOT, 'test/output/experiment-'));
  program = path.join(folder, 'tiny.cjs');
  buildSync({
    entryPoints: [path.join(import.meta.dirname, 'tinyExperiment.ts')],
    outfile: program,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node20',
    external: ['onnxruntime-node'],
    tsconfigRaw: {},
  });
  text = path.join(folder, 'text.txt');
  writeFileSync(text, Array.from({ length: 400 }, (_, i) => `${i}: ${SENTENCE}`).join('\n'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** Runs until `kill` runs have begun, or to the end. @returns the runs that began */
async function run(out: string, kill = Infinity): Promise<string[]> {
  const child = spawn(process.execPath, [program, out, text], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(child, 'exit');
  let output = '';
  for await (const piece of child.stdout.setEncoding('utf8') as AsyncIterable<string>) {
    output += piece;
    if (output.split('\n').length <= kill) continue;
    // Somewhere within the run.
    await delay(40);
    child.kill('SIGKILL');
    break;
  }
  const [code, signal] = (await ended) as [number | null, string | null];
  expect([code, signal]).toEqual(kill === Infinity ? [0, null] : [null, 'SIGKILL']);
  return output.trim().split('\n');
}

function resultOf(out: string): ExperimentResult {
  return JSON.parse(readFileSync(path.join(out, 'result.json'), 'utf8')) as ExperimentResult;
}

function finishedIn(out: string): string[] {
  const lines = readFileSync(path.join(out, 'runs.jsonl'), 'utf8').split('\n').slice(1, -1);
  return lines.map((line) => (JSON.parse(line) as { key: string }).key);
}

it('goes on after kill -9 with all runs but the one under way, to the same result bit for bit', async () => {
  const whole = path.join(folder, 'whole');
  const all = await run(whole);
  expect(all).toHaveLength(RUNS);
  const killed = path.join(folder, 'killed');
  const done: string[] = [];
  for (const kill of [2, 3]) {
    const begun = await run(killed, kill);
    const finished = finishedIn(killed);
    // Every run that was begun has finished, but for the last one.
    expect(finished.slice(0, done.length + begun.length - 1)).toEqual([...done, ...begun.slice(0, -1)]);
    done.splice(0, done.length, ...finished);
  }
  const rest = await run(killed);
  expect([...done, ...rest]).toEqual(all);
  const { seconds: wholeSeconds, ...expected } = resultOf(whole);
  const { seconds: killedSeconds, ...found } = resultOf(killed);
  expect(found).toEqual(expected);
  expect(Math.min(wholeSeconds, killedSeconds)).toBeGreaterThan(0);
  expect(readFileSync(path.join(killed, 'rows.csv'))).toEqual(readFileSync(path.join(whole, 'rows.csv')));
  // Twelve rows of seeds and four of trials, all of them finite: equal results are no equal nothing.
  expect(readFileSync(path.join(whole, 'rows.csv'), 'utf8').trim().split('\n')).toHaveLength(1 + 4 + 12);
  expect(found.findings[0]!.estimate.n).toBe(16);
});
