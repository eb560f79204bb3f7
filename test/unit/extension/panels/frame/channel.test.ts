/** @file What a channel posts is what the page gets, over VS Code's JSON. */
import { expect, onTestFinished, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import type { ChannelHandlers } from '../../../../../extension/panels/frame/channel';
import { Channel } from '../../../../../extension/panels/frame/channel';
import type { PageName, Panels } from '../../../../../model/protocol/panels/panels';
import type { HostMessage } from '../../../../../model/protocol/panels/messages';
import { fromWire } from '../../../../../model/measures/wire';

const opened = vi.hoisted((): string[] => []);
const ran = vi.hoisted((): unknown[] => []);
vi.mock('vscode', () => ({
  commands: { executeCommand: (command: unknown) => ran.push(command) },
  env: { openExternal: (address: string) => opened.push(address) },
  Uri: { parse: (address: string) => address },
}));

/** A channel to a page that can say what it likes, and the messages that the page gets, as VS Code sends them. */
function channelOf<P extends PageName>(handlers: Partial<ChannelHandlers<P>> = {}) {
  const sent: string[] = [];
  let say: (message: unknown) => void = () => undefined;
  const webview = {
    postMessage: (message: unknown) => Promise.resolve(sent.push(JSON.stringify(message)) > 0),
    onDidReceiveMessage: (listener: typeof say) => {
      say = listener;
      return { dispose: () => undefined };
    },
  } as unknown as vscode.Webview;
  const channel = new Channel<P>(webview, { onReady: () => undefined, ...handlers });
  onTestFinished(() => {
    channel.dispose();
  });
  return { channel, say, sent };
}

test('numbers that JSON does not have arrive', () => {
  const { channel, say, sent } = channelOf<'specialization'>();
  say({ type: 'ready' });
  const numbers = { surprise: Infinity, auroc: NaN };
  channel.postState(numbers as unknown as Panels['specialization']['state'], null);
  const message = fromWire(JSON.parse(sent[0]!)) as HostMessage<unknown>;
  expect(message).toMatchObject({ type: 'state', state: { surprise: Infinity, auroc: NaN } });
});

test('a page says when it gets the focus', () => {
  const { channel, say } = channelOf<'overview'>();
  expect(channel.focusedAt).toBe(-Infinity);
  const before = performance.now();
  say({ type: 'focus' });
  expect(channel.focusedAt).toBeGreaterThanOrEqual(before);
});

test('a page can have addresses of the web opened, by VS Code, and no others', () => {
  const { say } = channelOf<'overview'>();
  const others = [
    'command:x',
    'vscode://a/b',
    'javascript:0',
    'file:///etc/passwd',
    'mailto:a@b',
    '//a',
    'a',
    '',
    3,
    null,
  ];
  for (const address of ['https://example.com/a?b=c', ...others, 'http://example.com/']) say({ type: 'open', address });
  expect(opened).toEqual(['https://example.com/a?b=c', 'http://example.com/']);
});

test('a panel’s own question is handed on as it was sent', () => {
  const asked: unknown[] = [];
  const { say } = channelOf<'comparison'>({ onAsk: (ask) => asked.push(ask) });
  say({ type: 'ask', ask: 'measure' });
  say({ type: 'ask', ask: { kind: 'unknown' } });
  expect(asked).toEqual(['measure', { kind: 'unknown' }]);
});

test('a page can run the commands of its buttons, and no others', () => {
  const { say } = channelOf<'overview'>();
  const others = ['smuggler.unloadModel', 'workbench.action.quit', 'toString', ['smuggler.reload'], null];
  for (const command of ['smuggler.reload', ...others, 'smuggler.pinChunk']) say({ type: 'command', command });
  expect(ran).toEqual(['smuggler.reload', 'smuggler.pinChunk']);
});
