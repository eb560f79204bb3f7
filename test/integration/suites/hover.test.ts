/** @file The hover on a fresh install, and where it has nothing or only a sentence to say. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import type { HostTests } from '../testing';
import { hoverAt, inspector, markdownOf, waitFor, withSetting, workspaceFile } from './support';

const notes = workspaceFile('notes.txt');

export const tests: HostTests = {
  'shows the votes of the chunk under the pointer, in at most seven lines': async () => {
    await vscode.workspace.openTextDocument(notes);
    const [hover] = await hoverAt(notes, new vscode.Position(0, 5));
    assert.ok(hover, 'there is a hover');
    const markdown = markdownOf(hover);
    assert.match(markdown, /\*\*`quic`\*\*.*bytes 4–7/);
    assert.match(
      markdown,
      /this text,? [\d.,in %]+ without memory: \*\*surprise [\d.]+ bits(, [\d.]+ with memory)?\*\* · /,
    );
    assert.match(markdown, /Effective voters of \d+: /);
    assert.ok(markdown.split(/ {2}\n|\n\n---\n\n/).length <= 7, markdown);
    assert.deepEqual(hover.range, new vscode.Range(0, 4, 0, 8));
  },

  'counts bytes, not characters': async () => {
    const document = await vscode.workspace.openTextDocument(notes);
    const line = document.lineAt(1);
    const column = line.text.indexOf('Viktor');
    const offset = Buffer.byteLength(document.getText(new vscode.Range(0, 0, 1, column)));
    const chunk = offset - (offset % 4);
    const [hover] = await hoverAt(notes, new vscode.Position(1, column));
    assert.match(markdownOf(hover!), new RegExp(`bytes ${chunk}–${chunk + 3}`));
  },

  'is answered anew when the text has changed': async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'abcdefgh' });
    const text = async () => markdownOf((await hoverAt(document.uri, new vscode.Position(0, 1)))[0]!);
    assert.match(await text(), /\*\*`abcd`\*\*/);
    const edit = new vscode.WorkspaceEdit();
    edit.insert(document.uri, new vscode.Position(0, 0), 'xy');
    await vscode.workspace.applyEdit(edit);
    assert.match(await text(), /\*\*`xyab`\*\*/);
  },

  'shows text of the document as text': async () => {
    const document = await vscode.workspace.openTextDocument({ content: '`](x' + '![a](http://e)' });
    const [hover] = await hoverAt(document.uri, new vscode.Position(0, 1));
    assert.match(markdownOf(hover!), /\*\*`` `\]\(x ``\*\*/);
  },

  'says nothing of an empty document, and nothing when it is off': async () => {
    const empty = await vscode.workspace.openTextDocument({ content: '' });
    assert.equal((await hoverAt(empty.uri, new vscode.Position(0, 0))).length, 0);
    await withSetting('hover.enabled', false, async () => {
      assert.equal((await hoverAt(notes, new vscode.Position(0, 5))).length, 0);
    });
    assert.equal((await hoverAt(notes, new vscode.Position(0, 5))).length, 1);
  },

  'says in one sentence that a document is too large': async () => {
    const document = await vscode.workspace.openTextDocument({ content: 'All work.\n'.repeat(500_000) });
    const [hover] = await hoverAt(document.uri, new vscode.Position(10, 2));
    assert.match(markdownOf(hover!), /has 5 M characters; SMUGGLER inspects documents of up to 2\\\.1 M/);
  },

  'knows what memory says of both texts of a split editor': async () => {
    const lines = Array.from({ length: 400 }, (_, line) => `line ${line % 7} of the other text\n`).join('');
    const other = await vscode.workspace.openTextDocument({ content: lines });
    await vscode.window.showTextDocument(notes, { viewColumn: vscode.ViewColumn.One });
    await vscode.window.showTextDocument(other, { viewColumn: vscode.ViewColumn.Two, preserveFocus: true });
    assert.equal(vscode.window.activeTextEditor?.document.uri.fsPath, notes.fsPath);
    // Too far from the beginning to be read for the question itself, and nothing is read while the user is at the caret.
    const isKnown = async () => {
      const [hover] = await hoverAt(other.uri, new vscode.Position(390, 5));
      return hover !== undefined && /[\d.]+ with memory/.test(markdownOf(hover));
    };
    await waitFor('Memory of the other text', isKnown, 500);
    const [hover] = await hoverAt(notes, new vscode.Position(0, 5));
    assert.match(markdownOf(hover!), /[\d.]+ with memory/);
    await vscode.commands.executeCommand('workbench.action.closeEditorsInOtherGroups');
  },

  'is quick once the model is loaded': async () => {
    const document = await vscode.workspace.openTextDocument(notes);
    for (let column = 0; column < 40; column++) await hoverAt(document.uri, new vscode.Position(0, column));
    const { hover } = (await inspector()).timings();
    // The promise of 50 ms is held by the benchmark; here other work shares the machine.
    assert.ok(hover!.p50 < 500, JSON.stringify(hover));
  },
};
