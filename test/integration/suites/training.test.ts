/** @file Training in the extension host: run, stop, resume, load; text that cannot be trained on; and a process that is killed. */
import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import type { TrainResult } from '../../../model/protocol/training';
import type { HostTests } from '../testing';
import { hoverAt, inspector, starterFolder, waitForState, workspaceFile } from './support';

type Answer = TrainResult | { readonly error: string } | undefined;

const text = Array.from({ length: 400 }, (_, i) => `The tide of day ${i} came in at ${i % 12}:30.`).join('\n');

async function folders(): Promise<{ out: string; file: string; empty: string }> {
  const parent = await mkdtemp(join(tmpdir(), 'smuggler-train-'));
  const file = join(parent, 'tides.txt');
  await writeFile(file, text);
  return { out: join(parent, 'model'), file, empty: await mkdtemp(join(parent, 'empty-')) };
}

function train(given: object): Thenable<Answer> {
  return vscode.commands.executeCommand<Answer>('smuggler.trainModel', given);
}

function result(answer: Answer): TrainResult {
  assert.ok(answer !== undefined && 'outcome' in answer, JSON.stringify(answer));
  return answer;
}

export const tests: HostTests = {
  'runs, is stopped, resumes, finishes, and loads': async () => {
    const { out, file } = await folders();
    const steps = 1_000_000;
    const stopped = train({ text: [file], out, preset: 'tiny', steps });
    const running = await waitForState('Training', ({ training }) => (training?.step ?? 0) > 0);
    assert.match(running.statusBar, /training/);
    assert.notEqual(running.processes.train, null);
    const again = await train({ text: [file], out: `${out}-2`, preset: 'tiny', steps: 1 });
    assert.ok(again !== undefined && 'error' in again && /being trained already/.test(again.error));
    await vscode.commands.executeCommand('smuggler.stopTraining');
    const first = result(await stopped);
    assert.equal(first.outcome, 'stopped');
    assert.ok(first.step > 0);
    assert.equal((await inspector()).state().training, null);

    const resumed = await vscode.commands.executeCommand<Answer>('smuggler.resumeTraining', {
      out,
      steps: first.step + 20,
    });
    assert.equal(result(resumed).outcome, 'finished');
    assert.equal(result(resumed).step, first.step + 20);

    await vscode.commands.executeCommand('smuggler.loadModel', out);
    const loaded = await waitForState('Loading', ({ status, model }) => status === 'ready' && model === out);
    assert.match(loaded.statusBar, /^SMUGGLER model/);
    const notes = workspaceFile('notes.txt');
    await vscode.workspace.openTextDocument(notes);
    assert.equal((await hoverAt(notes, new vscode.Position(0, 5))).length, 1);
    await vscode.commands.executeCommand('smuggler.loadModel', starterFolder());
  },

  'says what is wrong with text and folder in one sentence': async () => {
    const { out, file, empty } = await folders();
    const cases = [
      { text: [empty], out, expected: /[Nn]othing to read|no text/ },
      { text: ['/nowhere/text'], out, expected: /\/nowhere\/text/ },
      { text: [file], out: file, expected: /is a file/ },
    ];
    for (const { expected, ...given } of cases) {
      const answer = await train({ ...given, preset: 'tiny', steps: 1 });
      assert.ok(answer !== undefined && 'error' in answer, JSON.stringify(answer));
      assert.match(answer.error, expected);
      assert.doesNotMatch(answer.error, /\n/);
    }
  },

  'a training process that is killed says what is saved, and the model that answers is not touched': async () => {
    const { out, file } = await folders();
    const before = (await inspector()).state();
    const killed = train({ text: [file], out, preset: 'tiny', steps: 1_000_000 });
    const { processes } = await waitForState('Training', ({ training }) => (training?.step ?? 0) > 0);
    process.kill(processes.train!, 'SIGKILL');
    const answer = await killed;
    assert.ok(answer !== undefined && 'error' in answer && /training process ended unexpectedly/.test(answer.error));
    const after = (await inspector()).state();
    assert.equal(after.training, null);
    assert.equal(after.status, 'ready');
    assert.equal(after.processes.answer, before.processes.answer);
  },
};
