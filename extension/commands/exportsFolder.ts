/** @file Where exports are offered to go: out of the way of version control and of training. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { makeUnversioned } from '../files';

/** `.smuggler/exports` of the first workspace folder, made if need be; the home folder where there is none, or where it cannot be made. */
export async function exportsFolder(): Promise<string> {
  const workspace = vscode.workspace.workspaceFolders?.find(({ uri }) => uri.scheme === 'file');
  if (workspace === undefined || !vscode.workspace.isTrusted) return homedir();
  const folder = join(workspace.uri.fsPath, '.smuggler', 'exports');
  try {
    // The dialog opens only folders that are there.
    await makeUnversioned(folder);
    return folder;
  } catch {
    return homedir();
  }
}
