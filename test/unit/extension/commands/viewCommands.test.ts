/** @file Show a Surprising Word where it cannot show one: the user reads why. */
import { beforeEach, expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import { ViewCommands } from '../../../../extension/commands/viewCommands';
import type { Services } from '../../../../extension/editor/services';
import type { ModelState } from '../../../../extension/modelProcess/modelState';
import type { DocumentRef } from '../../../../model/protocol/documents';
import type { InspectRangeParams } from '../../../../model/protocol/inspection';
import { model } from '../inspection';

const told = vi.hoisted((): string[] => []);
const ran = vi.hoisted((): string[] => []);
/** Offsets of the chunks that the caret was set to. */
const shown: number[] = [];
vi.mock('vscode', () => ({
  ViewColumn: { One: 1 },
  TextEditorRevealType: {},
  Selection: vi.fn(),
  Uri: { file: (path: string) => ({ path, fsPath: path }) },
  window: {
    showErrorMessage: (sentence: string) => Promise.resolve(void told.push(sentence)),
    showTextDocument: () => Promise.resolve({ revealRange: () => undefined }),
  },
  workspace: {
    openTextDocument: (path: string) =>
      path === '/gone.md'
        ? Promise.reject(new Error('Found no /gone.md.'))
        : Promise.resolve({ uri: { path, fsPath: path } }),
    asRelativePath: ({ path }: { readonly path: string }) => path,
    notebookDocuments: [],
  },
  commands: { executeCommand: (command: string) => Promise.resolve(void ran.push(command)) },
}));

beforeEach(() => {
  for (const list of [told, ran, shown]) list.length = 0;
});

interface Situation {
  readonly sample?: string;
  /** The model's state, and what it is once it has been asked for. */
  readonly before?: ModelState;
  readonly after?: ModelState;
  readonly bytes?: number;
  readonly inspect?: (
    documents: unknown,
    name: 'inspect/range',
    params: (ref: DocumentRef) => InspectRangeParams,
  ) => Promise<{ readonly surprise: Float32Array }>;
}

const surprised: Situation['inspect'] = (_, __, params) => {
  const { firstChunk, count } = params({ uri: '', version: 1 });
  return Promise.resolve({ surprise: Float32Array.from({ length: count }, (_, i) => firstChunk + i) });
};

const ready: ModelState = { kind: 'ready', folder: '/m', model };

function commands({ sample = '/story.md', before = ready, after = before, bytes = 3, inspect = surprised }: Situation) {
  const models = {
    state: before,
    ensure: () => {
      models.state = after;
      return Promise.resolve(after.kind === 'ready' ? after.model : null);
    },
  };
  const services = {
    models,
    client: { askAbout: inspect },
    voters: { changes: [] },
    texts: {
      get: () => ({ bytes: new Uint8Array(bytes) }),
      chunkRange: (_: unknown, offset: number) => {
        shown.push(offset);
        return { start: {} };
      },
    },
  } as unknown as Services;
  const log = { error: () => undefined } as unknown as vscode.LogOutputChannel;
  type Given = ConstructorParameters<typeof ViewCommands>;
  return new ViewCommands(services, {} as Given[1], {} as unknown as Given[2], sample, log);
}

test('a text shorter than a chunk has a word, too', async () => {
  expect(await commands({}).showSurprise()).toBeUndefined();
  expect([shown, ran, told]).toEqual([[0], ['editor.action.showHover'], []]);
});

const failed: ModelState = { kind: 'error', folder: '/m', message: 'Cannot read /m/config.json: no such file.' };
const cases: readonly (Situation & { readonly what: string; readonly sentence: string })[] = [
  {
    what: 'the model was unloaded',
    before: { kind: 'none', message: null },
    sentence: 'No model is loaded: choose one with Load Model… first.',
  },
  {
    what: 'there is no model, for a reason',
    before: { kind: 'none', message: 'This build holds no starter model: load or train one.' },
    sentence: 'This build holds no starter model: load or train one.',
  },
  { what: 'the model could not be loaded', before: failed, sentence: failed.message },
  {
    what: 'the model process fails',
    inspect: () => Promise.reject(new Error('The model process ended before it answered.')),
    sentence: 'The model process ended before it answered.',
  },
  {
    what: 'the sample was emptied',
    bytes: 0,
    sentence: 'story.md is empty, so no word in it can surprise: take back what was deleted.',
  },
  { what: 'the sample is not there', sample: '/gone.md', sentence: 'Found no /gone.md.' },
];
test.each(cases)('one sentence where $what', async ({ sentence, ...situation }) => {
  expect(await commands(situation).showSurprise()).toEqual({ error: sentence });
  expect([told, shown, ran]).toEqual([[sentence], [], []]);
});

test('a load that fails now tells it itself, once', async () => {
  const situation = { before: { kind: 'idle', folder: '/m' }, after: failed } as const;
  expect(await commands(situation).showSurprise()).toEqual({ error: failed.message });
  expect(told).toEqual([]);
});
