/** @file Ghost text as VS Code asks for it: when the model is asked, what is offered, and when nothing is done at all. */
import { beforeEach, describe, expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import { CompletionPacing } from '../../../extension/editor/completionPacing';
import { ModelCompletions } from '../../../extension/editor/completions';
import { Timings } from '../../../extension/timings';
import type { MemoryScope } from '../../../model/protocol/memory';
import type { CompleteRequestParams, Completion } from '../../../model/protocol/completion';

const { window, workspace } = vi.hoisted(() => ({
  window: { state: { focused: true }, activeTextEditor: undefined as { document: unknown } | undefined },
  workspace: { isTrusted: true },
}));
vi.mock('vscode', () => ({
  window,
  workspace,
  InlineCompletionTriggerKind: { Invoke: 0, Automatic: 1 },
  InlineCompletionItem: class {
    constructor(
      readonly insertText: string,
      readonly range: { start: number; end: number },
    ) {}
  },
  Range: class {
    constructor(
      readonly start: { offset: number },
      readonly end: { offset: number },
    ) {}
  },
}));

/** A document that is its text before the caret, the caret at its end, and what follows on the line. */
function openDocument(languageId = 'typescript') {
  const at = (offset: number) => ({ offset, line: 0, character: 0 });
  let before = '';
  let after = '';
  const document = {
    uri: { scheme: 'file', toString: () => 'file:///a' },
    languageId,
    version: 1,
    isClosed: false,
    offsetAt: () => before.length,
    positionAt: at,
    getText: (range?: { start: { offset: number }; end: { offset: number } }) =>
      range === undefined ? before + after : before.slice(range.start.offset),
    lineCount: 1,
    lineAt: () => ({ text: after, range: { end: at(before.length) } }),
  };
  return {
    document: document as unknown as vscode.TextDocument,
    position: () => at(before.length) as unknown as vscode.Position,
    type: (text: string, following = '') => {
      before += text;
      after = following;
    },
  };
}

/** A cancellation token, and who cancels it. */
function cancellation() {
  const listeners = new Set<() => void>();
  const token = {
    isCancellationRequested: false,
    onCancellationRequested: (listener: () => void) => {
      listeners.add(listener);
      return { dispose: () => listeners.delete(listener) };
    },
  };
  const cancel = () => {
    token.isCancellationRequested = true;
    for (const listener of listeners) listener();
  };
  return { token: token as unknown as vscode.CancellationToken, cancel };
}

const SETTINGS = {
  completionsEnabled: true,
  completionsMinConfidence: 0.3,
  completionsMultiline: false,
  completionsInCommentsAndStrings: true,
};

function provider(
  answer: (asked: CompleteRequestParams) => string | Promise<string>,
  settings = {},
  scope: MemoryScope | null = null,
  longestWait = 0,
) {
  const asked: CompleteRequestParams[] = [];
  const timings = new Timings();
  let running = 0;
  let most = 0;
  const client = {
    askAbout: async (
      documents: readonly vscode.TextDocument[],
      _: 'complete',
      ask: (...refs: { uri: string; version: number }[]) => CompleteRequestParams,
    ): Promise<Completion> => {
      const params = ask(...documents.map(({ uri, version }) => ({ uri: uri.toString(), version })));
      asked.push(params);
      most = Math.max(most, ++running);
      try {
        return { text: await answer(params), confidence: 0.5, milliseconds: 3, postMilliseconds: 1 };
      } finally {
        running--;
      }
    },
  };
  const ensure = vi.fn(() => Promise.resolve({ folder: 'm', checkpoint: 'c', config: {}, device: 'cpu' }));
  const completions = new ModelCompletions(
    {
      client,
      models: { ensure },
      voters: { changes: [], memory: ['match'], revision: 0 },
      documentMemory: { of: () => (scope === null ? null : { scope, progress: null }) },
      texts: { byteOffset: (_: unknown, { offset }: { offset: number }) => offset },
      timings,
    } as never,
    { get: () => ({ ...SETTINGS, ...settings }) } as never,
    { warn: vi.fn() },
    new CompletionPacing(longestWait),
  );
  const open = openDocument();
  window.activeTextEditor = { document: open.document };
  const offered = async (token = cancellation().token, triggerKind = 1): Promise<string[]> => {
    const context = { triggerKind, selectedCompletionInfo: undefined } as unknown as vscode.InlineCompletionContext;
    const items = await completions.provideInlineCompletionItems(open.document, open.position(), context, token);
    return items.map(({ insertText }) => insertText as string);
  };
  return { ...open, offered, asked, timings, ensure, most: () => most, completions };
}

beforeEach(() => {
  window.state.focused = true;
  workspace.isTrusted = true;
});

const text = ({ prefix }: CompleteRequestParams) => new TextDecoder().decode(prefix);

describe('memory', () => {
  test('is the document’s with its caret, without the voters that are silenced, and none where it is off', async () => {
    const on = provider(() => 'turn value;', {}, 'workspace');
    on.type('re');
    await on.offered();
    expect(on.asked[0]!.memory).toEqual({
      uri: 'file:///a',
      version: 1,
      scope: 'workspace',
      offset: 2,
      silenced: ['match'],
    });
    const off = provider(() => 'turn value;');
    off.type('re');
    await off.offered();
    expect(off.asked[0]!.memory).toBeNull();
  });
});

describe('typing', () => {
  test('what is typed along an offer shrinks it without a request, word by word or letter by letter', async () => {
    const { type, offered, asked } = provider(() => 'turn value;');
    type('re');
    expect(await offered()).toEqual(['turn value;']);
    for (const [typed, left] of [
      ['t', 'urn value;'],
      ['urn ', 'value;'],
      ['value', ';'],
    ] as const) {
      type(typed);
      expect(await offered()).toEqual(left === ';' ? ['turn value;'] : [left]);
    }
    // The one character that was left is no offer: the model was asked anew.
    expect(asked.map(text)).toEqual(['re', 'return value']);
  });

  test('what disagrees is asked about', async () => {
    const { type, offered, asked } = provider((params) => (text(params) === 're' ? 'turn' : ' = 1;'));
    type('re');
    await offered();
    type('d');
    expect(await offered()).toEqual([' = 1;']);
    expect(asked).toHaveLength(2);
  });

  test('one request is in flight, and of those who wait only the one that is not cancelled is asked', async () => {
    const release: (() => void)[] = [];
    const { type, offered, asked, most } = provider(
      () =>
        new Promise((resolve) => {
          release.push(() => {
            resolve('ok');
          });
        }),
    );
    const answers: Promise<string[]>[] = [];
    for (const key of ['a ', 'b ', 'c ']) {
      const { token, cancel } = cancellation();
      type(key);
      answers.push(offered(token));
      await vi.waitFor(() => {
        expect(asked.length).toBeGreaterThan(0);
      });
      if (key !== 'c ') cancel();
    }
    release[0]!();
    await vi.waitFor(() => {
      expect(release).toHaveLength(2);
    });
    release[1]!();
    expect((await Promise.all(answers)).at(-1)).toEqual(['ok']);
    expect(asked.map(text)).toEqual(['a ', 'a b c ']);
    expect(most()).toBe(1);
  });

  test('a key that is followed by another within the wait asks nothing', async () => {
    const { type, offered, asked } = provider(() => 'ok', {}, null, 10_000);
    const { token, cancel } = cancellation();
    type('a');
    const answer = offered(token);
    await new Promise(setImmediate);
    cancel();
    expect(await answer).toEqual([]);
    expect(asked).toEqual([]);
  });

  test('the model is given the text from a place on that stays while the user types', async () => {
    const { type, offered, asked } = provider(() => '');
    type('x '.repeat(3000));
    await offered();
    type('y ');
    await offered();
    expect(asked[1]!.prefix.length).toBe(asked[0]!.prefix.length + 2);
    expect(asked[0]!.prefix.length).toBeGreaterThanOrEqual(3072);
    expect(asked[0]!.prefix.length).toBeLessThan(4096);
  });
});

describe('asked for by a command', () => {
  test('a completion goes on to the end of the statement or block, at once', async () => {
    const { type, offered, asked } = provider(() => 'one\ntwo', {}, null, 10_000);
    type('x');
    expect(await offered(cancellation().token, 0)).toEqual(['one\ntwo']);
    expect(asked[0]!.until).toBe('statement');
  });

  test('what was offered on one line is another offer', async () => {
    const { type, offered, asked } = provider(({ until }) => (until === 'line' ? 'one' : 'one\ntwo'));
    type('x ');
    expect(await offered()).toEqual(['one']);
    expect(await offered(cancellation().token, 0)).toEqual(['one\ntwo']);
    expect(asked.map(({ until }) => until)).toEqual(['line', 'statement']);
  });
});

describe('nothing is done', () => {
  const nothing = async (arranged: ReturnType<typeof provider>) => {
    expect(await arranged.offered()).toEqual([]);
    expect(arranged.asked).toEqual([]);
    expect(arranged.ensure).not.toHaveBeenCalled();
  };

  test('where the window or the editor has not the keyboard, but for a command', async () => {
    const arranged = provider(() => 'ok');
    arranged.type('x');
    window.state.focused = false;
    await nothing(arranged);
    window.state.focused = true;
    window.activeTextEditor = undefined;
    await nothing(arranged);
    expect(await arranged.offered(cancellation().token, 0)).toEqual(['ok']);
  });

  test('where it is turned off, or the workspace is not trusted', async () => {
    const off = provider(() => 'ok', { completionsEnabled: false });
    await nothing(off);
    const untrusted = provider(() => 'ok');
    workspace.isTrusted = false;
    await nothing(untrusted);
  });

  test('within a word', async () => {
    const arranged = provider(() => 'ok');
    arranged.type('wo', 'rd');
    await nothing(arranged);
  });

  test('in comments and strings, where that is set', async () => {
    const arranged = provider(() => 'ok', { completionsInCommentsAndStrings: false });
    arranged.type('// we ');
    await nothing(arranged);
    arranged.type('\nconst s = "');
    await nothing(arranged);
    arranged.type('"; ');
    expect(await arranged.offered()).toEqual(['ok']);
  });
});

test('what a completion takes is told in its parts', async () => {
  const { type, offered, timings } = provider(() => 'ok');
  type('x ');
  await offered();
  const { complete, completeWait, completeQueue, completeModel, completePost } = timings.summary();
  expect(completeWait).toMatchObject({ count: 1, last: 0 });
  expect(completeModel).toMatchObject({ count: 1, last: 3 });
  expect(completePost).toMatchObject({ count: 1, last: 1 });
  expect(completeQueue!.last).toBeGreaterThanOrEqual(0);
  expect(complete!.count).toBe(1);
});
