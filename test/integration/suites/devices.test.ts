/** @file Choose Device… in the extension host: the setting follows, a device that is missing or dies leaves the CPU, the question works by keyboard. */
import assert from 'node:assert/strict';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { TrainResult } from '../../../model/protocol/training';
import type { HostTests } from '../testing';
import { hoverAt, waitForState, withSetting, workspaceFile } from './support';

type Choice = { readonly device: string } | { readonly error: string } | undefined;

const notes = workspaceFile('notes.txt');
const setting = () => vscode.workspace.getConfiguration('smuggler').get<string>('device');
const choose = (device?: string) => vscode.commands.executeCommand<Choice>('smuggler.chooseDevice', device);
async function trainingPlaces(): Promise<{ text: string; out: string }> {
  const parent = await mkdtemp(join(tmpdir(), 'smuggler-devices-'));
  const text = join(parent, 'text.txt');
  await writeFile(text, 'All the boats came back in the evening.\n'.repeat(200));
  return { text, out: join(parent, 'model') };
}

/** No machine of the tests has it, whatever its platform. */
const MISSING = process.platform === 'darwin' ? 'dml' : 'coreml';

export const tests: HostTests = {
  'the setting follows the choice, and what is no device is refused in one sentence': async () => {
    await withSetting('device', 'cpu', async () => {
      assert.deepEqual(await choose('auto'), { device: 'auto' });
      assert.equal(setting(), 'auto');
      assert.deepEqual(await choose('cpu'), { device: 'cpu' });
      assert.equal(setting(), 'cpu');
      const refused = await choose('abacus');
      assert.ok(refused !== undefined && 'error' in refused && /"abacus" is not a device/.test(refused.error));
      assert.equal(setting(), 'cpu');
    });
  },

  'with a device that is missing, models answer and train on the CPU': async () => {
    await vscode.workspace.openTextDocument(notes);
    await hoverAt(notes, new vscode.Position(0, 5));
    await waitForState('Loading', ({ status }) => status === 'ready');
    await withSetting('device', MISSING, async () => {
      await waitForState('Loading again', ({ status, statusBar }) => status === 'ready' && /\(cpu\)/.test(statusBar));
      assert.equal((await hoverAt(notes, new vscode.Position(0, 5))).length, 1);
      const { text, out } = await trainingPlaces();
      const trained = await vscode.commands.executeCommand<TrainResult>('smuggler.trainModel', {
        text: [text],
        out,
        preset: 'tiny',
        steps: 2,
      });
      assert.equal(trained.outcome, 'finished', JSON.stringify(trained));
    });
  },

  'a process that dies on a device is replaced by one on the CPU': async () => {
    await withSetting('device', MISSING, async () => {
      const before = await waitForState('Loading', ({ status }) => status === 'ready');
      process.kill(before.processes.answer!, 'SIGKILL');
      const after = await waitForState(
        'Starting again',
        ({ status, processes }) =>
          status === 'ready' && processes.answer !== null && processes.answer !== before.processes.answer,
      );
      assert.match(after.statusBar, /\(cpu\)/);
      assert.equal((await hoverAt(notes, new vscode.Position(0, 5))).length, 1);
    });
    await waitForState('The CPU', ({ status }) => status === 'ready');
  },

  'a training whose process dies on a device goes on on the CPU': async () => {
    await choose(MISSING);
    try {
      const { text, out } = await trainingPlaces();
      const training = vscode.commands.executeCommand<TrainResult>('smuggler.trainModel', {
        text: [text],
        out,
        preset: 'tiny',
        steps: 1_000_000,
      });
      const before = await waitForState('Training', (state) => (state.training?.step ?? 0) > 0);
      const process1 = before.processes.train!;
      process.kill(process1, 'SIGKILL');
      await waitForState('Another process', ({ processes }) => (processes.train ?? process1) !== process1);
      // Nothing was saved but the beginning, so the CPU trains it again from there.
      await waitForState('Training again', (state) => (state.training?.step ?? 0) > 0);
      await vscode.commands.executeCommand('smuggler.stopTraining');
      const result = await training;
      assert.equal(result.outcome, 'stopped', JSON.stringify(result));
      assert.ok(result.step > 0);
    } finally {
      await choose('cpu');
    }
  },

  'the question opens at once on the present device, and Enter takes it': async () => {
    const chosen = choose();
    const enter = async (): Promise<'not yet'> => {
      await sleep(200);
      await vscode.commands.executeCommand('workbench.action.acceptSelectedQuickOpenItem');
      return 'not yet';
    };
    let answer: Choice | 'not yet' = 'not yet';
    for (let i = 0; i < 50 && answer === 'not yet'; i++) answer = await Promise.race([chosen, enter()]);
    assert.deepEqual(answer, { device: 'cpu' });
    await vscode.workspace.getConfiguration('smuggler').update('device', undefined, vscode.ConfigurationTarget.Global);
  },
};
