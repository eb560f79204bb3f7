/** @file Silencing voters and pinning a chunk, by command: the model answers, and both can be taken back. */
import assert from 'node:assert/strict';
import { cp, mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { HostTests } from '../testing';
import { inspector, starterFolder, waitForState, workspaceFile } from './support';

/** Opens the text with its caret there, in one step: a caret that is set afterwards can be overtaken by the opening. */
async function caretTo(column: number): Promise<void> {
  await vscode.window.showTextDocument(workspaceFile('notes.txt'), {
    viewColumn: vscode.ViewColumn.One,
    selection: new vscode.Range(0, column, 0, column),
  });
}

/** Waits until the model has answered more than `count` requests with changed voters. */
async function waitForLesions(count: number): Promise<void> {
  const api = await inspector();
  const end = Date.now() + 30_000;
  while ((api.timings().lesion?.count ?? 0) <= count) {
    const answers = api.timings().lesion?.count ?? 0;
    assert.ok(Date.now() < end, `the model has answered ${answers} times; ${JSON.stringify(api.state())}`);
    await sleep(20);
  }
}

const silence = (voters: string) => vscode.commands.executeCommand('smuggler.silenceVoters', { voters });

export const tests: HostTests = {
  'Silence Voters changes voters, the model is asked, and again at the next chunk': async () => {
    await vscode.commands.executeCommand('smuggler.loadModel', starterFolder());
    await vscode.commands.executeCommand('smuggler.openVotes');
    await caretTo(9);
    await waitForState('Following the caret', ({ selection }) => selection?.offset === 8);
    const api = await inspector();
    const before = api.timings().lesion?.count ?? 0;
    assert.equal(await silence('3/1-2, */0=1'), undefined);
    const { voterChanges } = api.state();
    assert.equal(voterChanges.length, 34);
    assert.deepEqual(voterChanges.slice(3, 6), [
      { bit: 3, voter: 0, vote: 1 },
      { bit: 3, voter: 1, vote: null },
      { bit: 3, voter: 2, vote: null },
    ]);
    await waitForLesions(before);
    const answered = api.timings().lesion?.count ?? 0;
    // A chunk that no suite has shown: what the model has answered for one last is not asked again.
    await caretTo(33);
    await waitForState('Following the caret', ({ selection }) => selection?.offset === 32);
    await waitForLesions(answered);
  },

  'voters that there are not are refused in one sentence': async () => {
    const { voterChanges } = (await inspector()).state();
    const answer = await silence('40/1');
    assert.deepEqual(answer, { error: '“40/1” names a bit that there is not: bits are 0 to 31.' });
    assert.deepEqual((await inspector()).state().voterChanges, voterChanges);
  },

  'Clear Silenced Voters takes all back': async () => {
    await vscode.commands.executeCommand('smuggler.clearSilencedVoters');
    assert.deepEqual((await inspector()).state().voterChanges, []);
  },

  'voters that were silenced in one model vote in another': async () => {
    assert.equal(await silence('5/0'), undefined);
    assert.equal((await inspector()).state().voterChanges.length, 1);
    const folder = join(await mkdtemp(join(tmpdir(), 'smuggler-voters-')), 'copy');
    await cp(starterFolder(), folder, { recursive: true });
    await vscode.commands.executeCommand('smuggler.loadModel', folder);
    assert.deepEqual((await inspector()).state().voterChanges, []);
    await vscode.commands.executeCommand('smuggler.loadModel', starterFolder());
  },

  'Pin Chunk keeps the chunk while the caret moves on, Unpin Chunk lets it go': async () => {
    await caretTo(9);
    await waitForState('Following the caret', ({ selection }) => selection?.offset === 8);
    assert.equal(await vscode.commands.executeCommand('smuggler.pinChunk'), undefined);
    assert.equal((await inspector()).state().pinned, 8);
    await caretTo(17);
    await waitForState('Following the caret', ({ selection }) => selection?.offset === 16);
    assert.equal((await inspector()).state().pinned, 8);
    await vscode.commands.executeCommand('smuggler.unpinChunk');
    assert.equal((await inspector()).state().pinned, null);
  },
};
