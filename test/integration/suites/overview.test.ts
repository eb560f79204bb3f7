/** @file Open Model Overview: one panel, beside the text. */
import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import * as vscode from 'vscode';
import type { HostTests } from '../testing';
import { waitForState, workspaceFile } from './support';

const panels = () =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && /smuggler\.overview/.test(input.viewType));

export const tests: HostTests = {
  'opens one panel, which follows the caret': async () => {
    const showText = () =>
      vscode.window.showTextDocument(workspaceFile('notes.txt'), { viewColumn: vscode.ViewColumn.One });
    await showText();
    await vscode.commands.executeCommand('smuggler.openOverview');
    await vscode.commands.executeCommand('smuggler.openOverview');
    const end = Date.now() + 30_000;
    while (panels().length === 0) {
      assert.ok(Date.now() < end, 'the panel opened');
      await sleep(50);
    }
    assert.equal(panels().length, 1);
    // Opening it again has given it the focus, and only the active editor's caret is followed.
    const editor = await showText();
    editor.selection = new vscode.Selection(0, 9, 0, 9);
    await waitForState('Following the caret', ({ selection }) => selection?.offset === 8);
  },
};
