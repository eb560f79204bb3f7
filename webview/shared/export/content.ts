/** @file What is shown, in the format that was asked for. */
import { tableCsv } from './csv';
import type { ExportedPanel } from '../../../model/measures/panelDocument';
import { encodePanel } from '../../../model/measures/panelDocument';
import type { ExportContent, ExportFormat, PageTheme } from '../../../model/protocol/panels/export';
import type { PanelExport } from './panel';
import { panelPng } from './png';
import { panelSvg } from './svg';

/** The theme that VS Code has set on the page. */
function pageTheme(): PageTheme {
  const { style } = document.documentElement;
  const names = Array.from(style).filter((name) => name.startsWith('--vscode-'));
  return {
    bodyClass: Array.from(document.body.classList)
      .filter((name) => name.startsWith('vscode-'))
      .join(' '),
    variables: Object.fromEntries(names.map((name) => [name, style.getPropertyValue(name).trim()])),
  };
}

export async function exportContent(
  format: ExportFormat,
  offered: Pick<PanelExport<unknown>, 'table'>,
  panel: ExportedPanel,
): Promise<ExportContent> {
  switch (format) {
    case 'svg':
      return { kind: 'text', text: panelSvg(panel).text };
    case 'png':
      return { kind: 'bytes', bytes: await panelPng(panelSvg(panel)) };
    case 'csv':
      return { kind: 'text', text: tableCsv(offered.table()) };
    case 'json':
      return { kind: 'text', text: encodePanel(panel) };
    case 'html':
      return { kind: 'page', document: encodePanel(panel), theme: pageTheme() };
  }
}
