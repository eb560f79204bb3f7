/** @file Load Model…, Unload Model, Reload Model. */
import * as vscode from 'vscode';
import type { ModelMemory } from '../modelProcess/modelMemory';
import type { ModelService } from '../modelProcess/modelService';
import { findModelFolders, folderItem } from './modelFolders';
import { reportFailure, requireTrust } from './report';
import type { CommandFailure } from './report';

export interface ModelCommandsOptions {
  readonly models: ModelService;
  readonly memory: ModelMemory;
  readonly log: vscode.LogOutputChannel;
}

interface FolderItem extends vscode.QuickPickItem {
  /** null asks for a folder with the system's dialog. */
  readonly folder?: string | null;
}

/** Asks for one folder; undefined when the person changed their mind. */
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

export class ModelCommands {
  constructor(private readonly options: ModelCommandsOptions) {}

  /**
   * Load Model…
   * @param folder skips the question
   */
  async load(
    folder?: string,
  ): Promise<{ readonly folder: string; readonly checkpoint: string } | CommandFailure | undefined> {
    const { models, log } = this.options;
    if (folder !== models.starter) {
      const distrust = requireTrust('Loading a model reads a folder of your choice');
      if (distrust !== null) return distrust;
    }
    const chosen = folder ?? (await this.#ask());
    if (chosen === undefined) return undefined;
    try {
      const model = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: 'SMUGGLER: loading the model' },
        () => models.use(chosen),
      );
      return { folder: chosen, checkpoint: model.checkpoint };
    } catch (error) {
      return reportFailure(error, log);
    }
  }

  async unload(): Promise<void> {
    await this.options.models.unload();
  }

  async reload(): Promise<void> {
    const { models, log } = this.options;
    try {
      await models.reload();
    } catch (error) {
      reportFailure(error, log);
    }
  }

  async #ask(): Promise<string | undefined> {
    const { models, memory } = this.options;
    const placeHolder = 'A folder with config.json and model.safetensors';
    const choice = await vscode.window.showQuickPick(this.#items(models, memory), {
      title: 'Load Model',
      placeHolder,
      matchOnDescription: true,
    });
    if (choice === undefined) return undefined;
    return choice.folder ?? (await browseFolder('Load Model', 'Load Model'));
  }

  async #items(models: ModelService, memory: ModelMemory): Promise<FolderItem[]> {
    const recent = memory.recent.filter((folder) => folder !== models.starter);
    const found = (await findModelFolders()).filter((folder) => !recent.includes(folder));
    const items: FolderItem[] = [];
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
}
