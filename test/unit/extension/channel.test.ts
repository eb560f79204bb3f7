/** @file What a channel posts is what the page gets, over VS Code's JSON. */
import { expect, test, vi } from 'vitest';
import type * as vscode from 'vscode';
import { Channel } from '../../../extension/panels/channel';
import type { HostMessage, WebviewMessage } from '../../../webview/shared/messages';
import { fromWire } from '../../../webview/shared/wire';

vi.mock('vscode', () => ({ commands: {} }));

test('numbers that JSON does not have arrive', () => {
  const sent: string[] = [];
  let say: (message: WebviewMessage) => void = () => undefined;
  const webview = {
    postMessage: (message: unknown) => Promise.resolve(sent.push(JSON.stringify(message)) > 0),
    onDidReceiveMessage: (listener: typeof say) => {
      say = listener;
      return { dispose: () => undefined };
    },
  } as unknown as vscode.Webview;
  const channel = new Channel<{ readonly surprise: number; readonly auroc: number }>(webview, {
    onReady: () => undefined,
  });
  say({ type: 'ready' });
  channel.postState({ surprise: Infinity, auroc: NaN }, null);
  const message = fromWire(JSON.parse(sent[0]!)) as HostMessage<unknown>;
  expect(message).toMatchObject({ type: 'state', state: { surprise: Infinity, auroc: NaN } });
  channel.dispose();
});
