/** @file Load Model…, Unload Model, Reload Model. */
import * as vscode from 'vscode';
import type { ModelMemory } from '../modelProcess/modelMemory';
import type { ModelService } from '../modelProcess/modelService';
import { pickModel } from './modelPicker';
import { reportFailure, requireTrust } from './report';
import type { CommandFailure } from './report';

export interface ModelCommandsOptions {
  readonly models: ModelService;
  readonly memory: ModelMemory;
  readonly log: vscode.LogOutputChannel;
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
    const { models, memory, log } = this.options;
    if (folder !== models.starter) {
      const distrust = requireTrust('Loading a model reads a folder of your choice');
      if (distrust !== null) return distrust;
    }
    const chosen = folder ?? (await pickModel({ models, memory, title: 'Load Model' }))?.folder;
    if (chosen == null) return undefined;
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
}
