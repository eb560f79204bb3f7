/** @file Which text the selection is in where no text has the focus. */
import { beforeEach, expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import { SelectionService } from '../../../extension/editor/selectionService';
import { DocumentTexts } from '../../../extension/modelProcess/documentTexts';

const { window, listeners } = vi.hoisted(() => {
  const window: { activeTextEditor: unknown; visibleTextEditors: unknown[] } = {
    activeTextEditor: undefined,
    visibleTextEditors: [],
  };
  return { window, listeners: new Map<string, (event: unknown) => void>() };
});
vi.mock('vscode', () => {
  const listen = (name: string) => (listener: (event: unknown) => void) => {
    listeners.set(name, listener);
    return { dispose: () => listeners.delete(name) };
  };
  class Range {
    constructor(
      readonly start: unknown,
      readonly end: unknown,
    ) {}
  }
  return {
    Range,
    Position: Object,
    ThemeColor: Object,
    EventEmitter: class {
      readonly event = () => ({ dispose: () => undefined });
      fire() {}
      dispose() {}
    },
    OverviewRulerLane: {},
    DecorationRangeBehavior: {},
    commands: { executeCommand: () => Promise.resolve() },
    window: Object.assign(window, {
      createTextEditorDecorationType: () => ({ dispose: () => undefined }),
      onDidChangeActiveTextEditor: listen('active'),
      onDidChangeVisibleTextEditors: listen('visible'),
      onDidChangeTextEditorSelection: listen('selection'),
    }),
    workspace: {
      onDidChangeTextDocument: listen('change'),
      onDidCloseTextDocument: listen('close'),
    },
  };
});

/** An editor that shows this text, with the caret at a byte. */
function editorOf(text: string, caret: number, scheme = 'file'): vscode.TextEditor {
  const position = (character: number) => ({ line: 0, character });
  const document = {
    uri: { scheme, toString: () => `${scheme}:/${text}` },
    version: 1,
    isClosed: false,
    lineCount: 1,
    getText: () => text,
    lineAt: () => ({ range: { end: position(text.length) } }),
    offsetAt: ({ character }: vscode.Position) => character,
    positionAt: position,
  };
  const editor = { document, selection: { active: position(caret) }, setDecorations: () => undefined };
  return editor as unknown as vscode.TextEditor;
}

function serviceFor(): SelectionService {
  const memory = { get: () => undefined, update: () => Promise.resolve() } as unknown as vscode.Memento;
  const service = new SelectionService(new DocumentTexts(), memory);
  service.watch();
  vi.runAllTimers();
  return service;
}

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(window, { activeTextEditor: undefined, visibleTextEditors: [] });
  return () => {
    vi.useRealTimers();
  };
});

test('after a reload a panel can have the focus before any text: the text on the screen is looked at', () => {
  window.visibleTextEditors = [editorOf('log', 0, 'output'), editorOf('The tide of day 7', 9)];
  expect(serviceFor().selection).toMatchObject({ offset: 8 });
});

test('so is a text that appears later', () => {
  const service = serviceFor();
  expect(service.selection).toBeNull();
  window.visibleTextEditors = [editorOf('The tide of day 7', 13)];
  listeners.get('visible')!(window.visibleTextEditors);
  vi.runAllTimers();
  expect(service.selection).toMatchObject({ offset: 12 });
});

test('the text that was looked at stays while a panel has the focus, though another is on the screen too', () => {
  const [one, other] = [editorOf('The tide of day 7', 9), editorOf('Another text', 1)];
  Object.assign(window, { activeTextEditor: other, visibleTextEditors: [one, other] });
  const service = serviceFor();
  window.activeTextEditor = undefined;
  listeners.get('active')!(undefined);
  vi.runAllTimers();
  expect(service.document).toBe(other.document);
});

test('a smaller model takes the selection of a voter that it does not have, whenever that was selected', () => {
  window.activeTextEditor = editorOf('The tide of day 7', 9);
  const service = serviceFor();
  service.select({ offset: 8, bit: 2, voter: 52, locked: true }, 128, false);
  service.fitTo(64);
  expect(service.selection).toMatchObject({ bit: 2, voter: 52 });
  service.fitTo(16);
  expect(service.selection).toEqual({ offset: 8, bit: 2, voter: null, locked: true });
  // An answer that was under way is still of the larger one.
  service.select({ offset: 8, bit: 2, voter: 52, locked: true }, 128, false);
  expect(service.selection).toMatchObject({ bit: 2, voter: null });
});

test('a bit stays selected, and is shown while a panel is on the screen; the text alone shows none', () => {
  window.activeTextEditor = editorOf('The tide of day 7', 9);
  const memory = { get: () => undefined, update: () => Promise.resolve() } as unknown as vscode.Memento;
  const service = new SelectionService(new DocumentTexts(), memory);
  service.watch('text');
  vi.runAllTimers();
  expect(service.showsBits).toBe(false);
  const panel = service.watch();
  expect(service.showsBits).toBe(true);
  service.select({ offset: 8, bit: 2, voter: null, locked: false }, 128, false);
  panel.dispose();
  vi.runAllTimers();
  expect(service.showsBits).toBe(false);
  expect(service.selection).toMatchObject({ offset: 8, bit: 2 });
});
