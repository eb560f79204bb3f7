/** @file What Run Experiment… asks: which experiment, how long, on which text, where to; all of it by keyboard. */
import { join } from 'node:path';
import * as vscode from 'vscode';
import { EXPERIMENT_NAMES, EXPERIMENT_TEXTS } from '../../model/measures/experimentText';
import type { ExperimentName } from '../../model/protocol/experiments';
import { diskFolders } from '../workspaceFolders';
import type { Choice } from './questions';
import { askNewFolder, pick } from './questions';

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

const titleOf = (step: number): string => `${TITLE} (${step}/4)`;

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
  const items: Choice<readonly string[] | null>[] = [
    ...workspace,
    { label: '$(folder-opened) Folders…', description: 'each is a domain; forgetting needs four', value: null },
    { label: '$(book) Bundled Sample', description: 'a few short texts, to try it out', value: [sample] },
  ];
  const text = await pick(items, titleOf(3), 'Which text to measure on?');
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

/** Undefined when the user changed their mind. */
export async function askExperiment(places: ExperimentPlaces): Promise<ExperimentAnswers | undefined> {
  const offered = EXPERIMENT_NAMES.map((name) => ({
    label: EXPERIMENT_TEXTS[name].title,
    detail: EXPERIMENT_TEXTS[name].question,
    value: name,
  }));
  const experiment = await pick(offered, titleOf(1), 'What is to be measured?');
  if (experiment === undefined) return undefined;
  const lengths: Choice<boolean>[] = [
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
  ];
  const quick = await pick(lengths, titleOf(2), 'How thoroughly?');
  if (quick === undefined) return undefined;
  const text = await askText(places);
  if (text === undefined) return undefined;
  const out = await askNewFolder({
    title: titleOf(4),
    what: 'experiment',
    parent: experimentsFolder(places),
    name: quick ? `${experiment}-quick` : experiment,
    otherwise: 'resume it in the panel',
  });
  return out === undefined ? undefined : { experiment, quick, text, out };
}
