/** @file What Run Experiment… asks: which experiment, how long, on which text, where to; all of it by keyboard. */
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { EXPERIMENTS } from '../../model/measures/experimentText';
import type { ExperimentName } from '../../model/protocol/experiments';
import { diskFolders } from '../workspaceFolders';
import { freeName, isFree } from './trainingQuestions';
import { withoutLinks } from '../notifications';

/** The answers; paths are absolute. */
export interface ExperimentAnswers {
  readonly experiment: ExperimentName;
  readonly quick: boolean;
  readonly text: readonly string[];
  readonly out: string;
}

export interface ExperimentPlaces {
  /** Folder of the bundled sample text. */
  readonly sample: string;
  /** Where experiments go when no folder is open. */
  readonly storage: string;
}

const TITLE = 'Run Experiment';

interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

async function pick<T>(
  step: number,
  placeHolder: string,
  items: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
): Promise<T | undefined> {
  const options = { title: `${TITLE} (${step}/4)`, placeHolder, matchOnDescription: true };
  return (await vscode.window.showQuickPick(items, options))?.value;
}

/** Folder that new experiments go into. */
export function experimentsFolder({ storage }: ExperimentPlaces): string {
  const [workspace] = diskFolders();
  return workspace === undefined
    ? join(storage, 'experiments')
    : join(workspace.uri.fsPath, '.smuggler', 'experiments');
}

/** Which text: a path for each domain; undefined when the user changed their mind. */
async function askText({ sample }: ExperimentPlaces): Promise<readonly string[] | undefined> {
  const folders = diskFolders();
  const workspace: Choice<readonly string[] | null>[] =
    folders.length === 0
      ? []
      : [
          {
            label: '$(root-folder) Workspace',
            description: folders.map(({ name }) => name).join(', '),
            detail: 'Each folder is a domain. What .gitignore excludes, and binary files, are left out.',
            value: folders.map(({ uri }) => uri.fsPath),
          },
        ];
  const text = await pick(3, 'Which text to measure on?', [
    ...workspace,
    { label: '$(folder-opened) Folders…', description: 'each is a domain; forgetting needs four', value: null },
    { label: '$(book) Bundled Sample', description: 'a few short texts, to try it out', value: [sample] },
  ]);
  if (text !== null) return text;
  const chosen = await vscode.window.showOpenDialog({
    title: 'Text to Measure On',
    openLabel: 'Measure on These Folders',
    canSelectFiles: false,
    canSelectFolders: true,
    canSelectMany: true,
  });
  return chosen?.map(({ fsPath }) => fsPath);
}

async function askFolder(places: ExperimentPlaces, name: string): Promise<string | undefined> {
  const parent = experimentsFolder(places);
  const given = await vscode.window.showInputBox({
    title: `${TITLE} (4/4)`,
    prompt: withoutLinks(`Name of the experiment: a folder in ${parent}, or an absolute path`),
    value: await freeName(parent, name),
    validateInput: async (value) => {
      if (value.trim() === '') return 'A name is needed.';
      const folder = isAbsolute(value) ? value : join(parent, value.trim());
      return (await isFree(folder))
        ? null
        : withoutLinks(`${folder} holds files already: choose another name, or resume it in the panel.`);
    },
  });
  if (given === undefined) return undefined;
  return isAbsolute(given) ? given : join(parent, given.trim());
}

/** Undefined when the user changed their mind. */
export async function askExperiment(
  places: ExperimentPlaces,
  names: () => Promise<readonly ExperimentName[]>,
): Promise<ExperimentAnswers | undefined> {
  const offered = names().then((known) =>
    known.map((name) => ({ label: EXPERIMENTS[name].title, detail: EXPERIMENTS[name].question, value: name })),
  );
  const experiment = await pick(1, 'What is to be measured?', offered);
  if (experiment === undefined) return undefined;
  const quick = await pick(2, 'How thoroughly?', [
    {
      label: 'Quick',
      description: 'minutes: tiny models and few steps',
      detail: 'A direction, not a result.',
      value: true,
    },
    {
      label: 'Full',
      description: 'hours',
      detail: 'Can be cancelled and resumed; what is done stays done.',
      value: false,
    },
  ]);
  if (quick === undefined) return undefined;
  const text = await askText(places);
  if (text === undefined) return undefined;
  const out = await askFolder(places, quick ? `${experiment}-quick` : experiment);
  return out === undefined ? undefined : { experiment, quick, text, out };
}
