/** @file Show Timings: a read-only document that is brought up to date, and is no text to look into. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { HostTests } from '../testing';
import { hoverAt, inspector, workspaceFile } from './support';

const notes = workspaceFile('notes.txt');

/** The table's row of a label, as it stands in the document when it has `n` samples. */
async function hoverRow(document: vscode.TextDocument, n: number): Promise<readonly string[]> {
  const row = () => /^Hover {2,}(.*)$/m.exec(document.getText())?.[1]?.split(/ +/) ?? [];
  for (let wait = 0; wait < 100 && row().at(-1) !== String(n); wait++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return row();
}

export const tests: HostTests = {
  'shows what was measured, and what was measured since when it is asked again': async () => {
    await vscode.workspace.openTextDocument(notes);
    await hoverAt(notes, new vscode.Position(0, 5));
    const api = await inspector();
    const before = api.timings().hover!;
    await vscode.commands.executeCommand('smuggler.showTimings');
    const editor = vscode.window.activeTextEditor!;
    assert.equal(editor.document.uri.scheme, 'smuggler-timings');
    const shown = await hoverRow(editor.document, before.count);
    assert.deepEqual(shown, [
      ...[before.p50, before.p95, before.max, before.last].map((value) => value.toFixed(1)),
      String(before.count),
    ]);
    assert.match(editor.document.getText(), /^starter, checkpoint [0-9a-f]+, on cpu$/m);

    await hoverAt(notes, new vscode.Position(0, 1));
    await vscode.commands.executeCommand('smuggler.showTimings');
    assert.equal(vscode.window.activeTextEditor?.document, editor.document);
    assert.equal((await hoverRow(editor.document, before.count + 1)).at(-1), String(before.count + 1));
  },

  'has no votes of its own, and leaves the text that was looked at selected': async () => {
    await vscode.window.showTextDocument(await vscode.workspace.openTextDocument(notes));
    await vscode.commands.executeCommand('smuggler.showTimings');
    const { uri } = vscode.window.activeTextEditor!.document;
    assert.deepEqual(await hoverAt(uri, new vscode.Position(0, 1)), []);
    await vscode.commands.executeCommand('workbench.action.closeActiveEditor');
  },
};
