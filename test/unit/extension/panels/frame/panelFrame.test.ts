/** @file What every panel has from its frame: one at a time, restored after a reload, ready and hidden, its questions, its failures, its end. */
import { beforeEach, expect, test, vi } from 'vitest';
import type { PageName } from '../../../../../model/protocol/panels/panels';
import { ModelProcessExitError } from '../../../../../extension/modelProcess/errors';
import { definePanel } from '../../../../../extension/panels/frame/definePanel';
import type { PanelServices } from '../../../../../extension/panels/frame/exportablePanels';
import type { PanelContent, PanelDefinition, PanelFrame } from '../../../../../extension/panels/frame/panelFrame';

type Listener<T> = (value: T) => void;

/** An event as VS Code has it. */
class Signal<T> {
  readonly #listeners = new Set<Listener<T>>();

  readonly on = (listener: Listener<T>) => {
    this.#listeners.add(listener);
    return { dispose: () => this.#listeners.delete(listener) };
  };

  fire(value: T): void {
    for (const listener of [...this.#listeners]) listener(value);
  }

  get size(): number {
    return this.#listeners.size;
  }
}

class FakePanel {
  readonly said = new Signal<unknown>();
  readonly viewState = new Signal<undefined>();
  readonly closed = new Signal<undefined>();
  readonly title = 'Comparison';
  readonly posted: unknown[] = [];
  readonly reveal = vi.fn();
  readonly dispose = vi.fn(() => {
    this.closed.fire(undefined);
  });
  readonly webview = {
    html: '',
    options: {},
    cspSource: '',
    asWebviewUri: String,
    onDidReceiveMessage: this.said.on,
    postMessage: (message: unknown) => Promise.resolve(this.posted.push(message) > 0),
  };
  readonly onDidChangeViewState = this.viewState.on;
  readonly onDidDispose = this.closed.on;
  visible = true;
}

const editor = vi.hoisted(() => ({
  made: [] as unknown[],
  make: (): unknown => undefined,
  serializers: new Map<string, { deserializeWebviewPanel: (panel: unknown, state: unknown) => Promise<void> }>(),
  groups: [] as { readonly viewColumn: number; readonly tabs: readonly { readonly input: unknown }[] }[],
  run: vi.fn<(...command: readonly unknown[]) => Promise<void>>(() => Promise.resolve()),
  WebviewTab: class {
    constructor(readonly viewType: string) {}
  },
}));
vi.mock('vscode', () => ({
  Uri: { joinPath: (_: unknown, ...path: string[]) => path.join('/') },
  ViewColumn: { Beside: -2 },
  commands: { executeCommand: editor.run },
  TabInputWebview: editor.WebviewTab,
  Disposable: class {
    constructor(readonly dispose: () => void) {}
  },
  window: {
    tabGroups: { all: editor.groups },
    createWebviewPanel: () => {
      const panel = editor.make();
      editor.made.push(panel);
      return panel;
    },
    registerWebviewPanelSerializer: (type: string, serializer: never) => {
      editor.serializers.set(type, serializer);
      return { dispose: () => editor.serializers.delete(type) };
    },
  },
}));

beforeEach(() => {
  editor.made.length = 0;
  editor.groups.length = 0;
  editor.run.mockClear();
  editor.make = () => new FakePanel();
});

function services() {
  const modelChanges = new Signal<unknown>();
  const selectionChanges = new Signal<{ readonly document: boolean }>();
  const open = new Set<unknown>();
  const watches = new Set<unknown>();
  const select = vi.fn();
  const restore = vi.fn();
  const fake = {
    extensionUri: {},
    models: { onDidChange: modelChanges.on, state: { kind: 'ready', model: { votersPerBit: 128 } } },
    selection: {
      onDidChange: selectionChanges.on,
      selection: { offset: 4, bit: null, voter: null, locked: false },
      select,
      restore,
      watch: () => {
        const watch = { takeMoveTime: () => null, dispose: () => watches.delete(watch) };
        watches.add(watch);
        return watch;
      },
    },
    timings: { record: vi.fn() },
    exports: {
      add: (panel: unknown) => {
        open.add(panel);
        return { dispose: () => open.delete(panel) };
      },
    },
  };
  return { fake: fake as unknown as PanelServices, modelChanges, selectionChanges, open, watches, select, restore };
}

/** A comparison's panel with made-up content. */
function opened(
  content: Partial<PanelContent<'comparison'>> = {},
  { timing = 'caretToComparison' }: Pick<Partial<PanelDefinition<PageName>>, 'timing'> = {},
) {
  const around = services();
  const calls: string[] = [];
  let frame: PanelFrame<'comparison'> | undefined;
  const kind = definePanel(around.fake, {
    page: 'comparison',
    title: 'Comparison',
    timing,
    content: (made) => {
      frame = made;
      return {
        show: () => {
          calls.push('show');
        },
        dispose: () => {
          calls.push('dispose');
        },
        ...content,
      };
    },
  });
  kind.open();
  return { ...around, kind, calls, frame: frame!, panel: editor.made[0] as FakePanel };
}

/** Until what was started has settled. */
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test('shows nothing before its page is ready, and what there is after every change', async () => {
  const { calls, panel, modelChanges, selectionChanges } = opened();
  modelChanges.fire({});
  await settled();
  expect(calls).toEqual([]);
  panel.said.fire({ type: 'ready' });
  await settled();
  expect(calls).toEqual(['show']);
  modelChanges.fire({});
  await settled();
  selectionChanges.fire({ document: false });
  await settled();
  expect(calls).toEqual(['show', 'show', 'show']);
});

test('a change of the selection alone is shown by itself where the content can', async () => {
  const showSelection = vi.fn();
  const { calls, panel, selectionChanges } = opened({ showSelection });
  panel.said.fire({ type: 'ready' });
  await settled();
  selectionChanges.fire({ document: false });
  expect(showSelection).toHaveBeenCalledTimes(1);
  selectionChanges.fire({ document: true });
  await settled();
  expect(calls).toEqual(['show', 'show']);
});

test('there is one at a time: it is revealed, and another one that is restored is closed', async () => {
  const { kind, panel, restore } = opened();
  kind.open();
  expect(editor.made).toHaveLength(1);
  expect(panel.reveal).toHaveBeenCalledTimes(1);
  const restored = new FakePanel();
  await editor.serializers.get('smuggler.comparison')!.deserializeWebviewPanel(restored, null);
  expect(restored.dispose).toHaveBeenCalledTimes(1);
  expect(restore).not.toHaveBeenCalled();
  panel.dispose();
  const next = new FakePanel();
  await editor.serializers.get('smuggler.comparison')!.deserializeWebviewPanel(next, null);
  expect(next.dispose).not.toHaveBeenCalled();
  expect(next.webview.html).toContain('comparison.js');
  // What was selected comes back with it.
  expect(restore).toHaveBeenCalledTimes(1);
});

test('a tab that has not been shown since the window was loaded again is shown, and no second one made', async () => {
  const tab = (page: string) => ({ input: new editor.WebviewTab(`mainThreadWebview-smuggler.${page}`) });
  editor.groups.push(
    { viewColumn: 1, tabs: [{ input: {} }] },
    { viewColumn: 2, tabs: [tab('votes'), tab('comparison')] },
  );
  opened();
  await settled();
  expect(editor.made).toEqual([]);
  expect(editor.run.mock.calls).toEqual([
    ['workbench.action.focusSecondEditorGroup'],
    ['workbench.action.openEditorAtIndex', 1],
  ]);
});

test('a question and a selection of the page reach the content and the editor', () => {
  const answer = vi.fn();
  const { panel, select } = opened({ answer });
  panel.said.fire({ type: 'ask', ask: 'measure' });
  expect(answer).toHaveBeenCalledExactlyOnceWith('measure');
  const chosen = { offset: 8, bit: 3, voter: null, locked: false };
  panel.said.fire({ type: 'select', selection: chosen, reveal: true });
  expect(select).toHaveBeenCalledExactlyOnceWith(chosen, 128, true);
});

test('what fails is shown in place of the numbers, and the content forgets what it had posted', async () => {
  const forget = vi.fn();
  const { panel } = opened({ show: () => Promise.reject(new Error('The disk is full.')), forget });
  panel.said.fire({ type: 'ready' });
  await settled();
  expect(panel.posted).toMatchObject([{ type: 'state', state: { kind: 'error', message: 'The disk is full.' } }]);
  // Once for the page, once for the failure.
  expect(forget).toHaveBeenCalledTimes(2);
});

test('of a model process that ended the panel says nothing: the model is loaded again', async () => {
  const { panel } = opened({ show: () => Promise.reject(new ModelProcessExitError('killed')) });
  panel.said.fire({ type: 'ready' });
  await settled();
  expect(panel.posted).toEqual([]);
});

test('a panel out of sight has no page, watches nothing and says so', async () => {
  const hidden = vi.fn();
  const { calls, frame, panel, modelChanges, watches } = opened({ hidden });
  panel.said.fire({ type: 'ready' });
  await settled();
  expect([frame.ready, watches.size]).toEqual([true, 1]);
  panel.visible = false;
  panel.viewState.fire(undefined);
  expect([frame.ready, watches.size]).toEqual([false, 0]);
  expect(hidden).toHaveBeenCalledTimes(1);
  modelChanges.fire({});
  await settled();
  expect(calls).toEqual(['show']);
  panel.visible = true;
  panel.viewState.fire(undefined);
  expect(watches.size).toBe(1);
});

test('a panel without a latency follows neither model nor caret', async () => {
  const { calls, panel, frame, modelChanges, selectionChanges, watches } = opened({}, { timing: null });
  panel.said.fire({ type: 'ready' });
  await settled();
  modelChanges.fire({});
  selectionChanges.fire({ document: true });
  await settled();
  expect(calls).toEqual(['show']);
  expect(watches.size).toBe(0);
  frame.post({ kind: 'empty', message: 'Nothing.', action: null });
  expect(panel.posted).toMatchObject([{ selection: null }]);
});

test('closing it ends everything', () => {
  const end = vi.fn();
  const { calls, frame, panel, modelChanges, open, selectionChanges, watches } = opened();
  frame.keep({ dispose: end });
  expect(open.size).toBe(1);
  panel.dispose();
  expect(calls).toEqual(['dispose']);
  expect(end).toHaveBeenCalledTimes(1);
  expect([open.size, watches.size, modelChanges.size, selectionChanges.size, panel.said.size]).toEqual([0, 0, 0, 0, 0]);
});
