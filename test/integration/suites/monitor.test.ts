/** @file The Training Monitor over the real channel: a run as it goes, what happened while it was hidden, a run of another process, divergence. */
import assert from 'node:assert/strict';
import { appendFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { InspectorState } from '../../../extension/api';
import type { TrainResult } from '../../../model/protocol/training';
import type { HostTests } from '../testing';
import { inspector, waitForState, workspaceFile } from './support';

type Answer = TrainResult | { readonly error: string } | undefined;

const text = Array.from({ length: 400 }, (_, i) => `The tide of day ${i} came in at ${i % 12}:30.`).join('\n');

function makeFolders(): { out: string; file: string } {
  const parent = mkdtempSync(join(tmpdir(), 'smuggler-monitor-'));
  const file = join(parent, 'tides.txt');
  writeFileSync(file, text);
  return { out: join(parent, 'model'), file };
}

const runOf = (state: InspectorState, folder: string) => state.monitor.runs.find((run) => run.folder === folder);

const monitorTab = () =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .find(({ input }) => input instanceof vscode.TabInputWebview && /smuggler\.trainingMonitor/.test(input.viewType));

/** A line as any program may write it. */
const line = (step: number): string =>
  `${JSON.stringify({ step, steps: 50, loss: 1 / step, bitsPerByte: 8 / step, elapsedSeconds: step })}\n`;

let running: { readonly out: string; readonly answer: Thenable<Answer> };

export const tests: HostTests = {
  'a run is on the screen at least twice a second': async () => {
    const { out, file } = makeFolders();
    await vscode.commands.executeCommand('smuggler.openTrainingMonitor');
    const answer = vscode.commands.executeCommand<Answer>('smuggler.trainModel', {
      text: [file],
      out,
      preset: 'tiny',
      steps: 1_000_000,
    });
    running = { out, answer };
    await waitForState('Following the run', (state) => (runOf(state, out)?.reports ?? 0) > 2);
    const before = (await inspector()).state();
    const begun = performance.now();
    await sleep(6000);
    const after = (await inspector()).state();
    const seconds = (performance.now() - begun) / 1000;
    const drawn = (after.monitor.drawn - before.monitor.drawn) / seconds;
    const reports = (runOf(after, out)!.reports - runOf(before, out)!.reports) / seconds;
    console.log(`The monitor drew ${drawn.toFixed(1)} states a second, of ${reports.toFixed(1)} reports a second.`);
    assert.ok(drawn >= 2, `${drawn} states a second were drawn, ${reports} reports a second were made`);
    assert.equal(runOf(after, out)!.state, 'running');
  },

  'nothing is lost while it is hidden': async () => {
    const { out } = running;
    const editor = await vscode.workspace.openTextDocument(workspaceFile('notes.txt'));
    const tab = monitorTab();
    assert.ok(tab);
    await vscode.window.showTextDocument(editor, { viewColumn: tab.group.viewColumn });
    await waitForState('Hiding', () => monitorTab()?.isActive === false);
    const hidden = (await inspector()).state();
    await sleep(2000);
    const logged = readFileSync(join(out, 'training.jsonl'), 'utf8').trim().split('\n').length;
    assert.ok(logged > (runOf(hidden, out)?.reports ?? 0), `${logged} reports`);
    await vscode.commands.executeCommand('smuggler.openTrainingMonitor');
    // Whatever was written while nobody looked is there.
    await waitForState(
      'Showing again',
      (state) => state.monitor.drawn > hidden.monitor.drawn && (runOf(state, out)?.reports ?? 0) >= logged,
    );
  },

  'a stopped run stays, with its end': async () => {
    const { out, answer } = running;
    await vscode.commands.executeCommand('smuggler.stopTraining');
    const result = await answer;
    assert.ok(result !== undefined && 'outcome' in result && result.outcome === 'stopped', JSON.stringify(result));
    const state = await waitForState('Stopping', (now) => runOf(now, out)?.state === 'stopped');
    assert.equal(runOf(state, out)!.step, result.step);
    const lines = readFileSync(join(out, 'training.jsonl'), 'utf8').trim().split('\n');
    assert.match(lines.at(-1)!, /"end":"stopped"/);
    assert.ok(lines.some((one) => one.includes('"probe":{')));
  },

  'a run that another window begins in the workspace is shown as it begins': async () => {
    const folder = workspaceFile('models', 'of another window').fsPath;
    mkdirSync(folder, { recursive: true });
    // A process that is not this window's, and that runs.
    const lock = { pid: process.ppid, host: hostname(), token: '0123456789abcdef' };
    writeFileSync(join(folder, '.training.lock'), JSON.stringify(lock));
    writeFileSync(join(folder, 'training.jsonl'), line(1));
    await waitForState('Beginning', (state) => runOf(state, folder)?.state === 'running');
    rmSync(folder, { recursive: true });
    await waitForState('Ending', (state) => runOf(state, folder)?.state === 'missing');
  },

  'a run of another program is followed as it writes': async () => {
    const folder = join(mkdtempSync(join(tmpdir(), 'smuggler-monitor-')), 'cluster');
    mkdirSync(folder);
    writeFileSync(join(folder, 'training.jsonl'), line(1) + line(2));
    const refused = await vscode.commands.executeCommand<{ error: string } | undefined>('smuggler.addTrainingRun', {
      folder: join(folder, 'nowhere'),
    });
    assert.match(refused?.error ?? '', /nowhere has no training\.jsonl, expected the folder of a model/);
    await vscode.commands.executeCommand('smuggler.addTrainingRun', { folder });
    await waitForState(
      'Adding',
      (state) => runOf(state, folder)?.step === 2 && runOf(state, folder)?.state === 'running',
    );
    appendFileSync(join(folder, 'training.jsonl'), line(3));
    await waitForState('Following', (state) => runOf(state, folder)?.step === 3);
    appendFileSync(join(folder, 'training.jsonl'), '{"step": 4, "end": "diverged", "message": "The loss is NaN."}\n');
    await waitForState('Ending', (state) => runOf(state, folder)?.state === 'diverged');
  },
};
