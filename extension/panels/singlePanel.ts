/** @file A kind of editor panel of which there is at most one: opens, reveals and restores it. */
import * as vscode from 'vscode';
import { webviewOptions } from './html';
import { panelColumn } from './panelColumn';

/** What a panel shows, for as long as it is open. */
export interface PanelContent {
  readonly panel: vscode.WebviewPanel;
  dispose(): void;
}

export class SinglePanel implements vscode.WebviewPanelSerializer, vscode.Disposable {
  #open: PanelContent | undefined;
  readonly #registration: vscode.Disposable;

  /**
   * @param type the panel's view type, by which VS Code restores it after a reload
   * @param fill puts the content into a panel that was opened or restored
   */
  constructor(
    private readonly type: string,
    private readonly title: string,
    private readonly extensionUri: vscode.Uri,
    private readonly fill: (panel: vscode.WebviewPanel) => PanelContent,
  ) {
    this.#registration = vscode.window.registerWebviewPanelSerializer(type, this);
  }

  /** Shows the panel beside the text, which keeps the focus. */
  open(): void {
    if (this.#open !== undefined) {
      this.#open.panel.reveal(undefined, false);
      return;
    }
    this.#adopt(
      vscode.window.createWebviewPanel(
        this.type,
        this.title,
        {
          viewColumn: panelColumn(vscode.window.tabGroups.all, vscode.window.activeTextEditor?.viewColumn),
          preserveFocus: true,
        },
        webviewOptions(this.extensionUri),
      ),
    );
  }

  deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.#open === undefined) this.#adopt(panel);
    else panel.dispose();
    return Promise.resolve();
  }

  dispose(): void {
    this.#open?.dispose();
    this.#registration.dispose();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    const content = this.fill(panel);
    this.#open = content;
    panel.onDidDispose(() => {
      content.dispose();
      if (this.#open === content) this.#open = undefined;
    });
  }
}
