/** @file The folders of the workspace that lie on disk. */
import * as vscode from 'vscode';

/** In the workspace's order. */
export function diskFolders(): readonly vscode.WorkspaceFolder[] {
  return (vscode.workspace.workspaceFolders ?? []).filter(({ uri }) => uri.scheme === 'file');
}
