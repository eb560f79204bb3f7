/** @file What documents are called: relative to the workspace, cells by their notebook and number, and never with the folders above. */
import { expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import { documentName } from '../../../extension/editor/documentName';

interface FakeUri {
  readonly scheme: string;
  readonly path: string;
  readonly fsPath: string;
}

const uri = (scheme: string, path: string): FakeUri => ({ scheme, path, fsPath: path });
const ROOT = '/home/ada/project/';
const notebooks: { getCells(): { readonly index: number; readonly document: unknown }[] }[] = [];

// As VS Code: relative only for a file of the workspace, else the path.
vi.mock('vscode', () => ({
  Uri: { file: (path: string) => uri('file', path) },
  workspace: {
    get notebookDocuments() {
      return notebooks;
    },
    asRelativePath: ({ scheme, path }: FakeUri) =>
      scheme === 'file' && path.startsWith(ROOT) ? path.slice(ROOT.length) : path,
  },
}));

const name = (of: FakeUri): string => documentName({ uri: of } as unknown as vscode.TextDocument);

it.each([
  ['file', `${ROOT}docs/notes.md`, 'docs/notes.md'],
  ['git', `${ROOT}docs/notes.md`, 'docs/notes.md'],
  ['file', '/home/ada/diary.txt', 'diary.txt'],
  ['git', '/home/ada/diary.txt', 'diary.txt'],
  ['untitled', 'Untitled-1', 'Untitled-1'],
])('%s:%s is %s', (scheme, path, expected) => {
  expect(name(uri(scheme, path))).toBe(expected);
});

it.each([
  [`${ROOT}analysis.ipynb`, 'analysis.ipynb, cell 3'],
  ['/home/ada/analysis.ipynb', 'analysis.ipynb, cell 3'],
])('the third cell of %s is %s', (path, expected) => {
  const cells = [0, 1, 2].map((index) => ({ index, document: { uri: uri('vscode-notebook-cell', path) } }));
  notebooks.splice(0, notebooks.length, { getCells: () => cells });
  expect(documentName(cells[2]!.document as unknown as vscode.TextDocument)).toBe(expected);
});
