/** @file What Train Model… and Resume Training… ask: text, preset, folder; all of it by keyboard. */
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import type { PresetSummary } from '../../model/protocol/training';
import { exists } from '../files';
import { findResumableFolders, folderItem } from '../modelFolders';
import { diskFolders } from '../workspaceFolders';
import { browseFolder } from './modelPicker';
import { askContents } from './contentsQuestion';
import type { ReadContents } from './contentsQuestion';
import { askPreset } from './presetQuestion';
import type { PresetCosts } from './presetQuestion';
import type { Choice } from './questions';
import { askNewFolder, pick } from './questions';

/** The answers; paths are absolute. */
export interface TrainingAnswers {
  readonly text: readonly string[];
  readonly preset: string;
  readonly out: string;
  /** Steps in all; null leaves it to the preset. */
  readonly steps: number | null;
}

export interface TrainingPlaces {
  /** Folder of the bundled sample text, or null where there is none. */
  readonly sample: string | null;
  /** The setting `training.folder`. */
  readonly trainingFolder: string;
  /** Where models go when no folder is open. */
  readonly storage: string;
}

const TITLE = 'Train Model';

/** Which text to train on: absolute paths; undefined when the user changed their mind. */
async function askText(places: TrainingPlaces): Promise<readonly string[] | undefined> {
  const items: Choice<readonly string[] | null>[] = [];
  const folders = diskFolders();
  if (folders.length > 0) {
    items.push({
      label: '$(root-folder) Workspace',
      description: folders.map(({ name }) => name).join(', '),
      detail: 'Without binary and very large files, and what .gitignore and files.exclude leave out.',
      value: folders.map(({ uri }) => uri.fsPath),
    });
  }
  const document = vscode.window.activeTextEditor?.document;
  if (document?.uri.scheme === 'file') {
    items.push({
      label: '$(file) Open File',
      description: vscode.workspace.asRelativePath(document.uri),
      value: [document.uri.fsPath],
    });
  }
  items.push({
    label: '$(folder-opened) Folder…',
    description: 'every text file in a folder of your choice',
    value: null,
  });
  if (places.sample !== null && (await exists(places.sample))) {
    items.push({
      label: '$(book) Bundled Sample',
      description: 'a few short texts, to try it out',
      value: [places.sample],
    });
  }
  const text = await pick(items, `${TITLE} (1/4)`, 'Which text to learn?');
  if (text !== null) return text;
  const folder = await browseFolder('Text to Learn', 'Train on This Folder');
  return folder === undefined ? undefined : [folder];
}

/** Folder that new models go into. */
export function modelsFolder(places: TrainingPlaces): string {
  if (isAbsolute(places.trainingFolder)) return places.trainingFolder;
  const [workspace] = diskFolders();
  return workspace === undefined ? join(places.storage, 'models') : join(workspace.uri.fsPath, places.trainingFolder);
}

/** Undefined when the user changed their mind. */
export async function askTraining(
  places: TrainingPlaces,
  presets: () => Promise<readonly PresetSummary[]>,
  costs: PresetCosts,
  read: ReadContents,
): Promise<TrainingAnswers | undefined> {
  let text: readonly string[] | undefined;
  for (let answer: string | undefined = 'other'; answer === 'other';) {
    text = await askText(places);
    if (text === undefined) return undefined;
    answer = await askContents(`${TITLE} (2/4)`, text, read);
    if (answer === undefined) return undefined;
  }
  if (text === undefined) return undefined;
  const preset = await askPreset(`${TITLE} (3/4)`, await presets(), costs);
  if (preset === undefined) return undefined;
  const out = await askNewFolder({
    title: `${TITLE} (4/4)`,
    what: 'model',
    parent: modelsFolder(places),
    name: preset,
    otherwise: 'use Resume Training…',
  });
  return out === undefined ? undefined : { text, preset, out, steps: null };
}

/** Which training to go on with, and how far; undefined when the user changed their mind. */
export async function askResume(
  recent: readonly string[],
): Promise<{ readonly out: string; readonly steps: number | null } | undefined> {
  const title = 'Resume Training';
  const items = async (): Promise<Choice<string | null>[]> => {
    const found = await findResumableFolders();
    for (const folder of recent) {
      if (!found.includes(folder) && (await exists(join(folder, 'optimizer.safetensors')))) found.push(folder);
    }
    return [
      ...found.map((folder) => ({ ...folderItem(folder), value: folder })),
      { label: 'Browse…', iconPath: new vscode.ThemeIcon('folder-opened'), value: null },
    ];
  };
  const chosen = await pick(items(), title, 'A model folder with optimizer.safetensors');
  if (chosen === undefined) return undefined;
  const out = chosen ?? (await browseFolder(title, title));
  if (out === undefined) return undefined;
  const steps = await vscode.window.showInputBox({
    title,
    prompt: 'Steps in all; leave it empty to go on to the end that was planned',
    validateInput: (value) => (/^\s*\d*\s*$/u.test(value) ? null : 'A whole number of steps, or nothing.'),
  });
  if (steps === undefined) return undefined;
  return { out, steps: steps.trim() === '' ? null : Number(steps) };
}
