/** @file What is remembered between sessions: the workspace's model and recent models. */
import type * as vscode from 'vscode';

const MODEL = 'smuggler.model';
const RECENT = 'smuggler.recentModels';
const KEPT = 10;

/** Stands for the starter model, whose folder moves with every version of the extension. */
export const STARTER = '';

export class ModelMemory {
  constructor(
    private readonly workspace: vscode.Memento,
    private readonly global: vscode.Memento,
  ) {}

  /** The model that this workspace used last: a folder or `STARTER`, null when it was unloaded on purpose, undefined when none was. */
  get model(): string | null | undefined {
    return this.workspace.get<string | null>(MODEL);
  }

  async setModel(folder: string | null): Promise<void> {
    await this.workspace.update(MODEL, folder);
  }

  /** Folders of models, the one used last first. */
  get recent(): readonly string[] {
    return this.global.get<string[]>(RECENT, []);
  }

  async addRecent(folder: string): Promise<void> {
    const others = this.recent.filter((other) => other !== folder);
    await this.global.update(RECENT, [folder, ...others].slice(0, KEPT));
  }
}
