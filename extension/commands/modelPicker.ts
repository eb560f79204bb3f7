/** @file The question for a model: a recent one, one of the workspace, the starter model, or a folder of the user's choice. */
import * as vscode from 'vscode';
import type { ModelMemory } from '../modelProcess/modelMemory';
import type { ModelService } from '../modelProcess/modelService';
import { findModelFolders, folderItem } from '../modelFolders';

export interface ModelItem extends vscode.QuickPickItem {
  /** The model's folder; null asks for one with the system's dialog. */
  readonly folder?: string | null;
}

export interface ModelQuestion {
  readonly models: ModelService;
  readonly memory: ModelMemory;
  readonly title: string;
  /** Stands before the folders; chosen, it is returned as it is. */
  readonly first?: ModelItem;
}

/** Asks for one folder; undefined when the user changed their mind. */
export async function browseFolder(title: string, label: string): Promise<string | undefined> {
  const chosen = await vscode.window.showOpenDialog({
    title,
    openLabel: label,
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: false,
  });
  return chosen?.[0]?.fsPath;
}

/** Asks for a model; undefined when the user changed their mind. */
export async function pickModel(question: ModelQuestion): Promise<ModelItem | undefined> {
  const { title } = question;
  const choice = await vscode.window.showQuickPick(modelItems(question), {
    title,
    placeHolder: 'A folder with config.json and model.safetensors',
    matchOnDescription: true,
  });
  if (choice?.folder !== null) return choice;
  const folder = await browseFolder(title, title);
  return folder === undefined ? undefined : folderItem(folder);
}

async function modelItems({ models, memory, first }: ModelQuestion): Promise<ModelItem[]> {
  const recent = memory.recent.filter((folder) => folder !== models.starter);
  const found = (await findModelFolders()).filter((folder) => !recent.includes(folder));
  const items: ModelItem[] = first === undefined ? [] : [first];
  const group = (label: string, folders: readonly string[]) => {
    if (folders.length === 0) return;
    items.push({ label, kind: vscode.QuickPickItemKind.Separator }, ...folders.map(folderItem));
  };
  group('Recent', recent);
  group('In the workspace', found);
  items.push({ label: 'More', kind: vscode.QuickPickItemKind.Separator });
  if (models.starter !== null) {
    items.push({ ...folderItem(models.starter), label: 'Starter Model', description: 'comes with the extension' });
  }
  items.push({ label: 'Browse…', iconPath: new vscode.ThemeIcon('folder-opened'), folder: null });
  return items;
}
