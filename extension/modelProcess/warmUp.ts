/** @file Loads the chosen model a moment before it is needed: once the window has started and a text is open. */
import * as vscode from 'vscode';
import type { ModelService } from './modelService';

/** Milliseconds after activation in which the window's own start comes first. */
const AFTER_START = 1_000;

/** Runs once; until then the first hover would wait for the model. */
export class WarmUp implements vscode.Disposable {
  #subscription: vscode.Disposable | undefined;
  readonly #timer = setTimeout(() => {
    if (!this.#load()) {
      this.#subscription = vscode.window.onDidChangeActiveTextEditor(() => {
        if (this.#load()) this.#subscription?.dispose();
      });
    }
  }, AFTER_START);

  constructor(private readonly models: ModelService) {}

  dispose(): void {
    clearTimeout(this.#timer);
    this.#subscription?.dispose();
  }

  /** Whether there was a text to load the model for. */
  #load(): boolean {
    if (vscode.window.activeTextEditor === undefined) return false;
    void this.models.ensure();
    return true;
  }
}
