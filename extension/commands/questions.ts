/** @file What several commands ask alike: one of a list, and a folder for something new. */
import { readdir } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import * as vscode from 'vscode';
import { exists } from '../files';
import { withoutLinks } from '../notifications';

export interface Choice<T> extends vscode.QuickPickItem {
  readonly value: T;
}

/** The value of the chosen item; undefined when the user changed their mind. */
export async function pick<T>(
  items: readonly Choice<T>[] | Promise<readonly Choice<T>[]>,
  title: string,
  placeHolder: string,
): Promise<T | undefined> {
  return (await vscode.window.showQuickPick(items, { title, placeHolder, matchOnDescription: true }))?.value;
}

/** What is to have a folder of its own. */
export interface NewFolder {
  readonly title: string;
  /** 'model', 'experiment' */
  readonly what: string;
  /** Where it goes unless an absolute path is given. */
  readonly parent: string;
  /** Proposed, with a number behind it where that is taken. */
  readonly name: string;
  /** What to do about a folder that holds files, beside choosing another name. */
  readonly otherwise: string;
}

/** `name`, or `name-2`, `name-3` …: the first that is not taken in `folder`. */
async function freeName(folder: string, name: string): Promise<string> {
  for (let n = 1; ; n++) {
    const candidate = n === 1 ? name : `${name}-${n}`;
    if (!(await exists(join(folder, candidate)))) return candidate;
  }
}

/** Whether nothing is in the folder yet. */
async function isFree(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).length === 0;
  } catch {
    // Not there yet, or not readable, which what is to go into it says in its own words.
    return true;
  }
}

/** The absolute path of a folder that holds nothing; undefined when the user changed their mind. */
export async function askNewFolder({ title, what, parent, name, otherwise }: NewFolder): Promise<string | undefined> {
  const folderOf = (value: string): string => (isAbsolute(value.trim()) ? value.trim() : join(parent, value.trim()));
  const given = await vscode.window.showInputBox({
    title,
    prompt: withoutLinks(`Name of the ${what}: a folder in ${parent}, or an absolute path`),
    value: await freeName(parent, name),
    validateInput: async (value) => {
      if (value.trim() === '') return 'A name is needed.';
      const folder = folderOf(value);
      return (await isFree(folder))
        ? null
        : withoutLinks(`${folder} holds files already: choose another name, or ${otherwise}.`);
    },
  });
  return given === undefined ? undefined : folderOf(given);
}
