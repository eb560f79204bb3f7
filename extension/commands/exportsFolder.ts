/** @file Where exports are offered to go: out of the way of version control and of training. */
import { homedir } from 'node:os';
import { join } from 'node:path';
import * as vscode from 'vscode';
import { exists, makeUnversioned } from '../files';
import { diskFolders } from '../workspaceFolders';

/** `.smuggler/exports` of the first workspace folder, there or not; null without a folder, or where the workspace is not trusted. */
function exportsFolder(): string | null {
  const [workspace] = diskFolders();
  return workspace === undefined || !vscode.workspace.isTrusted
    ? null
    : join(workspace.uri.fsPath, '.smuggler', 'exports');
}

/** The folder for something that is exported now, made if need be; the home folder where there is none, or where it cannot be made. */
export async function makeExportsFolder(): Promise<string> {
  const folder = exportsFolder();
  if (folder === null) return homedir();
  try {
    // The dialog opens only folders that are there.
    await makeUnversioned(folder);
    return folder;
  } catch {
    return homedir();
  }
}

/** The folder where exports are looked for; undefined where none was offered one yet. */
export async function findExportsFolder(): Promise<string | undefined> {
  const folder = exportsFolder();
  return folder !== null && (await exists(folder)) ? folder : undefined;
}
