/** @file Follows the selection for as long as an editor panel is on the screen. */
import type * as vscode from 'vscode';
import type { SelectionService, SelectionWatch } from '../editor/selectionService';

export class PanelWatch implements vscode.Disposable {
  #watch: SelectionWatch;
  readonly #subscription: vscode.Disposable;

  /** @param channel told when the panel goes out of sight, with its page */
  constructor(panel: vscode.WebviewPanel, selection: SelectionService, channel: { hidden(): void }) {
    this.#watch = selection.watch();
    this.#subscription = panel.onDidChangeViewState(() => {
      this.#watch.dispose();
      if (panel.visible) this.#watch = selection.watch();
      else channel.hidden();
    });
  }

  /** When the caret began to move to the present selection; null once it was asked for. */
  takeMoveTime(): number | null {
    return this.#watch.takeMoveTime();
  }

  dispose(): void {
    this.#watch.dispose();
    this.#subscription.dispose();
  }
}
