/** @file In which editor group a panel opens: beside the text, and never in a third group where there are two. */
import * as vscode from 'vscode';
import { PAGES } from './html';

/** VS Code puts a word of its own before a webview's type. */
function isPanel({ input }: vscode.Tab): boolean {
  return input instanceof vscode.TabInputWebview && PAGES.some((page) => input.viewType.endsWith(`smuggler.${page}`));
}

/**
 * The group that holds panels already, else any group but that of the text, else a new one beside it.
 * @param text the group of the text that is being read; undefined where a panel has the focus
 */
export function panelColumn(
  groups: readonly vscode.TabGroup[],
  text: vscode.ViewColumn | undefined,
): vscode.ViewColumn {
  const others = groups.filter(({ viewColumn }) => viewColumn !== text);
  const holding = others.find(({ tabs }) => tabs.some(isPanel));
  // Where nothing is known of the text, its group may be any other.
  const free = text === undefined ? undefined : others[0];
  return (holding ?? free)?.viewColumn ?? vscode.ViewColumn.Beside;
}
