/** @file Resume under fire: the extension host, or all of VS Code at once, killed while a training runs in it. */
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, inject, test } from 'vitest';
import type { TrainResult } from '../../model/protocol/training';
import { Random } from '../../model/text/random';
import { launchBrowser } from '../e2e/harness/browser';
import { readState, waitForExtension } from '../e2e/harness/extension';
import { VsCodeServer } from '../e2e/harness/server';
import { isRunning } from '../unit/process/childProcess';
import { loadFolder } from '../unit/resume/folders';

declare module 'vitest' {
  interface ProvidedContext {
    /** What is run in place of the suites, as one program: the driver. */
    integrationDriver: string;
  }
}

/** What is killed, one after the other; the rest of the fifty kills are in test/unit/resume. */
const KILLS = ['extension host', 'VS Code', 'extension host', 'VS Code'] as const;
/** More than are ever made here. */
const STEPS = 1_000_000;
/** Made after the last kill. */
const MORE_STEPS = 20;
/** A kill comes within this time of the first report. */
const MOST_MILLISECONDS = 1000;
/** The model processes have this long to save and end. */
const END_MILLISECONDS = 10_000;
/** The trainer's interval between two saves. */
const SAVE_MILLISECONDS = 30_000;

const TEXT = Array.from({ length: 400 }, (_, i) => `The tide of day ${i} came in at ${i % 12}:30.`).join('\n');

let work: string;
let browser: Browser;
let server: VsCodeServer | undefined;
let page: Page | undefined;
beforeAll(async () => {
  work = path.join(inject('output'), `killed-${process.pid}`);
  mkdirSync(work, { recursive: true });
  writeFileSync(path.join(work, 'tides.txt'), TEXT);
  browser = await launchBrowser();
});
afterAll(async () => {
  await browser.close();
  await server?.stop();
  rmSync(work, { recursive: true, force: true });
});

/** A window, on a server that is started where none runs. */
async function openWindow(): Promise<VsCodeServer> {
  server ??= await VsCodeServer.start({
    workspace: `${inject('repository')}/test/integration/workspace`,
    extensions: false,
    extraArguments: ['--vscode-option', 'enable-smoke-test-driver'],
  });
  // What a killed extension host has left would be asked in place of the new one.
  rmSync(path.join(server.home, 'driver.json'), { force: true });
  const payload = [
    ['extensionDevelopmentPath', `vscode-remote://${server.host}${inject('integrationExtension')}`],
    ['extensionTestsPath', `vscode-remote://${server.host}${inject('integrationDriver')}`],
  ];
  const query = new URLSearchParams({ folder: server.workspace, payload: JSON.stringify(payload) });
  page = await browser.newPage();
  await page.goto(`${server.url}/?${query.toString()}`);
  return server;
}

async function untilGone(pids: readonly number[]): Promise<void> {
  for (let waited = 0; pids.some(isRunning) && waited < END_MILLISECONDS; waited += 50) await sleep(50);
  expect(pids.filter(isRunning)).toEqual([]);
}

test(`no training loses more than an interval, and each goes on, when ${KILLS.length} times something is killed`, async () => {
  const random = Random.fromSeed(17);
  const out = path.join(work, 'model');
  const rows: string[] = [];
  let saved: number | null = null;
  for (const what of KILLS) {
    const began: number = saved ?? 0;
    const running = await openWindow();
    const given =
      saved === null ? { text: [path.join(work, 'tides.txt')], out, preset: 'tiny', steps: STEPS } : { out };
    const host = await running.evaluate(
      (code, command, options) => {
        void code.commands.executeCommand(command, options);
        return process.pid;
      },
      saved === null ? 'smuggler.trainModel' : 'smuggler.resumeTraining',
      given,
    );
    await waitForExtension(running, 'Training', ({ training }) => (training?.step ?? 0) > began);
    const startedAt = performance.now();
    await sleep(MOST_MILLISECONDS * random.uniform());
    const { training, processes } = await readState(running);
    const models = [processes.answer, processes.train].filter((pid) => pid !== null);
    expect(models).toContain(processes.train);
    if (what === 'VS Code') {
      running.kill();
      server = undefined;
    } else process.kill(host, 'SIGKILL');
    const killedAt = performance.now();
    await untilGone([host, ...models]);
    await page?.close();
    if (what === 'VS Code') await running.stop();

    const reached = training!.step!;
    saved = await loadFolder(out);
    expect(saved).toBeGreaterThanOrEqual(began);
    // The model process outlives its parent for as long as saving takes; with VS Code it was killed too.
    if (what === 'extension host') expect(saved).toBeGreaterThanOrEqual(reached);
    else expect(killedAt - startedAt).toBeLessThan(SAVE_MILLISECONDS);
    rows.push(
      `${what}: ${began} → ${reached}, saved ${saved ?? 'nothing yet'}: lost ${Math.max(0, reached - (saved ?? 0))} steps`,
    );
  }
  console.log(`killed ${KILLS.length} times:\n  ${rows.join('\n  ')}`);

  const steps = saved! + MORE_STEPS;
  const result = await (
    await openWindow()
  ).evaluate((code, options) => code.commands.executeCommand<TrainResult>('smuggler.resumeTraining', options), {
    out,
    steps,
  });
  expect(result).toMatchObject({ outcome: 'finished', step: steps });
  expect(await loadFolder(out)).toBe(steps);
}, 240_000);
