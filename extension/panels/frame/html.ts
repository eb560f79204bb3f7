/** @file The page of a webview: one script, one style sheet, nothing from anywhere else. */
import { randomBytes } from 'node:crypto';
import * as vscode from 'vscode';
import type { PageName } from '../../../model/protocol/panels/panels';
import { escapeHtml } from '../../../model/measures/escapeHtml';

/** A folder of webview/ each. */
export const PAGES = Object.keys({
  votes: true,
  heatmap: true,
  specialization: true,
  overview: true,
  attention: true,
  depthLens: true,
  comparison: true,
  experiments: true,
  trainingMonitor: true,
} satisfies Record<PageName, true>) as readonly PageName[];

export function isPage(name: string): name is PageName {
  return PAGES.some((page) => page === name);
}

/** Folder of the built scripts and styles: the only one that a webview may read. */
export function webviewFolder(extension: vscode.Uri): vscode.Uri {
  return vscode.Uri.joinPath(extension, 'out', 'webview');
}

export function webviewOptions(extension: vscode.Uri): vscode.WebviewOptions {
  return { enableScripts: true, enableForms: false, localResourceRoots: [webviewFolder(extension)] };
}

/**
 * The page's HTML; `title` is for screen readers.
 * @param content stands before the page's program
 */
function pageHtml(webview: vscode.Webview, extension: vscode.Uri, page: PageName, title: string, content = ''): string {
  const nonce = randomBytes(16).toString('base64');
  const resource = (file: string) =>
    webview.asWebviewUri(vscode.Uri.joinPath(webviewFolder(extension), file)).toString();
  const policy = [
    `default-src 'none'`,
    `style-src ${webview.cspSource} 'nonce-${nonce}'`,
    `script-src 'nonce-${nonce}'`,
    `font-src ${webview.cspSource}`,
    `img-src ${webview.cspSource} data:`,
  ].join('; ');
  return `<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="UTF-8">
    <meta http-equiv="Content-Security-Policy" content="${policy}">
    <meta name="viewport" content="width=device-width, initial-scale=1.0">
    <title>${escapeHtml(title)}</title>
    <link rel="stylesheet" href="${resource(`${page}.css`)}">
  </head>
  <body data-state="loading">
    ${content}
    <script nonce="${nonce}" src="${resource(`${page}.js`)}"></script>
  </body>
</html>`;
}

/**
 * Makes an editor panel show a page, once whoever listens to it is there.
 * @param content as for `pageHtml`
 */
export function showPage(panel: vscode.WebviewPanel, extension: vscode.Uri, page: PageName, content?: string): void {
  const icon = (theme: string) => vscode.Uri.joinPath(extension, 'media', `smuggler-${theme}.svg`);
  panel.iconPath = { light: icon('light'), dark: icon('dark') };
  panel.webview.options = webviewOptions(extension);
  panel.webview.html = pageHtml(panel.webview, extension, page, panel.title, content);
}

/** The same of a view, which has no icon of its own. */
export function showViewPage(
  { webview }: vscode.WebviewView,
  extension: vscode.Uri,
  page: PageName,
  title: string,
): void {
  webview.options = webviewOptions(extension);
  webview.html = pageHtml(webview, extension, page, title);
}
