/** @file The offer of colours: made once, for a text that is on the screen. */
import { beforeEach, expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import { FirstColours } from '../../../extension/editor/firstColours';
import type { FirstColoursOptions } from '../../../extension/editor/firstColours';

const { window } = vi.hoisted(() => ({ window: { visibleTextEditors: [] as unknown[], offers: 0 } }));
vi.mock('vscode', () => ({
  window: Object.assign(window, {
    activeTextEditor: undefined,
    onDidChangeVisibleTextEditors: () => ({ dispose: () => undefined }),
    showInformationMessage: () => {
      window.offers++;
      return Promise.resolve(undefined);
    },
  }),
  workspace: { onDidChangeConfiguration: () => ({ dispose: () => undefined }) },
}));

function editorOf(text: string, scheme = 'file') {
  return {
    document: {
      uri: { scheme },
      lineCount: 1,
      lineAt: () => ({ text, range: { end: text.length } }),
      offsetAt: (at: number) => at,
    },
  };
}

/** Begins with a model that gets ready, and tells what the text is coloured by. */
function begin(): { readonly shown: unknown[] } {
  const shown: unknown[] = [];
  const kept = new Map<string, unknown>();
  const memory = { get: (key: string) => kept.get(key), update: (key: string, value: unknown) => kept.set(key, value) };
  let ready: () => void = () => undefined;
  const models = {
    state: { kind: 'ready' },
    onDidChange: (listener: () => void) => {
      ready = listener;
      return { dispose: () => undefined };
    },
  };
  const colours = { isChosen: false, show: (choice: unknown) => shown.push(choice) };
  new FirstColours({ models, colours, memory: memory as unknown as vscode.Memento } as unknown as FirstColoursOptions);
  ready();
  ready();
  return { shown };
}

beforeEach(() => {
  Object.assign(window, { visibleTextEditors: [], offers: 0 });
});

test('a text beside the Welcome page, which has the focus, is coloured, with one offer', () => {
  window.visibleTextEditors = [editorOf('The tide of day 7')];
  expect(begin().shown).toEqual([{ name: 'surprise' }]);
  expect(window.offers).toBe(1);
});

test('an empty text and one that is no document are not', () => {
  window.visibleTextEditors = [editorOf(''), editorOf('log', 'output')];
  expect(begin().shown).toEqual([]);
  expect(window.offers).toBe(0);
});
