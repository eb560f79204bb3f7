/** @file Commands and settings that change how the extension behaves. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { HostTests } from '../testing';

export const tests: HostTests = {
  'Toggle Inline Completions switches the setting and says which it is': async () => {
    const enabled = () => vscode.workspace.getConfiguration('smuggler').get<boolean>('completions.enabled');
    assert.equal(enabled(), true);
    assert.equal(await vscode.commands.executeCommand('smuggler.toggleInlineCompletions'), false);
    assert.equal(enabled(), false);
    assert.equal(await vscode.commands.executeCommand('smuggler.toggleInlineCompletions'), true);
    assert.equal(enabled(), true);
  },

  'no command binds a key': () => {
    const extension = vscode.extensions.getExtension('smuggler.smuggler-inspector')!;
    const { contributes } = extension.packageJSON as { contributes: Record<string, unknown> };
    assert.equal(contributes['keybindings'], undefined);
  },
};
