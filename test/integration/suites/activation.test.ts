/** @file The extension activates in a real extension host. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { HostTests } from '../testing';

export const tests: HostTests = {
  'the extension activates': async () => {
    const extension = vscode.extensions.getExtension('smuggler.smuggler-inspector');
    assert.ok(extension, 'the extension is installed');
    await extension.activate();
    assert.ok(extension.isActive);
  },
};
