/** @file The extension activates in a real extension host, quickly, and offers what its manifest says. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { HostTests } from '../testing';
import { inspector, starterFolder } from './support';

export const tests: HostTests = {
  'it activates by itself and returns its interface': async () => {
    const api = await inspector();
    assert.equal(api.version, 1);
    assert.match(api.state().statusBar, /^SMUGGLER /);
  },

  'a fresh install has chosen the starter model, and no process runs before one is needed': async () => {
    const state = (await inspector()).state();
    assert.equal(state.model, starterFolder());
    assert.equal(state.processes.train, null);
  },

  // Of the processor, and without the wait for files: meanwhile the machine and other extensions do their own work.
  'activation takes less than 50 ms of the processor': async () => {
    const { activation, activationProcessor } = (await inspector()).timings();
    assert.equal(activation?.count, 1);
    assert.ok(activation.max > 0);
    const milliseconds = activationProcessor?.max ?? Infinity;
    assert.ok(milliseconds < 50, `${milliseconds.toFixed(1)} ms; by the clock ${activation.max.toFixed(1)} ms`);
  },

  'every command of the manifest is registered': async () => {
    const extension = vscode.extensions.getExtension('smuggler.smuggler-inspector')!;
    const manifest = extension.packageJSON as { contributes: { commands: { command: string }[] } };
    const registered = new Set(await vscode.commands.getCommands(true));
    const missing = manifest.contributes.commands.map(({ command }) => command).filter((name) => !registered.has(name));
    assert.deepEqual(missing, []);
  },
};
