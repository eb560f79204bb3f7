/** @file A model process that is killed starts again with the same model, and what is asked meanwhile is answered. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { HostTests } from '../testing';
import { hoverAt, waitForState, workspaceFile } from './support';

const notes = workspaceFile('notes.txt');

export const tests: HostTests = {
  'a killed process is replaced, with the model and the texts': async () => {
    await vscode.workspace.openTextDocument(notes);
    await hoverAt(notes, new vscode.Position(0, 5));
    const before = await waitForState('Loading', ({ status }) => status === 'ready');
    process.kill(before.processes.answer!, 'SIGKILL');
    const after = await waitForState(
      'Starting again',
      ({ status, processes }) =>
        status === 'ready' && processes.answer !== null && processes.answer !== before.processes.answer,
    );
    assert.equal(after.checkpoint, before.checkpoint);
    assert.equal((await hoverAt(notes, new vscode.Position(0, 5))).length, 1);
  },

  'a hover that comes while the process is gone is answered all the same': async () => {
    const before = await waitForState('Loading', ({ status }) => status === 'ready');
    process.kill(before.processes.answer!, 'SIGKILL');
    await waitForState('Noticing', ({ processes }) => processes.answer !== before.processes.answer);
    assert.equal((await hoverAt(notes, new vscode.Position(0, 5))).length, 1);
  },
};
