/** @file Open Training Monitor and Add Run to Training Monitor…. */
import { stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { TRAINING_LOG } from '../../model/checkpoint/trainingLog';
import type { EditorPanel } from '../panels/frame/definePanel';
import type { TrainingMonitorService } from '../panels/trainingMonitor/trainingMonitorService';
import { MOST_RUNS } from '../panels/trainingMonitor/trainingMonitorRuns';
import { browseFolder } from './modelPicker';
import { findTrainedFolders, folderItem } from '../modelFolders';
import type { CommandFailure } from './report';
import { reportFailure } from './report';

const TITLE = 'Add Run to Training Monitor';

/** A run by its folder, an absolute path: skips the question, for scripts and tests. */
export interface RunArguments {
  readonly folder: string;
}

export class MonitorCommands {
  constructor(
    private readonly monitor: TrainingMonitorService,
    private readonly panel: EditorPanel,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  open(): void {
    this.panel.open();
  }

  /** Add Run to Training Monitor…; the monitor opens with it. */
  async add(given?: RunArguments): Promise<CommandFailure | undefined> {
    const folder = given?.folder ?? (await this.#ask());
    if (folder === undefined) return undefined;
    if (!isAbsolute(folder) || (await written(folder)) === null) {
      const sentence = `${folder} has no ${TRAINING_LOG}, expected the folder of a model that was trained.`;
      return reportFailure(new Error(sentence), this.log);
    }
    if (!(await this.monitor.follow(folder))) {
      const sentence = `All ${MOST_RUNS} runs that the Training Monitor can show are in progress; remove one of them first.`;
      return reportFailure(new Error(sentence), this.log);
    }
    this.panel.open();
    return undefined;
  }

  /** A run of the workspace that is not shown yet, the newest first, or a folder of the user's choice. */
  async #ask(): Promise<string | undefined> {
    const items = async () => {
      const folders = (await findTrainedFolders()).filter((folder) => !this.monitor.has(folder));
      const times = await Promise.all(folders.map(async (folder) => ({ folder, time: (await written(folder)) ?? 0 })));
      const found = times.toSorted((a, b) => b.time - a.time);
      return [
        ...found.map(({ folder, time }) => ({
          ...folderItem(folder),
          detail: `written last ${new Date(time).toLocaleString()}`,
        })),
        { label: 'Browse…', iconPath: new vscode.ThemeIcon('folder-opened'), folder: null },
      ];
    };
    const chosen = await vscode.window.showQuickPick(items(), {
      title: TITLE,
      placeHolder: `A folder with ${TRAINING_LOG}`,
      matchOnDescription: true,
    });
    if (chosen === undefined) return undefined;
    return chosen.folder ?? (await browseFolder(TITLE, 'Add Run'));
  }
}

/** When a folder's log was written last, milliseconds since 1970; null where there is none. */
async function written(folder: string): Promise<number | null> {
  try {
    return (await stat(join(folder, TRAINING_LOG))).mtimeMs;
  } catch {
    return null;
  }
}
