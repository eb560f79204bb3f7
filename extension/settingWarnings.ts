/** @file Settings whose values cannot be used as they are set: each is told once, with what is used in its place. */
import * as vscode from 'vscode';
import { SECTION, settingProblems } from './configuration';
import { showWarning } from './notifications';

const OPEN = 'Open Settings';

export class SettingWarnings implements vscode.Disposable {
  readonly #told = new Set<string>();
  readonly #subscription = vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(SECTION)) this.#tell();
  });

  constructor(private readonly log: vscode.LogOutputChannel) {
    this.#tell();
  }

  dispose(): void {
    this.#subscription.dispose();
  }

  #tell(): void {
    for (const { name, problem } of settingProblems()) {
      if (this.#told.has(problem)) continue;
      this.#told.add(problem);
      this.log.warn(problem);
      void showWarning(problem, OPEN).then((choice) => {
        if (choice === OPEN) void vscode.commands.executeCommand('workbench.action.openSettings', `@id:${name}`);
      });
    }
  }
}
