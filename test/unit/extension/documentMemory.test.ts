/** @file When the memory reads: after a document was opened or edited, another one in sight after it, never twice at a time, and the workspace's files first where that is set. */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import { DocumentMemory } from '../../../extension/editor/documentMemory';
import { isRead, knewText } from '../../../model/measures/memoryText';
import type { DocumentMemoryOptions } from '../../../extension/editor/documentMemory';
import { RequestCancelledError } from '../../../extension/modelProcess/errors';
import type { MemoryProgress, MemoryWorkspaceParams } from '../../../model/protocol/memory';

const host = vi.hoisted(() => ({
  setting: 'document',
  trusted: true,
  documents: [] as unknown[],
  visible: [] as { document: unknown }[],
  seen: [] as (() => void)[],
  changed: [] as ((event: { document: unknown; contentChanges: unknown[] }) => void)[],
  closed: [] as ((document: unknown) => void)[],
  configured: [] as ((event: { affectsConfiguration: () => boolean }) => void)[],
}));
vi.mock('vscode', () => ({
  EventEmitter: class<T> {
    readonly #listeners: ((value: T) => void)[] = [];
    readonly event = (listener: (value: T) => void) => {
      this.#listeners.push(listener);
      return { dispose: () => undefined };
    };
    fire(value: T) {
      for (const listener of this.#listeners) listener(value);
    }
    dispose() {
      this.#listeners.length = 0;
    }
  },
  TabInputText: class {
    readonly uri = { scheme: 'file', fsPath: '/w/open.ts' };
  },
  window: {
    tabGroups: { all: [] as { tabs: { input: unknown }[] }[] },
    get visibleTextEditors() {
      return host.visible;
    },
    onDidChangeVisibleTextEditors: (listener: () => void) => {
      host.seen.push(listener);
      return { dispose: () => undefined };
    },
  },
  workspace: {
    get textDocuments() {
      return host.documents;
    },
    workspaceFolders: [{ uri: { scheme: 'file', fsPath: '/w' } }],
    getWorkspaceFolder: (uri: { fsPath: string }) => (uri.fsPath.startsWith('/w/') ? {} : undefined),
    get isTrusted() {
      return host.trusted;
    },
    onDidChangeTextDocument: (listener: (event: { document: unknown; contentChanges: unknown[] }) => void) => {
      host.changed.push(listener);
      return { dispose: () => undefined };
    },
    onDidCloseTextDocument: (listener: (document: unknown) => void) => {
      host.closed.push(listener);
      return { dispose: () => undefined };
    },
    onDidGrantWorkspaceTrust: () => ({ dispose: () => undefined }),
    onDidChangeConfiguration: (listener: (event: { affectsConfiguration: () => boolean }) => void) => {
      host.configured.push(listener);
      return { dispose: () => undefined };
    },
  },
}));

vi.mock('../../../extension/configuration', () => ({
  SECTION: 'smuggler',
  excludedPatterns: () => ['*.log'],
  readSettings: () => ({ memory: host.setting, trainingMaxFileKilobytes: 1024 }),
}));

beforeEach(async () => {
  vi.useFakeTimers();
  const none = { documents: [], visible: [], seen: [], changed: [], closed: [], configured: [] };
  Object.assign(host, { setting: 'document', trusted: true, ...none });
  const { window, TabInputText } = await import('vscode');
  const groups = window.tabGroups.all as unknown as { tabs: { input: unknown }[] }[];
  groups.splice(0, groups.length, { tabs: [{ input: new (TabInputText as unknown as new () => unknown)() }] });
});
afterEach(() => {
  vi.useRealTimers();
});

interface Asked {
  readonly name: string;
  readonly params: Partial<MemoryWorkspaceParams> & {
    readonly scope?: string;
    readonly version?: number;
    readonly others?: unknown;
  };
  readonly progress: (progress: MemoryProgress) => void;
  readonly answer: (progress?: MemoryProgress) => void;
  isCancelled: boolean;
}

function documentAt(fsPath: string, scheme = 'file', units = 3) {
  return {
    uri: { scheme, fsPath, toString: () => `${scheme}://${fsPath}` },
    version: 1,
    lineCount: 1,
    lineAt: () => ({ range: { end: units } }),
    offsetAt: () => units,
  };
}

/** A memory over a model process that answers when the test says so. */
function memoryOf(fsPath = '/w/open.ts') {
  const document = documentAt(fsPath);
  const asked: Asked[] = [];
  let edited = (): void => undefined;
  let modelChanged = (): void => undefined;
  const state = { kind: 'ready' };
  const request = (name: string, params: Asked['params'], options: AskedOptions): Promise<unknown> =>
    new Promise((resolve, reject) => {
      const one: Asked = {
        name,
        params,
        progress: options.onProgress,
        answer: (progress = { bytes: 3, total: 3 }) => {
          resolve(progress);
        },
        isCancelled: false,
      };
      asked.push(one);
      options.token.onCancellationRequested(() => {
        one.isCancelled = true;
        reject(new RequestCancelledError('cancelled'));
      });
    });
  const warn = vi.fn();
  const memory = new DocumentMemory({
    models: {
      state,
      onDidChange: (listener: (state: { kind: string }) => void) => {
        modelChanged = () => {
          listener(state);
        };
        return { dispose: () => undefined };
      },
    },
    client: {
      onDidStartProcess: () => ({ dispose: () => undefined }),
      ask: request,
      askAbout: (
        documents: readonly (typeof document)[],
        name: string,
        params: (...refs: { version: number; uri?: string }[]) => Asked['params'],
        options: AskedOptions,
      ) => {
        const [first, ...others] = documents;
        const refs = others.map(({ uri, version }) => ({ uri: uri.toString(), version }));
        return request(name, params({ version: first!.version }, ...refs), options);
      },
    },
    selection: {
      document,
      onDidChange: (listener: (change: { document: boolean }) => void) => {
        edited = () => {
          listener({ document: true });
        };
        return { dispose: () => undefined };
      },
    },
    log: { warn },
  } as unknown as DocumentMemoryOptions);
  const edit = () => {
    document.version++;
    edited();
  };
  const become = (kind: string) => {
    state.kind = kind;
    modelChanged();
  };
  return { memory, asked, edit, become, warn, document: document as unknown as vscode.TextDocument };
}

interface AskedOptions {
  readonly token: { onCancellationRequested(listener: () => void): void };
  readonly onProgress: (progress: MemoryProgress) => void;
}

function configure(setting: string): void {
  host.setting = setting;
  for (const listener of host.configured) listener({ affectsConfiguration: () => true });
}

describe('the document', () => {
  test('is read once a model is there, and how far is told', async () => {
    const { memory, asked, become, document } = memoryOf();
    become('idle');
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toEqual([]);
    become('ready');
    await vi.advanceTimersByTimeAsync(0);
    expect(asked.map(({ name, params }) => [name, params.scope])).toEqual([['memory/read', 'document']]);
    expect(memory.of(document)).toEqual({ scope: 'document', progress: null, knew: null });
    asked[0]!.progress({ bytes: 1, total: 3 });
    expect(isRead(memory.of(document)!)).toBe(false);
    asked[0]!.answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(isRead(memory.of(document)!)).toBe(true);
  });

  test('is read again after edits, once they rest; what read the older text is cancelled', async () => {
    const { memory, asked, edit, document } = memoryOf();
    await vi.advanceTimersByTimeAsync(0);
    edit();
    expect(asked[0]!.isCancelled).toBe(true);
    await vi.advanceTimersByTimeAsync(200);
    edit();
    await vi.advanceTimersByTimeAsync(200);
    expect(asked).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(200);
    expect(asked.map(({ params }) => params.version)).toEqual([1, 3]);
    expect(memory.of(document)!.progress).toBeNull();
  });

  test('is another one where it has the name and version of one that was closed', async () => {
    const { memory, asked, become, document } = memoryOf();
    await vi.advanceTimersByTimeAsync(0);
    asked[0]!.answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(isRead(memory.of(document)!)).toBe(true);
    for (const listener of host.closed) listener(document);
    expect(memory.of(document)!.progress).toBeNull();
    become('ready');
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toHaveLength(2);
  });

  test('tells of a pass only where it takes long', async () => {
    const { memory, asked } = memoryOf();
    await vi.advanceTimersByTimeAsync(0);
    asked[0]!.progress({ bytes: 1, total: 3 });
    expect(memory.busy).toBeNull();
    await vi.advanceTimersByTimeAsync(1000);
    expect(memory.busy).toEqual({ of: 'document', progress: { bytes: 1, total: 3 } });
    asked[0]!.answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(memory.busy).toBeNull();
  });

  test('is left alone where memory is off', async () => {
    const { memory, asked, document } = memoryOf();
    configure('off');
    await vi.advanceTimersByTimeAsync(1000);
    expect([memory.of(document), memory.chosen, asked]).toEqual([null, null, []]);
    configure('document');
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toHaveLength(1);
  });
});

describe('another document in sight', () => {
  /** The one that is looked at is read; then these come into sight. */
  async function besides(...paths: string[]) {
    const used = memoryOf('/w/mine.ts');
    await vi.advanceTimersByTimeAsync(0);
    used.asked[0]!.answer();
    const others = paths.map((path) => documentAt(path));
    host.visible = [used.document, ...others].map((document) => ({ document }));
    for (const listener of host.seen) listener();
    await vi.advanceTimersByTimeAsync(0);
    return { ...used, others: others as unknown as (vscode.TextDocument & { version: number })[] };
  }

  test('is read after the one that is looked at, which stays read', async () => {
    const { memory, asked, document, others } = await besides('/w/beside.ts');
    expect(asked).toHaveLength(2);
    expect(isRead(memory.of(others[0]!)!)).toBe(false);
    asked[1]!.answer();
    await vi.advanceTimersByTimeAsync(0);
    expect([document, others[0]!].map((one) => isRead(memory.of(one)!))).toEqual([true, true]);
    for (const listener of host.seen) listener();
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toHaveLength(2);
  });

  test('is one at a time: as many are read as the process keeps', async () => {
    const { memory, asked, others } = await besides('/w/b.ts', '/w/c.ts');
    asked[1]!.answer();
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toHaveLength(2);
    expect(others.map((one) => isRead(memory.of(one)!))).toEqual([true, false]);
  });

  test('is read again after it was edited, and what read the older text is cancelled', async () => {
    const { memory, asked, others } = await besides('/w/beside.ts');
    others[0]!.version++;
    for (const listener of host.changed) listener({ document: others[0]!, contentChanges: [{}] });
    expect(asked[1]!.isCancelled).toBe(true);
    await vi.advanceTimersByTimeAsync(300);
    expect(asked[2]!.params.version).toBe(2);
    asked[2]!.answer();
    await vi.advanceTimersByTimeAsync(0);
    expect(isRead(memory.of(others[0]!)!)).toBe(true);
    // Saved, its text is the same.
    for (const listener of host.changed) listener({ document: others[0]!, contentChanges: [] });
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked).toHaveLength(3);
  });
});

describe('the workspace', () => {
  beforeEach(() => {
    host.setting = 'workspace';
  });

  test('is learned once, without the open files, after which the document is read with it', async () => {
    const { memory, asked, edit, document } = memoryOf();
    for (let answered = 0; answered < 4; answered++) {
      await vi.advanceTimersByTimeAsync(500);
      asked[answered]?.answer();
      if (answered === 2) edit();
    }
    expect(asked.map(({ name, params }) => [name, params.scope])).toEqual([
      ['memory/read', 'document'],
      ['memory/workspace', undefined],
      ['memory/read', 'workspace'],
      ['memory/read', 'workspace'],
    ]);
    expect(asked[1]!.params).toMatchObject({
      paths: ['/w'],
      without: ['/w/open.ts', '/w/open.ts'],
      maxBytes: 4_000_000,
    });
    expect(memory.of(document)!.scope).toBe('workspace');
  });

  test('is learned again, without it, where a file is looked at that was learned', async () => {
    const { memory, asked, edit, document } = memoryOf('/w/learned.ts');
    Object.assign(document, { uri: documentAt('/w/open.ts').uri });
    for (let answered = 0; answered < 3; answered++) {
      await vi.advanceTimersByTimeAsync(0);
      asked[answered]?.answer();
    }
    await vi.advanceTimersByTimeAsync(0);
    expect(memory.of(document)!.scope).toBe('workspace');
    Object.assign(document, { uri: documentAt('/w/learned.ts').uri });
    expect(memory.of(document)!.scope).toBe('document');
    edit();
    for (let answered = 3; answered < 7; answered++) {
      await vi.advanceTimersByTimeAsync(500);
      asked[answered]?.answer();
    }
    expect(asked.slice(3).map(({ name, params }) => [name, params.scope])).toEqual([
      ['memory/read', 'document'],
      ['memory/workspace', undefined],
      ['memory/read', 'workspace'],
    ]);
    expect(asked[4]!.params.without).toEqual(['/w/open.ts', '/w/learned.ts']);
    edit();
    await vi.advanceTimersByTimeAsync(500);
    expect(asked.slice(6).map(({ name }) => name)).toEqual(['memory/read']);
  });

  test('goes before other open files, which are known as they are in the editor, but not as another program has them', async () => {
    const { asked, document, memory } = memoryOf('/w/mine.ts');
    host.documents = [
      document,
      documentAt('/w/open.ts'),
      documentAt('/w/open.ts', 'git'),
      documentAt('/w/learned.ts'),
      documentAt('/w/mine.ts', 'git'),
    ];
    for (let answered = 0; answered < 3; answered++) {
      await vi.advanceTimersByTimeAsync(0);
      asked[answered]?.answer();
    }
    expect(asked.map(({ params }) => params.others)).toEqual([
      [],
      undefined,
      [{ uri: 'file:///w/open.ts', version: 1 }],
    ]);
    // The answer of the test is that of any request.
    expect(memory.reading!.knew).toMatchObject({ open: 1, bytes: 3 });
    expect(knewText({ ...memory.reading!, knew: { files: 5, bytes: 60_000, open: 1 } })).toBe(
      'Before this document it learned 5 files of the workspace, 60 k bytes, and 1 other open file as in the editor.',
    );
  });

  test('leaves out of the open files what is too long', async () => {
    const { asked, document } = memoryOf('/w/mine.ts');
    host.documents = [document, documentAt('/w/open.ts', 'file', 200_001)];
    for (let answered = 0; answered < 3; answered++) {
      await vi.advanceTimersByTimeAsync(0);
      asked[answered]?.answer();
    }
    expect(asked[2]!.params).toMatchObject({ scope: 'workspace', others: [] });
  });

  test('is not learned where it is not trusted', async () => {
    host.trusted = false;
    const { asked } = memoryOf();
    await vi.advanceTimersByTimeAsync(0);
    asked[0]!.answer();
    await vi.advanceTimersByTimeAsync(1000);
    expect(asked.map(({ name }) => name)).toEqual(['memory/read']);
  });
});
