/** @file Model folders in the workspace, found by their files. */
import { basename, dirname } from 'node:path';
import * as vscode from 'vscode';

/** Folders looked at in a workspace at most. */
const MOST = 200;
const EXCLUDE = '**/node_modules/**';

async function foldersHolding(file: string, token?: vscode.CancellationToken): Promise<Set<string>> {
  const found = await vscode.workspace.findFiles(`**/${file}`, EXCLUDE, MOST, token);
  return new Set(found.filter(({ scheme }) => scheme === 'file').map(({ fsPath }) => dirname(fsPath)));
}

/** Folders that hold a model: config.json and model.safetensors. */
export async function findModelFolders(token?: vscode.CancellationToken): Promise<string[]> {
  const [configs, weights] = await Promise.all([
    foldersHolding('config.json', token),
    foldersHolding('model.safetensors', token),
  ]);
  return [...weights].filter((folder) => configs.has(folder)).toSorted();
}

/** Folders whose training can go on: those that also hold the optimizer's state. */
export async function findResumableFolders(): Promise<string[]> {
  return [...(await foldersHolding('optimizer.safetensors'))].toSorted();
}

/** Folders that were trained: those with a training.jsonl, by whatever program. */
export async function findTrainedFolders(): Promise<string[]> {
  return [...(await foldersHolding('training.jsonl'))].toSorted();
}

/** Folders with runs of an experiment, by whatever program. */
export async function findExperimentFolders(): Promise<string[]> {
  return [...(await foldersHolding('runs.jsonl'))].toSorted();
}

/** A folder as a quick pick shows it. */
export function folderItem(folder: string): vscode.QuickPickItem & { folder: string } {
  return {
    label: basename(folder),
    description: vscode.workspace.asRelativePath(dirname(folder)),
    iconPath: new vscode.ThemeIcon('symbol-structure'),
    folder,
  };
}
