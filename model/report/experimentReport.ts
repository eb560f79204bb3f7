/** @file Experiments as one page that any browser opens: the Experiments panel with its state inside. */
import { join } from 'node:path';
import { isFileSystemError } from '../files/fileSystemError';
import { readRegularFile } from '../files/readRegularFile';
import { experimentSource } from '../measures/experimentText';
import { encodePanel } from '../measures/panelDocument';
import type { ExperimentResult } from '../protocol/experiments';
import type { PageTheme } from '../protocol/panels/export';
import type { ExperimentsReady } from '../protocol/panels/experiments';
import { standAlonePage } from './standAlonePage';

/** The panel's program and style sheet. */
export interface ReportPage {
  readonly script: string;
  readonly style: string;
}

/**
 * The page as it was built; null where it was not.
 * @param programs the folder `out/`, in which this program is
 * @throws FileSystemError
 */
export async function readReportPage(programs: string): Promise<ReportPage | null> {
  const read = async (extension: string): Promise<string> =>
    (await readRegularFile(join(programs, 'webview', `experiments.${extension}`))).toString('utf8');
  try {
    const [script, style] = await Promise.all([read('js'), read('css')]);
    return { script, style };
  } catch (error) {
    if (isFileSystemError(error) && error.code === 'ENOENT') return null;
    throw error;
  }
}

/** Dark ink on white, as it is printed: the contrasts of VS Code's light theme. */
const THEME: PageTheme = {
  bodyClass: 'vscode-light',
  variables: {
    '--vscode-font-family': 'system-ui, "Segoe UI", "Noto Sans", sans-serif',
    '--vscode-editor-font-family': 'ui-monospace, "DejaVu Sans Mono", monospace',
    '--vscode-foreground': '#3b3b3b',
    '--vscode-descriptionForeground': '#3b3b3b',
    '--vscode-errorForeground': '#a1260d',
    '--vscode-focusBorder': '#005fb8',
    '--vscode-editor-background': '#ffffff',
    '--vscode-button-background': '#005fb8',
    '--vscode-button-foreground': '#ffffff',
    '--vscode-button-hoverBackground': '#0258a8',
    '--vscode-button-secondaryBackground': '#e5e5e5',
    '--vscode-button-secondaryForeground': '#3b3b3b',
    '--vscode-button-secondaryHoverBackground': '#cccccc',
    '--vscode-editorHoverWidget-background': '#f8f8f8',
    '--vscode-editorHoverWidget-foreground': '#3b3b3b',
    '--vscode-editorHoverWidget-border': '#c8c8c8',
  },
};

/**
 * The text of a page with what experiments found and the claims that this tells of. It asks for nothing else.
 * @param results one opens on itself, several on the claims
 * @param written when, ISO 8601 in UTC
 */
export function experimentReport(results: readonly ExperimentResult[], page: ReportPage, written: string): string {
  const state: ExperimentsReady = {
    kind: 'ready',
    experiments: results.map((result) => ({
      id: result.name,
      place: '',
      experiment: result.name,
      result,
      message: null,
      isRunning: false,
      progress: null,
      canResume: false,
    })),
    model: null,
  };
  const [only] = results;
  const title = results.length === 1 && only !== undefined ? only.title : 'Experiments';
  const document = encodePanel({
    about: { panel: 'experiments', title, exported: written, extension: only?.setup.version ?? '' },
    caption: results.map(experimentSource).join('\n'),
    selection: null,
    view: {},
    states: [state],
  });
  return standAlonePage({ title, document, theme: THEME, ...page });
}
