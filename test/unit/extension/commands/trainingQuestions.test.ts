/** @file Which texts Train Model… offers, and in which order. */
import { expect, it, vi } from 'vitest';
import { askTraining } from '../../../../extension/commands/trainingQuestions';

interface Item {
  readonly label: string;
  readonly description: string;
  readonly value: readonly string[] | null;
}

let offered: readonly Item[] = [];
const window = {
  activeTextEditor: undefined as object | undefined,
  // The user changes their mind at the first question.
  showQuickPick: (items: readonly Item[]) => {
    offered = items;
    return Promise.resolve(undefined);
  },
};
const workspace = {
  workspaceFolders: undefined as readonly object[] | undefined,
  asRelativePath: ({ fsPath }: { readonly fsPath: string }) => fsPath.replace('/home/sea/', ''),
};
vi.mock('vscode', () => ({
  ThemeIcon: vi.fn(),
  get window() {
    return window;
  },
  get workspace() {
    return workspace;
  },
}));

const uri = (fsPath: string) => ({ scheme: 'file', fsPath });
const never = () => {
  throw new Error('No question but the first was to be asked.');
};

async function ask(): Promise<readonly Item[]> {
  const places = { sample: import.meta.dirname, trainingFolder: 'models', storage: '/storage' };
  const costs = { cost: never, measurePreset: never, measureProduct: never };
  expect(await askTraining(places, never, costs, never)).toBeUndefined();
  return offered;
}

it('the whole workspace comes first, then the open file, any folder, and the sample', async () => {
  workspace.workspaceFolders = [
    { name: 'sea', uri: uri('/home/sea') },
    { name: 'sky', uri: uri('/home/sky') },
  ];
  window.activeTextEditor = { document: { uri: uri('/home/sea/tides.md') } };
  expect((await ask()).map(({ label, description, value }) => [label, description, value])).toEqual([
    ['$(root-folder) Workspace', 'sea, sky', ['/home/sea', '/home/sky']],
    ['$(file) Open File', 'tides.md', ['/home/sea/tides.md']],
    ['$(folder-opened) Folder…', 'every text file in a folder of your choice', null],
    ['$(book) Bundled Sample', 'a few short texts, to try it out', [import.meta.dirname]],
  ]);
});

it('without a folder and a file there is no question about them', async () => {
  workspace.workspaceFolders = undefined;
  window.activeTextEditor = undefined;
  expect((await ask()).map(({ label }) => label)).toEqual(['$(folder-opened) Folder…', '$(book) Bundled Sample']);
});
