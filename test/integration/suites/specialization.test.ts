/** @file The Specialization map: one panel, measured on the document by the model process, tied to the shared selection. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { HostTests } from '../testing';
import { inspector, waitForState, workspaceFile } from './support';

function panels(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && /smuggler\.specialization/.test(input.viewType));
}

export const tests: HostTests = {
  'Open Specialization Map opens one panel and measures the document': async () => {
    const editor = await vscode.window.showTextDocument(workspaceFile('notes.txt'), {
      viewColumn: vscode.ViewColumn.One,
    });
    editor.selection = new vscode.Selection(0, 9, 0, 9);
    const api = await inspector();
    const before = api.timings().analysis?.count ?? 0;
    await vscode.commands.executeCommand('smuggler.openSpecialization');
    await vscode.commands.executeCommand('smuggler.openSpecialization');
    await waitForState('Loading', ({ status }) => status === 'ready');
    const end = Date.now() + 60_000;
    while ((api.timings().analysis?.count ?? 0) === before) {
      assert.ok(Date.now() < end, `panels ${panels().length}, ${JSON.stringify(api.timings())}`);
      await sleep(50);
    }
    assert.equal(panels().length, 1);
    await waitForState('Following the caret', ({ selection }) => selection?.offset === 8);
  },

  'the map is measured once for a text: a moving caret asks for nothing': async () => {
    const api = await inspector();
    await sleep(500);
    const before = api.timings().analysis?.count;
    const editor = await vscode.window.showTextDocument(workspaceFile('notes.txt'), {
      viewColumn: vscode.ViewColumn.One,
    });
    for (const column of [0, 5, 12]) {
      editor.selection = new vscode.Selection(0, column, 0, column);
      await sleep(150);
    }
    assert.equal(api.timings().analysis?.count, before);
  },

  'Find Voters shows all voters in the same panel, measured on the document once, and the map comes back': async () => {
    const api = await inspector();
    const measured = async (atLeast: number): Promise<void> => {
      const end = Date.now() + 60_000;
      while ((api.timings().analysis?.count ?? 0) < atLeast) {
        assert.ok(Date.now() < end, JSON.stringify(api.timings()));
        await sleep(50);
      }
    };
    const before = api.timings().analysis?.count ?? 0;
    await vscode.commands.executeCommand('smuggler.findVoters');
    await measured(before + 1);
    assert.deepEqual(
      panels().map(({ label }) => label),
      ['Voter Finder'],
    );
    // The map of this text is known, and so is the table: neither is measured again.
    await vscode.commands.executeCommand('smuggler.openSpecialization');
    await sleep(300);
    await vscode.commands.executeCommand('smuggler.findVoters');
    await sleep(500);
    assert.equal(api.timings().analysis?.count, before + 1);
    await vscode.commands.executeCommand('smuggler.openSpecialization');
  },

  'closed, it can be opened again': async () => {
    await vscode.window.tabGroups.close(panels());
    const end = Date.now() + 10_000;
    while (panels().length > 0) {
      assert.ok(Date.now() < end, 'the panel closes');
      await sleep(50);
    }
    await vscode.commands.executeCommand('smuggler.openSpecialization');
    while (panels().length === 0) {
      assert.ok(Date.now() < end, 'the panel opens');
      await sleep(50);
    }
    await vscode.window.tabGroups.close(panels());
  },
};
