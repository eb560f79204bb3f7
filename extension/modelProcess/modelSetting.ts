/** @file The setting `smuggler.model` as a folder. No `vscode`. */
import { isAbsolute, join } from 'node:path';

/**
 * Relative to the workspace's first folder, never to where a process happens to run.
 * @param workspace path of that folder; null where none is open
 * @returns the folder, or one sentence where there is nothing to look it up in
 */
export function modelFolderOf(
  setting: string,
  workspace: string | null,
): { readonly folder: string } | { readonly problem: string } {
  if (isAbsolute(setting)) return { folder: setting };
  if (workspace !== null) return { folder: join(workspace, setting) };
  return {
    problem: `The setting smuggler.model is “${setting}”, relative to a workspace folder, but no folder is open: open one, or give an absolute path.`,
  };
}
