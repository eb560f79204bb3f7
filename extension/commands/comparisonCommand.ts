/** @file Compare With Model…: asks for the second model and the second text, and opens the comparison. */
import * as vscode from 'vscode';
import { documentName } from '../editor/documentName';
import { isInspectable } from '../modelProcess/documentTexts';
import type { ModelMemory } from '../modelProcess/modelMemory';
import { modelName } from '../modelProcess/modelState';
import { UNCHANGED } from '../panels/comparison/comparedVoters';
import type { ComparisonSubject, ComparisonSubjects } from '../panels/comparison/comparisonSubject';
import type { Services } from '../editor/services';
import type { EditorPanel } from '../panels/frame/definePanel';
import { pickModel } from './modelPicker';
import type { ModelItem } from './modelPicker';
import { reportFailure, requireTrust } from './report';
import type { CommandFailure } from './report';

/** Answers to the questions. */
export interface CompareArguments {
  /** Folder of the second model; null for the loaded one. */
  readonly folder: string | null;
  /** Path of the second text; without one, both models read the document that is looked at. */
  readonly file?: string;
}

export interface ComparisonCommandOptions {
  readonly services: Services;
  readonly memory: ModelMemory;
  readonly subjects: ComparisonSubjects;
  readonly panel: EditorPanel;
  readonly log: vscode.LogOutputChannel;
}

interface TextItem extends vscode.QuickPickItem {
  /** The second text; null for the document that is looked at, undefined asks for a file. */
  readonly uri?: vscode.Uri | null;
}

const TITLE = 'Compare With Model';

export class ComparisonCommand {
  constructor(private readonly options: ComparisonCommandOptions) {}

  /** @param given skips the questions */
  async compare(given?: CompareArguments): Promise<CommandFailure | undefined> {
    const { services, log, panel, subjects } = this.options;
    const folder = given === undefined ? await this.#askForModel() : given.folder;
    if (folder === undefined) return undefined;
    if (folder !== null && folder !== services.models.starter) {
      const distrust = requireTrust('Comparing with a model reads a folder of your choice');
      if (distrust !== null) return distrust;
    }
    try {
      const text = given === undefined ? await this.#askForText(folder) : textOf(given);
      if (text === undefined) return undefined;
      const texts = text === null ? null : await this.#pairWith(text);
      await subjects.set({ folder, texts, voters: { a: UNCHANGED, b: UNCHANGED } });
      panel.open();
      return undefined;
    } catch (error) {
      return reportFailure(error, log);
    }
  }

  /** The second model's folder, null for the loaded model; undefined when the user changed their mind. */
  async #askForModel(): Promise<string | null | undefined> {
    const { services, memory } = this.options;
    const { models } = services;
    const name = modelName(models.state);
    const loaded: ModelItem = {
      label: 'The Loaded Model',
      description: name === null ? 'none is loaded' : `${name}, on another text`,
      iconPath: new vscode.ThemeIcon('symbol-structure'),
    };
    const choice = await pickModel({ models, memory, title: TITLE, first: loaded });
    return choice === loaded ? null : (choice?.folder ?? undefined);
  }

  /** The second text, null for the document that is looked at; undefined when the user changed their mind. */
  async #askForText(folder: string | null): Promise<vscode.Uri | null | undefined> {
    const choice = await vscode.window.showQuickPick(this.#texts(folder), {
      title: TITLE,
      placeHolder: 'The text of B; two texts are compared chunk by chunk, byte 0 with byte 0',
      matchOnDescription: true,
    });
    if (choice === undefined || choice.uri !== undefined) return choice?.uri;
    const files = await vscode.window.showOpenDialog({ title: TITLE, openLabel: 'Compare With This Text' });
    return files?.[0];
  }

  #texts(folder: string | null): TextItem[] {
    const { document } = this.options.services.selection;
    const looked: TextItem = {
      label: 'The Same Text',
      description: 'the document that you look at, under both models',
      iconPath: new vscode.ThemeIcon('file'),
      uri: null,
    };
    const open = vscode.workspace.textDocuments
      .filter((other) => other !== document && isInspectable(other) && isInTab(other.uri))
      .map((other): TextItem => ({
        label: documentName(other),
        description: 'open',
        iconPath: new vscode.ThemeIcon('file'),
        uri: other.uri,
      }));
    const other: TextItem = { label: 'Another File…', iconPath: new vscode.ThemeIcon('folder-opened') };
    // The loaded model on the same text differs from itself nowhere, so that is not the first choice.
    return folder === null ? [...open, other, looked] : [looked, ...open, other];
  }

  /** The document that is looked at, as text A, and text B. */
  async #pairWith(b: vscode.Uri): Promise<ComparisonSubject['texts']> {
    const { document } = this.options.services.selection;
    if (document === null) throw new Error('No text is looked at: open the text that is to be compared first.');
    await vscode.workspace.openTextDocument(b);
    return { a: document.uri.toString(), b: b.toString() };
  }
}

function textOf({ file }: CompareArguments): vscode.Uri | null {
  return file === undefined ? null : vscode.Uri.file(file);
}

/** Whether a document is in a tab: VS Code also keeps documents that nobody sees. */
function isInTab(uri: vscode.Uri): boolean {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .some(({ input }) => input instanceof vscode.TabInputText && input.uri.toString() === uri.toString());
}
