/** @file Resume under fire: the extension host, or it and the model process at once, killed while a training runs. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { TrainParams } from '../../../model/protocol/training';
import { Random } from '../../../model/text/random';
import { SENTENCE } from '../cli/bundle';
import { bundleHost, isRunning } from '../process/childProcess';
import { loadFolder } from './folders';
import type { ParentLine } from './parent';

/** More than are ever made here. */
const STEPS = 1_000_000;
/** Made after the last kill. */
const MORE_STEPS = 20;
const KILLS = 10;
/** One in so many kills ends the model process together with its parent, so that it cannot save. */
const BOTH = 3;
/** Kills come within this time of the first report, but one of KILLS_AT_START of the start. */
const MOST_MILLISECONDS = 500;
const KILLS_AT_START = 4;
/** The trainer's own interval between two saves. */
const SAVE_SECONDS = 30;
/** The model process has this long to save and end. */
const END_MILLISECONDS = 5000;

let host: Awaited<ReturnType<typeof bundleHost>>;
let parent: string;
beforeAll(async () => {
  host = await bundleHost();
  parent = join(host.folder, 'parent.mjs');
  buildSync({
    entryPoints: [join(import.meta.dirname, 'parent.ts')],
    outfile: parent,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    banner: { js: "import { createRequire } from 'node:module'; const require = createRequire(import.meta.url);" },
  });
  writeFileSync(join(host.folder, 'text.txt'), SENTENCE.repeat(100));
});
afterAll(() => {
  host.remove();
});

/** The parent with what it has said so far. */
function start({ resume, steps }: Pick<TrainParams, 'resume' | 'steps'>) {
  const params: TrainParams = {
    text: resume ? [] : [join(host.folder, 'text.txt')],
    out: join(host.folder, 'killed'),
    preset: 'tiny',
    resume,
    steps,
    seconds: null,
    seed: 5,
    device: 'cpu',
    threads: 1,
    exclude: [],
    maxFileBytes: 1e6,
  };
  const child = spawn(process.execPath, [parent, host.program, JSON.stringify(params)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said += text));
  const lines = () =>
    said
      .slice(0, said.lastIndexOf('\n') + 1)
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as ParentLine);
  const closed = once(child, 'close') as Promise<[number | null, NodeJS.Signals | null]>;
  /** Resolves when it has said such a line, or has ended. */
  const until = async (wanted: (line: ParentLine) => boolean) => {
    while (!lines().some(wanted)) {
      const ended = await Promise.race([closed.then(() => true), once(child.stdout, 'data').then(() => false)]);
      if (ended) return;
    }
  };
  return { child, lines, until, closed };
}

async function untilGone(pid: number): Promise<void> {
  for (let waited = 0; isRunning(pid) && waited < END_MILLISECONDS; waited += 20) await delay(20);
}

it(`loses nothing in ${KILLS} kills where the model process can save, and no more than an interval where it cannot`, async () => {
  const random = Random.fromSeed(11);
  const folder = join(host.folder, 'killed');
  const rows: string[] = [];
  let saved: number | null = null;
  for (let kill = 0; kill < KILLS; kill++) {
    const began: number = saved ?? 0;
    const { child, lines, until, closed } = start({ resume: saved !== null, steps: saved === null ? STEPS : null });
    await until(({ kind }) => kind === 'started');
    const { pid } = lines()[0] as { pid: number };
    if (random.integer(KILLS_AT_START) > 0) await until(({ kind }) => kind === 'report');
    await delay(MOST_MILLISECONDS * random.uniform());
    const both = kill % BOTH === BOTH - 1;
    child.kill('SIGKILL');
    if (both) process.kill(pid, 'SIGKILL');
    expect(await closed).toEqual([null, 'SIGKILL']);
    await untilGone(pid);
    expect(isRunning(pid)).toBe(false);

    expect(lines().filter(({ kind }) => kind === 'ended')).toEqual([]);
    const reports = lines().filter((line) => line.kind === 'report');
    saved = await loadFolder(folder);
    const reached = Math.max(saved ?? 0, reports.at(-1)?.step ?? began);
    const lost = reached - (saved ?? 0);
    expect(saved ?? 0).toBeGreaterThanOrEqual(began);
    if (!both) expect(lost).toBe(0);
    else expect(reports.at(-1)?.elapsedSeconds ?? 0).toBeLessThan(SAVE_SECONDS);
    rows.push(`${both ? 'both' : 'host'}: ${began} → ${reached}, saved ${saved ?? 'nothing yet'}: lost ${lost} steps`);
  }
  console.log(`extension host killed ${KILLS} times:\n  ${rows.join('\n  ')}`);

  const steps = saved! + MORE_STEPS;
  const { child, lines, closed } = start({ resume: true, steps });
  await closed;
  expect(child.exitCode).toBe(0);
  expect(lines().at(-1)).toEqual({ kind: 'ended', step: steps });
  expect(await loadFolder(folder)).toBe(steps);
}, 120_000);
