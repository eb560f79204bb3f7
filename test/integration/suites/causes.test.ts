/** @file Show Causes: colours what contributed to the caret's chunk, follows the caret and the method, and can be turned off. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { HostTests } from '../testing';
import { inspector, waitForState, workspaceFile } from './support';

export const tests: HostTests = {
  'no causes are shown until they are asked for': async () => {
    assert.equal((await inspector()).state().causes, null);
  },

  'the text before the caret is coloured, and the legend says of what': async () => {
    const editor = await vscode.window.showTextDocument(workspaceFile('notes.txt'));
    editor.selection = new vscode.Selection(1, 6, 1, 6);
    assert.equal(await vscode.commands.executeCommand('smuggler.showCauses'), 'occlusion');
    const { causes, selection } = await waitForState('Causes', (state) => (state.causes?.stretches ?? 0) > 0);
    assert.equal(causes!.offset, selection!.offset);
    assert.match(causes!.legend, /Causes of “.+”: orange more surprising/);
  },

  'other causes are shown for another caret and another method': async () => {
    const editor = await vscode.window.showTextDocument(workspaceFile('notes.txt'));
    const before = (await inspector()).state().causes!.offset!;
    editor.selection = new vscode.Selection(1, 16, 1, 16);
    await waitForState('Causes of another chunk', ({ causes }) => causes?.offset != null && causes.offset > before);
    await vscode.commands.executeCommand('smuggler.showCauses', 'gradient');
    const shown = await waitForState(
      'Causes by gradient',
      ({ causes }) => causes?.method === 'gradient' && causes.stretches > 0,
    );
    assert.match(shown.causes!.legend, /Causes of “.+”/);
  },

  'a voter is explained while a panel shows it, and the chunk once none does': async () => {
    await vscode.commands.executeCommand('workbench.action.closePanel');
    await vscode.commands.executeCommand('smuggler.openDashboard', { offset: 0, bit: 9, voter: 3 });
    const legend = async (what: string, words: RegExp) =>
      waitForState(what, ({ causes }) => words.test(causes?.legend ?? ''));
    await legend('Causes of a voter', /voter 3 of bit 9/);
    const panels = () =>
      vscode.window.tabGroups.all
        .flatMap(({ tabs }) => tabs)
        .filter(({ input }) => input instanceof vscode.TabInputWebview);
    // VS Code tells of the tab later than of the panel.
    const end = Date.now() + 10_000;
    while (panels().length === 0) {
      assert.ok(Date.now() < end, 'the panel has a tab');
      await sleep(50);
    }
    await vscode.window.tabGroups.close(panels());
    await legend('Causes of the chunk', /Causes of “/);
  },

  'where memory voters had seen the text before is outlined too, for a whole chunk': async () => {
    const document = await vscode.workspace.openTextDocument({
      content: 'const harbourMaster = 1;\n// Between them.\nconst harbourMaster = 1;\n',
    });
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(2, 14, 2, 14);
    await waitForState('Places of memory', ({ memory, causes }) => causes?.offset != null && memory.places > 0);
    await vscode.commands.executeCommand('smuggler.showCauses', 'off');
    await waitForState('No places', ({ memory }) => memory.places === 0);
    await vscode.commands.executeCommand('smuggler.showCauses', 'gradient');
    await waitForState('Places again', ({ memory }) => memory.places > 0);
    await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
  },

  'they go when they are turned off': async () => {
    assert.equal(await vscode.commands.executeCommand('smuggler.showCauses'), 'off');
    await waitForState('No causes', ({ causes }) => causes === null);
  },
};
