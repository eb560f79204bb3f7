/** @file An experiment over the real channel: killed, gone on with, cancelled, and how the panel shows it. */
import assert from 'node:assert/strict';
import { appendFileSync, existsSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { ExperimentOutcome } from '../../../model/protocol/experiments';
import { decodePanel } from '../../../model/measures/panelDocument';
import type { ExperimentsReady, ShownExperiment } from '../../../model/protocol/panels/experiments';
import type { HostTests } from '../testing';
import { inspector, waitForState, workspaceFile } from './support';

type Answer = ExperimentOutcome | { readonly error: string } | undefined;

const folder = mkdtempSync(join(tmpdir(), 'smuggler-experiments-'));
const text = join(folder, 'tides.txt');
writeFileSync(text, Array.from({ length: 600 }, (_, i) => `The tide of day ${i} came in at ${i % 12}:30.`).join('\n'));
const out = (): string => workspaceFile('.smuggler', 'experiments', 'robustness').fsPath;

function run(): Thenable<Answer> {
  const given = { experiment: 'robustness', quick: true, seeds: 1, text: [text], out: out() };
  return vscode.commands.executeCommand<Answer>('smuggler.runExperiment', given);
}

async function begun(): Promise<number> {
  const state = await waitForState('Beginning', ({ experiment }) => experiment?.done === 0);
  assert.equal(state.experiment!.folder, out());
  return state.processes.experiment!;
}

/** What the panel shows of the experiment, once that is as it is expected. */
async function shown(isExpected: (one: ShownExperiment) => boolean): Promise<ShownExperiment> {
  await vscode.commands.executeCommand('smuggler.openExperiments');
  const file = join(folder, 'panel.json');
  const end = Date.now() + 30_000;
  for (;;) {
    const answer = await vscode.commands.executeCommand<{ error?: string } | undefined>('smuggler.exportPanel', {
      panel: 'experiments',
      format: 'json',
      file,
    });
    let seen = answer?.error ?? 'nothing';
    if (answer !== undefined && answer.error === undefined) {
      const [state] = decodePanel(readFileSync(file, 'utf8'), file).states as readonly ExperimentsReady[];
      const one = state!.experiments.find(({ id }) => id === out());
      if (one !== undefined && isExpected(one)) return one;
      seen = JSON.stringify(state);
    }
    assert.ok(Date.now() < end, seen);
    await sleep(200);
  }
}

export const tests: HostTests = {
  'a crash is told plainly, and leaves what answers alone': async () => {
    const answer = run();
    const pid = await begun();
    const before = (await inspector()).state();
    assert.notEqual(pid, before.processes.answer);
    process.kill(pid, 'SIGKILL');
    const failure = await answer;
    assert.ok(failure !== undefined && 'error' in failure, JSON.stringify(failure));
    assert.match(failure.error, /ended unexpectedly after 0 of 4 runs; Resume goes on from there/);
    const after = await waitForState('Ending', ({ experiment }) => experiment === null);
    assert.equal(after.processes.answer, before.processes.answer);
    assert.ok(existsSync(join(out(), '..', '.gitignore')));
    await shown(({ message, canResume }) => message === failure.error && canResume);
  },

  'it goes on, one at a time, and is cancelled with what is done': async () => {
    const answer = run();
    await begun();
    await shown(({ isRunning }) => isRunning);
    const second = await run();
    assert.ok(second !== undefined && 'error' in second);
    assert.match(second.error, /robustness runs already: cancel it first/);
    await vscode.commands.executeCommand('smuggler.cancelExperiment');
    assert.deepEqual(await answer, { result: null, stopped: true });
    await waitForState(
      'Cancelling',
      ({ experiment, processes }) => experiment === null && processes.experiment === null,
    );
    await shown(({ isRunning, message, canResume }) => !isRunning && message === null && canResume);
  },

  'runs that another process made are counted': async () => {
    appendFileSync(
      join(out(), 'runs.jsonl'),
      `${JSON.stringify({ key: 'x', arm: 'x', seed: 1, seconds: 1, rows: [] })}\n`,
    );
    await vscode.commands.executeCommand('workbench.action.closeAllEditors');
    const expected = '1 run is done, of which the result has 0: Resume goes on from there.';
    await shown(({ message }) => message === expected);
  },
};
