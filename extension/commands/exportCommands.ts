/** @file Export Panel… and Open Exported Panel…. */
import path from 'node:path';
import { readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { atomicWrite } from '../../model/checkpoint/atomicWrite';
import { told } from '../../model/files/fileSystemError';
import type { ExportContent, ExportFormat } from '../../model/protocol/panels/export';
import type { ExportablePanel, ExportablePanels } from '../panels/frame/exportablePanels';
import { standAlonePage } from '../../model/report/standAlonePage';
import type { ExportedPanels } from '../panels/export/exportedPanels';
import { webviewFolder } from '../panels/frame/html';
import { findExportsFolder, makeExportsFolder } from './exportsFolder';
import { reportFailure } from './report';
import type { CommandFailure } from './report';
import { showInformation } from '../notifications';

interface FormatItem extends vscode.QuickPickItem {
  readonly format: ExportFormat;
}

const FORMATS: readonly FormatItem[] = [
  { format: 'svg', label: 'SVG', description: 'a picture with vector axes and text' },
  { format: 'png', label: 'PNG', description: 'a picture at twice the size' },
  { format: 'csv', label: 'CSV', description: 'the table' },
  { format: 'json', label: 'JSON', description: 'data and provenance; Open Exported Panel… reads it' },
  { format: 'html', label: 'HTML', description: 'the panel as a page that any browser opens' },
];

/** Skips the questions. */
export interface ExportPanelArguments {
  readonly panel: string;
  readonly format: ExportFormat;
  readonly file: string;
}

export interface ExportedTo {
  readonly panel: string;
  readonly file: string;
}

export interface ExportCommandsOptions {
  readonly exports: ExportablePanels;
  readonly exported: ExportedPanels;
  readonly extensionUri: vscode.Uri;
  /** Of the extension. */
  readonly version: string;
  readonly log: vscode.LogOutputChannel;
}

export class ExportCommands {
  constructor(private readonly options: ExportCommandsOptions) {}

  /** Export Panel… */
  async exportPanel(wanted: Partial<ExportPanelArguments> = {}): Promise<ExportedTo | CommandFailure | undefined> {
    try {
      const panel = await this.#choosePanel(wanted.panel);
      if (panel === undefined) return undefined;
      if ('error' in panel) return panel;
      const format = wanted.format ?? (await this.#chooseFormat(panel));
      if (format === undefined) return undefined;
      // Before the file is asked for: what is exported is what is shown now.
      const data = await vscode.window.withProgress(
        { location: vscode.ProgressLocation.Window, title: `SMUGGLER: exporting ${panel.title}` },
        () => this.#content(panel, format),
      );
      const file = wanted.file ?? (await this.#chooseFile(panel, format));
      if (file === undefined) return undefined;
      await atomicWrite(file, data);
      if (wanted.file === undefined) this.#tell(file, format);
      return { panel: panel.page, file };
    } catch (error) {
      return reportFailure(error, this.options.log);
    }
  }

  /**
   * Open Exported Panel…
   * @param given path of the file; asked for unless given
   */
  async openExported(given?: string): Promise<ExportedTo | CommandFailure | undefined> {
    try {
      const file = given ?? (await this.#browse());
      if (file === undefined) return undefined;
      return { file, panel: await this.options.exported.open(file) };
    } catch (error) {
      return reportFailure(error, this.options.log);
    }
  }

  /** The panel that is active, the only one that is shown, or the one that the user chooses. */
  async #choosePanel(page: string | undefined): Promise<ExportablePanel | CommandFailure | undefined> {
    const { exports, log } = this.options;
    const { shown } = exports;
    if (page !== undefined) {
      const named = shown.find((panel) => panel.page === page);
      return named ?? reportFailure(new Error(`No panel "${page}" is shown, so it cannot be exported.`), log);
    }
    if (shown.length === 0) {
      return reportFailure(
        new Error('No panel is shown; open one, such as the Sparsity Heatmap, and export it then.'),
        log,
      );
    }
    if (exports.active !== undefined || shown.length === 1) return exports.active ?? shown[0];
    const items = shown.map((panel) => ({ label: panel.panel.title ?? panel.title, panel }));
    const choice = await vscode.window.showQuickPick(items, { title: 'Export Panel', placeHolder: 'Which panel' });
    return choice?.panel;
  }

  async #chooseFormat({ title }: ExportablePanel): Promise<ExportFormat | undefined> {
    const choice = await vscode.window.showQuickPick(FORMATS, {
      title: `Export ${title}`,
      placeHolder: 'As what',
      matchOnDescription: true,
    });
    return choice?.format;
  }

  async #chooseFile({ page, title }: ExportablePanel, format: ExportFormat): Promise<string | undefined> {
    const uri = await vscode.window.showSaveDialog({
      title: `Export ${title}`,
      saveLabel: 'Export',
      defaultUri: vscode.Uri.file(path.join(await makeExportsFolder(), `${page}.${format}`)),
      filters: { [format.toUpperCase()]: [format] },
    });
    return uri?.fsPath;
  }

  /** What the page shows, as the content of a file. */
  async #content(panel: ExportablePanel, format: ExportFormat): Promise<Uint8Array | string> {
    const about = panel.about ?? {
      panel: panel.page,
      title: panel.title,
      exported: new Date().toISOString(),
      extension: this.options.version,
    };
    const content: ExportContent = await panel.channel.export(format, about);
    switch (content.kind) {
      case 'failure':
        throw new Error(content.message);
      case 'text':
        return content.text;
      case 'bytes':
        return content.bytes;
      case 'page': {
        const read = (name: string) => {
          const file = path.join(webviewFolder(this.options.extensionUri).fsPath, name);
          return told('read', file, () => readFile(file, 'utf8'));
        };
        const [script, style] = await Promise.all([read(`${panel.page}.js`), read(`${panel.page}.css`)]);
        const { document, theme } = content;
        return standAlonePage({ title: about.title, document, theme, script, style });
      }
    }
  }

  async #browse(): Promise<string | undefined> {
    const folder = await findExportsFolder();
    const chosen = await vscode.window.showOpenDialog({
      ...(folder === undefined ? {} : { defaultUri: vscode.Uri.file(folder) }),
      title: 'Open Exported Panel',
      openLabel: 'Open',
      filters: { 'Exported panel': ['json'] },
    });
    return chosen?.[0]?.fsPath;
  }

  /** Says where it is, without waiting for the user. */
  #tell(file: string, format: ExportFormat): void {
    const uri = vscode.Uri.file(file);
    void showInformation(`Exported to ${file}.`, 'Open').then((choice) => {
      if (choice === undefined) return;
      if (format === 'html') void vscode.env.openExternal(uri);
      else if (format === 'json') void this.openExported(file);
      else void vscode.commands.executeCommand('vscode.open', uri);
    });
  }
}
