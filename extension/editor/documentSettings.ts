/** @file The settings as they are for a document, kept: VS Code takes a millisecond or more to put them together. */
import * as vscode from 'vscode';
import type { Settings } from '../configuration';
import { readSettings, SECTION } from '../configuration';

interface Kept {
  /** Settings may differ by language, and a document may get another one. */
  readonly languageId: string;
  readonly settings: Settings;
}

export class DocumentSettings implements vscode.Disposable {
  #kept = new WeakMap<vscode.TextDocument, Kept>();
  readonly #subscriptions = [
    vscode.workspace.onDidChangeConfiguration((event) => {
      if (event.affectsConfiguration(SECTION)) this.#kept = new WeakMap();
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => {
      this.#kept = new WeakMap();
    }),
  ];

  get(document: vscode.TextDocument): Settings {
    const { languageId } = document;
    const kept = this.#kept.get(document);
    if (kept?.languageId === languageId) return kept.settings;
    const settings = readSettings(document);
    this.#kept.set(document, { languageId, settings });
    return settings;
  }

  dispose(): void {
    for (const subscription of this.#subscriptions) subscription.dispose();
  }
}
