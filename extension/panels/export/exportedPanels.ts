/** @file Exported files as read-only panels: the page that drew them, with what they hold in place of the editor and the model. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { told } from '../../../model/files/fileSystemError';
import type { ExportAbout } from '../../../model/protocol/panels/export';
import { decodePanel, ExportedPanelError } from '../../../model/measures/panelDocument';
import { Channel } from '../frame/channel';
import type { ExportablePanels } from '../frame/exportablePanels';
import { exportedPanelElement } from '../../../model/report/standAlonePage';
import type { PageName } from '../../../model/protocol/panels/panels';
import { isPage, showPage, webviewOptions } from '../frame/html';

const EXPORTED_PANEL = 'smuggler.exported';

interface ExportedFile {
  readonly page: PageName;
  readonly about: ExportAbout;
  /** The file's text, which is JSON. */
  readonly text: string;
}

/** @throws ExportedPanelError, FileSystemError */
async function readExported(file: string): Promise<ExportedFile> {
  const text = await told('read', file, () => readFile(file, 'utf8'));
  const { about } = decodePanel(text, file);
  if (isPage(about.panel)) return { page: about.panel, about, text };
  throw new ExportedPanelError(`${file} is of a panel that this extension does not have: ${about.panel}.`);
}

export class ExportedPanels implements vscode.WebviewPanelSerializer, vscode.Disposable {
  readonly #registration: vscode.Disposable;

  constructor(
    private readonly extensionUri: vscode.Uri,
    private readonly exports: ExportablePanels,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.#registration = vscode.window.registerWebviewPanelSerializer(EXPORTED_PANEL, this);
  }

  /**
   * Opens an exported file in a panel of its own.
   * @returns the page that shows it
   * @throws ExportedPanelError, FileSystemError
   */
  async open(file: string): Promise<PageName> {
    const exported = await readExported(file);
    const panel = vscode.window.createWebviewPanel(
      EXPORTED_PANEL,
      exported.about.title,
      vscode.ViewColumn.Active,
      webviewOptions(this.extensionUri),
    );
    this.#fill(panel, file, exported);
    return exported.page;
  }

  /** After a reload of the window: the page remembers its file, which may be gone. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel, state: unknown): Promise<void> {
    const file = typeof state === 'object' && state !== null && 'file' in state ? state.file : undefined;
    try {
      if (typeof file !== 'string')
        throw new ExportedPanelError('The exported panel does not say which file it shows.');
      this.#fill(panel, file, await readExported(file));
    } catch (error) {
      panel.dispose();
      this.onFailure(error);
    }
  }

  dispose(): void {
    this.#registration.dispose();
  }

  #fill(panel: vscode.WebviewPanel, file: string, { page, about, text }: ExportedFile): void {
    panel.title = `${about.title} – ${path.basename(file)}`;
    const channel = new Channel<never>(panel.webview, { onReady: () => undefined });
    const offered = this.exports.add({ page, title: about.title, channel, panel, about });
    panel.onDidChangeViewState(() => {
      if (!panel.visible) channel.hidden();
    });
    panel.onDidDispose(() => {
      offered.dispose();
      channel.dispose();
    });
    showPage(panel, this.extensionUri, page, exportedPanelElement(text, file));
  }
}
