/** @file The tab of a panel that VS Code has kept over a reload of the window and not shown since: its panel comes when it is shown. */
import * as vscode from 'vscode';

const GROUPS = ['First', 'Second', 'Third', 'Fourth', 'Fifth', 'Sixth', 'Seventh', 'Eighth'] as const;

/** Shows such a tab; false where there is none. @param type by which VS Code knows the panel */
export function showWaitingTab(type: string): boolean {
  for (const { tabs, viewColumn } of vscode.window.tabGroups.all) {
    const index = tabs.findIndex(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(type),
    );
    const group = GROUPS[viewColumn - 1];
    if (index < 0 || group === undefined) continue;
    void show(group, index);
    return true;
  }
  return false;
}

async function show(group: (typeof GROUPS)[number], index: number): Promise<void> {
  await vscode.commands.executeCommand(`workbench.action.focus${group}EditorGroup`);
  await vscode.commands.executeCommand('workbench.action.openEditorAtIndex', index);
}
