/** @file Documents as UTF-8: what is kept and follows the edits is what VS Code has, byte for byte. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { DocumentTexts } from '../../../extension/modelProcess/documentTexts';
import { documentText } from '../../../model/text/documentText';
import { DOCUMENT_TEXTS } from '../../unit/text/documentTexts';
import type { HostTests } from '../testing';
import { workspaceFile } from './support';

async function edit(
  document: vscode.TextDocument,
  changes: readonly (readonly [start: number, end: number, text: string])[],
): Promise<void> {
  const all = new vscode.WorkspaceEdit();
  for (const [start, end, text] of changes) {
    all.replace(document.uri, new vscode.Range(document.positionAt(start), document.positionAt(end)), text);
  }
  assert.ok(await vscode.workspace.applyEdit(all));
}

export const tests: HostTests = {
  'the text of a file is what VS Code opens': async () => {
    for (const [i, { name, file }] of DOCUMENT_TEXTS.entries()) {
      const uri = workspaceFile(`text ${i}.txt`);
      await vscode.workspace.fs.writeFile(uri, Buffer.from(file));
      try {
        const document = await vscode.workspace.openTextDocument(uri);
        assert.equal(Buffer.from(documentText(Buffer.from(file))).toString(), document.getText(), name);
      } finally {
        await vscode.workspace.fs.delete(uri);
      }
    }
  },

  'the bytes follow edits, undo and line endings': async () => {
    const texts = new DocumentTexts();
    const check = (document: vscode.TextDocument, what: string) => {
      const text = texts.get(document);
      assert.deepEqual(Buffer.from(text.bytes), Buffer.from(document.getText(), 'utf8'), what);
      assert.equal(text.length, document.getText().length, what);
    };
    try {
      const content = 'let größe = "😀";\r\nlet b = 2;\r\n'.repeat(100);
      const document = await vscode.workspace.openTextDocument({ content, language: 'plaintext' });
      const editor = await vscode.window.showTextDocument(document);
      check(document, 'as opened');
      await edit(document, [[4, 9, 'Länge 語']]);
      check(document, 'one edit');
      await edit(document, [
        [0, 3, 'const'],
        [40, 40, 'x\ny\n'],
        [200, 260, ''],
      ]);
      check(document, 'three edits at once');
      editor.selections = [100, 300, 500].map((offset) => {
        const position = document.positionAt(offset);
        return new vscode.Selection(position, position);
      });
      await vscode.commands.executeCommand('type', { text: 'ü' });
      check(document, 'typed at three carets');
      await vscode.commands.executeCommand('undo');
      check(document, 'undone');
      await vscode.commands.executeCommand('redo');
      check(document, 'done again');
      const other = document.eol === vscode.EndOfLine.CRLF ? vscode.EndOfLine.LF : vscode.EndOfLine.CRLF;
      await editor.edit((builder) => {
        builder.setEndOfLine(other);
      });
      check(document, 'other line endings');
      await edit(document, [[50, 50, 'a\nb\r\nc']]);
      check(document, 'mixed line endings inserted');
      await edit(document, [[0, document.getText().length, '']]);
      check(document, 'emptied');
    } finally {
      texts.dispose();
      await vscode.commands.executeCommand('workbench.action.revertAndCloseActiveEditor');
    }
  },
};
