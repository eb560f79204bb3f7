/** @file What documents and files are called in panels and in what is exported from them: never by where the user's folders lie. */
import { isAbsolute } from 'node:path';
import * as vscode from 'vscode';

/** Relative to the workspace; its own name where it lies elsewhere. */
export function fileName(uri: vscode.Uri): string {
  // A cell, or an older version in source control, has the path of its file and a scheme of its own.
  const name = vscode.workspace.asRelativePath(uri.path.startsWith('/') ? vscode.Uri.file(uri.fsPath) : uri);
  return isAbsolute(name) ? (uri.path.split('/').at(-1) ?? name) : name;
}

/** As `fileName`; a cell is named by its notebook and its number from 1. */
export function documentName(document: vscode.TextDocument): string {
  const name = fileName(document.uri);
  for (const notebook of vscode.workspace.notebookDocuments) {
    const cell = notebook.getCells().find((candidate) => candidate.document === document);
    if (cell !== undefined) return `${name}, cell ${cell.index + 1}`;
  }
  return name;
}
